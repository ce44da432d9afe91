using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>One kind of Windows event: the class it gets and the fields that are worked out for it.</summary>
internal sealed class WindowsEventKind(EventClass @class, ImmutableArray<Derivation> derivations, ImmutableArray<WindowsVariant> variants)
{
    private static int _last;

    /// <summary>A small number, for tables per catalog.</summary>
    public int Index { get; } = Interlocked.Increment(ref _last) - 1;

    /// <summary>How many kinds there are so far; all are made before the first event is classified.</summary>
    public static int Count => Volatile.Read(ref _last);

    public EventClass Class { get; } = @class;

    public ImmutableArray<Derivation> Derivations { get; } = derivations;

    /// <summary>Narrower kinds, told apart by the value of a field; the first that holds is taken.</summary>
    public ImmutableArray<WindowsVariant> Variants { get; } = variants;
}

/// <summary>A narrower kind for events with a certain value in a certain field.</summary>
internal sealed record WindowsVariant(string Field, ReadOnlyMemory<byte> Value, WindowsEventKind Kind);

/// <summary>The kinds of event that one channel carries.</summary>
internal sealed class WindowsChannel(WindowsEventKind other, FrozenDictionary<int, WindowsEventKind> kinds)
{
    /// <summary>Every kind the channel knows by number, and the one for all other numbers.</summary>
    public IEnumerable<WindowsEventKind> Kinds => kinds.Values.Concat(kinds.Values.SelectMany(k => k.Variants.Select(v => v.Kind))).Append(other);

    public WindowsEventKind KindOf(int eventId) => kinds.GetValueOrDefault(eventId, other);
}

/// <summary>Writes the tables of <see cref="WindowsChannels"/>.</summary>
internal sealed class WindowsChannelBuilder(string product, ImmutableArray<string> services, ImmutableArray<Derivation> common)
{
    // Record numbers begin anew when a log is cleared, so the time belongs to the identity.
    private static readonly string[] Identity = ["Computer", "Channel", "EventRecordID", "TimeCreated"];
    private readonly Dictionary<int, WindowsEventKind> _kinds = [];

    public WindowsChannelBuilder On(ReadOnlySpan<int> ids, ReadOnlySpan<string> categories, params ReadOnlySpan<Derivation> derivations)
    {
        var kind = Kind(categories, derivations, []);
        foreach (var id in ids) _kinds.Add(id, kind);
        return this;
    }

    public WindowsChannelBuilder On(int id, ReadOnlySpan<string> categories, ReadOnlySpan<Derivation> derivations) => On([id], categories, derivations);

    public WindowsChannelBuilder On(int id, string category, params ReadOnlySpan<Derivation> derivations) => On([id], [category], derivations);

    /// <summary>Events of a number whose category depends on the value of a field, which may have several names; <paramref name="categories"/> apply when none of them is there.</summary>
    public WindowsChannelBuilder On(int id, ReadOnlySpan<string> categories, string[] fields, (string Value, string[] Categories)[] variants, params ReadOnlySpan<Derivation> derivations)
    {
        var narrower = ImmutableArray.CreateBuilder<WindowsVariant>();
        foreach (var (value, own) in variants)
        {
            var kind = Kind(own, derivations, []);
            foreach (var field in fields) narrower.Add(new WindowsVariant(field, Encoding.UTF8.GetBytes(value), kind));
        }

        _kinds.Add(id, Kind(categories, derivations, narrower.ToImmutable()));
        return this;
    }

    public WindowsChannel Build() => new(Kind([], [], []), _kinds.ToFrozenDictionary());

    private WindowsEventKind Kind(ReadOnlySpan<string> categories, ReadOnlySpan<Derivation> derivations, ImmutableArray<WindowsVariant> variants) =>
        new(EventClass.Of([product], services.AsSpan(), categories, Identity), [.. common, .. derivations], variants);
}
