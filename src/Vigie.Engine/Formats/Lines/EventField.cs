using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Lines;

/// <summary>
/// A field name a reader uses event after event. Resolves the name to its number and slot once per record object, so
/// that adding a field costs a comparison. Belongs to one reader.
/// </summary>
internal sealed class EventField(string name)
{
    private const int MaxCachedName = 128;

    private EventRecord? _record;
    private int _id;
    private int _slot;

    /// <summary>The name as rules have it.</summary>
    public string Name => name;

    /// <summary>Adds a field whose value lies in the buffer, or where <see cref="EventRecord.Write"/> put it.</summary>
    /// <returns>Its index, or -1 when the record is full.</returns>
    public int Add(EventRecord record, int start, int length, FieldKind kind = FieldKind.String)
    {
        Bind(record);
        return record.Add(_id, 0, _slot, kind, start, length);
    }

    /// <summary>Adds the same value under this name, if somebody reads it.</summary>
    public void Alias(EventRecord record, int field)
    {
        Bind(record);
        if (_slot >= 0 && field >= 0) record.Alias(_slot, field);
    }

    /// <summary>
    /// Adds this name for a value that the log leaves out, if somebody reads it: null, and an empty text where rules ask for that
    /// (<c>c-useragent: ''</c>), since null passes no test but null's.
    /// </summary>
    public void AliasUnset(EventRecord record)
    {
        Bind(record);
        if (_slot < 0) return;
        if (name == "c-useragent") record.AddDerived(_slot, FieldKind.String, []);
        else record.Add(_id, 0, _slot, FieldKind.Null, 0, 0);
    }

    /// <summary>Adds a value that does not lie in the buffer.</summary>
    public int Derive(EventRecord record, ReadOnlySpan<byte> value, FieldKind kind = FieldKind.String)
    {
        Bind(record);
        return record.Add(_id, 0, _slot, kind, record.Write(value), value.Length);
    }

    /// <summary>Whether a rule or an entity reads it; what nobody reads need not be worked out.</summary>
    public bool IsRead(EventRecord record)
    {
        Bind(record);
        return _slot >= 0;
    }

    /// <summary>Adds a field whose name lies in the buffer too.</summary>
    public static int AddNamed(EventRecord record, byte[] buffer, int nameStart, int nameLength, int start, int length, FieldKind kind = FieldKind.String) =>
        record.Add(nameStart, nameLength, SlotOf(record.Catalog, buffer.AsSpan(nameStart, nameLength)), kind, start, length);

    /// <summary>The slot of a name in UTF-8, without making a string of it.</summary>
    public static int SlotOf(FieldCatalog catalog, ReadOnlySpan<byte> utf8Name)
    {
        if (utf8Name.Length > MaxCachedName) return FieldCatalog.None;
        Span<char> text = stackalloc char[MaxCachedName];
        return catalog.SlotOf(text[..Encoding.UTF8.GetChars(utf8Name, text)]);
    }

    private void Bind(EventRecord record)
    {
        if (ReferenceEquals(record, _record)) return;
        _record = record;
        _id = record.Intern(name);
        _slot = record.Catalog.SlotOf(name);
    }
}
