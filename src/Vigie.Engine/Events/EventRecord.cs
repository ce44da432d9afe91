using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Vigie.Engine.Events;

/// <summary>
/// One event as a flat table over the bytes it was read from: where each name and each value lies, nothing copied,
/// nothing decoded until somebody reads it. One object serves event after event; it is valid until the next
/// <see cref="Begin"/>, and <see cref="Capture"/> makes the copy that may live longer.
/// Not safe for use by several threads.
/// </summary>
public sealed class EventRecord
{
    /// <summary>The most fields one event may have; further ones are dropped and <see cref="IsTruncated"/> says so.</summary>
    public const int MaxFields = 8192;

    // Names come from logs; a hostile one makes them up without end.
    private const int MaxInterned = 65_536;
    private const string SurplusName = "(too many names)";

    private readonly List<string> _interned;
    private readonly Dictionary<string, int> _internedIds;
    private readonly SlotState[] _slots;
    private readonly int[] _catalogNames;
    private Field[] _fields = new Field[128];
    private byte[] _buffer = [];
    private byte[] _scratch = new byte[4096];
    private int _scratchUsed;
    private uint _stamp;

    /// <summary>Makes a record whose fields are found by the slots of <paramref name="catalog"/>.</summary>
    public EventRecord(FieldCatalog catalog)
    {
        Catalog = catalog;
        _interned = [];
        _internedIds = new Dictionary<string, int>(StringComparer.Ordinal);
        _slots = new SlotState[catalog.Count];
        _catalogNames = new int[catalog.Count];
        for (var slot = 0; slot < catalog.Count; slot++) _catalogNames[slot] = Intern(catalog[slot]);
    }

    // A copy has the names of its original and no slots: it is read field by field.
    private EventRecord(EventRecord original)
    {
        Catalog = original.Catalog;
        (_interned, _internedIds, _catalogNames) = (original._interned, original._internedIds, original._catalogNames);
        (_slots, _fields, _scratch) = ([], [], []);
    }

    /// <summary>The names that have slots.</summary>
    public FieldCatalog Catalog { get; }

    /// <summary>The log sources the event belongs to.</summary>
    public EventClass Class { get; set; } = EventClass.Unknown;

    /// <summary>When it happened, UTC; null when the event does not say.</summary>
    public DateTimeOffset? Time { get; set; }

    /// <summary>Where the event begins in its (decompressed) content, in bytes.</summary>
    public long Offset { get; set; }

    /// <summary>Where <see cref="Raw"/> begins in the reader's buffer.</summary>
    public int Start { get; private set; }

    /// <summary>How many bytes of the reader's buffer the event takes.</summary>
    public int Length { get; private set; }

    /// <summary>Whether fields were dropped because there were more than <see cref="MaxFields"/>.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>How many fields there are, containers included.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of the event as they stand in the log.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(Start, Length);

    /// <summary>The same bytes, where the reader's buffer is known to outlive the event.</summary>
    public ReadOnlyMemory<byte> RawMemory => _buffer.AsMemory(Start, Length);

    /// <summary>Forgets the last event and begins one that lies in <paramref name="buffer"/>.</summary>
    public void Begin(byte[] buffer, int start, int length = 0)
    {
        _buffer = buffer;
        Start = start;
        Length = length;
        Class = EventClass.Unknown;
        Time = null;
        Offset = 0;
        Rewind();
    }

    /// <summary>Says how long the event turned out to be.</summary>
    public void End(int length) => Length = length;

    /// <summary>Drops all fields but not the event, so that a reader that took it for something else can put them in again.</summary>
    public void Rewind()
    {
        Count = 0;
        _scratchUsed = 0;
        IsTruncated = false;
        if (++_stamp == 0)
        {
            Array.Clear(_slots);
            _stamp = 1;
        }
    }

    /// <summary>A number for a name that does not lie in the buffer; the same name always gets the same number. Dots in it are kept as they are.</summary>
    /// <returns>A negative number, to be passed as <c>nameStart</c>.</returns>
    public int Intern(string name)
    {
        if (_internedIds.TryGetValue(name, out var id)) return id;
        if (_interned.Count >= MaxInterned && name != SurplusName) return Intern(SurplusName);
        id = ~_interned.Count;
        _interned.Add(name);
        _internedIds.Add(name, id);
        return id;
    }

    /// <summary>Adds a field.</summary>
    /// <param name="nameStart">Where its own name (not its path) lies in the buffer, or a number from <see cref="Intern"/>.</param>
    /// <param name="nameLength">Length of the name in bytes; 0 for the elements of an array and for interned names.</param>
    /// <param name="slot">The slot of its full path, or <see cref="FieldCatalog.None"/>.</param>
    /// <param name="kind">How the bytes are to be read.</param>
    /// <param name="valueStart">Where the value lies in the buffer (of a string: without its quotes), or what <see cref="Write"/> returned.</param>
    /// <param name="valueLength">Its length in bytes.</param>
    /// <param name="parent">The index of the container it lies in, or -1.</param>
    /// <returns>The field's index, or -1 when the record is full.</returns>
    public int Add(int nameStart, int nameLength, int slot, FieldKind kind, int valueStart, int valueLength, int parent = -1)
    {
        var index = Count;
        if (index == _fields.Length && !Grow()) return -1;
        Count = index + 1;
        ref var field = ref _fields[index];
        field.NameStart = nameStart;
        field.NameLength = nameLength;
        field.Parent = parent;
        field.ValueStart = valueStart;
        field.ValueLength = valueLength;
        field.Next = -1;
        field.Kind = kind;
        if (slot >= 0) Link(slot, index);
        return index;
    }

    /// <summary>Gives a field a further name: adds a field with the name of <paramref name="slot"/> and the same value.</summary>
    public int Alias(int slot, int field) =>
        Add(_catalogNames[slot], 0, slot, _fields[field].Kind, _fields[field].ValueStart, _fields[field].ValueLength);

    /// <summary>Adds a field that was worked out rather than read.</summary>
    public int AddDerived(int slot, FieldKind kind, ReadOnlySpan<byte> utf8) => Add(_catalogNames[slot], 0, slot, kind, Write(utf8), utf8.Length);

    /// <summary>Adds a worked-out field under any name.</summary>
    public int AddDerived(string name, FieldKind kind, ReadOnlySpan<byte> utf8) => Add(Intern(name), 0, Catalog.SlotOf(name), kind, Write(utf8), utf8.Length);

    /// <summary>Sets the length and, for containers, the value of a field once its end is known.</summary>
    public void Close(int field, int valueLength)
    {
        if (field >= 0) _fields[field].ValueLength = valueLength;
    }

    /// <summary>Copies bytes next to the event, for values that do not lie in the buffer as they should be read.</summary>
    /// <returns>A negative number, to be passed as <c>valueStart</c>.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        var start = _scratchUsed;
        bytes.CopyTo(Reserve(bytes.Length));
        _scratchUsed += bytes.Length;
        return ~start;
    }

    /// <summary>The first field of a slot, or -1 when the event does not have it.</summary>
    public int First(int slot) => slot >= 0 && _slots[slot].Stamp == _stamp ? _slots[slot].First : -1;

    /// <summary>The next field with the same slot, or -1.</summary>
    public int Next(int field) => _fields[field].Next;

    /// <summary>What kind of value a field holds.</summary>
    public FieldKind Kind(int field) => _fields[field].Kind;

    /// <summary>Whether the field is an element of an array itself, rather than of something in it.</summary>
    public bool IsElementOf(int field, int array) => _fields[field].Parent == array && _fields[field].NameLength == 0 && _fields[field].NameStart >= 0;

    /// <summary>Whether the field is a container rather than a value.</summary>
    public bool IsContainer(int field) => _fields[field].Kind is FieldKind.Object or FieldKind.Array;

    /// <summary>The value in UTF-8, decoded on first use; valid until the next event. Booleans are <c>true</c> and <c>false</c>, null is empty.</summary>
    public ReadOnlySpan<byte> Value(int field)
    {
        ref var entry = ref _fields[field];
        switch (entry.Kind)
        {
            case FieldKind.EscapedString:
                Store(ref entry, Unescape(Bytes(entry)));
                break;
            case FieldKind.Utf16:
                Store(ref entry, Transcode(Bytes(entry)));
                break;
            case FieldKind.True: return "true"u8;
            case FieldKind.False: return "false"u8;
            case FieldKind.Null: return default;
        }

        return Bytes(entry);
    }

    /// <summary>The value as it stands in the log, not decoded: equal bytes of the same kind are equal values.</summary>
    public ReadOnlySpan<byte> RawValue(int field) => Bytes(_fields[field]);

    /// <summary>Whether the value lies in the buffer it was read from, not decoded, not worked out.</summary>
    public bool IsInPlace(int field) => _fields[field].ValueStart >= 0;

    /// <summary>
    /// The bytes from the first to the last value that lie in the buffer as text in UTF-8, escaped or not, with all that
    /// stands between them. False when there is none, when a value is UTF-16, or when the values lie far apart.
    /// </summary>
    /// <param name="extent">The bytes.</param>
    /// <param name="apart">The first value that does not lie there; <see cref="Count"/> when all do.</param>
    public bool TryTextExtent(out ReadOnlySpan<byte> extent, out int apart)
    {
        extent = default;
        apart = Count;
        var (first, last, sum) = (int.MaxValue, 0, 0);
        for (var i = 0; i < Count; i++)
        {
            ref readonly var field = ref _fields[i];
            if (field.Kind == FieldKind.Utf16) return false;
            if (field.Kind is FieldKind.Object or FieldKind.Array) continue;
            if (field.ValueStart < 0)
            {
                apart = Math.Min(apart, i);
                continue;
            }

            first = Math.Min(first, field.ValueStart);
            last = Math.Max(last, field.ValueStart + field.ValueLength);
            sum += field.ValueLength;
        }

        if (first >= last || last - first > (4 * sum) + 4096) return false;
        extent = _buffer.AsSpan(first, last - first);
        return true;
    }

    /// <summary>The value of the first field of a slot in UTF-8; empty when the event does not have it.</summary>
    public ReadOnlySpan<byte> ValueOf(int slot)
    {
        var field = First(slot);
        return field < 0 ? default : Value(field);
    }

    /// <summary>The value as text.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(Value(field));

    /// <summary>The full name of a field: the names of its containers and its own, joined by dots.</summary>
    public string Name(int field)
    {
        ref var entry = ref _fields[field];
        var own = entry.NameStart < 0 ? _interned[~entry.NameStart] : Encoding.UTF8.GetString(OwnName(entry));
        if (entry.Parent < 0) return own;
        var parent = Name(entry.Parent);
        return own.Length == 0 ? parent : parent.Length == 0 ? own : $"{parent}.{own}";
    }

    /// <summary>
    /// A copy that may outlive the event: every value, at most <paramref name="maxValueBytes"/> of each. Of containers only those that are empty
    /// or that somebody reads by name.
    /// </summary>
    public CapturedEvent Capture(int maxValueBytes = int.MaxValue)
    {
        var fields = ImmutableArray.CreateBuilder<CapturedField>(Count);
        for (var i = 0; i < Count; i++)
        {
            var name = Name(i);
            if (IsContainer(i) && i + 1 < Count && _fields[i + 1].Parent == i && Catalog.SlotOf(name) < 0) continue;
            var value = Value(i);
            if (value.Length > maxValueBytes) value = value[..maxValueBytes];
            fields.Add(new CapturedField(name, _fields[i].Kind, Encoding.UTF8.GetString(value)));
        }

        return new CapturedEvent(Time, Class, fields.ToImmutable());
    }

    /// <summary>Copies the table, not the bytes it lies over; see <see cref="EventCopy"/>.</summary>
    internal EventRecord CopyTo(EventRecord? copy)
    {
        if (copy is null || !ReferenceEquals(copy._interned, _interned)) copy = new EventRecord(this);
        if (copy._fields.Length < Count) copy._fields = new Field[Math.Max(Count, 64)];
        if (copy._scratch.Length < _scratchUsed) copy._scratch = new byte[_scratchUsed];
        Array.Copy(_fields, copy._fields, Count);
        Array.Copy(_scratch, copy._scratch, _scratchUsed);
        (copy._buffer, copy.Start, copy.Length, copy.Count, copy._scratchUsed) = (_buffer, Start, Length, Count, _scratchUsed);
        (copy.Class, copy.Time, copy.Offset, copy.IsTruncated) = (Class, Time, Offset, IsTruncated);
        return copy;
    }

    private void Link(int slot, int index)
    {
        ref var state = ref _slots[slot];
        if (state.Stamp == _stamp)
        {
            _fields[state.Last].Next = index;
        }
        else
        {
            state.Stamp = _stamp;
            state.First = index;
        }

        state.Last = index;
    }

    private bool Grow()
    {
        if (_fields.Length >= MaxFields)
        {
            IsTruncated = true;
            return false;
        }

        Array.Resize(ref _fields, Math.Min(_fields.Length * 2, MaxFields));
        return true;
    }

    private ReadOnlySpan<byte> Bytes(in Field entry) => entry.ValueStart >= 0
        ? _buffer.AsSpan(entry.ValueStart, entry.ValueLength)
        : _scratch.AsSpan(~entry.ValueStart, entry.ValueLength);

    private ReadOnlySpan<byte> OwnName(in Field entry) => _buffer.AsSpan(entry.NameStart, entry.NameLength);

    private void Store(ref Field entry, int length)
    {
        entry.ValueStart = ~_scratchUsed;
        entry.ValueLength = length;
        entry.Kind = FieldKind.String;
        _scratchUsed += length;
    }

    private Span<byte> Reserve(int length)
    {
        if (_scratch.Length - _scratchUsed < length)
            Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, _scratchUsed + length));
        return _scratch.AsSpan(_scratchUsed);
    }

    // A JSON escape is never shorter than what it stands for: \uD83D\uDE00 is 12 bytes and 4 in UTF-8.
    private int Unescape(ReadOnlySpan<byte> escaped) => JsonText.Unescape(escaped, Reserve(escaped.Length));

    // One UTF-16 unit takes at most three bytes in UTF-8. An odd last byte is dropped.
    private int Transcode(ReadOnlySpan<byte> utf16)
    {
        var target = Reserve(utf16.Length / 2 * 3);
        if ((utf16.Length & 1) != 0) utf16 = utf16[..^1];
        var status = Utf8.FromUtf16(MemoryMarshal.Cast<byte, char>(utf16), target, out _, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        return status == OperationStatus.Done ? written : 0;
    }

    // The fields of a slot, of the event whose stamp it bears.
    private struct SlotState
    {
        public uint Stamp;
        public int First;
        public int Last;
    }

    private struct Field
    {
        public int NameStart;
        public int NameLength;
        public int Parent;
        public int ValueStart;
        public int ValueLength;
        public int Next;
        public FieldKind Kind;
    }
}
