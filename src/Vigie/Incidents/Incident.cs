using System.Collections.Immutable;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents;

/// <summary>Where an incident stands.</summary>
public enum IncidentStatus
{
    /// <summary>Nobody has looked at it.</summary>
    New,

    /// <summary>Somebody works on it.</summary>
    InWork,

    /// <summary>It waits for something outside.</summary>
    Waiting,

    /// <summary>It is over, with a verdict.</summary>
    Closed,

    /// <summary>It is part of another one, to which it redirects.</summary>
    Merged,
}

/// <summary>What it turned out to be.</summary>
public enum IncidentVerdict
{
    /// <summary>An attack or a slip, as the findings say.</summary>
    True,

    /// <summary>What the findings say happened, and it was meant to.</summary>
    Benign,

    /// <summary>The findings are wrong.</summary>
    False,
}

/// <summary>An entity of an incident and in how many of its findings it is.</summary>
public sealed record IncidentEntity(Entity Entity, int Count);

/// <summary>Findings joined by what they share.</summary>
public sealed record Incident
{
    public required long Id { get; init; }

    /// <summary>Counts changes; who changes something says which version they saw.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required Bilingual Title { get; init; }

    public required Severity Severity { get; init; }

    public required IncidentScore Score { get; init; }

    /// <summary>How many findings.</summary>
    public required long Findings { get; init; }

    /// <summary>How many different rules.</summary>
    public required int Rules { get; init; }

    /// <summary>Detector and rule, parted by a blank, where a single rule speaks.</summary>
    public string? OnlyRule { get; init; }

    /// <summary>The watches that saw it: <c>mail</c>, <c>domains</c>, <c>logs</c> …</summary>
    public ImmutableArray<string> Watches { get; init; } = [];

    public ImmutableArray<string> Techniques { get; init; } = [];

    /// <summary>The foremost entities, at most <see cref="MaxAbout"/>.</summary>
    public ImmutableArray<IncidentEntity> About { get; init; } = [];

    public required IncidentStatus Status { get; init; }

    public IncidentVerdict? Verdict { get; init; }

    /// <summary>The name of the account that works on it.</summary>
    public string? Assignee { get; init; }

    /// <summary>When a person first changed something; null while nobody has.</summary>
    public DateTimeOffset? TouchedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The incident it is part of now.</summary>
    public long? MergedInto { get; init; }

    /// <summary>The most entities kept beside the incident itself.</summary>
    public const int MaxAbout = 12;
}

/// <summary>Something that happened to an incident.</summary>
/// <param name="Id">Its place in the history.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">An account's name, or <see cref="Vigie"/>.</param>
/// <param name="Action">A stable name, see <see cref="IncidentActions"/>.</param>
/// <param name="Details">Named values, as the action defines them.</param>
public sealed record IncidentHistoryEntry(long Id, DateTimeOffset Time, string Actor, string Action, IReadOnlyDictionary<string, string> Details)
{
    /// <summary>The actor of what the node does itself.</summary>
    public const string Vigie = "vigie";
}

/// <summary>The names under which history is kept.</summary>
public static class IncidentActions
{
    public const string Created = "created";
    public const string Joined = "joined";
    public const string Merged = "merged";
    public const string Split = "split";
    public const string Assigned = "assigned";
    public const string Status = "status";
    public const string Verdict = "verdict";
    public const string VerdictUndone = "verdict-undone";
    public const string Commented = "commented";
    public const string TaskAdded = "task-added";
    public const string TaskDone = "task-done";
    public const string TaskReopened = "task-reopened";
    public const string Attached = "attached";
    public const string Detached = "detached";
    public const string Renamed = "renamed";
    public const string Proposed = "proposed";
    public const string ProposalAccepted = "proposal-accepted";
    public const string ProposalDeclined = "proposal-declined";
    public const string Notified = "notified";
    public const string Exported = "exported";
    public const string Rescored = "rescored";
}

/// <summary>A remark of an analyst.</summary>
public sealed record IncidentComment(long Id, DateTimeOffset Time, string Actor, string Text);

/// <summary>Something to be done.</summary>
public sealed record IncidentTask(long Id, string Text, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? DoneAt, string? DoneBy);

/// <summary>A file kept with an incident.</summary>
public sealed record IncidentAttachment(long Id, string Name, string MediaType, long Size, string Sha256, DateTimeOffset AddedAt, string AddedBy);

/// <summary>What Vigie asks about an incident somebody works on.</summary>
/// <param name="Id">Its own number.</param>
/// <param name="Incident">The incident it asks about.</param>
/// <param name="Other">The incident that would be merged into it; null for a split.</param>
/// <param name="Findings">The findings it concerns.</param>
/// <param name="Why">What speaks for it.</param>
/// <param name="CreatedAt">Since when it waits.</param>
public sealed record IncidentProposal(long Id, long Incident, long? Other, ImmutableArray<FindingId> Findings, Bilingual Why, DateTimeOffset CreatedAt);

/// <summary>A finding within an incident and what joined it.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="PlacedAt">When it was put there.</param>
/// <param name="Because">The links, strongest first; empty for the first of its incident.</param>
public sealed record PlacedFinding(Finding Finding, DateTimeOffset PlacedAt, ImmutableArray<Link> Because);
