using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>Squid's native access log (squid-cache.org, logformat "squid").</summary>
internal sealed class SquidFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "squid";

    /// <inheritdoc/>
    public override string Title => "Squid access log";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName) => LineSample.Sureness(LineSample.Share(head, SquidReader.IsLine), 92);

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new SquidReader();
}

/// <summary>
/// Reads lines of <c>time elapsed client result/status bytes method address user hierarchy/peer type</c>: category <c>proxy</c>.
/// </summary>
internal sealed class SquidReader : LineReader
{
    private const int Columns = 10;

    private readonly EventField _elapsed = new("time-taken");
    private readonly EventField _client = new("c-ip");
    private readonly EventField _source = new("src_ip");
    private readonly EventField _action = new("s-action");
    private readonly EventField _status = new("sc-status");
    private readonly EventField _bytes = new("sc-bytes");
    private readonly EventField _method = new("cs-method");
    private readonly EventField _user = new("cs-username");
    private readonly EventField _peer = new("dst_ip");
    private readonly EventField _hierarchy = new("s-hierarchy");
    private readonly EventField _type = new("rs-content-type");
    private readonly HttpFields _http = new();

    /// <inheritdoc/>
    public override string Format => "squid";

    /// <inheritdoc/>
    protected override int MaxLineBytes => 256 * 1024;

    /// <summary>Whether a line has the ten columns, a time first and a result with its status.</summary>
    public static bool IsLine(ReadOnlySpan<byte> line)
    {
        Span<Range> parts = stackalloc Range[Columns + 1];
        return Split(line, parts) >= Columns - 1 && IsTime(line[parts[0]]) && Result(line[parts[3]]) > 0;
    }

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record)
    {
        var text = line.Span;
        Span<Range> parts = stackalloc Range[Columns + 1];
        var count = Split(text, parts);
        if (count < Columns - 1 || !IsTime(text[parts[0]]) || !TimeText.TryEpoch(text[parts[0]], out var time) || Result(text[parts[3]]) is not (> 0 and var slash))
            return Report(ReadStatus.Skipped, "squid.line", line.Offset, "the line is not in Squid's native format");

        record.Time = time;
        Add(_elapsed, line, parts[1], record);
        _source.Alias(record, Add(_client, line, parts[2], record));
        var (result, resultLength) = parts[3].GetOffsetAndLength(text.Length);
        _action.Add(record, line.Start + result, slash);
        _status.Add(record, line.Start + result + slash + 1, resultLength - slash - 1);
        Add(_bytes, line, parts[4], record);
        Add(_method, line, parts[5], record);
        var (target, targetLength) = parts[6].GetOffsetAndLength(text.Length);
        AddTarget(line, target, targetLength, text[parts[5]], record);
        Add(_user, line, parts[7], record);
        AddPeer(line, parts[8], record);
        if (count >= Columns) Add(_type, line, parts[9], record);
        record.Class = WebClasses.Squid;
        return ReadStatus.Event;
    }

    // CONNECT names a host and a port and nothing else.
    private void AddTarget(in LogLine line, int start, int length, ReadOnlySpan<byte> method, EventRecord record)
    {
        var target = line.Span.Slice(start, length);
        var host = method.SequenceEqual("CONNECT"u8) ? HttpFields.HostOf(target) : [];
        if (!host.IsEmpty) _host.Derive(record, host);
        _http.AddTarget(record, target, line.Start + start, []);
    }

    private readonly EventField _host = new("cs-host");

    private void AddPeer(in LogLine line, Range where, EventRecord record)
    {
        var (start, length) = where.GetOffsetAndLength(line.Length);
        var slash = line.Span.Slice(start, length).IndexOf((byte)'/');
        if (slash < 0) return;
        _hierarchy.Add(record, line.Start + start, slash);
        var peer = line.Span.Slice(start + slash + 1, length - slash - 1);
        if (!peer.SequenceEqual("-"u8)) _peer.Add(record, line.Start + start + slash + 1, peer.Length);
    }

    private static int Add(EventField name, in LogLine line, Range where, EventRecord record)
    {
        var (start, length) = where.GetOffsetAndLength(line.Length);
        var isUnset = length == 1 && line.Buffer[line.Start + start] == '-';
        return isUnset ? name.Add(record, 0, 0, FieldKind.Null) : name.Add(record, line.Start + start, length);
    }

    private static int Split(ReadOnlySpan<byte> line, Span<Range> parts)
    {
        var count = 0;
        for (var at = 0; at < line.Length && count < parts.Length;)
        {
            while (at < line.Length && line[at] == ' ') at++;
            var end = line[at..].IndexOf((byte)' ');
            end = end < 0 ? line.Length : at + end;
            if (end > at) parts[count++] = at..end;
            at = end;
        }

        return count;
    }

    private static bool IsTime(ReadOnlySpan<byte> text) => text.Length is >= 12 and <= 15 && text[^4] == '.' && !text[..^4].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    // "TCP_MISS/200": where the bar is, or -1.
    private static int Result(ReadOnlySpan<byte> text)
    {
        var slash = text.IndexOf((byte)'/');
        return slash > 0 && text[..slash].Contains((byte)'_') && TimeText.TryDigits(text[(slash + 1)..], out _) ? slash : -1;
    }
}
