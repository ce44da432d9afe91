using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Sources.Http;

/// <summary>The documents of a bulk request, or of a part of it, on their way through the pipeline.</summary>
internal sealed class BulkBatch(LogSourceState source, EventBuffer buffer, BulkUnderWay request, string delivery, DateTimeOffset received) : LogBatch(source, buffer, received)
{
    /// <inheritdoc/>
    public override string? Delivery => delivery;

    /// <inheritdoc/>
    public override LogOrigin Origin(EventRecord record)
    {
        var item = request.ItemAt(record.Offset);
        var id = item is { Id: { } given } ? $"{item.Value.Index}/{given}" : null;
        return new LogOrigin(Source.Name, request.Place, request.Hash, id);
    }
}

/// <summary>A bulk request while its documents are read.</summary>
/// <param name="Place">Who sent it, for people.</param>
/// <param name="Hash">The hash of its body: what identifies documents without an id, with their place in it.</param>
/// <param name="Items">Its items.</param>
internal sealed record BulkUnderWay(string Place, string Hash, List<BulkItem> Items)
{
    private readonly HashSet<int> _failed = [];

    /// <summary>Whether an item's document could not be read.</summary>
    public bool HasFailed(int item) => _failed.Contains(item);

    /// <summary>Takes down that a document could not be read.</summary>
    public void Fail(LogDiagnostic diagnostic)
    {
        if (IndexAt(diagnostic.Offset) is var index and >= 0) _failed.Add(index);
    }

    /// <summary>The item whose document lies at a place of the body.</summary>
    public BulkItem? ItemAt(long offset) => IndexAt(offset) is var index and >= 0 ? Items[index] : null;

    private int IndexAt(long offset)
    {
        var (low, high) = (0, Items.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var item = Items[middle];
            if (offset >= item.End) low = middle + 1;
            else if (offset < item.Start) high = middle - 1;
            else return middle;
        }

        return -1;
    }
}
