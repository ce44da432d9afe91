using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>
/// What stands before the text of a syslog message, and where. RFC 3164 describes more habits than rules: priority, time, host
/// and tag may each be missing, and relays put their own in front. RFC 5424 is strict. All positions are within the message.
/// </summary>
internal struct SyslogHeader
{
    /// <summary>Facility × 8 + severity, or -1.</summary>
    public int Priority;

    /// <summary>When, UTC.</summary>
    public DateTimeOffset? Time;

    /// <summary>Whether it is of RFC 5424.</summary>
    public bool IsStructured;

    /// <summary>The sending host; empty when it is not said.</summary>
    public Range Host;

    /// <summary>The program.</summary>
    public Range Tag;

    /// <summary>The process id.</summary>
    public Range Pid;

    /// <summary>RFC 5424's MSGID.</summary>
    public Range MessageId;

    /// <summary>RFC 5424's structured data, its brackets included.</summary>
    public Range Data;

    /// <summary>Where the text begins.</summary>
    public int Message;

    /// <summary>Reads the header; every text has one, if only an empty one.</summary>
    public static SyslogHeader Of(ReadOnlySpan<byte> text, SyslogTime time)
    {
        var header = new SyslogHeader { Priority = -1 };
        var at = header.TakePriority(text);
        if (header.Priority >= 0 && text[at..].StartsWith("1 "u8) && header.TryStructured(text, at + 2, time)) return header;

        at = SkipBlanks(text, at);
        if (time.TryRead(text[at..], out var read, out var taken))
        {
            header.Time = read;
            at = SkipBlanks(text, at + taken);
            at = header.TakeHost(text, at);
        }

        header.TakeTag(text, at);
        return header;
    }

    private int TakePriority(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || text[0] != '<') return 0;
        var end = text[..Math.Min(text.Length, 5)].IndexOf((byte)'>');
        if (end < 2 || !TimeText.TryDigits(text[1..end], out var priority) || priority > 191) return 0;
        Priority = priority;
        return end + 1;
    }

    // RFC 5424 §6: TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG]
    private bool TryStructured(ReadOnlySpan<byte> text, int at, SyslogTime time)
    {
        if (!TryToken(text, ref at, out var stamp)) return false;
        DateTimeOffset read = default;
        if (!text[stamp].SequenceEqual("-"u8) && !time.TryRead(text[stamp], out read, out _)) return false;
        if (!TryToken(text, ref at, out var host) || !TryToken(text, ref at, out var tag) || !TryToken(text, ref at, out var pid) || !TryToken(text, ref at, out var id)) return false;
        IsStructured = true;
        if (read != default) Time = read;
        Host = Set(text, host);
        Tag = Set(text, tag);
        Pid = Set(text, pid);
        MessageId = Set(text, id);
        var data = at;
        at = SyslogData.End(text, at);
        if (at > data && text[data] == '[') Data = data..at;
        at = SkipBlanks(text, at);
        if (text[at..].StartsWith("\uFEFF"u8)) at += 3;
        Message = at;
        return true;
    }

    // What stands after the time is the host, unless it is a tag already.
    private int TakeHost(ReadOnlySpan<byte> text, int at)
    {
        var end = text[at..].IndexOf((byte)' ');
        if (end <= 0) return at;
        var token = text.Slice(at, end);
        if (token[^1] == ':' || token.Contains((byte)'[') || token.Contains((byte)'=') || token.Length > 255) return at;
        Host = at..(at + end);
        return SkipBlanks(text, at + end);
    }

    // "tag[pid]: text", "tag: text"; without a colon it is all text.
    private void TakeTag(ReadOnlySpan<byte> text, int at)
    {
        Message = at;
        var rest = text[at..];
        var end = rest[..Math.Min(rest.Length, 96)].IndexOfAny((byte)' ', (byte)'[', (byte)':');
        if (end <= 0 || rest[end] == ' ' || rest[..end].IndexOfAny((byte)'=', (byte)'"', (byte)'%') >= 0) return;
        var after = end;
        if (rest[end] == '[')
        {
            var close = rest[end..].IndexOf((byte)']');
            if (close is < 1 or > 48) return;
            Pid = (at + end + 1)..(at + end + close);
            after = end + close + 1;
        }

        if (after >= rest.Length || rest[after] != ':') return;
        Tag = at..(at + end);
        Message = SkipBlanks(text, at + after + 1);
    }

    private static Range Set(ReadOnlySpan<byte> text, Range token) => text[token].SequenceEqual("-"u8) ? 0..0 : token;

    private static bool TryToken(ReadOnlySpan<byte> text, ref int at, out Range token)
    {
        var end = at < text.Length ? text[at..].IndexOf((byte)' ') : -1;
        token = at..Math.Max(at, at + end);
        if (end <= 0) return false;
        at += end + 1;
        return true;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] == ' ') at++;
        return at;
    }
}
