using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

internal static class RoleTexts
{
    public static readonly Bilingual Analyst = new("Analyst", "Analyste");
    public static readonly Bilingual Approver = new("Approver", "Approbateur");
    public static readonly Bilingual Admin = new("Administrator", "Administrateur");

    public static readonly Bilingual AnalystMay = new(
        "reads everything the watches found, and works on incidents",
        "lit tout ce que les veilles ont trouvé et traite les incidents");
    public static readonly Bilingual ApproverMay = new(
        "also releases, returns and deletes held mail, trusts domains, mutes rules and suppresses findings",
        "libère, renvoie et supprime aussi les courriers retenus, accorde la confiance à des domaines, met des règles en sourdine et écarte des constats");
    public static readonly Bilingual AdminMay = new(
        "also switches the mode, changes what is protected, reads the journal and manages accounts",
        "change aussi le mode et ce qui est protégé, lit le journal des actes et gère les comptes");

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
