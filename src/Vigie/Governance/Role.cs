namespace Vigie.Governance;

/// <summary>What a person may do, each role including the ones before it. Stored by name.</summary>
public enum Role
{
    /// <summary>Reads: decisions, held mail, findings, health.</summary>
    Analyst = 1,

    /// <summary>Decides about single messages and relationships: release, return, delete, trust, forget.</summary>
    Approver = 2,

    /// <summary>Decides about the guard itself: mode, protected names, accounts.</summary>
    Admin = 3,
}
