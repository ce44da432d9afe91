using Vigie.Engine.Events;
using Vigie.Engine.Formats.Json;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>
/// Messages whose text is a JSON document: what NXLog, Suricata, Okta's and many other programs' forwarders send, with or without the cookie
/// of "Lumberjack" (<c>@cee:</c>). They are the same events as in a file.
/// </summary>
internal sealed class SyslogDocuments(LogReaderOptions options)
{
    private LogReader? _reader;

    /// <summary>Reads the text into <paramref name="record"/>, which then has begun anew; false, with nothing added, when it is no document.</summary>
    public bool TryRead(in MessageBody body, EventRecord record)
    {
        var text = body.Span;
        var skipped = text.StartsWith("@cee:"u8) ? 5 : 0;
        while (skipped < text.Length && text[skipped] == ' ') skipped++;
        if (text.Length - skipped < 2 || text[skipped] != '{' || text[^1] != '}') return false;

        var (start, length, offset) = (record.Start, record.Length, record.Offset);
        _reader ??= new JsonFormat().Open(options);
        var end = body.Start + body.Length;
        var result = _reader.Read(new LogWindow(body.Buffer, body.Start + skipped, end, 0, IsFinal: true), record);

        // A document that holds several events would need more than one record.
        var isWhole = result.Status == ReadStatus.Event && body.Start + skipped + result.Consumed == end;
        if (!isWhole)
        {
            _reader = null;
            record.Begin(body.Buffer, start, length);
        }

        record.Offset = offset;
        return isWhole;
    }
}
