using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>The error logs of Apache (core, ErrorLogFormat) and nginx (core, error_log).</summary>
internal sealed class ErrorLogFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "web-error";

    /// <inheritdoc/>
    public override string Title => "Web server error log (Apache, nginx)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName) =>
        LineSample.Sureness(LineSample.Share(head, static line => ErrorLogReader.IsApache(line, out _, out _) || ErrorLogReader.IsNginx(line, out _)), 90);

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new ErrorLogReader(options);
}

/// <summary>
/// Reads <c>[Fri Sep 09 10:42:29.902022 2026] [core:error] [pid 35708] [client 192.0.2.1:5000] text</c> and
/// <c>2026/11/21 10:20:30 [error] 123#123: *1 text, client: 192.0.2.1, server: x, request: "…"</c>. Other lines of the same file
/// (traces, what programs print) are events with nothing but a message.
/// </summary>
internal sealed class ErrorLogReader(LogReaderOptions options) : LineReader
{
    private readonly EventField _message = new("message");
    private readonly EventField _level = new("severity");
    private readonly EventField _source = new("src_ip");
    private readonly EventField _pid = new("pid");
    private EventClass _latest = WebClasses.ApacheError;

    /// <inheritdoc/>
    public override string Format => "web-error";

    /// <inheritdoc/>
    protected override string? SaveLineState() => _latest == WebClasses.NginxError ? "nginx" : null;

    /// <inheritdoc/>
    protected override void RestoreLineState(string state) => _latest = state == "nginx" ? WebClasses.NginxError : WebClasses.ApacheError;

    /// <summary>Whether a line begins with Apache's time in brackets.</summary>
    public static bool IsApache(ReadOnlySpan<byte> line, out DateTimeOffset local, out int taken)
    {
        local = default;
        taken = 0;

        // "[Fri Sep 09 10:42:29.902022 2026] "
        if (line.Length < 26 || line[0] != '[' || line[4] != ' ' || line[8] != ' ' || line[11] != ' ') return false;
        var month = TimeText.Month(line.Slice(5, 3));
        if (month == 0 || !TimeText.TryDigits(line.Slice(9, 2).TrimStart((byte)' '), out var day) || !TimeText.TryClock(line[12..], out var ticks, out var length)) return false;
        var year = 12 + length + 1;
        if (line.Length < year + 5 || line[year + 4] != ']' || !TimeText.TryDigits(line.Slice(year, 4), out var found)) return false;
        taken = year + 5;
        return TimeText.TryMake(found, month, day, ticks, TimeSpan.Zero, out local);
    }

    /// <summary>Whether a line begins as nginx writes it.</summary>
    public static bool IsNginx(ReadOnlySpan<byte> line, out int level)
    {
        level = 21;
        return line.Length > 24 && line[4] == '/' && line[19] == ' ' && line[20] == '[' && TimeText.TryIso(line[..19], TimeSpan.Zero, out _, out _) && line[20..].Contains((byte)']');
    }

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record)
    {
        var text = line.Span;
        var message = 0;
        if (IsApache(text, out var local, out var taken))
        {
            _latest = WebClasses.ApacheError;
            record.Time = local - options.UtcOffset;
            message = AddBrackets(line, taken, record);
        }
        else if (IsNginx(text, out var level))
        {
            _latest = WebClasses.NginxError;
            if (TimeText.TryIso(text[..19], options.UtcOffset, out var time, out _)) record.Time = time;
            var end = level + text[level..].IndexOf((byte)']');
            _level.Add(record, line.Start + level, end - level);
            message = Math.Min(end + 2, text.Length);
            AddClient(line, text.LastIndexOf(", client: "u8), 10, record);
        }

        _message.Add(record, line.Start + message, line.Length - message);
        record.Class = _latest;
        return ReadStatus.Event;
    }

    // "[core:error] [pid 35708:tid 4328636416] [client 192.0.2.1:5000] "; returns where the text begins.
    private int AddBrackets(in LogLine line, int at, EventRecord record)
    {
        var text = line.Span;
        while (true)
        {
            while (at < text.Length && text[at] == ' ') at++;
            var length = at < text.Length && text[at] == '[' ? text[at..].IndexOf((byte)']') : -1;
            if (length < 0) return at;
            var inside = text.Slice(at + 1, length - 1);
            if (inside.StartsWith("client "u8)) AddClient(line, at + 1, 7, record);
            else if (inside.StartsWith("pid "u8)) _pid.Add(record, line.Start + at + 5, (inside.IndexOf((byte)':') is > 4 and var colon ? colon : inside.Length) - 4);
            else if (inside.Length < 40 && !inside.Contains((byte)' ')) _level.Add(record, line.Start + at + 1, inside.Length);
            else return at;
            at += length + 1;
        }
    }

    private void AddClient(in LogLine line, int at, int prefix, EventRecord record)
    {
        if (at < 0) return;
        var rest = line.Span[(at + prefix)..];
        var end = rest.IndexOfAny((byte)',', (byte)']', (byte)' ');
        var client = HttpFields.HostOf(end < 0 ? rest : rest[..end]);
        if (!client.IsEmpty) _source.Derive(record, client);
    }
}
