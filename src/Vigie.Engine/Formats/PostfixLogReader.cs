using System.Globalization;
using System.Text.Json;

namespace Vigie.Engine.Formats;

/// <summary>
/// Reads Postfix logs line by line, however syslog wrote them: classic time stamps (RFC 3164), ISO time stamps
/// (rsyslog's and journalctl's), RFC 5424, and the journal's own export and JSON forms. Never throws; lines of other
/// programs and lines that say nothing about a message's way give null.
/// </summary>
/// <param name="clock">Completes classic time stamps.</param>
public sealed class PostfixLogReader(SyslogClock clock)
{
    private const int MaxDetail = 200;

    private static readonly HashSet<string> Daemons = new(StringComparer.Ordinal)
    {
        "smtpd", "qmqpd", "pickup", "cleanup", "qmgr", "nqmgr", "oqmgr", "smtp", "lmtp", "local", "virtual", "pipe", "error", "discard", "bounce",
    };

    // The journal's export form has a field a line; an entry ends with an empty line.
    private long _exportMicroseconds = -1;
    private string? _exportTag;
    private string? _exportMessage;

    /// <summary>Takes one line without its line end.</summary>
    public PostfixLogEntry? Line(string line)
    {
        if (line.Length == 0) return EndOfExportEntry();
        if (line[0] == '{') return Json(line);
        if (IsExportField(line)) return null;
        var text = line.AsSpan();
        if (text[0] == '<' && text.IndexOf('>') is > 1 and < 6 and var end)
        {
            text = text[(end + 1)..];
            if (text.StartsWith("1 ")) return Rfc5424(text[2..]);
        }

        if (clock.TryRead(text, out var time, out var rest)) return AfterTime(time, rest);
        return TryIsoTime(text, out time, out rest) ? AfterTime(time, rest) : null;
    }

    /// <summary>The entry that the end of the file completed, if any.</summary>
    public PostfixLogEntry? End() => EndOfExportEntry();

    // "host tag[pid]: message"
    private static PostfixLogEntry? AfterTime(DateTimeOffset time, ReadOnlySpan<char> text)
    {
        var space = text.IndexOf(' ');
        if (space < 0) return null;
        text = text[(space + 1)..];
        var colon = text.IndexOf(": ");
        return colon < 0 ? null : Message(time, text[..colon], text[(colon + 2)..]);
    }

    // RFC 5424 §6: TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG, after the version.
    private static PostfixLogEntry? Rfc5424(ReadOnlySpan<char> text)
    {
        if (!TryIsoTime(text, out var time, out text)) return null;
        Span<Range> parts = stackalloc Range[5];
        if (text.Split(parts, ' ') < 5) return null;
        var app = text[parts[1]];
        var data = text[parts[4]];
        var message = data;
        if (data.StartsWith("-")) message = data[1..];
        else if (data.StartsWith("["))
        {
            var end = data.IndexOf("] ");
            if (end < 0) return null;
            message = data[(end + 1)..];
        }

        return Message(time, app, message.TrimStart(" \ufeff"));
    }

    private static PostfixLogEntry? Json(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 8 });
            var root = json.RootElement;
            if (Text(root, "MESSAGE") is not { } message || Text(root, "SYSLOG_IDENTIFIER") is not { } tag) return null;
            return long.TryParse(Text(root, "__REALTIME_TIMESTAMP"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
                ? FromJournal(microseconds, tag, message)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private bool IsExportField(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || line.AsSpan(0, equals).ContainsAnyExcept(ExportNameCharacters)) return false;
        switch (line.AsSpan(0, equals))
        {
            case "__REALTIME_TIMESTAMP":
                _exportMicroseconds = long.TryParse(line.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;
                break;
            case "SYSLOG_IDENTIFIER":
                _exportTag = line[(equals + 1)..];
                break;
            case "MESSAGE":
                _exportMessage = line[(equals + 1)..];
                break;
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> ExportNameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private PostfixLogEntry? EndOfExportEntry()
    {
        var (microseconds, tag, message) = (_exportMicroseconds, _exportTag, _exportMessage);
        (_exportMicroseconds, _exportTag, _exportMessage) = (-1, null, null);
        return tag is null || message is null ? null : FromJournal(microseconds, tag, message);
    }

    private static PostfixLogEntry? FromJournal(long microseconds, string tag, string message) =>
        microseconds is >= 0 and < 253_402_300_799_000_000
            ? Message(DateTimeOffset.FromUnixTimeMilliseconds(microseconds / 1000), tag, message)
            : null;

    private static bool TryIsoTime(ReadOnlySpan<char> text, out DateTimeOffset time, out ReadOnlySpan<char> rest)
    {
        time = default;
        rest = default;
        var space = text.IndexOf(' ');
        if (space is < 19 or > 40 || text[4] != '-' || text[10] != 'T') return false;
        if (!DateTimeOffset.TryParse(text[..space], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)) return false;
        rest = text[(space + 1)..];
        return true;
    }

    private static PostfixLogEntry? Message(DateTimeOffset time, ReadOnlySpan<char> tag, ReadOnlySpan<char> message)
    {
        var bracket = tag.IndexOf('[');
        if (bracket >= 0) tag = tag[..bracket];
        var slash = tag.LastIndexOf('/');
        if (slash <= 0 || !Daemons.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(tag[(slash + 1)..], out var daemon)) return null;

        var colon = message.IndexOf(": ");
        if (colon is < 5 or > 40 || message[..colon].ContainsAnyExcept(QueueIdCharacters)) return null;
        var entry = new PostfixLogEntry(time.ToUniversalTime(), daemon, message[..colon].ToString());
        var text = message[(colon + 2)..];
        if (text.SequenceEqual("removed")) return entry with { IsRemoved = true };
        return Fields(entry, text);
    }

    private static readonly System.Buffers.SearchValues<char> QueueIdCharacters =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // "name=value, name=value, … status=sent (words)"; addresses stand in angle brackets and may hold anything.
    private static PostfixLogEntry? Fields(PostfixLogEntry entry, ReadOnlySpan<char> text)
    {
        var useful = false;
        while (!text.IsEmpty)
        {
            var equals = text.IndexOf('=');
            if (equals <= 0 || text[..equals].ContainsAnyExcept(FieldNameCharacters)) break;
            var name = text[..equals];
            text = text[(equals + 1)..];
            if (name.SequenceEqual("status"))
            {
                entry = WithStatus(entry, text);
                useful = true;
                break;
            }

            var value = text.StartsWith("<") ? TakeAddress(ref text) : TakeValue(ref text);
            if (value is null) break;
            useful |= Set(ref entry, name, value);
        }

        return useful ? entry : null;
    }

    private static readonly System.Buffers.SearchValues<char> FieldNameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz_-");

    private static bool Set(ref PostfixLogEntry entry, ReadOnlySpan<char> name, string value)
    {
        switch (name)
        {
            case "from":
                entry = entry with { From = value };
                return true;
            case "to":
                entry = entry with { To = value };
                return true;
            case "sasl_username":
                entry = entry with { User = value };
                return true;
            case "relay":
                entry = entry with { Relay = value };
                return false;
            case "dsn":
                entry = entry with { Dsn = value };
                return false;
            default:
                return false;
        }
    }

    private static PostfixLogEntry WithStatus(PostfixLogEntry entry, ReadOnlySpan<char> text)
    {
        var space = text.IndexOf(' ');
        if (space < 0) return entry with { Status = text.ToString() };
        var detail = text[(space + 1)..];
        if (detail.StartsWith("(") && detail.EndsWith(")")) detail = detail[1..^1];
        return entry with { Status = text[..space].ToString(), Detail = detail[..Math.Min(detail.Length, MaxDetail)].ToString() };
    }

    private static string? TakeAddress(ref ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted) i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (text[i] == '>' && !quoted)
            {
                var value = text[1..i].ToString();
                text = AfterComma(text[(i + 1)..]);
                return value;
            }
        }

        return null;
    }

    private static string TakeValue(ref ReadOnlySpan<char> text)
    {
        var comma = text.IndexOf(", ");
        var value = comma < 0 ? text : text[..comma];

        // "nrcpt=1 (queue active)": words after the value belong to nobody.
        var space = value.IndexOf(' ');
        text = comma < 0 ? [] : text[(comma + 2)..];
        return (space < 0 ? value : value[..space]).ToString();
    }

    private static ReadOnlySpan<char> AfterComma(ReadOnlySpan<char> text) => text.StartsWith(", ") ? text[2..] : [];
}
