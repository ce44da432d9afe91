using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Watches.Logs.Context;

/// <summary>A finding, the events that stood before it, and those after it as they come.</summary>
internal sealed class ContextWindow(FindingId finding, string source, string host, DateTimeOffset lastSeen)
{
    private readonly List<string> _before = [];
    private readonly List<string> _after = [];
    private readonly List<string> _parts = [];

    /// <summary>When the finding was last seen: its events are kept as long.</summary>
    public DateTimeOffset LastSeen => lastSeen;

    /// <summary>The event of the finding itself, which stands neither before nor after it.</summary>
    public string? Own { get; init; }

    /// <summary>How many events after it are still taken.</summary>
    public int Awaits { get; set; }

    /// <summary>Until when.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>How many more events there were that could not be kept.</summary>
    public long Missing { get; set; }

    /// <summary>Whether it has changed since it was written.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Whether it is written, but for the events it still waits for.</summary>
    public bool IsWritten { get; set; }

    /// <summary>The ids of its events.</summary>
    public IEnumerable<string> Events => _before.Concat(_after).Concat(_parts);

    /// <summary>Goes on from what the store has.</summary>
    public static ContextWindow Restore(ContextEntry entry, DateTimeOffset lastSeen)
    {
        var window = new ContextWindow(entry.Finding, entry.Source, entry.Host, lastSeen) { Awaits = entry.Awaits, Until = entry.AwaitsUntil, Missing = entry.Missing };
        window._before.AddRange(entry.Before);
        window._after.AddRange(entry.After);
        window._parts.AddRange(entry.Parts);
        return window;
    }

    /// <summary>Adds an event before it.</summary>
    public void AddBefore(string id)
    {
        if (id != Own && !_before.Contains(id)) _before.Add(id);
    }

    /// <summary>Adds an event that took part.</summary>
    public void AddPart(string id) => _parts.Add(id);

    /// <summary>Takes an event after it; false when it has it already, because something was read twice.</summary>
    public bool TryTake(string id)
    {
        if (Awaits == 0 || id == Own || _after.Contains(id) || _before.Contains(id)) return false;
        _after.Add(id);
        Awaits--;
        return true;
    }

    /// <summary>What is written of it.</summary>
    /// <param name="isSettled">Whether the positions of its events are written in the same transaction, so that it may be gone on with after a restart.</param>
    public ContextEntry ToEntry(bool isSettled) => new(finding, source, host, [.. _before], [.. _after], [.. _parts], Missing, isSettled ? Awaits : 0, Until);
}
