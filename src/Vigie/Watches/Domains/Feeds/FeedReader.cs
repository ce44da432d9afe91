using System.Diagnostics.Metrics;
using Vigie.Store;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>
/// Reads one feed to its present end. Lines are read, matched and committed in turn, so a store that does not keep up
/// slows the reading down. Findings, counts and position are committed together: cut short anywhere, reading goes on
/// after the last line that was committed.
/// </summary>
internal sealed class FeedReader(
    FeedSettings feed, IFeedSource source, NameLookup lookup, Store.Store store, Findings findings, Positions positions, FeedTable table, TimeProvider time, IMeterFactory meters)
{
    private readonly Counter<long> _names = meters.Create("Vigie").CreateCounter<long>("vigie.domains.feed.names", "{name}", "Names read from feeds.");
    private readonly Counter<long> _matches = meters.Create("Vigie").CreateCounter<long>("vigie.domains.feed.matches", "{name}", "Names in feeds that imitate a protected one.");
    private readonly Counter<long> _malformed = meters.Create("Vigie").CreateCounter<long>("vigie.domains.feed.malformed", "{line}", "Lines and names in feeds that could not be read.");

    private string PositionName => $"domains.feed:{feed.Name}";

    /// <summary>Reads what there is.</summary>
    /// <returns>How many lines were read.</returns>
    /// <exception cref="IOException">The feed cannot be read; what was committed stays.</exception>
    public async Task<long> ReadAsync(CancellationToken ct)
    {
        source.Look();
        var before = await StatusAsync(ct).ConfigureAwait(false);
        var position = FeedPosition.Parse(await positions.FindAsync(PositionName, ct).ConfigureAwait(false));
        var status = before;
        while (await source.OpenAsync(position, ct).ConfigureAwait(false) is { } text)
        {
            await using var opened = text;
            var start = position;
            // What was fetched need not be fetched again, should reading be cut short before its first commit.
            if (text.Start.Body != position?.Body) status = await SaveAsync(new FeedBatch(feed, NameFormat.Of(feed), lookup), status, text.Start, Behind(text, text.Start), ct).ConfigureAwait(false);
            (position, status) = await ReadTextAsync(text, status, ct).ConfigureAwait(false);
            // Only the beginning of a line is left: it is read when the rest has come.
            if (position == start) break;
        }

        if (status.Lines == before.Lines) await SaveAsync(new FeedBatch(feed, NameFormat.Of(feed), lookup), status, position, behind: 0, ct).ConfigureAwait(false);
        return status.Lines - before.Lines;
    }

    /// <summary>Records that the feed could not be read.</summary>
    public async Task FailAsync(string problem, CancellationToken ct)
    {
        var status = await StatusAsync(ct).ConfigureAwait(false) with { LastError = problem, LastErrorAt = time.GetUtcNow() };
        await store.WriteAsync(Lane.Background, transaction => FeedTable.Save(transaction, status), ct).ConfigureAwait(false);
    }

    private async Task<(FeedPosition Position, FeedStatus Status)> ReadTextAsync(FeedText text, FeedStatus status, CancellationToken ct)
    {
        var format = NameFormat.Of(feed);
        format.Begin(text.FirstLine);
        var lines = new BoundedLineReader(text.Content, text.Start.Offset, feed.MaxLineBytes);
        var position = text.Start;
        var batch = new FeedBatch(feed, format, lookup);
        while (await lines.ReadAsync(text.IsFinal, ct).ConfigureAwait(false) is { } line)
        {
            batch.Add(line, isFirst: position.Offset == 0, time.GetUtcNow());
            position = position with { Offset = line.End };
            if (!batch.IsFull) continue;

            status = await SaveAsync(batch, status, position, Behind(text, position), ct).ConfigureAwait(false);
            batch = new FeedBatch(feed, format, lookup);
        }

        if (text.IsFinal) position = position with { Complete = true };
        if (!batch.IsEmpty || position != text.Start) status = await SaveAsync(batch, status, position, Behind(text, position), ct).ConfigureAwait(false);
        return (position, status);
    }

    private async Task<FeedStatus> SaveAsync(FeedBatch batch, FeedStatus status, FeedPosition? position, long? behind, CancellationToken ct)
    {
        var counted = batch.CountInto(status, time.GetUtcNow(), behind);
        await store.WriteAsync(
            Lane.Background,
            transaction =>
            {
                foreach (var finding in batch.Findings) findings.Save(transaction, finding);
                FeedTable.Save(transaction, counted);
                if (position is not null) positions.Save(transaction, PositionName, position.ToJson());
            },
            ct).ConfigureAwait(false);

        var tag = new KeyValuePair<string, object?>("feed", feed.Name);
        _names.Add(counted.Names - status.Names, tag);
        _matches.Add(counted.Matches - status.Matches, tag);
        _malformed.Add(counted.Malformed - status.Malformed, tag);
        return counted;
    }

    private async Task<FeedStatus> StatusAsync(CancellationToken ct) =>
        (await table.LoadAsync(ct).ConfigureAwait(false)).GetValueOrDefault(feed.Name) ?? new FeedStatus(feed.Name);

    private static long? Behind(FeedText text, FeedPosition position) => text.Length is { } length ? Math.Max(0, length - position.Offset) : null;
}
