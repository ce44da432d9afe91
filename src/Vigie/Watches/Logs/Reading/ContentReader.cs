using Vigie.Engine.Events;
using Vigie.Engine.Formats;

namespace Vigie.Watches.Logs.Reading;

/// <summary>What a content is read as, where it does not show it by itself.</summary>
internal sealed record ReadAs
{
    /// <summary>The format's id; null to recognize it.</summary>
    public string? Format { get; init; }

    /// <summary>The log source of contents that do not show theirs.</summary>
    public LogSource Source { get; init; }

    /// <summary>The offset of time stamps that have none.</summary>
    public TimeSpan UtcOffset { get; init; }

    /// <summary>The options of a reader for a content.</summary>
    public LogReaderOptions For(string fileName, DateTimeOffset received) => new() { Source = Source, UtcOffset = UtcOffset, FileName = fileName, Received = received };
}

/// <summary>
/// Reads the events of one content from beginning to end: recognizes the format, holds the bytes, reports what could not be
/// read. Used by <c>vigie scan logs</c> and by the file source alike.
/// </summary>
internal sealed class ContentReader : IDisposable
{
    /// <summary>How much of a content the formats are shown; see <see cref="LogFormat.Recognize"/>.</summary>
    public const int RecognizedFrom = 64 * 1024;

    private const int ReadAtOnce = 256 * 1024;

    private readonly LogContent _content;
    private readonly ReadAs _readAs;
    private readonly Action<LogDiagnostic> _report;
    private readonly EventBuffer _buffer;
    private bool _ended;

    /// <summary>Makes a reader at the content's beginning; the content goes with it.</summary>
    /// <param name="content">What is read.</param>
    /// <param name="readAs">What the operator says of it.</param>
    /// <param name="report">Is told of everything that could not be read.</param>
    public ContentReader(LogContent content, ReadAs readAs, Action<LogDiagnostic> report)
    {
        (_content, _readAs, _report) = (content, readAs, report);
        _buffer = new EventBuffer(report);
    }

    /// <summary>What a person calls the content.</summary>
    public string Name => _content.Name;

    /// <summary>The format, once known; null also where none was recognized.</summary>
    public string? Format => _buffer.Reader?.Format;

    /// <summary>How many bytes of the (unpacked) content are done with.</summary>
    public long Offset => _buffer.Offset;

    /// <summary>See <see cref="EventBuffer.Identity"/>; complete once the first event was read.</summary>
    public string Identity => _buffer.Identity;

    /// <summary>Where an event of this content comes from, for its finding.</summary>
    public LogOrigin Origin(string source) => new(source, Name, Identity);

    /// <summary>Reads the next event; false at the end of the content.</summary>
    public bool Read(EventRecord record)
    {
        while (true)
        {
            if (_buffer.Reader is null && !TryOpen()) return false;
            if (_buffer.Next(record)) return true;
            if (_ended) return false;
            Fill();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer.Dispose();
        _content.Dispose();
    }

    private bool TryOpen()
    {
        while (!_ended && _buffer.Pending < RecognizedFrom) Fill();
        if (_buffer.Pending == 0) return false;
        var format = _readAs.Format is { } id ? LogFormats.Find(id) : LogFormats.Recognize(_buffer.Bytes[..Math.Min(_buffer.Pending, RecognizedFrom)], _content.FileName);
        if (format is null)
        {
            _report(new LogDiagnostic("content.format-unknown", 0, "no known format; name it with a format setting or leave the file out"));
            _ended = true;
            return false;
        }

        _buffer.Reader = format.Open(_readAs.For(_content.FileName, _content.LastWrite));
        return true;
    }

    private void Fill()
    {
        try
        {
            var room = _buffer.Room(ReadAtOnce);
            var read = _content.Bytes.Read(room.Span);
            _ended = read == 0;
            _buffer.IsFinal = _ended;
            _buffer.Appended(read);
        }
        catch (Exception e) when (LogContents.IsDamage(e))
        {
            _report(new LogDiagnostic("content.damaged", _buffer.Offset + _buffer.Pending, e.Message));
            _ended = true;
            _buffer.IsFinal = true;
        }
    }
}
