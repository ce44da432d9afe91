using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>Works a field out of others.</summary>
/// <param name="record">The event; the function adds to it.</param>
/// <param name="target">The slot to fill.</param>
/// <param name="sources">The first field of each source, or -1 for those that are absent; the first one is present.</param>
internal delegate void Derive(EventRecord record, int target, ReadOnlySpan<int> sources);

/// <summary>A field that rules expect and the log has under another name or in another form.</summary>
/// <param name="Target">The name rules use.</param>
/// <param name="Sources">The names the log uses; without the first there is nothing to work out.</param>
/// <param name="Derive">How.</param>
/// <param name="Besides">Whether it is added also when the event already has a field of the target's name, with another meaning.</param>
internal sealed record Derivation(string Target, string[] Sources, Derive Derive, bool Besides = false)
{
    /// <summary>The same value under another name.</summary>
    public static Derivation Alias(string target, string source) => new(target, [source], CopyAll);

    private static void CopyAll(EventRecord record, int target, ReadOnlySpan<int> sources)
    {
        for (var field = sources[0]; field >= 0; field = record.Next(field)) record.Alias(target, field);
    }
}

/// <summary>A <see cref="Derivation"/> whose names are slots of one catalog.</summary>
internal sealed class BoundDerivation(int target, int[] sources, Derive derive, bool besides)
{
    public void Apply(EventRecord record)
    {
        var first = record.First(sources[0]);
        if (first < 0 || (!besides && record.First(target) >= 0)) return;
        Span<int> fields = stackalloc int[sources.Length];
        fields[0] = first;
        for (var i = 1; i < sources.Length; i++) fields[i] = record.First(sources[i]);
        derive(record, target, fields);
    }
}

/// <summary>What classification reads of one catalog.</summary>
internal sealed class WindowsSlots
{
    private readonly BoundDerivation[][] _derivations;
    private readonly Dictionary<string, int> _variantFields = new(StringComparer.Ordinal);

    public WindowsSlots(FieldCatalog catalog)
    {
        Catalog = catalog;
        Channel = catalog.SlotOf("Channel");
        EventId = catalog.SlotOf("EventID");
        Provider = catalog.SlotOf("Provider_Name");
        var kinds = WindowsChannels.Kinds.ToArray();
        _derivations = new BoundDerivation[WindowsEventKind.Count][];
        foreach (var kind in kinds)
        {
            _derivations[kind.Index] = [.. kind.Derivations.Where(d => Reachable(catalog, d)).Select(d => Bind(catalog, d))];
            foreach (var variant in kind.Variants) _variantFields[variant.Field] = catalog.SlotOf(variant.Field);
        }
    }

    public FieldCatalog Catalog { get; }

    public int Channel { get; }

    public int EventId { get; }

    public int Provider { get; }

    public int SlotOf(string variantField) => _variantFields[variantField];

    public BoundDerivation[] DerivationsOf(WindowsEventKind kind) => _derivations[kind.Index];

    private static bool Reachable(FieldCatalog catalog, Derivation derivation) =>
        catalog.SlotOf(derivation.Target) != FieldCatalog.None && catalog.SlotOf(derivation.Sources[0]) != FieldCatalog.None;

    private static BoundDerivation Bind(FieldCatalog catalog, Derivation derivation) =>
        new(catalog.SlotOf(derivation.Target), [.. derivation.Sources.Select(s => catalog.SlotOf(s))], derivation.Derive, derivation.Besides);
}
