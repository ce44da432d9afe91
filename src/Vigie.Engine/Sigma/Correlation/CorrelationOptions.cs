namespace Vigie.Engine.Sigma.Correlation;

/// <summary>The bounds of <see cref="CorrelationEngine"/>: how long it waits for stragglers and how much it remembers.</summary>
public sealed record CorrelationOptions
{
    /// <summary>For live sources: events may arrive half a minute out of order.</summary>
    public static CorrelationOptions Live { get; } = new();

    /// <summary>
    /// For files that are read one after another: nothing is judged before <see cref="CorrelationEngine.Complete"/>,
    /// so that the order of the files does not matter (unless more than <see cref="MaxPending"/> matches have to wait).
    /// </summary>
    public static CorrelationOptions Whole { get; } = new() { Lateness = TimeSpan.MaxValue };

    /// <summary>
    /// How much later than an event of a later time an event may arrive. Matches are known this much later;
    /// what arrives later still is left out and counted.
    /// </summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the times of events move time forward. Where several sources are told of at once and one may be behind the others,
    /// only <see cref="CorrelationEngine.Advance"/> should: with how far the slowest has come.
    /// </summary>
    public bool AdvancesWithEvents { get; init; } = true;

    /// <summary>How many rule matches may wait for stragglers; the earliest are then judged before their time, and counted.</summary>
    public int MaxPending { get; init; } = 100_000;

    /// <summary>How many groups are remembered, over all correlations; the one whose window ends first is then forgotten, and counted.</summary>
    public int MaxGroups { get; init; } = 50_000;

    /// <summary>How many events and values are remembered, over all groups; the group whose window ends first is then forgotten, and counted.</summary>
    public int MaxRemembered { get; init; } = 250_000;

    /// <summary>
    /// How many events or values one group remembers one by one. Beyond it neighbouring events are joined (they then leave the
    /// window together, with the later), the oldest of many different values is forgotten, and percentiles are taken from a
    /// sample; each is counted.
    /// </summary>
    public int MaxPerGroup { get; init; } = 4096;

    /// <summary>How many contributing events a match names: the first and the last of them.</summary>
    public int MaxContributors { get; init; } = 20;

    /// <summary>How many groups one event may belong to, where its fields have several values.</summary>
    public int MaxRows { get; init; } = 64;
}
