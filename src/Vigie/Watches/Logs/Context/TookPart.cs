using Vigie.Engine.Events;

namespace Vigie.Watches.Logs.Context;

/// <summary>
/// The events correlations were told of, for the findings that may come of them; bounded in bytes, the oldest go first.
/// One thread uses it.
/// </summary>
internal sealed class TookPart(LogContextSettings settings)
{
    private const int Overhead = 300;

    private readonly Dictionary<string, KeptEvent> _events = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private long _bytes;

    /// <summary>Remembers an event under the identity correlations know it by.</summary>
    public void Add(string identity, EventRecord record, in LogOrigin origin, bool isBinary)
    {
        if (_events.ContainsKey(identity)) return;
        var kept = new KeptEvent();
        kept.Take(record, origin, isBinary);
        kept.Settle(settings.EventBytes);
        _events.Add(identity, kept);
        _order.Enqueue(identity);
        _bytes += kept.Memory + Overhead;
        while (_bytes > settings.Memory / 2 && _order.TryDequeue(out var oldest))
        {
            if (!_events.Remove(oldest, out var gone)) continue;
            _bytes -= gone.Memory + Overhead;
            gone.Release();
        }
    }

    /// <summary>The event with an identity; null where it is not remembered any more.</summary>
    public KeptEvent? Find(string identity) => _events.GetValueOrDefault(identity);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (var kept in _events.Values) kept.Release();
        _events.Clear();
        _order.Clear();
        _bytes = 0;
    }
}
