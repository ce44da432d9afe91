using Vigie.Engine.Findings;

namespace Vigie.Incidents;

/// <summary>How a list of incidents is ordered.</summary>
public enum IncidentOrder
{
    /// <summary>What needs somebody most.</summary>
    Score,

    LastSeen,

    Created,

    Severity,

    Findings,

    /// <summary>The number.</summary>
    Number,

    Title,

    Status,

    /// <summary>Those of nobody first or last.</summary>
    Assignee,
}

/// <summary>Which incidents to list. Everything that is absent does not narrow the list; merged ones are never listed.</summary>
public sealed record IncidentQuery
{
    /// <summary>The longest page.</summary>
    public const int MaxLimit = 200;

    public IReadOnlyList<IncidentStatus> Status { get; init; } = [];

    public Severity? AtLeast { get; init; }

    /// <summary>An account's name; empty for incidents of nobody.</summary>
    public string? Assignee { get; init; }

    public string? Watch { get; init; }

    public IncidentVerdict? Verdict { get; init; }

    public string? Technique { get; init; }

    /// <summary>Last seen at or after this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Last seen before this.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Has a finding with this entity.</summary>
    public Entity? Entity { get; init; }

    /// <summary>Text within the title, whatever the case of ASCII letters; or the number.</summary>
    public string? Text { get; init; }

    /// <summary>Only those in which this rule alone speaks: detector and rule, parted by a blank.</summary>
    public string? OnlyRule { get; init; }

    public IncidentOrder Order { get; init; }

    public bool Ascending { get; init; }

    /// <summary>Whether titles are ordered as they are in French.</summary>
    public bool French { get; init; }

    /// <summary>How many to pass over.</summary>
    public int Offset { get; init; }

    public int Limit { get; init; } = 50;
}

/// <summary>A row of the inbox: one incident, or many in which the same single rule speaks.</summary>
/// <param name="Incident">The foremost of them.</param>
/// <param name="Count">How many incidents the row stands for.</param>
/// <param name="Findings">How many findings they have together.</param>
public sealed record InboxRow(Incident Incident, long Count, long Findings);
