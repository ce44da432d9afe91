using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Network;

/// <summary>FortiGate's logs as downloaded from the device: messages without a syslog header.</summary>
internal sealed class FortigateFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "fortigate";

    /// <inheritdoc/>
    public override string Title => "FortiGate (name=value)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName) => LineSample.Sureness(LineSample.Share(head, FortigateFields.Is), 95);

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new FortigateReader(options);
}

/// <summary>Reads FortiGate's logs, one message a line.</summary>
internal sealed class FortigateReader(LogReaderOptions options) : LineReader
{
    private readonly FortigateFields _fields = new();

    /// <inheritdoc/>
    public override string Format => "fortigate";

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record)
    {
        if (!FortigateFields.Is(line.Span)) return Report(ReadStatus.Skipped, "fortigate.line", line.Offset, "the line has no date, logid and type");
        _fields.Add(line.Buffer, line.Start, line.Length, options.UtcOffset, record);
        return ReadStatus.Event;
    }
}
