using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>What a <see cref="RuleSet"/> is told beside its rules.</summary>
public sealed record RuleSetOptions
{
    /// <summary>Nothing beside the rules.</summary>
    public static RuleSetOptions Default { get; } = new();

    /// <summary>Fields that get a slot although no rule reads them, beside <see cref="Events.EventFields.Always"/>: what correlations need.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>
    /// A monotonic clock in ticks of the caller's choice; with it matchers add up what each rule costs, as one event in sixteen tells
    /// (<see cref="RuleCount.Cost"/>). Null: costs are not measured, only counted.
    /// </summary>
    public Func<long>? Clock { get; init; }
}
