using System.Threading.Channels;

namespace Vigie.Store;

/// <summary>
/// What waits for the writer, a bounded queue a lane. A full lane makes its callers wait, so pressure reaches
/// the source instead of memory.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private const int Lanes = 3;

    // Strict priority alone would let a long burst of mail starve the rest; one item in so many comes from a lower lane.
    private const int FairShare = 32;

    private readonly Channel<WriteItem>[] _lanes = new Channel<WriteItem>[Lanes];
    private readonly ManualResetEventSlim _arrived = new();
    private int _sinceLower;
    private volatile bool _closed;

    public WriteQueue(int capacity)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            _lanes[lane] = Channel.CreateBounded<WriteItem>(new BoundedChannelOptions(capacity) { SingleReader = true });
        }
    }

    public int Depth(Lane lane) => _lanes[(int)lane].Reader.Count;

    /// <summary>Hands an item in, waiting while its lane is full.</summary>
    /// <exception cref="ChannelClosedException">The queue is closed.</exception>
    public async ValueTask AddAsync(WriteItem item, CancellationToken cancellationToken)
    {
        await _lanes[(int)item.Lane].Writer.WriteAsync(item, cancellationToken);
        _arrived.Set();
    }

    /// <summary>The next item by priority that its caller still wants.</summary>
    public bool TryTake(out WriteItem item)
    {
        if (_sinceLower >= FairShare)
        {
            _sinceLower = 0;
            if (TryTakeFrom(1, out item) || TryTakeFrom(2, out item)) return true;
        }

        for (var lane = 0; lane < Lanes; lane++)
        {
            if (!TryTakeFrom(lane, out item)) continue;
            _sinceLower = lane == 0 ? _sinceLower + 1 : 0;
            return true;
        }

        item = null!;
        return false;
    }

    /// <summary>Waits until something arrives or the queue is closed; false after <paramref name="timeout"/>.</summary>
    public bool Wait(TimeSpan timeout)
    {
        _arrived.Reset();
        return HasItems || Closed || _arrived.Wait(timeout);
    }

    public bool Closed => _closed;

    private bool HasItems => Array.Exists(_lanes, lane => lane.Reader.Count > 0);

    /// <summary>Takes nothing more in; what is in can still be taken.</summary>
    public void Close()
    {
        _closed = true;
        foreach (var lane in _lanes) lane.Writer.TryComplete();
        _arrived.Set();
    }

    public void Dispose() => _arrived.Dispose();

    private bool TryTakeFrom(int lane, out WriteItem item)
    {
        while (_lanes[lane].Reader.TryRead(out item!))
        {
            if (item.TryTake()) return true;
        }

        return false;
    }
}
