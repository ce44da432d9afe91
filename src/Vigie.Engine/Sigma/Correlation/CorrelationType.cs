namespace Vigie.Engine.Sigma.Correlation;

/// <summary>What a correlation asks of the events of its rules (Sigma correlation rules specification 2.1, "Correlation Types").</summary>
public enum CorrelationType
{
    /// <summary>How many events there are.</summary>
    EventCount,

    /// <summary>How many different values a field, or several fields together, take.</summary>
    ValueCount,

    /// <summary>Whether the rules match within one time frame, in any order.</summary>
    Temporal,

    /// <summary>Whether the rules match within one time frame, in the order they are listed.</summary>
    TemporalOrdered,

    /// <summary>The sum of a field's numbers.</summary>
    ValueSum,

    /// <summary>The mean of a field's numbers.</summary>
    ValueAverage,

    /// <summary>A percentile of a field's numbers, or the share of the events that a value takes.</summary>
    ValuePercentile,
}

/// <summary>How the time of a correlation is cut.</summary>
public enum WindowKind
{
    /// <summary>A window begins with an event: any stretch of the timespan counts. The default ("should not be restricted to boundaries").</summary>
    Sliding,

    /// <summary>Windows lie side by side, aligned to 0001-01-01T00:00:00Z (a Monday): whole minutes, hours, days, weeks.</summary>
    Tumbling,
}
