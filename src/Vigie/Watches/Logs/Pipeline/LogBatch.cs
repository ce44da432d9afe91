using Vigie.Engine.Events;
using Vigie.Watches.Logs.Reading;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>
/// Bytes that a source hands to the pipeline, and what must be written once their events are through. A source hands in the
/// next batch of a content only when the one before is <see cref="Done"/>: the buffer is used by one side at a time.
/// </summary>
internal abstract class LogBatch(LogSourceState source, EventBuffer buffer, DateTimeOffset received)
{
    // A pipeline that was told to stop is through with a batch long before.
    private static readonly TimeSpan LetGo = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where it comes from.</summary>
    public LogSourceState Source => source;

    /// <summary>When it came.</summary>
    public DateTimeOffset Received => received;

    /// <summary>How many bytes it brings.</summary>
    public int Bytes { get; } = buffer.Pending;

    /// <summary>
    /// Completes when every event is matched and what was found is committed; fails with <see cref="OperationCanceledException"/>
    /// when the node stops before. What brought no finding completes without a commit: reading it again changes nothing.
    /// </summary>
    public Task Done => _done.Task;

    /// <summary>Waits for <see cref="Done"/>; cancelled, it returns only when the pipeline no longer uses the buffer.</summary>
    public async Task ThroughAsync(CancellationToken ct)
    {
        try
        {
            await Done.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Task.WhenAny(Done, Task.Delay(LetGo, CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Identifies the delivery where the sender may repeat it; null where it cannot.</summary>
    public virtual string? Delivery => null;

    /// <summary>Whether the bytes of its events are nothing a person could read.</summary>
    public bool IsBinary => buffer.Reader?.IsBinary ?? false;

    /// <summary>Reads its next event; false when there is none.</summary>
    public bool Next(EventRecord record) => buffer.Next(record);

    /// <summary>Where the event just read comes from.</summary>
    public abstract LogOrigin Origin(EventRecord record);

    /// <summary>Called once all events are read: what has to be saved to go on from here; null where nothing has.</summary>
    /// <param name="lastEvent">The latest time an event of it claims; null where none does.</param>
    public virtual (string Name, string Position)? Position(DateTimeOffset? lastEvent) => null;

    /// <summary>Says that it is through.</summary>
    public void Complete() => _done.TrySetResult();

    /// <summary>Says that it is not through and will not be: the node stops.</summary>
    public void Abandon() => _done.TrySetCanceled();
}
