using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>
/// Sysmon for Linux writes its events to syslog as the XML that Windows would show (github.com/microsoft/SysmonForLinux): a <c>System</c> part and
/// <c>&lt;Data Name="…"&gt;</c> values. The names are Sysmon's, so the classes are those of Sysmon with product <c>linux</c>.
/// </summary>
internal static class SysmonForLinux
{
    private const int MaxValues = 128;

    private static readonly Dictionary<int, EventClass> Classes = new()
    {
        [1] = Of("process_creation"),
        [3] = Of("network_connection"),
        [5] = Of("process_termination"),
        [9] = Of("raw_access_thread"),
        [11] = Of("file_event"),
        [22] = Of("dns_query"),
        [23] = Of("file_delete"),
        [26] = Of("file_delete"),
    };

    private static readonly EventClass Other = EventClass.Of(["linux"], ["sysmon"], []);

    /// <summary>Adds the values of a message that is an event; false, with nothing added, when it is none.</summary>
    public static bool TryAdd(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        if (!text.StartsWith("<Event>"u8) && !text.StartsWith("<Event "u8)) return false;
        AddSystem(body, record);
        var added = 0;
        for (var at = 0; added < MaxValues; added++)
        {
            var open = text[at..].IndexOf("<Data Name=\""u8);
            if (open < 0) break;
            var name = at + open + 12;
            var nameLength = text[name..].IndexOf((byte)'"');
            if (nameLength is < 1 or > 64) break;
            at = name + nameLength;
            var close = text[at..].IndexOf((byte)'>');
            if (close < 0) break;
            var value = at + close + 1;
            var isEmpty = text[value - 2] == '/';
            var length = isEmpty ? 0 : text[value..].IndexOf("</Data>"u8);
            if (length < 0) length = text.Length - value;
            AddValue(body, name, nameLength, value, length, record);
            at = value + length;
        }

        record.Class = Find(text, "<EventID>"u8) is { } id && Lines.TimeText.TryDigits(text[id], out var number) && Classes.TryGetValue(number, out var known) ? known : Other;
        return true;
    }

    private static void AddSystem(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        AddElement(body, "EventID", "<EventID>"u8, record);
        AddElement(body, "EventRecordID", "<EventRecordID>"u8, record);
        AddElement(body, "Channel", "<Channel>"u8, record);
        AddElement(body, "Computer", "<Computer>"u8, record);
        var time = text.IndexOf("SystemTime=\""u8);
        if (time >= 0 && Lines.TimeText.TryIso(text[(time + 12)..], TimeSpan.Zero, out var read, out _)) record.Time = read;
    }

    private static void AddElement(in MessageBody body, string name, ReadOnlySpan<byte> tag, EventRecord record)
    {
        if (Find(body.Span, tag) is not { } where) return;
        var (start, length) = where.GetOffsetAndLength(body.Length);
        record.Add(record.Intern(name), 0, record.Catalog.SlotOf(name), FieldKind.String, body.Start + start, length);
    }

    private static Range? Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag)
    {
        var at = text.IndexOf(tag);
        if (at < 0) return null;
        at += tag.Length;
        var end = text[at..].IndexOf((byte)'<');
        return end < 0 ? null : at..(at + end);
    }

    private static void AddValue(in MessageBody body, int name, int nameLength, int value, int length, EventRecord record)
    {
        var text = body.Span.Slice(value, length);
        var (start, size) = (body.Start + value, length);
        if (text.Contains((byte)'&'))
        {
            var plain = length <= 2048 ? stackalloc byte[2048] : new byte[length];
            size = Unescape(text, plain);
            start = record.Write(plain[..size]);
        }

        Lines.EventField.AddNamed(record, body.Buffer, body.Start + name, nameLength, start, size);
    }

    // The five entities XML predefines (XML 1.0 §4.6); no other occurs.
    private static int Unescape(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            var (plain, taken) = text[0] != '&' ? (text[0], 1)
                : text.StartsWith("&lt;"u8) ? ((byte)'<', 4)
                : text.StartsWith("&gt;"u8) ? ((byte)'>', 4)
                : text.StartsWith("&amp;"u8) ? ((byte)'&', 5)
                : text.StartsWith("&quot;"u8) ? ((byte)'"', 6)
                : text.StartsWith("&apos;"u8) ? ((byte)'\'', 6)
                : ((byte)'&', 1);
            target[written++] = plain;
            text = text[taken..];
        }

        return written;
    }

    private static EventClass Of(string category) => EventClass.Of(["linux"], ["sysmon"], [category], "Computer", "Channel", "EventRecordID");
}
