using System.Text;

namespace Vigie.Engine.Events;

/// <summary>
/// The names of the fields somebody reads, each with a small number, its slot. Readers put values straight into
/// slots; what no rule and no entity reads gets none. Immutable: new rules bring a new catalog.
/// </summary>
public sealed class FieldCatalog
{
    /// <summary>The slot of a field nobody reads.</summary>
    public const int None = -1;

    private readonly Dictionary<string, int> _slots;
    private readonly string[] _names;

    /// <summary>Makes a catalog of <paramref name="names"/>; names are case sensitive, repeated ones count once.</summary>
    public FieldCatalog(IEnumerable<string> names)
    {
        _names = [.. names.Distinct(StringComparer.Ordinal)];
        _slots = new Dictionary<string, int>(_names.Length, StringComparer.Ordinal);
        for (var slot = 0; slot < _names.Length; slot++) _slots.Add(_names[slot], slot);
    }

    /// <summary>A catalog in which nobody reads anything.</summary>
    public static FieldCatalog Empty { get; } = new([]);

    /// <summary>How many slots there are.</summary>
    public int Count => _names.Length;

    /// <summary>The name of a slot.</summary>
    public string this[int slot] => _names[slot];

    /// <summary>The slot of a name, or <see cref="None"/>.</summary>
    public int SlotOf(ReadOnlySpan<char> name) =>
        _slots.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var slot) ? slot : None;

    /// <summary>The slot of a name in UTF-8, or <see cref="None"/>. Readers cache the answer; this is not for every event.</summary>
    public int SlotOf(ReadOnlySpan<byte> utf8Name) => SlotOf(Encoding.UTF8.GetString(utf8Name));
}
