using Vigie.Engine.Findings;
using Vigie.Incidents.Desk;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Incidents.Placing;

/// <summary>
/// Turns stored findings into incidents: takes them from the queue in batches, joins them in the graph and writes what follows in one
/// transaction a batch, so that a crash at any moment loses nothing and doubles nothing. Whatever it cannot write is tried again with
/// the same batch; what it cannot understand is set aside and said. See <c>docs/incidents.md</c>.
/// </summary>
internal sealed class IncidentPlacer(
    Store.Store store, Findings findings, PlacingReads reads, PlacingWrites writes, IncidentSummaries summaries, ImitatedNames imitated, Suppressions suppressions, RulePrecision precision, IncidentChanges changes,
    IncidentsSettings settings, PlacerState state, TimeProvider time, ILogger<IncidentPlacer> log) : IStage
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(6);

    private readonly WritePace _batch = new(least: 20, first: 200, most: 1000);
    private bool _oneByOne;
    private long _counted;
    private long _forgotten;

    /// <inheritdoc/>
    public string Name => "incidents.placer";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken);
        using var changed = changes.Subscribe();
        try
        {
            var memory = await StartAsync(changed, cancellationToken);
            while (true)
            {
                await DrainAsync(memory, changed, cancellationToken);
                await findings.Queued.WaitAsync(PollEvery, time, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The graph holds findings that are not stored as placed; the next run reads it anew, and looks for the one at fault.
            state.Failing(e.Message);
            _oneByOne = e is not StoreException and not PlacingOvertakenException;
            throw;
        }
    }

    /// <summary>Places what waits and returns: what a run does, once.</summary>
    internal async Task PlaceWaitingAsync(CancellationToken cancellationToken)
    {
        using var changed = changes.Subscribe();
        await DrainAsync(await StartAsync(changed, cancellationToken), changed, cancellationToken);
    }

    private async Task<PlacingMemory> StartAsync(IncidentChanges.Subscription changed, CancellationToken ct)
    {
        state.Ready(false);
        await CountAsync(ct);
        await suppressions.LoadAsync(ct);
        await precision.LoadAsync(ct);
        imitated.Refresh();
        var memory = await PlacingMemory.LoadAsync(store, reads, imitated.Surroundings, Oldest(), ct);
        await ApplyAsync(memory, new PlacingBatch([], [], memory.TakeLoaded()), changed, ct);
        state.Ready(true);
        log.IncidentsReady(memory.Graph.Count, memory.Graph.GroupCount);
        _forgotten = time.GetTimestamp();
        return memory;
    }

    private async Task DrainAsync(PlacingMemory memory, IncidentChanges.Subscription changed, CancellationToken ct)
    {
        while (true)
        {
            if (changed.TryTake() is { } change) await memory.RefreshAsync(reads, change, ct);
            var waiting = await reads.QueueAsync(_oneByOne ? 1 : _batch.Count, findings.Fresh, ct);
            if (waiting.Count > 0) await PlaceAsync(memory, waiting, changed, ct);
            if (waiting.Count == 0 || time.GetElapsedTime(_counted) > CountEvery) await CountAsync(ct);
            if (time.GetElapsedTime(_forgotten) > ForgetEvery)
            {
                memory.Forget(Oldest());
                _forgotten = time.GetTimestamp();
            }

            if (waiting.Count > 0) continue;
            _oneByOne = false;
            return;
        }
    }

    private async Task PlaceAsync(PlacingMemory memory, IReadOnlyList<(long Place, FindingOutline? Finding)> waiting, IncidentChanges.Subscription changed, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var suppressed = new List<(Suppression, FindingId)>();
        var wanted = new List<FindingOutline>();
        foreach (var finding in waiting.Select(one => one.Finding).OfType<FindingOutline>())
        {
            if (suppressions.Find(finding.ToFinding()) is { } suppression) suppressed.Add((suppression, finding.Id));
            else if (memory.Map.HomeOf(finding.Id) is null) wanted.Add(finding);
        }

        try
        {
            var placed = memory.Place(wanted.DistinctBy(finding => finding.Id), imitated.Surroundings);
            await ApplyAsync(memory, new PlacingBatch([.. waiting.Select(one => one.Place)], suppressed, placed), changed, ct);
            state.Placed(placed.Findings.Count, suppressed.Count, time.GetElapsedTime(started), memory.Graph.Count, memory.Graph.GroupCount);
        }
        catch (Exception e) when (_oneByOne && e is not OperationCanceledException and not StoreException and not PlacingOvertakenException)
        {
            // One finding that nobody foresaw must not keep all others from being placed.
            log.FindingNotPlaced(e, waiting[0].Finding?.Id.Value ?? "");
            await store.WriteAsync(Lane.Background, transaction => PlacingWrites.Drop(transaction, waiting[0].Place), ct);
            throw;
        }
    }

    // Until it is written: the graph has taken the batch, so there is no way around it.
    private async Task ApplyAsync(PlacingMemory memory, PlacingBatch batch, IncidentChanges.Subscription changed, CancellationToken ct)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        while (true)
        {
            try
            {
                var numbers = await WriteAsync(memory, batch, ct);
                if (state.Problem is not null) log.PlacingRecovered();
                state.Failing(null);
                changes.Raise(numbers, except: changed);
                return;
            }
            catch (PlacingConflictException e)
            {
                log.PlacingRepeated(e.Message);
                memory.Map.Rollback();
                await memory.ReloadAsync(reads, Oldest(), ct);
            }
            catch (StoreException e)
            {
                memory.Map.Rollback();
                if (state.Problem is null) log.PlacingFailed(e.Problem.Text.English);
                state.Failing(e.Problem.Text.English);
                await Task.Delay(pause, time, ct);
                pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause;
                await memory.ReloadAsync(reads, Oldest(), ct);
            }
        }
    }

    private async Task<IReadOnlyCollection<long>> WriteAsync(PlacingMemory memory, PlacingBatch batch, CancellationToken ct)
    {
        var plan = PlacingPlan.Make(memory.Graph, memory.Map, batch.Placed);
        if (batch.Queue.Count == 0 && plan.IsEmpty)
        {
            memory.Map.Commit();
            return [];
        }

        var facts = await PlacingSums.OfAsync(plan, memory.Map, reads, ct);
        var rows = facts.ToDictionary(pair => pair.Key, pair => summaries.Of(pair.Value));
        var write = new PlacingWrite(batch.Queue, batch.Suppressed, plan, facts, rows);
        var versions = await store.WriteRepeatableAsync(Lane.Background, transaction => _batch.Run(batch.Queue.Count, () => writes.Write(transaction, write, memory.Map)), ct);
        memory.Commit(versions, facts, time.GetUtcNow());
        foreach (var (gone, into) in plan.Merged) await MoveRestAsync(gone.Id, into.Now.Id, ct);
        return [.. versions.Keys.Select(incident => incident.Id)];
    }

    private async Task MoveRestAsync(long gone, long into, CancellationToken ct)
    {
        while (await store.WriteAsync(Lane.Background, transaction => PlacingWrites.MoveRest(transaction, gone, into), ct) == PlacingWrites.MovePortion)
        {
        }
    }

    private async Task CountAsync(CancellationToken ct)
    {
        var (count, since) = await reads.WaitingAsync(ct);
        state.Count(count, since);
        _counted = time.GetTimestamp();
    }

    private long Oldest() => (time.GetUtcNow() - settings.Horizon).ToUnixTimeMilliseconds();
}

/// <summary>A batch on its way into the store.</summary>
/// <param name="Queue">Its places in the queue.</param>
/// <param name="Suppressed">What is not placed, and why.</param>
/// <param name="Placed">What the graph made of the rest.</param>
internal sealed record PlacingBatch(IReadOnlyList<long> Queue, IReadOnlyList<(Suppression Suppression, FindingId Finding)> Suppressed, PlacedBatch Placed);
