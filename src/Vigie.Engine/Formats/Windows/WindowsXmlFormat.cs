using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Windows;

/// <summary>Windows events as XML: what <c>wevtutil qe … /f:xml</c> and Event Viewer write, one after another or within <c>&lt;Events&gt;</c>.</summary>
public sealed class WindowsXmlFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "windows-xml";

    /// <inheritdoc/>
    public override string Title => "Windows events as XML";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        var text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        if (!text.StartsWith("<"u8)) return 0;
        if (text.IndexOf("http://schemas.microsoft.com/win/2004/08/events/event"u8) is >= 0 and < 4096) return 95;
        return text.StartsWith("<Event>"u8) || text.StartsWith("<Events>"u8) ? 80 : 0;
    }

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new WindowsXmlReader();
}

/// <summary>Finds events in a stream of XML, one after another; what is between them is left out.</summary>
public sealed class WindowsXmlReader : LogReader
{
    private readonly WindowsXml _xml = new();

    /// <inheritdoc/>
    public override string Format => "windows-xml";

    /// <inheritdoc/>
    public override ReadResult Read(in LogWindow window, EventRecord record)
    {
        var bytes = window.Span;
        var start = Begin(bytes, 0);
        if (start < 0) return Between(window, bytes);
        if (start > 0) return new ReadResult(ReadStatus.Nothing, start);

        var end = bytes.IndexOf("</Event>"u8);
        var next = Begin(end < 0 ? bytes : bytes[..end], 1);
        if (next > 0) return Skipped(window, next, "xml.unterminated", "An event does not end before the next begins.");
        if (end < 0 && !window.IsFinal && bytes.Length < LogWindow.MaxRecordBytes) return new ReadResult(ReadStatus.NeedMore, 0);
        if (end < 0) return Skipped(window, bytes.Length, "xml.unterminated", "An event does not end.");

        var length = end + "</Event>".Length;
        record.Begin(window.Buffer, window.Start, length);
        record.Offset = window.Offset;
        var whole = _xml.Read(record, window.Buffer, window.Start, length);
        if (record.Count == 0) return Skipped(window, length, "xml.malformed", "An event's XML cannot be read.");
        return new ReadResult(ReadStatus.Event, length, whole ? null : new LogDiagnostic("xml.malformed", window.Offset, "An event's XML could be read in part only."));
    }

    /// <inheritdoc/>
    public override void CatalogChanged() => _xml.CatalogChanged();

    // The last bytes may be the beginning of an event.
    private static ReadResult Between(in LogWindow window, ReadOnlySpan<byte> bytes)
    {
        var kept = window.IsFinal ? 0 : Math.Min(bytes.Length, "<Event".Length);
        return bytes.Length - kept == 0 ? new ReadResult(ReadStatus.NeedMore, 0) : new ReadResult(ReadStatus.Nothing, bytes.Length - kept);
    }

    private static ReadResult Skipped(in LogWindow window, int length, string code, string message) =>
        new(ReadStatus.Skipped, length, new LogDiagnostic(code, window.Offset, message));

    // "<Event" that is not the beginning of "<Events", "<EventData" or "<EventID".
    private static int Begin(ReadOnlySpan<byte> bytes, int from)
    {
        while (from < bytes.Length && bytes[from..].IndexOf("<Event"u8) is >= 0 and var at)
        {
            from += at;
            var after = from + "<Event".Length;
            if (after < bytes.Length && (bytes[after] is (byte)'>' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return from;
            from = after;
        }

        return -1;
    }
}
