using System.Runtime.CompilerServices;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>
/// Tells what kind of Windows event a record holds, from its <c>Channel</c>, <c>EventID</c> and <c>Provider_Name</c>, and
/// gives its fields the names that rules of that kind use. Serves every reader of Windows events (EVTX, XML, JSON shapes):
/// they put the raw fields in, then call <see cref="Classify"/>. Source: Sigma taxonomy 2.1, "Windows Folder".
/// </summary>
public static class WindowsEvents
{
    private static readonly ConditionalWeakTable<FieldCatalog, WindowsSlots> Known = [];

    // Nearly always there is one catalog; the reference is compared, so a stale one costs a look-up and nothing else.
    private static WindowsSlots? _latest;

    /// <summary>
    /// Sets <see cref="EventRecord.Class"/> and adds the aliases and derived fields that the catalog has slots for.
    /// A record without any of the three fields keeps its class. Allocates nothing once a catalog is known.
    /// </summary>
    public static void Classify(EventRecord record)
    {
        var slots = SlotsOf(record.Catalog);
        var channel = record.First(slots.Channel);
        var id = EventIdOf(record, record.First(slots.EventId));
        var kinds = channel >= 0 ? WindowsChannels.OfChannel(record.Value(channel)) : null;
        if (kinds is null)
        {
            var provider = record.First(slots.Provider);
            if (provider >= 0) kinds = WindowsChannels.OfProvider(record.Value(provider));
            else if (channel < 0 && id < 0) return;
        }

        var kind = (kinds ?? WindowsChannels.Other).KindOf(id);
        if (kind.Variants.Length > 0) kind = VariantOf(kind, record, slots);
        record.Class = kind.Class;
        foreach (var derivation in slots.DerivationsOf(kind)) derivation.Apply(record);
    }

    private static WindowsSlots SlotsOf(FieldCatalog catalog)
    {
        var latest = _latest;
        if (latest is not null && ReferenceEquals(latest.Catalog, catalog)) return latest;
        return _latest = Known.GetValue(catalog, static c => new WindowsSlots(c));
    }

    private static int EventIdOf(EventRecord record, int field)
    {
        if (field < 0) return -1;
        var text = record.Value(field).Trim((byte)' ');
        return System.Buffers.Text.Utf8Parser.TryParse(text, out int id, out var used) && used == text.Length && id >= 0 ? id : -1;
    }

    private static WindowsEventKind VariantOf(WindowsEventKind kind, EventRecord record, WindowsSlots slots)
    {
        foreach (var variant in kind.Variants)
        {
            for (var field = record.First(slots.SlotOf(variant.Field)); field >= 0; field = record.Next(field))
                if (record.Value(field).SequenceEqual(variant.Value.Span)) return variant.Kind;
        }

        return kind;
    }
}
