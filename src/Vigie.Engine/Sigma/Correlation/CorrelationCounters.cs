namespace Vigie.Engine.Sigma.Correlation;

/// <summary>What an engine has done and what its bounds made it leave out, since it was made or restored.</summary>
public sealed record CorrelationCounters
{
    /// <summary>Rule matches it was told of and reads.</summary>
    public long Observed { get; init; }

    /// <summary>The same match of the same event told again; left out.</summary>
    public long Repeated { get; init; }

    /// <summary>Matches of events that do not say when they happened; left out.</summary>
    public long WithoutTime { get; init; }

    /// <summary>Matches that arrived later than the bound allows; left out.</summary>
    public long Late { get; init; }

    /// <summary>Matches of events from further in the future than allowed; left out.</summary>
    public long Ahead { get; init; }

    /// <summary>Matches judged before stragglers could arrive, because too many were waiting.</summary>
    public long Hurried { get; init; }

    /// <summary>Matches that belong to no group of a correlation, because a field of its group key is missing or null.</summary>
    public long WithoutGroup { get; init; }

    /// <summary>Matches without a value that a correlation counts or reckons with: missing, null, or no number where one is needed.</summary>
    public long WithoutValue { get; init; }

    /// <summary>Groups forgotten before their window ended.</summary>
    public long GroupsForgotten { get; init; }

    /// <summary>Events joined with a neighbour, values forgotten or not taken into a sample, because one group had too many.</summary>
    public long Condensed { get; init; }

    /// <summary>Groups of one event left out because its fields have too many values.</summary>
    public long RowsLeftOut { get; init; }

    /// <summary>Correlation matches, those that are no findings of their own included.</summary>
    public long Matched { get; init; }
}
