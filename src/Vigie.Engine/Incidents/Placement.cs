using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>A finding as the graph sees it.</summary>
/// <param name="Id">The finding's id.</param>
/// <param name="Time">When it was last seen, Unix milliseconds; any value.</param>
/// <param name="Keys">What it can be linked by; see <see cref="LinkKeys"/>. The same key twice counts once.</param>
/// <param name="Subjects">The hosts, mailboxes and resources it is about: what a key's degree counts.</param>
public sealed record GraphFinding(FindingId Id, long Time, ImmutableArray<LinkKey> Keys, ImmutableArray<string> Subjects);

/// <summary>Why a finding was put where it is.</summary>
/// <param name="Key">What the two share.</param>
/// <param name="Other">The nearest in time that shares it.</param>
/// <param name="Strength">In [<see cref="LinkPolicy.Threshold"/>, 1].</param>
public sealed record Link(LinkKey Key, FindingId Other, double Strength);

/// <summary>Where a finding was put.</summary>
/// <param name="Group">The group it is in now.</param>
/// <param name="IsNew">Whether the group began with it.</param>
/// <param name="Links">What joined it to others, strongest first; at most one a key and side.</param>
/// <param name="Absorbed">Groups that this finding joined to <paramref name="Group"/> and that are no more, in ascending order.</param>
public sealed record Placement(long Group, bool IsNew, ImmutableArray<Link> Links, ImmutableArray<long> Absorbed);

/// <summary>
/// How groups changed when weights were taken anew or findings taken away. Who keeps a copy of the groups follows by
/// applying <paramref name="Split"/> first and <paramref name="Absorbed"/> after it.
/// </summary>
/// <param name="Absorbed">Groups that are no more, each with the one that has its findings now.</param>
/// <param name="Split">Findings that left the group they were in, with the group they are in now, a new or an existing one.</param>
public sealed record Regrouping(ImmutableArray<(long Gone, long Into)> Absorbed, ImmutableArray<(long From, long To, ImmutableArray<FindingId> Findings)> Split)
{
    /// <summary>Nothing changed.</summary>
    public static Regrouping None { get; } = new([], []);
}
