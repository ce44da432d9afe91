namespace Vigie.Governance;

/// <summary>One thing somebody may be allowed to do. Pages and actions name one of these, never a role.</summary>
public enum Permission
{
    ReadOverview,
    ReadDecisions,
    ReadHeldMail,
    ActOnHeldMail,
    ExploreLookalikes,
    ReadProtectedNames,
    ChangeProtectedNames,
    ReadRelationships,
    ChangeRelationships,
    ReadFindings,
    MuteRules,
    ReadIncidents,

    /// <summary>Comment, assign, judge, merge, split, attach.</summary>
    WorkOnIncidents,

    /// <summary>Say what nobody is told of for a while.</summary>
    Suppress,
    ReadHealth,
    ReadJournal,
    SwitchMode,
    ManageAccounts,

    /// <summary>One's own password, second factor, sessions, language.</summary>
    ManageOwnAccount,
}
