namespace Vigie.Engine.Sigma.Correlation;

/// <summary>The running counts behind <see cref="CorrelationCounters"/>.</summary>
internal sealed class CorrelationTally
{
    public long Observed { get; set; }

    public long Repeated { get; set; }

    public long WithoutTime { get; set; }

    public long Late { get; set; }

    public long Ahead { get; set; }

    public long Hurried { get; set; }

    public long WithoutGroup { get; set; }

    public long WithoutValue { get; set; }

    public long GroupsForgotten { get; set; }

    public long RowsLeftOut { get; set; }

    public long Matched { get; set; }

    public CorrelationCounters Counters(long condensed) => new()
    {
        Observed = Observed,
        Repeated = Repeated,
        WithoutTime = WithoutTime,
        Late = Late,
        Ahead = Ahead,
        Hurried = Hurried,
        WithoutGroup = WithoutGroup,
        WithoutValue = WithoutValue,
        GroupsForgotten = GroupsForgotten,
        Condensed = condensed,
        RowsLeftOut = RowsLeftOut,
        Matched = Matched,
    };
}
