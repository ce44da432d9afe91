using Vigie.Engine.Findings;
using Vigie.Incidents.Desk;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Incidents.Placing;

/// <summary>
/// Turns stored findings into incidents: takes them from the queue in batches, joins them in the graph and writes what follows in one
/// transaction a batch, so that a crash at any moment loses nothing and doubles nothing. While a batch is written, the next is prepared
/// as if that had succeeded; where it did not, all is taken back, and what cannot be written is tried again with the same batches. What
/// it cannot understand is set aside and said. See <c>docs/incidents.md</c>.
/// </summary>
internal sealed class IncidentPlacer(
    Store.Store store, Findings findings, PlacingReads reads, PlacingWrites writes, IncidentSummaries summaries, ImitatedNames imitated, Suppressions suppressions, RulePrecision precision, IncidentChanges changes,
    IncidentsSettings settings, PlacerState state, TimeProvider time, ILogger<IncidentPlacer> log) : IStage
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(6);

    private readonly WritePace _batch = new(least: 20, first: 200, most: 1000);
    private Writing? _writing;
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
        finally
        {
            await LetGoAsync();
        }
    }

    /// <summary>Places what waits and returns: what a run does, once.</summary>
    internal async Task PlaceWaitingAsync(CancellationToken cancellationToken)
    {
        using var changed = changes.Subscribe();
        try
        {
            await DrainAsync(await StartAsync(changed, cancellationToken), changed, cancellationToken);
        }
        finally
        {
            await LetGoAsync();
        }
    }

    private async Task<PlacingMemory> StartAsync(IncidentChanges.Subscription changed, CancellationToken ct)
    {
        state.Ready(false);
        await CountAsync(ct);
        await suppressions.LoadAsync(ct);
        await precision.LoadAsync(ct);
        imitated.Refresh();
        var memory = await PlacingMemory.LoadAsync(store, reads, imitated.Surroundings, Oldest(), ct);
        await WriteAloneAsync(memory, new PlacingBatch([], [], memory.TakeLoaded(), time.GetTimestamp()), changed, isAhead: false, ct);
        state.Ready(true);
        log.IncidentsReady(memory.Graph.Count, memory.Graph.GroupCount);
        _forgotten = time.GetTimestamp();
        return memory;
    }

    private async Task DrainAsync(PlacingMemory memory, IncidentChanges.Subscription changed, CancellationToken ct)
    {
        while (true)
        {
            if (changed.TryTake() is { } change)
            {
                await FinishAsync(memory, changed, isAhead: false, ct);
                await memory.RefreshAsync(reads, change, ct);
            }

            var waiting = await reads.QueueAsync(_oneByOne ? 1 : _batch.Count, _writing?.Batch.Queue ?? [], findings.Fresh, ct);
            if (waiting.Count > 0) await PlaceAsync(memory, waiting, changed, ct);
            else await FinishAsync(memory, changed, isAhead: false, ct);
            if (waiting.Count == 0 || time.GetElapsedTime(_counted) > CountEvery) await CountAsync(ct);
            if (time.GetElapsedTime(_forgotten) > ForgetEvery)
            {
                await FinishAsync(memory, changed, isAhead: false, ct);
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
            await ApplyAsync(memory, new PlacingBatch([.. waiting.Select(one => one.Place)], suppressed, placed, started), changed, ct);
        }
        catch (Exception e) when (_oneByOne && e is not OperationCanceledException and not StoreException and not PlacingOvertakenException)
        {
            // One finding that nobody foresaw must not keep all others from being placed.
            log.FindingNotPlaced(e, waiting[0].Finding?.Id.Value ?? "");
            await store.WriteAsync(Lane.Background, transaction => PlacingWrites.Drop(transaction, waiting[0].Place), ct);
            throw;
        }
    }

    private async Task ApplyAsync(PlacingMemory memory, PlacingBatch batch, IncidentChanges.Subscription changed, CancellationToken ct)
    {
        PlacingWrite? write = null;
        try
        {
            write = await PrepareAsync(memory, batch, _writing?.Write.Plan, isAhead: false, ct);
        }
        catch (Exception e) when (e is PlacingConflictException or StoreException)
        {
            // Found out again once nothing else is being written.
            memory.Map.Discard();
        }

        if (await FinishAsync(memory, changed, isAhead: true, ct) && write is not null) _writing = new Writing(batch, write, WriteAsync(batch, write, ct));
        else await WriteAloneAsync(memory, batch, changed, isAhead: false, ct);
        if (_oneByOne) await FinishAsync(memory, changed, isAhead: false, ct);
    }

    // Until it is written: the graph has taken the batch, so there is no way around it.
    private async Task WriteAloneAsync(PlacingMemory memory, PlacingBatch batch, IncidentChanges.Subscription changed, bool isAhead, CancellationToken ct)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                var write = await PrepareAsync(memory, batch, pending: null, isAhead, ct);
                if (!write.IsEmpty) await WriteAsync(batch, write, ct);
                Written(memory, batch, write, changed);
                return;
            }
            catch (Exception e) when (e is PlacingConflictException or StoreException)
            {
                await TakeBackAsync(memory, e, pause, ct);
            }
        }
    }

    // False where what was being written had to be written again, and what was prepared meanwhile was taken back with it.
    private async Task<bool> FinishAsync(PlacingMemory memory, IncidentChanges.Subscription changed, bool isAhead, CancellationToken ct)
    {
        if (_writing is not { } writing) return true;
        _writing = null;
        try
        {
            await writing.Written;
        }
        catch (Exception e) when (e is PlacingConflictException or StoreException)
        {
            await TakeBackAsync(memory, e, TimeSpan.FromMilliseconds(250), ct);
            await WriteAloneAsync(memory, writing.Batch, changed, isAhead, ct);
            return false;
        }

        Written(memory, writing.Batch, writing.Write, changed);
        return true;
    }

    private async Task<PlacingWrite> PrepareAsync(PlacingMemory memory, PlacingBatch batch, PlacingPlan? pending, bool isAhead, CancellationToken ct)
    {
        var plan = PlacingPlan.Make(memory.Graph, memory.Map, batch.Placed, isAhead);
        var write = PlacingWrite.Of(batch, plan, await PlacingSums.OfAsync(plan, memory.Map, reads, pending, ct), summaries);
        memory.Expect(write);
        return write;
    }

    private async Task WriteAsync(PlacingBatch batch, PlacingWrite write, CancellationToken ct)
    {
        var rest = await store.WriteRepeatableAsync(Lane.Background, transaction => _batch.Run(batch.Queue.Count, () => writes.Write(transaction, write)), ct);
        foreach (var (gone, into) in rest)
        {
            while (await store.WriteAsync(Lane.Background, transaction => PlacingWrites.MoveRest(transaction, gone.Id, into.Id), ct) == PlacingWrites.MovePortion)
            {
            }
        }
    }

    private void Written(PlacingMemory memory, PlacingBatch batch, PlacingWrite write, IncidentChanges.Subscription changed)
    {
        memory.Keep();
        if (state.Problem is not null) log.PlacingRecovered();
        state.Failing(null);
        changes.Raise(write.Changed, except: changed);
        if (batch.Queue.Count > 0) state.Placed(batch.Placed.Findings.Count, batch.Suppressed.Count, time.GetElapsedTime(batch.Started), memory.Graph.Count, memory.Graph.GroupCount);
    }

    private async Task TakeBackAsync(PlacingMemory memory, Exception why, TimeSpan pause, CancellationToken ct)
    {
        memory.Rollback();
        if (why is StoreException { Problem.Text.English: var problem })
        {
            if (state.Problem is null) log.PlacingFailed(problem);
            state.Failing(problem);
            await Task.Delay(pause, time, ct);
        }
        else
        {
            log.PlacingRepeated(why.Message);
        }

        await memory.ReloadAsync(reads, Oldest(), ct);
    }

    // Whatever comes next reads what is stored, so it has to be settled what that is.
    private async Task LetGoAsync()
    {
        if (_writing is not { } writing) return;
        _writing = null;
        await writing.Written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CountAsync(CancellationToken ct)
    {
        var (count, since) = await reads.WaitingAsync(ct);
        state.Count(count, since);
        _counted = time.GetTimestamp();
    }

    private long Oldest() => (time.GetUtcNow() - settings.Horizon).ToUnixTimeMilliseconds();

    private sealed record Writing(PlacingBatch Batch, PlacingWrite Write, Task Written);
}

/// <summary>A batch on its way into the store.</summary>
/// <param name="Queue">Its places in the queue.</param>
/// <param name="Suppressed">What is not placed, and why.</param>
/// <param name="Placed">What the graph made of the rest.</param>
/// <param name="Started">When it was taken from the queue, a time stamp.</param>
internal sealed record PlacingBatch(IReadOnlyList<long> Queue, IReadOnlyList<(Suppression Suppression, FindingId Finding)> Suppressed, PlacedBatch Placed, long Started);
