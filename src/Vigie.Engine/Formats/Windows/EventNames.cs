using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>
/// The names of elements, attributes and fields seen so far, by number; and what they are in the record being filled.
/// Bounded: a file that makes up names without end gets <see cref="TooMany"/> for the later ones.
/// </summary>
internal sealed class EventNames
{
    /// <summary>Names known from the start, so that they compare by number.</summary>
    public const int None = 0, Event = 1, System = 2, EventData = 3, UserData = 4, RenderingInfo = 5, Data = 6, Name = 7,
        TimeCreated = 8, SystemTime = 9, Message = 10, TooMany = 11;

    private const int Most = 16_384;
    private const int LongestName = 512;

    private static readonly string[] Known =
        ["", "Event", "System", "EventData", "UserData", "RenderingInfo", "Data", "Name", "TimeCreated", "SystemTime", "Message", "_"];

    private readonly List<string> _names = [.. Known];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int[] _ids = new int[64];
    private int[] _slots = new int[64];
    private EventRecord? _record;
    private int _bound;

    public EventNames()
    {
        for (var i = 0; i < Known.Length; i++) _numbers.Add(Known[i], i);
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string this[int number] => _names[number];

    /// <summary>The number of a name.</summary>
    public int Of(ReadOnlySpan<char> name)
    {
        if (name.Length > LongestName) name = name[..LongestName];
        if (_lookup.TryGetValue(name, out var number)) return number;
        if (_names.Count >= Most) return TooMany;
        var text = name.ToString();
        _names.Add(text);
        _numbers.Add(text, _names.Count - 1);
        return _names.Count - 1;
    }

    /// <summary>The number of <c>element_attribute</c>.</summary>
    public int Of(int element, string separator, int attribute)
    {
        Span<char> joined = stackalloc char[(2 * LongestName) + 16];
        var (first, second) = (_names[element], _names[attribute]);
        first.CopyTo(joined);
        separator.CopyTo(joined[first.Length..]);
        second.CopyTo(joined[(first.Length + separator.Length)..]);
        return Of(joined[..(first.Length + separator.Length + second.Length)]);
    }

    /// <summary>Whether an attribute declares a namespace (XML Namespaces §3) and tells nothing of the event.</summary>
    public bool IsNamespace(int attribute) => _names[attribute] is "xmlns" || _names[attribute].StartsWith("xmlns:", StringComparison.Ordinal);

    /// <summary>From now on numbers are resolved for <paramref name="record"/>.</summary>
    public void Bind(EventRecord record)
    {
        if (ReferenceEquals(_record, record)) return;
        _record = record;
        _bound = 0;
    }

    /// <summary>Forgets which record names were resolved for.</summary>
    public void Unbind() => _record = null;

    /// <summary>The name's number in the bound record, and its slot.</summary>
    public int Resolve(int number, out int slot)
    {
        if (number >= _bound) BindUpTo(_names.Count);
        slot = _slots[number];
        return _ids[number];
    }

    private void BindUpTo(int count)
    {
        if (_ids.Length < count)
        {
            Array.Resize(ref _ids, Math.Max(count, _ids.Length * 2));
            Array.Resize(ref _slots, _ids.Length);
        }

        for (; _bound < count; _bound++)
        {
            _ids[_bound] = _record!.Intern(_names[_bound]);
            _slots[_bound] = _record.Catalog.SlotOf(_names[_bound]);
        }
    }
}
