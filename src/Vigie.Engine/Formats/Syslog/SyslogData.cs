using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>Structured data (RFC 5424 §6.3): <c>[id name="value" …][…]</c>. Parameters become fields by their own name.</summary>
internal static class SyslogData
{
    private const int MaxParameters = 256;

    /// <summary>Where the structured data that begins at <paramref name="at"/> ends.</summary>
    public static int End(ReadOnlySpan<byte> text, int at)
    {
        if (at >= text.Length) return text.Length;
        if (text[at] == '-') return at + 1;
        while (at < text.Length && text[at] == '[')
        {
            var quoted = false;
            for (at++; at < text.Length && (quoted || text[at] != ']'); at++)
            {
                if (quoted && text[at] == '\\') at++;
                else if (text[at] == '"') quoted = !quoted;
            }

            at = Math.Min(at + 1, text.Length);
        }

        return at;
    }

    /// <summary>Adds its parameters.</summary>
    public static void Add(byte[] buffer, int start, int length, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        var added = 0;
        for (var at = 0; at < text.Length && added < MaxParameters; added++)
        {
            var equals = text[at..].IndexOf("=\""u8);
            if (equals < 0) return;
            var value = at + equals + 2;
            var name = at + text[at..(at + equals)].LastIndexOfAny((byte)' ', (byte)'[') + 1;
            var end = value;
            var escaped = false;
            for (; end < text.Length && text[end] != '"'; end++)
            {
                if (text[end] != '\\' || end + 1 == text.Length) continue;
                escaped = true;
                end++;
            }

            end = Math.Min(end, text.Length);
            var (valueStart, valueLength) = (start + value, end - value);
            if (escaped) (valueStart, valueLength) = Unescape(record, text[value..end]);
            EventField.AddNamed(record, buffer, start + name, at + equals - name, valueStart, valueLength);
            at = end + 1;
        }
    }

    // §6.3.3: a backslash stands before quote, backslash and bracket only.
    private static (int Start, int Length) Unescape(EventRecord record, ReadOnlySpan<byte> value)
    {
        var target = value.Length <= 1024 ? stackalloc byte[1024] : new byte[value.Length];
        var written = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is (byte)'"' or (byte)'\\' or (byte)']') i++;
            target[written++] = value[i];
        }

        return (record.Write(target[..written]), written);
    }
}
