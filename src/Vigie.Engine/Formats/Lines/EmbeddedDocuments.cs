using Vigie.Engine.Events;
using Vigie.Engine.Formats.Json;

namespace Vigie.Engine.Formats.Lines;

/// <summary>
/// JSON documents inside of other formats: as the text of a syslog message (NXLog, Suricata, many forwarders; also after the cookie
/// <c>@cee:</c>), as a column of a CSV export (<c>AuditData</c> of Microsoft 365). They are the same events as in a file.
/// </summary>
internal sealed class EmbeddedDocuments(LogReaderOptions options)
{
    private LogReader? _reader;

    /// <summary>Reads the text into <paramref name="record"/>, which then has begun anew over it; false when it is no document, and the record must begin again.</summary>
    public bool TryRead(byte[] buffer, int start, int length, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        var skipped = text.StartsWith("@cee:"u8) ? 5 : 0;
        while (skipped < text.Length && text[skipped] == ' ') skipped++;
        if (text.Length - skipped < 2 || text[skipped] != '{' || text[^1] != '}') return false;

        var offset = record.Offset;
        _reader ??= new JsonFormat().Open(options);
        var result = _reader.Read(new LogWindow(buffer, start + skipped, start + length, 0, IsFinal: true), record);

        // A document that holds several events would need more than one record.
        var isWhole = result.Status == ReadStatus.Event && skipped + result.Consumed == length;
        if (!isWhole) _reader = null;
        record.Offset = offset;
        return isWhole;
    }
}
