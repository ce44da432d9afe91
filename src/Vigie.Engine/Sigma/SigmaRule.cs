using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Sigma;

/// <summary>A detection rule, read and resolved (Sigma rules specification 2.1). What a person wrote, with its conditions as terms.</summary>
public sealed record SigmaRule
{
    /// <summary>The UUID, or, where the rule has none, a stable hash of its file name and title.</summary>
    public required string Id { get; init; }

    /// <summary>The name other rules may refer to it by (correlations); null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>One line for a list.</summary>
    public required string Title { get; init; }

    /// <summary>What it detects, at length.</summary>
    public string Description { get; init; } = "";

    /// <summary>How much it matters; <see cref="Severity.Medium"/> where the rule does not say.</summary>
    public required Severity Level { get; init; }

    /// <summary><c>stable</c>, <c>test</c>, <c>experimental</c>, <c>deprecated</c>, <c>unsupported</c>; null where the rule does not say.</summary>
    public string? Status { get; init; }

    /// <summary>Which events it looks at.</summary>
    public required LogSource Source { get; init; }

    /// <summary>Whole tags, for example <c>attack.t1059.001</c>.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>ATT&amp;CK techniques out of the tags, upper case: <c>T1059.001</c>.</summary>
    public ImmutableArray<string> Techniques { get; init; } = [];

    /// <summary>Who wrote it.</summary>
    public string Author { get; init; } = "";

    /// <summary>The last change, else the first date; as written.</summary>
    public string Date { get; init; } = "";

    /// <summary>Known harmless causes.</summary>
    public ImmutableArray<string> FalsePositives { get; init; } = [];

    /// <summary>Where it comes from and what to read.</summary>
    public ImmutableArray<string> References { get; init; } = [];

    /// <summary>Fields its author would show.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>When it is true: one term per condition, each a match of its own.</summary>
    public required ImmutableArray<Term> Conditions { get; init; }

    /// <summary>Every detection by name, in its order, also those no condition reaches.</summary>
    public ImmutableArray<KeyValuePair<string, Term>> Detections { get; init; } = [];

    /// <summary>The names of the detections no condition reaches.</summary>
    public ImmutableArray<string> UnusedDetections { get; init; } = [];

    /// <summary>The placeholders without a value; when there are any, no condition is ever true.</summary>
    public ImmutableArray<string> MissingPlaceholders { get; init; } = [];

    /// <summary>The file it was read from, as given to the reader.</summary>
    public required string File { get; init; }

    /// <summary>The line its document begins at, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>SHA-256 of its document in lower-case hex, the first 16 digits: the version a finding names.</summary>
    public required string Version { get; init; }
}
