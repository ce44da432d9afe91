using System.Collections.Immutable;

namespace Vigie.Engine.Attack;

/// <summary>A technique as a collection of ATT&amp;CK has it.</summary>
/// <param name="Id">For example <c>T1059.001</c>.</param>
/// <param name="Name">Its name; of a sub-technique its own name only.</param>
/// <param name="Tactics">The short names of its tactics.</param>
/// <param name="Mitigations">Ids of what hinders it.</param>
/// <param name="Detections">Ids of what shows it.</param>
public sealed record KnownTechnique(string Id, string Name, ImmutableArray<string> Tactics, ImmutableArray<string> Mitigations, ImmutableArray<string> Detections);

/// <summary>What hinders techniques: a <c>course-of-action</c>.</summary>
/// <param name="Id">For example <c>M1042</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record KnownMitigation(string Id, string Name);

/// <summary>What shows a technique: a detection strategy with its analytics, or, before ATT&amp;CK 18, a data component.</summary>
/// <param name="Id">For example <c>DET0103</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="LogSources">The log sources its analytics read, such as <c>WinEventLog:Security</c>; most frequent first.</param>
public sealed record KnownDetection(string Id, string Name, ImmutableArray<string> LogSources);

/// <summary>A campaign or a group and the techniques it is known to have used; in which order is not known.</summary>
/// <param name="Id">For example <c>G0016</c> or <c>C0024</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsCampaign">A campaign; otherwise a group.</param>
/// <param name="Techniques">Ids, without doubles, in ordinal order.</param>
/// <param name="Twins">Ids of the groups a campaign is attributed to, or of a group's campaigns: largely the same deeds told twice.</param>
public sealed record AttackCase(string Id, string Name, bool IsCampaign, ImmutableArray<string> Techniques, ImmutableArray<string> Twins);

/// <summary>What a collection of ATT&amp;CK says about who used which technique, and what can be done about it.</summary>
public sealed record AttackKnowledge
{
    /// <summary>The version of the collection, where it says so (<c>x-mitre-collection</c>).</summary>
    public string? Version { get; init; }

    /// <summary>The day its youngest object was last changed, <c>2025-11-12</c>; null where no object says so.</summary>
    public string? Modified { get; init; }

    /// <summary>The statement of its marking: whose it is.</summary>
    public string? Copyright { get; init; }

    /// <summary>Short names of the tactics in the order of the matrix.</summary>
    public required ImmutableArray<string> Tactics { get; init; }

    /// <summary>By id, in ordinal order; neither revoked nor deprecated ones.</summary>
    public required ImmutableArray<KnownTechnique> Techniques { get; init; }

    /// <summary>Campaigns and groups that used at least one technique, by id.</summary>
    public required ImmutableArray<AttackCase> Cases { get; init; }

    /// <summary>By id.</summary>
    public required ImmutableArray<KnownMitigation> Mitigations { get; init; }

    /// <summary>By id.</summary>
    public required ImmutableArray<KnownDetection> Detections { get; init; }

    /// <summary>Ids that are no more, each with the id that took its place.</summary>
    public required ImmutableSortedDictionary<string, string> Replaced { get; init; }
}
