using System.Data.Common;
using Vigie.Engine;
using Vigie.Operations;

namespace Vigie.Store;

/// <summary>
/// The one thread that writes. It groups what waits into transactions of about <see cref="Budget"/>, such that one that
/// fails fails alone (in a savepoint, or because the others can be repeated), and answers the callers only after the commit is durable.
/// </summary>
internal sealed class StoreWriter
{
    /// <summary>How long a transaction goes on taking items: short enough that mail never waits long behind others.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(20);

    /// <summary>How often a store that failed is tried while nobody writes.</summary>
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    private readonly Dialect _dialect;
    private readonly Func<DbConnection> _reopen;
    private readonly WriteQueue _queue;
    private readonly StoreState _state;
    private readonly StoreMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly bool _yield;
    private readonly Thread _thread;
    private readonly List<WriteItem> _batch = [];
    private readonly HashSet<Action> _after = [];
    private readonly List<Action> _afterItem = [];
    private WriteItem? _held;
    private DbConnection? _connection;
    private DbTransaction? _transaction;

    /// <summary>
    /// Starts the thread on an open connection, which it owns from now on. With <paramref name="yield"/> it leaves as
    /// much time between transactions as they took, so that a node writing beside this tool gets its turn.
    /// </summary>
    public StoreWriter(Dialect dialect, DbConnection connection, Func<DbConnection> reopen, WriteQueue queue, StoreState state, StoreMetrics metrics, TimeProvider time, ILogger log, bool yield)
    {
        (_dialect, _connection, _reopen, _queue, _state, _metrics, _time, _log, _yield) = (dialect, connection, reopen, queue, state, metrics, time, log, yield);
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Waits until everything handed in is written; the queue must be closed.</summary>
    public Task StopAsync() => Task.Run(_thread.Join);

    /// <summary>Remembers what is done after the transaction that runs; the same twice is done once. False when another one is meant.</summary>
    public bool TryAddAfter(DbTransaction transaction, Action action)
    {
        if (!ReferenceEquals(transaction, _transaction)) return false;
        if (_after.Add(action)) _afterItem.Add(action);
        return true;
    }

    private void Run()
    {
        while (true)
        {
            if (_held is { } held)
            {
                _held = null;
                WriteBatch(held);
                continue;
            }

            if (!_queue.Wait(_state.WriteProblem is null ? Timeout.InfiniteTimeSpan : ProbeEvery))
            {
                Probe();
                continue;
            }

            if (_queue.TryTake(out var first)) WriteBatch(first);
            else if (_queue.Closed) break;
        }

        _connection?.Dispose();
    }

    private void WriteBatch(WriteItem first)
    {
        var started = _time.GetTimestamp();
        _batch.Clear();
        _batch.Add(first);
        try
        {
            Commit(started);
            _state.WriteWorked();
        }
        catch (Exception e)
        {
            Abandon(e);
            return;
        }

        foreach (var action in _after) action();

        foreach (var item in _batch)
        {
            item.Complete();
            _metrics.Written(item.Lane, _time.GetElapsedTime(item.Enqueued));
        }

        var took = _time.GetElapsedTime(started);
        _metrics.Committed(_batch.Count, took);
        if (_yield && took < Budget * 2) Thread.Sleep(took);
    }

    private void Commit(long started)
    {
        try
        {
            _transaction = Begin();
            _after.Clear();
            WriteItems(started);
            _transaction.Commit();
            _dialect.Committed(_connection!);
        }
        finally
        {
            _transaction?.Dispose();
            _transaction = null;
        }
    }

    // The first item of the batch is taken before the transaction begins, so that an idle writer holds no lock.
    private void WriteItems(long started)
    {
        var next = _batch[0];
        _batch.Clear();
        do
        {
            var itemStarted = _time.GetTimestamp();
            var canRepeat = _batch.TrueForAll(item => item.IsRepeatable);
            _batch.Add(next);
            if (!(canRepeat ? Run(next) : RunAlone(next, _transaction!))) _batch.Remove(next);
            var took = _time.GetElapsedTime(itemStarted);
            if (took > Slow) _log.SlowWrite(next.Lane, took.TotalMilliseconds);
        }
        while (_time.GetElapsedTime(started) < Budget && _queue.TryTake(out next) && !IsHeld(next));
    }

    // What cannot be repeated, mail above all, is committed before much that can: that would need a savepoint too, and keep it waiting.
    private bool IsHeld(WriteItem next)
    {
        if (!next.IsRepeatable || _batch.TrueForAll(item => item.IsRepeatable)) return false;
        _held = next;
        return true;
    }

    // As RunAlone, without a savepoint: where it fails, the transaction begins anew with all that went well before.
    private bool Run(WriteItem item)
    {
        try
        {
            item.Run(_transaction!);
            return true;
        }
        catch (Exception e) when (_dialect.Diagnose(e) is null)
        {
            _transaction!.Rollback();
            _transaction.Dispose();
            _transaction = null;
            _transaction = Begin();
            _after.Clear();
            item.Fail(e);
            _metrics.Failed();
            foreach (var before in _batch.Where(before => before != item).ToList())
            {
                if (!RunAlone(before, _transaction)) _batch.Remove(before);
            }

            return false;
        }
    }

    // False when the item failed by its own fault; a fault of the environment is thrown and ends the batch.
    private bool RunAlone(WriteItem item, DbTransaction transaction)
    {
        const string savepoint = "item";
        transaction.Save(savepoint);
        _afterItem.Clear();
        try
        {
            item.Run(transaction);
            transaction.Release(savepoint);
            return true;
        }
        catch (Exception e) when (_dialect.Diagnose(e) is null)
        {
            transaction.Rollback(savepoint);
            transaction.Release(savepoint);
            foreach (var action in _afterItem) _after.Remove(action);
            item.Fail(e);
            _metrics.Failed();
            return false;
        }
    }

    private DbTransaction Begin()
    {
        _connection ??= _reopen();
        return _dialect.Begin(_connection);
    }

    // Nothing of the batch is stored. What waits behind it would meet the same fault after the same wait, so it is
    // answered now: a mail server that is told to come back later is better served than one that hangs.
    private void Abandon(Exception e)
    {
        var problem = _dialect.Diagnose(e) ?? Unexpected(e);
        // Said once, not for every group that meets the same fault; the stack helps only where nobody knows the fault.
        if (_state.WriteProblem?.Fault != problem.Fault) _log.WriteFailed(problem.Fault == StoreFault.Failed ? e : null, problem.Text.English);
        _state.WriteFailed(problem);
        _connection?.Dispose();
        _connection = null;

        Exception answer = problem.Fault == StoreFault.Locked ? new StoreBusyException(problem, e) : new StoreUnavailableException(problem, e);
        foreach (var item in _batch) item.Fail(answer);
        _metrics.Failed(_batch.Count);
        if (_held is { } held)
        {
            held.Fail(answer);
            _metrics.Failed();
            _held = null;
        }

        while (_queue.TryTake(out var waiting))
        {
            waiting.Fail(answer);
            _metrics.Failed();
        }
    }

    // Writes something real: a full disk still lets an empty transaction commit.
    private void Probe()
    {
        try
        {
            using var transaction = Begin();
            StoreValues.Set(transaction, "probe", _time.GetUtcNow().ToUnixTimeMilliseconds());
            transaction.Commit();
            _state.WriteWorked();
            _log.StoreRecovered(_dialect.Where);
        }
        catch (Exception e)
        {
            _state.WriteFailed(_dialect.Diagnose(e) ?? Unexpected(e));
            _connection?.Dispose();
            _connection = null;
        }
    }

    private StoreProblem Unexpected(Exception e) => new(StoreFault.Failed, new Bilingual(
        $"{_dialect.Where}: writing failed: {e.Message}",
        $"{_dialect.Where} : l'écriture a échoué : {e.Message}"));
}
