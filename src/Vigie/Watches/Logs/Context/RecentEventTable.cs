using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vigie.Watches.Logs.Context;

/// <summary>
/// The last events of every source and machine, bounded in bytes: where there is no room, what was not heard of for the
/// longest time goes first. One thread uses it.
/// </summary>
internal sealed class RecentEventTable(LogContextSettings settings)
{
    // The names of machines come from logs.
    private const int LongestHost = 120;

    private readonly Dictionary<string, Dictionary<byte[], RecentEvents>> _sources = new(StringComparer.Ordinal);
    private readonly List<RecentEvents> _live = [];
    private Dictionary<byte[], RecentEvents> _machines = [];
    private string _source = "";
    private byte[] _lastHost = [];
    private RecentEvents? _last;
    private long _bytes;
    private long _batch;

    /// <summary>How many bytes they take, about.</summary>
    public long Bytes => _bytes;

    /// <summary>Says that events of a source follow.</summary>
    public void Begin(string source)
    {
        _batch++;
        if (source == _source) return;
        (_source, _last) = (source, null);
        if (_sources.TryGetValue(source, out _machines!)) return;
        _sources[source] = _machines = new Dictionary<byte[], RecentEvents>(HostComparer.Instance);
    }

    /// <summary>The events of a machine.</summary>
    public RecentEvents Of(ReadOnlySpan<byte> host)
    {
        if (host.Length > LongestHost) host = host[..LongestHost];
        // Events of one machine follow each other.
        if (_last is not null && host.SequenceEqual(_lastHost)) return _last;
        var machines = _machines.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!machines.TryGetValue(host, out var key, out var found))
        {
            // A NUL would be refused by PostgreSQL.
            found = new RecentEvents(_source, Encoding.UTF8.GetString(host).Replace('\0', '\uFFFD'), settings.Before);
            key = host.ToArray();
            _machines[key] = found;
            _bytes += RecentEvents.Overhead;
        }

        if (found.Used != _batch)
        {
            found.Used = _batch;
            _live.Add(found);
        }

        _lastHost = key;
        return _last = found;
    }

    /// <summary>The events of a machine of a source, by their names.</summary>
    public RecentEvents Of(string source, string host)
    {
        Begin(source);
        return Of(Encoding.UTF8.GetBytes(host));
    }

    /// <summary>Says that the batch is read: what of it is still wanted is copied.</summary>
    public void End()
    {
        foreach (var events in _live) _bytes += events.Settle(settings.EventBytes);
        _live.Clear();
        _last = null;
        if (_bytes > settings.Memory) Forget();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (var events in _sources.Values.SelectMany(machines => machines.Values)) events.Release();
        _sources.Clear();
        _live.Clear();
        (_bytes, _source, _machines, _last) = (0, "", [], null);
    }

    // A quarter at once, so that it is not done for every batch. Whoever waits for what follows stays.
    private void Forget()
    {
        var oldest = _sources.Values
            .SelectMany(machines => machines.Select(entry => (Machines: machines, entry.Key, entry.Value)))
            .Where(entry => entry.Value.Windows.Count == 0)
            .OrderBy(entry => entry.Value.Used).ToList();
        foreach (var (machines, key, events) in oldest)
        {
            if (_bytes <= settings.Memory / 4 * 3) break;
            _bytes -= events.Release();
            machines.Remove(key);
        }
    }

    private sealed class HostComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly HostComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
