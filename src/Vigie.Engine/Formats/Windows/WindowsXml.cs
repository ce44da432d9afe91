using System.Buffers;
using System.Globalization;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>
/// Reads one event written as XML (<c>wevtutil qe /f:xml</c>, Event Viewer, Sysmon for Linux) into a record: the fields are
/// those its binary form would give. An own scan, because an XML parser would resolve, allocate and throw: no document
/// type is read, no entity but XML's five and characters, elements are followed to a bounded depth, and values stay where
/// they are in the buffer. Not safe for use by several threads.
/// </summary>
public sealed class WindowsXml
{
    private const int DeepestElement = 48;
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n=/>"u8);
    private readonly EventNames _names = new();
    private readonly EventElement[] _open = new EventElement[DeepestElement];
    private readonly int[] _contents = new int[DeepestElement];
    private byte[] _decoded = new byte[256];
    private EventRecord _record = null!;
    private byte[] _buffer = [];
    private int _depth;

    /// <summary>Forgets names and slots, because records with another catalog follow.</summary>
    public void CatalogChanged() => _names.Unbind();

    /// <summary>
    /// Puts the fields of the event that lies in <c>buffer[start..start + length]</c> into <paramref name="record"/>, sets its time and
    /// classifies it. The record must have been begun on the same buffer; its other fields stay.
    /// </summary>
    /// <param name="record">Filled.</param>
    /// <param name="buffer">The bytes, UTF-8.</param>
    /// <param name="start">Where <c>&lt;Event</c> begins.</param>
    /// <param name="length">How many bytes it takes.</param>
    /// <returns>Whether the XML was whole; what came before damage is there all the same.</returns>
    public bool Read(EventRecord record, byte[] buffer, int start, int length)
    {
        (_record, _buffer, _depth) = (record, buffer, 0);
        _names.Bind(record);
        var whole = Elements(start, start + length);
        WindowsEvents.Classify(record);
        return whole;
    }

    private bool Elements(int at, int end)
    {
        while (at < end)
        {
            var next = _buffer.AsSpan(at, end - at).IndexOf((byte)'<');
            if (next < 0) return false;
            at += next;
            var markup = _buffer.AsSpan(at, end - at);
            if (markup.StartsWith("</"u8)) at = Close(at, end);
            else if (markup.StartsWith("<!--"u8)) at = After(at, end, "-->"u8);
            else if (markup.StartsWith("<![CDATA["u8)) at = After(at, end, "]]>"u8);
            else if (markup.StartsWith("<?"u8)) at = After(at, end, "?>"u8);
            else if (markup.StartsWith("<!"u8)) return false;
            else at = Open(at, end);
            if (at < 0) return false;
            if (_depth == 0) return true;
        }

        return false;
    }

    private int After(int at, int end, ReadOnlySpan<byte> mark)
    {
        var found = _buffer.AsSpan(at, end - at).IndexOf(mark);
        return found < 0 ? -1 : at + found + mark.Length;
    }

    // Returns where the tag ends, or -1 when it does not or is nested too deeply.
    private int Open(int at, int end)
    {
        var nameEnd = NameEnd(at + 1, end);
        if (nameEnd == at + 1 || _depth == DeepestElement) return -1;
        var outer = _depth == 0 ? EventSection.Document : _open[_depth - 1].Inner;
        if (_depth > 0) _open[_depth - 1].HasChildren = true;
        var element = new EventElement(Name(at + 1, nameEnd), outer);
        for (at = Blanks(nameEnd, end); at < end && _buffer[at] is not ((byte)'>' or (byte)'/'); at = Blanks(at, end))
            if ((at = Attribute(at, end, ref element)) < 0) return -1;
        if (at >= end) return -1;
        if (_buffer[at] == '>')
        {
            _contents[_depth] = at + 1;
            _open[_depth++] = element;
            return at + 1;
        }

        if (at + 1 >= end || _buffer[at + 1] != '>') return -1;

        // An empty text is written so, too; what the provider wrote is more often that than nothing.
        var kind = element.Inner == EventSection.System ? FieldKind.Null : FieldKind.String;
        if (element is { IsLeaf: true, HasAttributes: false }) Add(element.FieldName(_names), kind, at, 0);
        return at + 2;
    }

    private int Attribute(int at, int end, ref EventElement element)
    {
        var nameEnd = NameEnd(at, end);
        var value = Blanks(nameEnd, end);
        if (nameEnd == at || value >= end || _buffer[value] != '=') return -1;
        value = Blanks(value + 1, end);
        if (value >= end || _buffer[value] is not ((byte)'"' or (byte)'\'')) return -1;
        var close = _buffer.AsSpan(value + 1, end - value - 1).IndexOf(_buffer[value]);
        if (close < 0) return -1;
        var name = Name(at, nameEnd);
        Attribute(ref element, name, value + 1, close);
        return value + close + 2;
    }

    private void Attribute(ref EventElement element, int name, int start, int length)
    {
        if (_names.IsNamespace(name)) return;
        if (name == EventNames.Name && element.TakesName)
        {
            element.Field = Name(start, start + length);
            return;
        }

        if (element.IsTime(name)) SetTime(_buffer.AsSpan(start, length));
        AddText(element.AttributeField(_names, name), start, length);
        element.HasAttributes = true;
    }

    private int Close(int at, int end)
    {
        var tagEnd = _buffer.AsSpan(at, end - at).IndexOf((byte)'>');
        if (tagEnd < 0 || _depth == 0) return -1;
        ref var element = ref _open[--_depth];
        var start = _contents[_depth];
        if (Name(at + 2, NameEnd(at + 2, end)) != element.Name) return -1;
        if (element.IsLeaf && (at > start || !element.HasAttributes)) AddText(element.FieldName(_names), start, at - start);
        return at + tagEnd + 1;
    }

    // Text is a stretch of the buffer unless something in it stands for something else.
    private void AddText(int name, int start, int length)
    {
        var text = _buffer.AsSpan(start, length);
        if (text.IndexOfAny((byte)'&', (byte)'<') < 0)
        {
            Add(name, FieldKind.String, start, length);
            return;
        }

        if (_decoded.Length < length) Array.Resize(ref _decoded, Math.Max(length, _decoded.Length * 2));
        var written = XmlText.Decode(text, _decoded);
        Add(name, FieldKind.String, _record.Write(_decoded.AsSpan(0, written)), written);
    }

    private void Add(int name, FieldKind kind, int start, int length)
    {
        var id = _names.Resolve(name, out var slot);
        _record.Add(id, 0, slot, kind, start, length);
    }

    private void SetTime(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[40];
        if (text.Length > characters.Length || Encoding.UTF8.GetCharCount(text) > characters.Length) return;
        characters = characters[..Encoding.UTF8.GetChars(text, characters)];
        if (DateTimeOffset.TryParse(characters, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) _record.Time = time;
    }

    private int Name(int start, int end)
    {
        const int Longest = 512;
        Span<char> characters = stackalloc char[Longest];
        Span<byte> decoded = stackalloc byte[Longest];
        var length = Math.Min(end - start, Longest);
        var utf8 = _buffer.AsSpan(start, length);
        if (utf8.Contains((byte)'&')) length = XmlText.Decode(utf8, decoded);
        else utf8.CopyTo(decoded);
        return _names.Of(characters[..Encoding.UTF8.GetChars(decoded[..length], characters)]);
    }

    private int NameEnd(int at, int end)
    {
        var stop = _buffer.AsSpan(at, end - at).IndexOfAny(NameEnds);
        return stop < 0 ? end : at + stop;
    }

    private int Blanks(int at, int end)
    {
        while (at < end && (_buffer[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) at++;
        return at;
    }
}

/// <summary>Text of XML documents.</summary>
internal static class XmlText
{
    /// <summary>
    /// Resolves character references, the five entities (XML 1.0 §4.6) and CDATA sections, drops comments; other entities
    /// stay as they are written.
    /// </summary>
    /// <returns>The length written, never more than <paramref name="text"/> has.</returns>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny((byte)'&', (byte)'<');
            var taken = plain < 0 ? text.Length : plain;
            text[..taken].CopyTo(target[written..]);
            written += taken;
            text = text[taken..];
            if (!text.IsEmpty) text = text[(text[0] == '&' ? Reference(text, target, ref written) : Section(text, target, ref written))..];
        }

        return written;
    }

    private static int Reference(ReadOnlySpan<byte> text, Span<byte> target, ref int written)
    {
        const int LongestReference = 12;
        var end = text[..Math.Min(text.Length, LongestReference)].IndexOf((byte)';');
        var name = end < 0 ? default : text[1..end];
        var rune = name switch
        {
            _ when name.SequenceEqual("lt"u8) => (Rune?)new Rune('<'),
            _ when name.SequenceEqual("gt"u8) => new Rune('>'),
            _ when name.SequenceEqual("amp"u8) => new Rune('&'),
            _ when name.SequenceEqual("quot"u8) => new Rune('"'),
            _ when name.SequenceEqual("apos"u8) => new Rune('\''),
            _ => Character(name),
        };
        if (rune is not { } known || known.Utf8SequenceLength > end + 1)
        {
            target[written++] = text[0];
            return 1;
        }

        written += known.EncodeToUtf8(target[written..]);
        return end + 1;
    }

    private static Rune? Character(ReadOnlySpan<byte> name)
    {
        if (name.Length < 2 || name[0] != '#') return null;
        var hex = name[1] is (byte)'x' or (byte)'X';
        var digits = name[(hex ? 2 : 1)..];
        return System.Buffers.Text.Utf8Parser.TryParse(digits, out uint code, out var used, hex ? 'x' : 'D') && used == digits.Length && Rune.IsValid(code) ? new Rune(code) : null;
    }

    private static int Section(ReadOnlySpan<byte> text, Span<byte> target, ref int written)
    {
        var isData = text.StartsWith("<![CDATA["u8);
        var end = isData ? text.IndexOf("]]>"u8) : text.StartsWith("<!--"u8) ? text.IndexOf("-->"u8) : text.IndexOf((byte)'>') - 2;
        if (end < 0)
        {
            target[written++] = text[0];
            return 1;
        }

        if (isData)
        {
            var data = text["<![CDATA[".Length..end];
            data.CopyTo(target[written..]);
            written += data.Length;
        }

        return end + 3;
    }
}
