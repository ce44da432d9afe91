using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Store;

/// <summary>Which findings to list, newest first. Everything that is absent does not narrow the list.</summary>
public sealed record FindingQuery
{
    /// <summary>The longest page.</summary>
    public const int MaxLimit = 500;

    public string? Detector { get; init; }

    /// <summary>The beginning of the detector's id, up to a dot: <c>logs</c> is all of the log watch.</summary>
    public string? Watch { get; init; }

    public string? Rule { get; init; }

    public Severity? AtLeast { get; init; }

    /// <summary>Last seen at or after this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Last seen before this.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The kind of an entity the finding has; with <see cref="EntityValue"/> both are of the same entity.</summary>
    public string? EntityKind { get; init; }

    public string? EntityValue { get; init; }

    /// <summary>Text within the title or explanation, in either language, whatever the case of ASCII letters.</summary>
    public string? Text { get; init; }

    /// <summary>Only findings stored while their rule was muted, or only others; null for both.</summary>
    public bool? Muted { get; init; }

    /// <summary>Only findings of the incident with this number.</summary>
    public long? Incident { get; init; }

    /// <summary>Where to go on: <see cref="Page{T}.Next"/> of the page before.</summary>
    public Cursor? After { get; init; }

    /// <summary>The most findings wanted, 1 to <see cref="MaxLimit"/>; values outside are taken as the nearest inside.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>The findings of one rule.</summary>
/// <param name="Detector">Whose rule it is.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Title">The title of one of them.</param>
/// <param name="Severity">The gravest.</param>
/// <param name="Count">How many there are.</param>
/// <param name="FirstSeen">Of the earliest.</param>
/// <param name="LastSeen">Of the latest.</param>
public sealed record FindingGroup(string Detector, string Rule, Bilingual Title, Severity Severity, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);
