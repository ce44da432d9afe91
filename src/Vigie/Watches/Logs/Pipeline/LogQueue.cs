using System.Threading.Channels;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>
/// What waits to be matched, bounded in bytes: whoever hands in waits, or is told that there is no room. One reader.
/// A batch larger than the bound is let in alone.
/// </summary>
internal sealed class LogQueue(long maxBytes)
{
    private readonly Channel<LogBatch> _channel = Channel.CreateUnbounded<LogBatch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private long _bytes;

    /// <summary>How many bytes may wait.</summary>
    public long MaxBytes => maxBytes;

    /// <summary>How many bytes wait.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Hands in a batch; false when there is no room for it now.</summary>
    public bool TryEnter(LogBatch batch)
    {
        lock (_lock)
        {
            if (_bytes > 0 && _bytes + batch.Bytes > maxBytes) return false;
            _bytes += batch.Bytes;
        }

        return _channel.Writer.TryWrite(batch);
    }

    /// <summary>Hands in a batch as soon as there is room.</summary>
    public async ValueTask EnterAsync(LogBatch batch, CancellationToken ct)
    {
        while (!TryEnter(batch))
        {
            TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                // Between the attempt and here everything may have been taken, and nobody would wake us.
                if (_bytes == 0) continue;
                _waiting.Enqueue(room);
            }

            await room.Task.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>The next batch.</summary>
    public ValueTask<LogBatch> TakeAsync(CancellationToken ct) => _channel.Reader.ReadAsync(ct);

    /// <summary>The next batch where one waits.</summary>
    public bool TryTake(out LogBatch? batch) => _channel.Reader.TryRead(out batch);

    /// <summary>Says that a batch that was taken is done with.</summary>
    public void Leave(LogBatch batch)
    {
        lock (_lock)
        {
            _bytes -= batch.Bytes;
            while (_waiting.TryDequeue(out var waiting)) waiting.TrySetResult();
        }
    }
}
