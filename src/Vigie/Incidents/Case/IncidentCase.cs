using System.Collections.Immutable;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents.Case;

/// <summary>Everything an incident's page shows, bounded whatever the incident holds.</summary>
public sealed record IncidentCase
{
    /// <summary>The most findings that are read one by one; of larger incidents so many stand for all.</summary>
    public const int MaxFacts = 2000;

    /// <summary>The most rules that get a line of their own.</summary>
    public const int MaxGroups = 40;

    public required Incident Incident { get; init; }

    /// <summary>The findings by rule, in order of time; at most <see cref="MaxGroups"/>.</summary>
    public ImmutableArray<CaseGroup> Groups { get; init; } = [];

    /// <summary>What the story and the map are made of: each finding, or each rule where there are too many.</summary>
    public ImmutableArray<StoryFact> Facts { get; init; } = [];

    /// <summary>What people call the processes that are shown, by their ids; those of which no event says it are not among them.</summary>
    public IReadOnlyDictionary<string, string> Processes { get; init; } = new Dictionary<string, string>();

    /// <summary>How many findings were read one by one.</summary>
    public long FindingsRead { get; init; }

    /// <summary>The last thing a person did; null where nobody has done anything.</summary>
    public IncidentHistoryEntry? LastTouch { get; init; }

    /// <summary>How many findings came since.</summary>
    public long Fresh { get; init; }

    /// <summary>What happened to it, latest first.</summary>
    public CaseList<IncidentHistoryEntry> History { get; init; } = new([], 0);

    /// <summary>Latest first.</summary>
    public CaseList<IncidentComment> Comments { get; init; } = new([], 0);

    /// <summary>What is still to do first.</summary>
    public CaseList<IncidentTask> Tasks { get; init; } = new([], 0);

    public CaseList<IncidentAttachment> Attachments { get; init; } = new([], 0);

    /// <summary>What Vigie asks and nobody has answered.</summary>
    public CaseList<IncidentProposal> Proposals { get; init; } = new([], 0);

    /// <summary>Other incidents about the same, latest first.</summary>
    public ImmutableArray<RelatedIncident> Related { get; init; } = [];

    /// <summary>Incidents that have become part of this one.</summary>
    public ImmutableArray<long> Absorbed { get; init; } = [];
}

/// <summary>The first items of a list and how many there are.</summary>
public sealed record CaseList<T>(ImmutableArray<T> Items, long Total)
{
    /// <summary>How many are not among the items.</summary>
    public long More => Math.Max(0, Total - Items.Length);
}

/// <summary>The findings of one rule within an incident.</summary>
/// <param name="Detector">Whose rule.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Title">The gravest finding's title, cut.</param>
/// <param name="Severity">Of the gravest.</param>
/// <param name="Count">How many findings.</param>
/// <param name="Fresh">How many of them came since a person last did something.</param>
/// <param name="First">Time of the earliest evidence.</param>
/// <param name="Last">Time of the latest.</param>
/// <param name="Foremost">The gravest finding, the earliest of several.</param>
/// <param name="About">The entities named most often.</param>
/// <param name="Because">What joined the first of them, strongest first.</param>
/// <param name="Others">Findings whose titles say something else, one of each title: to whom else a mail went, which other name was registered.</param>
/// <param name="MoreOthers">How many more titles there are.</param>
public sealed record CaseGroup(
    string Detector, string Rule, Bilingual Title, Severity Severity, long Count, long Fresh, DateTimeOffset First, DateTimeOffset Last,
    FindingId Foremost, ImmutableArray<Entity> About, ImmutableArray<CaseReason> Because,
    ImmutableArray<(FindingId Id, Bilingual Title)> Others, int MoreOthers);

/// <summary>Why a finding is in an incident.</summary>
/// <param name="Key">What it shares.</param>
/// <param name="Strength">How strongly that speaks for one incident, at most 1.</param>
/// <param name="Other">The finding it shares it with.</param>
/// <param name="OtherTitle">That finding's title; null where it is no longer stored.</param>
/// <param name="Process">What people call it, where it is a process and an event says so.</param>
public sealed record CaseReason(LinkKey Key, double Strength, FindingId Other, Bilingual? OtherTitle, string? Process);

/// <summary>A finding of an incident, as a line of a list.</summary>
public sealed record CaseFinding(
    FindingId Id, Bilingual Title, Severity Severity, DateTimeOffset First, DateTimeOffset Last, DateTimeOffset PlacedAt, bool IsFresh,
    ImmutableArray<Entity> About, ImmutableArray<CaseReason> Because);

/// <summary>Another incident and what it has in common with this one.</summary>
public sealed record RelatedIncident(Incident Incident, ImmutableArray<Entity> Shared);
