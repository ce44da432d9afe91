namespace Vigie.Governance;

/// <summary>
/// The one place that says who may do what. Every console page and action goes through it by way of
/// <see cref="Console.Gate"/>; an endpoint that names no permission is refused to everybody.
/// </summary>
public static class Access
{
    /// <summary>The least role that may do this.</summary>
    public static Role LeastRole(Permission permission) => permission switch
    {
        Permission.ReadOverview or
        Permission.ReadDecisions or
        Permission.ReadHeldMail or
        Permission.ExploreLookalikes or
        Permission.ReadProtectedNames or
        Permission.ReadRelationships or
        Permission.ReadFindings or
        Permission.ReadIncidents or
        Permission.WorkOnIncidents or
        Permission.ReadHealth or
        Permission.ManageOwnAccount => Role.Analyst,

        Permission.ActOnHeldMail or
        Permission.MuteRules or
        Permission.Suppress or
        Permission.ChangeRelationships => Role.Approver,

        // The journal names colleagues and what each of them did: it is for those who answer for the guard.
        Permission.ReadJournal or
        Permission.ChangeProtectedNames or
        Permission.SwitchMode or
        Permission.ManageAccounts => Role.Admin,

        _ => throw new ArgumentOutOfRangeException(nameof(permission), permission, "not a permission"),
    };

    /// <summary>Whether a role may do this.</summary>
    public static bool Allows(Role role, Permission permission) => role >= LeastRole(permission);
}
