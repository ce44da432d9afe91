using System.Collections.Immutable;

namespace Vigie.Engine.Findings;

/// <summary>What a detector concluded, with what it concluded it from and why.</summary>
public sealed record Finding
{
    /// <summary>Deterministic; see <see cref="FindingId.Of"/>.</summary>
    public required FindingId Id { get; init; }

    /// <summary>The detector's stable id, dotted lower case, mirroring its folder.</summary>
    public required string Detector { get; init; }

    /// <summary>The rule within the detector; the detector's own id where it has only one.</summary>
    public required string Rule { get; init; }

    /// <summary>The version of the rule or model that spoke.</summary>
    public required string RuleVersion { get; init; }

    /// <summary>One line for a list.</summary>
    public required Bilingual Title { get; init; }

    /// <summary>How much it matters if it is true.</summary>
    public required Severity Severity { get; init; }

    /// <summary>A calibrated probability in [0, 1], or null where none was measured: never invented.</summary>
    public double? Confidence { get; init; }

    /// <summary>Time of the earliest evidence, UTC.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>Time of the latest evidence, UTC.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>What other findings may share with it.</summary>
    public ImmutableArray<Entity> Entities { get; init; } = [];

    /// <summary>ATT&amp;CK technique ids, for example <c>T1566.001</c>.</summary>
    public ImmutableArray<string> Techniques { get; init; } = [];

    /// <summary>What it was concluded from.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>Why, in words a person can check against the evidence.</summary>
    public required Bilingual Explanation { get; init; }
}
