using System.Diagnostics.Metrics;

namespace Vigie.Operations.Metrics;

/// <summary>
/// All series of one instrument. A series is one combination of tags; past <see cref="MaxSeries"/> combinations the
/// rest share one series tagged <c>overflow="true"</c>, so that a stranger's values cannot fill the memory.
/// </summary>
internal sealed class MetricFamily(Instrument instrument, MetricKind kind, double[] bounds)
{
    public const int MaxSeries = 200;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];
    private readonly Lock _lock = new();
    private readonly Dictionary<int, List<MetricSeries>> _byHash = [];
    private readonly List<MetricSeries> _all = [];
    private MetricSeries? _untagged;
    private MetricSeries? _overflow;

    public Instrument Instrument { get; } = instrument;

    public MetricKind Kind { get; } = kind;

    /// <summary>Upper bounds of the buckets, ascending, without the last (+Inf); empty unless a histogram.</summary>
    public double[] Bounds { get; } = bounds;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock) SeriesOf(tags).Record(value, Kind, Bounds);
    }

    /// <summary>A copy of every series as of now.</summary>
    public IReadOnlyList<MetricSeries> Snapshot()
    {
        lock (_lock) return [.. _all.Select(s => s.Copy())];
    }

    private MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return _untagged ??= Add(tags);

        var hash = new HashCode();
        foreach (var (key, value) in tags)
        {
            hash.Add(key);
            hash.Add(value);
        }

        var code = hash.ToHashCode();
        if (_byHash.TryGetValue(code, out var candidates))
        {
            foreach (var candidate in candidates)
                if (candidate.Has(tags)) return candidate;
        }

        if (_all.Count >= MaxSeries) return _overflow ??= Add(Overflow);

        var series = Add(tags);
        if (candidates is null) _byHash[code] = candidates = [];
        candidates.Add(series);
        return series;
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = new MetricSeries(tags.ToArray(), Kind == MetricKind.Histogram ? new long[Bounds.Length + 1] : []);
        _all.Add(series);
        return series;
    }
}

/// <summary>The current value of one combination of tags. Guarded by its family's lock.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, long[] buckets)
{
    public KeyValuePair<string, object?>[] Tags { get; } = tags;

    /// <summary>Observations per bucket, not cumulated; the last holds what is above every bound.</summary>
    public long[] Buckets { get; } = buckets;

    /// <summary>The counter's total, the gauge's last value, or the histogram's sum.</summary>
    public double Value { get; private set; }

    /// <summary>How many observations a histogram has.</summary>
    public long Count { get; private set; }

    public void Record(double value, MetricKind kind, double[] bounds)
    {
        Count++;
        Value = kind is MetricKind.Gauge or MetricKind.ObservedTotal ? value : Value + value;
        if (kind != MetricKind.Histogram) return;

        // Prometheus buckets are "less or equal", and so is the first bound not below the value.
        var index = Array.BinarySearch(bounds, value);
        Buckets[index >= 0 ? index : ~index]++;
    }

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != Tags.Length) return false;
        for (var i = 0; i < tags.Length; i++)
            if (!string.Equals(tags[i].Key, Tags[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, Tags[i].Value)) return false;
        return true;
    }

    public MetricSeries Copy() => new(Tags, [.. Buckets]) { Value = Value, Count = Count };
}

/// <summary>How an instrument's measurements combine, and what Prometheus calls it.</summary>
internal enum MetricKind
{
    /// <summary>Measurements are added; only ever grows.</summary>
    Counter,

    /// <summary>An observed total: the last measurement is the total.</summary>
    ObservedTotal,

    /// <summary>Measurements are added and may go down.</summary>
    UpDown,

    /// <summary>The last measurement is the value.</summary>
    Gauge,

    /// <summary>Measurements are counted into buckets.</summary>
    Histogram,
}
