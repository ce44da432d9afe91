using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>A correlation rule as written (Sigma correlation rules specification 2.1); what it refers to is resolved by <see cref="CorrelationSet"/>.</summary>
public sealed record CorrelationRule : SigmaHeader
{
    /// <summary>A correlation of which nothing is known yet.</summary>
    public CorrelationRule()
    {
    }

    /// <summary>A correlation with this header; what it asks of which rules is up to the caller.</summary>
    [SetsRequiredMembers]
    internal CorrelationRule(SigmaHeader header)
        : base(header)
    {
        Rules = [];
    }

    /// <summary>What it asks.</summary>
    public required CorrelationType Type { get; init; }

    /// <summary>The rules it is about, by id or name, in their order.</summary>
    public required ImmutableArray<RuleReference> Rules { get; init; }

    /// <summary>The fields, or aliases, whose values together make a group; none: all events are one group.</summary>
    public ImmutableArray<string> GroupBy { get; init; } = [];

    /// <summary>Names for fields that are called differently in the events of different rules.</summary>
    public ImmutableArray<FieldAlias> Aliases { get; init; } = [];

    /// <summary>How long a window is.</summary>
    public required TimeSpan Timespan { get; init; }

    /// <summary>How windows lie.</summary>
    public WindowKind Window { get; init; } = WindowKind.Sliding;

    /// <summary>What must hold of the count or value, all of it; empty for temporal correlations that name none.</summary>
    public ImmutableArray<CorrelationBound> Bounds { get; init; } = [];

    /// <summary>The fields whose values are counted or reckoned with.</summary>
    public ImmutableArray<string> ValueFields { get; init; } = [];

    /// <summary>Which percentile (0 to 100) of the numbers; null: the share that each value takes.</summary>
    public decimal? Percentile { get; init; }

    /// <summary>The condition of a temporal correlation as a sentence, or null.</summary>
    public TemporalExpression? Expression { get; init; }

    /// <summary>Whether the rules it refers to are findings of their own as well.</summary>
    public bool Generate { get; init; }

    /// <summary>
    /// Whether it can be judged with each event. Otherwise more events could make it false again (an upper bound, a mean,
    /// an absence), and it is judged when its window is complete.
    /// </summary>
    public bool IsImmediate => Type switch
    {
        CorrelationType.ValueAverage or CorrelationType.ValuePercentile => false,
        _ => Bounds.All(b => b.IsLower) && Expression is not { HasNegation: true },
    };
}

/// <summary>A rule as a correlation refers to it.</summary>
/// <param name="Text">Its id or name.</param>
/// <param name="Line">The line of the reference, from 1.</param>
public readonly record struct RuleReference(string Text, int Line);

/// <summary>A field under one name in the events of several rules (specification, "Field Name Aliases").</summary>
/// <param name="Name">The alias.</param>
/// <param name="Fields">For each rule the field it stands for.</param>
/// <param name="Line">The line of the alias, from 1.</param>
public sealed record FieldAlias(string Name, ImmutableArray<AliasedField> Fields, int Line);

/// <summary>What an alias stands for in the events of one rule.</summary>
/// <param name="Rule">The rule, by name or id.</param>
/// <param name="Field">The field of its events.</param>
/// <param name="Line">From 1.</param>
public readonly record struct AliasedField(string Rule, string Field, int Line);
