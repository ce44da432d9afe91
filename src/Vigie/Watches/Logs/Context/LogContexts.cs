using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Store;
using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs.Context;

/// <summary>
/// Keeps what stands around findings: the last events of each source and machine as references, those before a finding as
/// soon as there is one, those after it as they come. What is not yet written waits for the next commit and is written with
/// the positions of the same events, so that it survives a restart as a whole or not at all. One thread uses it.
/// </summary>
internal sealed class LogContexts(LogsSettings logs, TimeProvider time)
{
    // Findings that wait for what follows; of more at once only what stood before is kept.
    private const int MostOpen = 10_000;

    private static readonly TimeSpan ExpireEvery = TimeSpan.FromSeconds(1);

    private static readonly string[] HostFields = ["Computer", "hostname", "host.name", "host.hostname", "ComputerName", "Hostname"];

    private readonly LogContextSettings _settings = logs.Context;
    private readonly RecentEventTable _recent = new(logs.Context);
    private readonly TookPart _parts = new(logs.Context);
    private readonly Dictionary<string, (ContextEvent Event, DateTimeOffset LastSeen)> _events = new(StringComparer.Ordinal);
    private readonly List<ContextWindow> _changed = [];
    private readonly HashSet<RecentEvents> _waiting = [];
    private readonly KeptEvent _current = new();
    private FieldCatalog? _catalog;
    private int[] _hostSlots = [];
    private LogBatch? _batch;
    private LogOrigin _origin;
    private bool _hasOrigin;
    private bool _isBinary;
    private RecentEvents? _here;
    private DateTimeOffset _expiredAt;
    private int _open;
    private long _hour;
    private long _hourBytes;

    private bool IsOff => _settings is { Before: 0, After: 0 };

    /// <summary>Whether something waits to be written.</summary>
    public bool HasChanges => _changed.Count > 0;

    /// <summary>Goes on with the findings that waited for what follows when the node ended.</summary>
    public async Task RestoreAsync(FindingContexts store, CancellationToken ct)
    {
        _recent.Clear();
        _parts.Clear();
        Saved();
        _waiting.Clear();
        _open = 0;
        foreach (var (entry, lastSeen) in await store.OpenAsync(ct))
        {
            var window = ContextWindow.Restore(entry, lastSeen);
            Wait(_recent.Of(entry.Source, entry.Host), window);
        }

        _recent.End();
        Expire();
    }

    /// <summary>Says that the events of a batch follow.</summary>
    public void Begin(LogBatch batch)
    {
        if (IsOff) return;
        (_batch, _hasOrigin, _isBinary) = (batch, false, batch.IsBinary);
        _recent.Begin(batch.Source.Name);
    }

    /// <summary>Called with each event before it is matched: whoever waits for what follows gets it.</summary>
    public void See(EventRecord record)
    {
        if (IsOff) return;
        if (!ReferenceEquals(_catalog, record.Catalog)) Adopt(record.Catalog);
        if (!_hasOrigin) (_origin, _hasOrigin) = (_batch!.Origin(record), true);
        _here = _recent.Of(HostOf(record));
        if (_here.Windows.Count > 0) Feed(_here, record);
    }

    /// <summary>Called with each event after it was matched: it stands before those that follow.</summary>
    public void Keep(EventRecord record)
    {
        if (!IsOff) _here!.Keep(record, _origin, _isBinary || record.Length == 0);
    }

    /// <summary>Says that the batch is read and its bytes will be overwritten.</summary>
    public void End()
    {
        if (!IsOff) _recent.End();
        (_batch, _here) = (null, null);
    }

    /// <summary>Keeps what stood before a finding in the event that was seen last, and waits for what follows.</summary>
    /// <returns>What is to be written with the finding; null where nothing is kept of it.</returns>
    public ContextWindow? Open(Finding finding, EventRecord record)
    {
        if (IsOff || finding.Severity < Severity.Medium || _here is not { } here) return null;
        _current.Take(record, _origin, _isBinary || record.Length == 0);
        var window = new ContextWindow(finding.Id, here.Source, here.Host, finding.LastSeen) { Own = _current.Id, IsChanged = true };
        _changed.Add(window);
        if (IsTooMuch())
        {
            window.Missing = _settings.Before + _settings.After;
            return window;
        }

        foreach (var kept in here.All)
        {
            window.AddBefore(kept.Id);
            if (kept.Id != window.Own) Store(kept, window.LastSeen);
        }

        if (_open >= MostOpen)
        {
            window.Missing = _settings.After;
            return window;
        }

        (window.Awaits, window.Until) = (_settings.After, time.GetUtcNow() + _settings.Wait);
        if (window.Awaits > 0) Wait(here, window);
        return window;
    }

    /// <summary>Remembers an event that was told to correlations, under the identity they know it by.</summary>
    public void TakePart(string identity, EventRecord record)
    {
        if (!IsOff && _hasOrigin) _parts.Add(identity, record, _origin, _isBinary || record.Length == 0);
    }

    /// <summary>Keeps the events that took part in a correlation.</summary>
    /// <returns>What is to be written with its finding.</returns>
    public ContextWindow? Open(Finding finding, CorrelationMatch match)
    {
        if (IsOff || finding.Severity < Severity.Medium) return null;
        var window = new ContextWindow(finding.Id, "", "", finding.LastSeen) { IsChanged = true, Missing = match.Count, Until = time.GetUtcNow() };
        _changed.Add(window);
        if (IsTooMuch()) return window;
        // The first and the last, as many as around other findings.
        var most = Math.Max(1, _settings.Before + _settings.After);
        var identities = match.Events.Select(e => e.Identity).Distinct(StringComparer.Ordinal).ToList();
        foreach (var (place, identity) in identities.Index())
        {
            if (place >= (most + 1) / 2 && place < identities.Count - (most / 2)) continue;
            if (_parts.Find(identity) is not { } kept) continue;
            window.AddPart(kept.Id);
            Store(kept, window.LastSeen);
            window.Missing--;
        }

        window.Missing = Math.Max(0, window.Missing);
        return window;
    }

    /// <summary>Called now and then: whoever has waited too long waits no more.</summary>
    public void Expire()
    {
        var now = time.GetUtcNow();
        if (now - _expiredAt < ExpireEvery && now >= _expiredAt) return;
        _expiredAt = now;
        foreach (var here in _waiting)
        {
            foreach (var window in here.Windows.Where(window => window.Until <= now))
            {
                _open--;
                window.Awaits = 0;
                Change(window);
            }

            here.Windows.RemoveAll(window => window.Awaits == 0);
        }

        _waiting.RemoveWhere(here => here.Windows.Count == 0);
    }

    /// <summary>What of these findings' contexts is written before the positions of their events are.</summary>
    public ContextRows Part(IEnumerable<ContextWindow> windows) => Gather(windows, isSettled: false);

    /// <summary>Everything that waits to be written, together with the positions of its events.</summary>
    public ContextRows Rest() => Gather(_changed, isSettled: true);

    /// <summary>Says that <see cref="Rest"/> is committed.</summary>
    public void Saved()
    {
        foreach (var window in _changed) (window.IsChanged, window.IsWritten) = (false, false);
        _changed.Clear();
        _events.Clear();
    }

    private ContextRows Gather(IEnumerable<ContextWindow> windows, bool isSettled)
    {
        var rows = new ContextRows();
        foreach (var window in windows)
        {
            if (window.IsWritten && window.Awaits == 0) continue;
            rows.Entries.Add(window.ToEntry(isSettled));
            window.IsWritten = true;
            foreach (var id in window.Events)
            {
                // What is not here was written before.
                if (_events.Remove(id, out var kept)) rows.Events.Add(kept);
            }
        }

        return rows;
    }

    private void Wait(RecentEvents here, ContextWindow window)
    {
        here.Windows.Add(window);
        _waiting.Add(here);
        _open++;
    }

    private void Feed(RecentEvents here, EventRecord record)
    {
        _current.Take(record, _origin, _isBinary || record.Length == 0);
        var isTaken = false;
        foreach (var window in here.Windows)
        {
            if (!window.TryTake(_current.Id)) continue;
            isTaken = true;
            Store(_current, window.LastSeen);
            Change(window);
            if (window.Awaits == 0) _open--;
        }

        if (isTaken && here.Windows.RemoveAll(window => window.Awaits == 0) > 0 && here.Windows.Count == 0) _waiting.Remove(here);
    }

    private void Change(ContextWindow window)
    {
        if (window.IsChanged) return;
        window.IsChanged = true;
        _changed.Add(window);
    }

    private void Store(KeptEvent kept, DateTimeOffset lastSeen)
    {
        if (_events.TryGetValue(kept.Id, out var known))
        {
            if (known.LastSeen < lastSeen) _events[kept.Id] = known with { LastSeen = lastSeen };
            return;
        }

        var copy = kept.ToEvent(_settings.EventBytes);
        _hourBytes += copy.Copy.Length;
        _events[kept.Id] = (copy, lastSeen);
    }

    // A day of nothing but findings must not fill the disk with what stands around them.
    private bool IsTooMuch()
    {
        var hour = time.GetUtcNow().ToUnixTimeSeconds() / 3600;
        if (hour != _hour) (_hour, _hourBytes) = (hour, 0);
        return _hourBytes >= _settings.HourlyBytes;
    }

    private void Adopt(FieldCatalog catalog)
    {
        _catalog = catalog;
        _hostSlots = [.. HostFields.Select(name => catalog.SlotOf(name)).Where(slot => slot >= 0)];
    }

    private ReadOnlySpan<byte> HostOf(EventRecord record)
    {
        foreach (var slot in _hostSlots)
        {
            if (record.First(slot) is var field and >= 0 && !record.IsContainer(field)) return record.Value(field);
        }

        return default;
    }
}

/// <summary>What is written of contexts in one transaction.</summary>
internal sealed class ContextRows
{
    /// <summary>The events, and until when they are of use.</summary>
    public List<(ContextEvent Event, DateTimeOffset LastSeen)> Events { get; } = [];

    /// <summary>Which of them stand around which finding.</summary>
    public List<ContextEntry> Entries { get; } = [];

    /// <summary>Writes them.</summary>
    public void Save(System.Data.Common.DbTransaction transaction)
    {
        foreach (var (copy, lastSeen) in Events) FindingContexts.Save(transaction, copy, lastSeen);
        foreach (var entry in Entries) FindingContexts.Save(transaction, entry);
    }
}
