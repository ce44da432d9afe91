using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>Reads every feed at its interval; one that fails is tried again after a growing pause and holds up no other.</summary>
internal sealed class FeedsStage(IReadOnlyList<(FeedSettings Feed, FeedReader Reader)> feeds, Store.Store store, TimeProvider time, ILogger<FeedsStage> log) : IStage
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public string Name => "domains.feeds";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken).ConfigureAwait(false);
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(feeds.Select(f => RunAsync(f.Feed, f.Reader, together))).ConfigureAwait(false);
    }

    private async Task RunAsync(FeedSettings feed, FeedReader reader, CancellationTokenSource together)
    {
        try
        {
            for (var failures = 0; ;)
            {
                failures = await LookAsync(feed, reader, failures, together.Token).ConfigureAwait(false);
                await Task.Delay(failures == 0 ? feed.Interval : Pause(feed, failures), time, together.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            // What nobody foresaw ends the stage, and the runner starts all feeds again.
            await together.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One look; the failures in a row after it.</summary>
    private async Task<int> LookAsync(FeedSettings feed, FeedReader reader, int failures, CancellationToken ct)
    {
        try
        {
            await reader.ReadAsync(ct).ConfigureAwait(false);
            if (failures > 0) log.FeedRecovered(feed.Name);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreException)
        {
            if (failures == 0) log.FeedFailed(feed.Name, failures + 1, Pause(feed, failures + 1), e.Message);
            // The store says itself what is wrong with it; there is nowhere else to write it.
            if (e is not StoreException) await TryRecordAsync(reader, e.Message, ct).ConfigureAwait(false);
            return failures + 1;
        }
    }

    private static async Task TryRecordAsync(FeedReader reader, string problem, CancellationToken ct)
    {
        try
        {
            await reader.FailAsync(problem, ct).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            // As above.
        }
    }

    internal static TimeSpan Pause(FeedSettings feed, int failures)
    {
        var pause = feed.Interval * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < LongestPause ? pause : feed.Interval > LongestPause ? feed.Interval : LongestPause;
    }
}
