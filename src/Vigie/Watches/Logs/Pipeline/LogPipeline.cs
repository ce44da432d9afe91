using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Logs.Context;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>
/// Takes batches in the order they came, matches and correlates their events, commits what was found, and only then says
/// that they are through. Everything that waits together is committed together: the busier, the larger the groups.
/// </summary>
internal sealed class LogPipeline(
    LogQueue queue, RuleLibrary library, LogMatching matching, CorrelationState correlations, FindingFold fold, RuleMutes mutes,
    LogContexts contexts, FindingContexts around, LogCommit commit, LogSources sources, LogSourceTable table, LogMetrics metrics, Store.Store store, TimeProvider time) : IStage
{
    // So much at most is lost to view until it is committed.
    private const long GroupBytes = 8_000_000;
    private const int GroupFindings = 256;

    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(2);

    private readonly LogGroup _group = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, string> _positions = new(StringComparer.Ordinal);
    private bool _isWhole;
    private DateTimeOffset _savedAt;
    private DateTimeOffset _refreshedAt;
    private DateTimeOffset _busyAt;

    /// <inheritdoc/>
    public string Name => "logs.pipeline";

    /// <summary>Completes when what the store has is taken up: sources begin then.</summary>
    public Task WhenReadyAsync(CancellationToken ct) => _ready.Task.WaitAsync(ct);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        try
        {
            while (true)
            {
                if (!queue.TryTake(out var batch)) batch = await WaitAsync(cancellationToken);
                await RunAsync(batch, cancellationToken);
            }
        }
        finally
        {
            while (queue.TryTake(out var left)) Abandon(left!);
            await SaveLastAsync();
        }
    }

    // What stood around findings and was not yet worth a commit of its own: it cannot be asked for again over the network.
    private async Task SaveLastAsync()
    {
        if (!_isWhole || !contexts.HasChanges) return;
        using var limit = new CancellationTokenSource(LastWrite);
        try
        {
            foreach (var (name, position) in _positions) _group.Positions.TryAdd(name, position);
            await commit.SaveAsync(_group, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreException or ObjectDisposedException)
        {
            // The store is away: files are read again from where they were.
        }
    }

    private async Task RunAsync(LogBatch? batch, CancellationToken ct)
    {
        _isWhole = false;
        try
        {
            if (batch is not null) Match(batch);
            await ConcludeAsync(isIdle: batch is null && time.GetUtcNow() - _busyAt > IdleAfter, ct);
        }
        finally
        {
            // Cut short: whoever waits must not wait for ever.
            foreach (var left in _group.Batches) Abandon(left);
            _group.Clear();
        }
    }

    private void Abandon(LogBatch batch)
    {
        queue.Leave(batch);
        batch.Abandon();
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        await store.WhenOpenAsync(ct);
        await library.WhenLoadedAsync(ct);
        var statuses = await table.LoadAsync(ct);
        if (!_ready.Task.IsCompleted)
        {
            foreach (var source in sources.States) source.Restore(statuses.GetValueOrDefault(source.Name));
        }

        await correlations.RestoreAsync(store, library.Current, ct);
        await fold.LoadAsync(store, ct);
        await contexts.RestoreAsync(around, ct);
        await mutes.RefreshAsync(ct);
        (_savedAt, _refreshedAt, _busyAt) = (time.GetUtcNow(), time.GetUtcNow(), time.GetUtcNow());
        _ready.TrySetResult();
    }

    // Null when nothing came for a second: then what is only counted is written, and time goes on for correlations.
    private async Task<LogBatch?> WaitAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(SaveEvery);
        try
        {
            return await queue.TakeAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Match(LogBatch first)
    {
        _busyAt = time.GetUtcNow();
        var batch = first;
        var bytes = 0L;
        do
        {
            bytes += batch.Bytes;
            matching.Match(batch, _group);
        }
        while (bytes < GroupBytes && _group.Findings.Count < GroupFindings && queue.TryTake(out batch!));
    }

    private async Task ConcludeAsync(bool isIdle, CancellationToken ct)
    {
        correlations.Conclude(_group, isIdle, mutes.IsMuted);
        var now = time.GetUtcNow();
        contexts.Expire();
        if (_group.IsEssential || now - _savedAt > SaveEvery && (_group.Positions.Count + _positions.Count > 0 || contexts.HasChanges || isIdle))
        {
            foreach (var (name, position) in _positions) _group.Positions.TryAdd(name, position);
            await commit.SaveAsync(_group, ct).ConfigureAwait(false);
            _positions.Clear();
            _savedAt = now;
        }
        else
        {
            // Positions without findings wait for the next that must be written: reading those events again changes nothing.
            foreach (var (name, position) in _group.Positions) _positions[name] = position;
        }

        var done = time.GetUtcNow();
        foreach (var batch in _group.Batches)
        {
            queue.Leave(batch);
            batch.Complete();
            metrics.Delay(batch.Source.Name, done - batch.Received);
        }

        _group.Batches.Clear();
        _isWhole = true;
        if (now - _refreshedAt > RefreshEvery) await RefreshAsync(now, ct).ConfigureAwait(false);
    }

    private async Task RefreshAsync(DateTimeOffset now, CancellationToken ct)
    {
        _refreshedAt = now;
        matching.Publish();
        try
        {
            await mutes.RefreshAsync(ct).ConfigureAwait(false);
        }
        catch (Vigie.Store.StoreException)
        {
            // The mutes known until now hold a little longer; the store says elsewhere what is wrong with it.
        }
    }
}
