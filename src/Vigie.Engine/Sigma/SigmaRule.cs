using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma;

/// <summary>A detection rule, read and resolved (Sigma rules specification 2.1). What a person wrote, with its conditions as terms.</summary>
public sealed record SigmaRule : SigmaHeader
{
    /// <summary>A rule of which nothing is known yet.</summary>
    public SigmaRule()
    {
    }

    /// <summary>A rule with this header; <see cref="Source"/> and <see cref="Conditions"/> are up to the caller.</summary>
    [SetsRequiredMembers]
    internal SigmaRule(SigmaHeader header)
        : base(header)
    {
        Conditions = [];
    }

    /// <summary>Which events it looks at.</summary>
    public required LogSource Source { get; init; }

    /// <summary>When it is true: one term per condition, each a match of its own.</summary>
    public required ImmutableArray<Term> Conditions { get; init; }

    /// <summary>Every detection by name, in its order, also those no condition reaches.</summary>
    public ImmutableArray<KeyValuePair<string, Term>> Detections { get; init; } = [];

    /// <summary>The names of the detections no condition reaches.</summary>
    public ImmutableArray<string> UnusedDetections { get; init; } = [];

    /// <summary>The placeholders without a value; when there are any, no condition is ever true.</summary>
    public ImmutableArray<string> MissingPlaceholders { get; init; } = [];
}
