using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

internal static class RoleTexts
{
    public static readonly Bilingual Analyst = new("Analyst", "Analyste");
    public static readonly Bilingual Approver = new("Approver", "Approbateur");
    public static readonly Bilingual Admin = new("Administrator", "Administrateur");

    public static readonly Bilingual AnalystMay = new("reads everything about mail", "lit tout ce qui concerne le courrier");
    public static readonly Bilingual ApproverMay = new(
        "also releases, returns and deletes held mail, and trusts domains",
        "libère, renvoie et supprime aussi les courriers retenus, et accorde la confiance à des domaines");
    public static readonly Bilingual AdminMay = new(
        "also switches the mode, changes what is protected, and manages accounts",
        "change aussi le mode, ce qui est protégé, et gère les comptes");

    public static Bilingual Name(Role role) => role switch
    {
        Role.Admin => Admin,
        Role.Approver => Approver,
        _ => Analyst,
    };

    public static Bilingual May(Role role) => role switch
    {
        Role.Admin => AdminMay,
        Role.Approver => ApproverMay,
        _ => AnalystMay,
    };
}
