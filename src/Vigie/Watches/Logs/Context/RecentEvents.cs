using Vigie.Engine.Events;

namespace Vigie.Watches.Logs.Context;

/// <summary>The last events of one source and machine, and the findings that still wait for what follows.</summary>
internal sealed class RecentEvents(string source, string host, int capacity)
{
    /// <summary>About what one takes in memory without its events.</summary>
    public const int Overhead = 600;

    private readonly KeptEvent?[] _events = new KeptEvent?[capacity];
    private int _next;
    private int _count;
    private int _live;

    /// <summary>The source.</summary>
    public string Source => source;

    /// <summary>The machine; empty where events name none.</summary>
    public string Host => host;

    /// <summary>The findings that still wait.</summary>
    public List<ContextWindow> Windows { get; } = [];

    /// <summary>When it was last used, counted in batches.</summary>
    public long Used { get; set; }

    /// <summary>Whether events of the batch that is being read are among them.</summary>
    public bool IsLive => _live > 0;

    /// <summary>Its events, in order of reading.</summary>
    public IEnumerable<KeptEvent> All
    {
        get
        {
            for (var i = 0; i < _count; i++) yield return _events[(_next - _count + i + capacity) % capacity]!;
        }
    }

    /// <summary>Puts an event in place of the oldest.</summary>
    public void Keep(EventRecord record, in LogOrigin origin, bool isBinary)
    {
        if (capacity == 0) return;
        var kept = _events[_next] ??= new KeptEvent();
        kept.Take(record, origin, isBinary);
        if (++_next == capacity) _next = 0;
        if (_count < capacity) _count++;
        if (_live < capacity) _live++;
    }

    /// <summary>Copies what lies in the batch that was read; gives by how much its memory changed.</summary>
    public int Settle(int maxBytes)
    {
        var change = 0;
        for (; _live > 0; _live--)
        {
            var kept = _events[(_next - _live + capacity) % capacity]!;
            change -= kept.Memory;
            kept.Settle(maxBytes);
            change += kept.Memory;
        }

        return change;
    }

    /// <summary>Forgets all; gives how many bytes that freed.</summary>
    public int Release()
    {
        var freed = Overhead;
        foreach (var kept in _events)
        {
            freed += kept?.Memory ?? 0;
            kept?.Release();
        }

        (_next, _count, _live) = (0, 0, 0);
        return freed;
    }
}
