using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>Access logs of Apache, nginx and what logs like them.</summary>
internal sealed class AccessLogFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "access";

    /// <inheritdoc/>
    public override string Title => "Web access log (common, combined)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName) =>
        LineSample.Sureness(LineSample.Share(head, line => AccessLogLine.TryParse(line, out _)), 90);

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new AccessLogReader();
}

/// <summary>Reads access logs line by line.</summary>
internal sealed class AccessLogReader : LineReader
{
    private readonly AccessLogFields _fields = new();

    /// <inheritdoc/>
    public override string Format => "access";

    /// <inheritdoc/>
    protected override int MaxLineBytes => 256 * 1024;

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record) =>
        _fields.TryAdd(line.Buffer, line.Start, line.Length, record)
            ? ReadStatus.Event
            : Report(ReadStatus.Skipped, "access.line", line.Offset, "the line is not of the common or combined format");
}
