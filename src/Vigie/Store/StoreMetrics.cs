using System.Diagnostics.Metrics;

namespace Vigie.Store;

/// <summary>The store's instruments on the meter <c>Vigie</c>.</summary>
internal sealed class StoreMetrics
{
    private static readonly KeyValuePair<string, object?>[] LaneTags =
        [.. Enum.GetValues<Lane>().Select(lane => new KeyValuePair<string, object?>("lane", lane.ToString().ToLowerInvariant()))];

    private readonly Histogram<double> _write;
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _items;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _deleted;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Null for a tool that nobody measures.</param>
    /// <param name="depth">Items waiting in a lane.</param>
    /// <param name="bytes">Bytes of the store, or null while unknown.</param>
    public StoreMetrics(IMeterFactory? meters, Func<Lane, int> depth, Func<long?> bytes)
    {
        var meter = meters?.Create("Vigie") ?? new Meter("Vigie");
        _write = meter.CreateHistogram<double>("vigie.store.write.duration", "s", "From handing a write in to its durable commit.");
        _commit = meter.CreateHistogram<double>("vigie.store.transaction.duration", "s", "Of one grouped transaction, commit included.");
        _items = meter.CreateHistogram<int>("vigie.store.transaction.items", "{item}", "Writes grouped into one transaction.");
        _failures = meter.CreateCounter<long>("vigie.store.failures", "{item}", "Writes that were not stored.");
        _deleted = meter.CreateCounter<long>("vigie.store.deleted", "{row}", "Rows deleted by retention or the disk budget.");
        meter.CreateObservableGauge(
            "vigie.store.queue.depth",
            () => LaneTags.Select((tag, lane) => new Measurement<int>(depth((Lane)lane), tag)),
            "{item}",
            "Writes waiting.");
        meter.CreateObservableGauge(
            "vigie.store.bytes",
            () => bytes() is { } size ? [new Measurement<long>(size)] : Array.Empty<Measurement<long>>(),
            "By",
            "Room the store takes on disk.");
    }

    public void Written(Lane lane, TimeSpan waited) => _write.Record(waited.TotalSeconds, LaneTags[(int)lane]);

    public void Committed(int items, TimeSpan took)
    {
        _items.Record(items);
        _commit.Record(took.TotalSeconds);
    }

    public void Failed(int items = 1) => _failures.Add(items);

    public void Deleted(string kind, string why, long rows) =>
        _deleted.Add(rows, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("why", why));
}
