using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>A correlation came true for one group.</summary>
public sealed record CorrelationMatch
{
    /// <summary>
    /// 32 hexadecimal digits: a hash of the correlation's id, the group and the event the window begins with. The same
    /// events give the same id, in whatever portions and (within the bound) whatever order they arrive.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The correlation.</summary>
    public required CorrelationRule Rule { get; init; }

    /// <summary>The names of the group key with the group's values, as its first event has them.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> Group { get; init; }

    /// <summary>The time of the first event that counts.</summary>
    public required DateTimeOffset First { get; init; }

    /// <summary>The time of the last event that counts.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>How many events count.</summary>
    public required long Count { get; init; }

    /// <summary>What the condition judged: a number of events, of different values or of rules, a sum, mean, percentile or share in percent.</summary>
    public required decimal Value { get; init; }

    /// <summary>For value_count and value_percentile the values, as far as they are remembered; bounded as <see cref="Events"/> is.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>
    /// The events of detection rules that it comes from, in order of time; of chained correlations their events.
    /// At most <see cref="CorrelationOptions.MaxContributors"/>, the first and the last.
    /// </summary>
    public required ImmutableArray<CorrelatedEvent> Events { get; init; }
}

/// <summary>An event that counted for a correlation.</summary>
/// <param name="Rule">The id of the detection rule it matched.</param>
/// <param name="Identity">Its identity, as the engine was told.</param>
/// <param name="Time">When it happened, UTC.</param>
public readonly record struct CorrelatedEvent(string Rule, string Identity, DateTimeOffset Time);
