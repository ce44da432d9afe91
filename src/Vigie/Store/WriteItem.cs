using System.Data.Common;

namespace Vigie.Store;

/// <summary>One piece of work for the writer. It is cancelled only while it waits: once it runs, its caller learns how it ended.</summary>
internal abstract class WriteItem(Lane lane, long enqueued, bool isRepeatable)
{
    private const int Waiting = 0;
    private const int Taken = 1;

    private int _state = Waiting;

    public Lane Lane { get; } = lane;

    /// <summary>Whether the work may be run again after it was rolled back.</summary>
    public bool IsRepeatable { get; } = isRepeatable;

    /// <summary>Timestamp of <see cref="TimeProvider"/> when it was handed in.</summary>
    public long Enqueued { get; } = enqueued;

    /// <summary>Claims the item for the writer; false when its caller has given up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Runs the work within the transaction.</summary>
    public abstract void Run(DbTransaction transaction);

    /// <summary>Tells the caller that the work is durable.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing of the work is stored.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Gives up unless the writer has taken it.</summary>
    public void Cancel(CancellationToken token)
    {
        if (TryTake()) OnCancelled(token);
    }

    protected abstract void OnCancelled(CancellationToken token);
}

/// <summary>Work that gives its caller a value.</summary>
internal sealed class WriteItem<T>(Lane lane, long enqueued, Func<DbTransaction, T> work, bool isRepeatable) : WriteItem(lane, enqueued, isRepeatable)
{
    // Continuations must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Completion => _completion.Task;

    public override void Run(DbTransaction transaction) => _result = work(transaction);

    public override void Complete() => _completion.TrySetResult(_result);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    protected override void OnCancelled(CancellationToken token) => _completion.TrySetCanceled(token);
}
