using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>Files of syslog messages: <c>/var/log/syslog</c>, <c>auth.log</c>, <c>messages</c>, what a collector writes for network devices.</summary>
internal sealed class SyslogFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "syslog";

    /// <inheritdoc/>
    public override string Title => "Syslog (RFC 3164, RFC 5424, network devices)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        var messages = new SyslogMessages(new LogReaderOptions { Received = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        return LineSample.Sureness(LineSample.Share(head, messages.IsMessage), 85);
    }

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new SyslogReader(options);
}

/// <summary>Reads a file of syslog messages, one a line.</summary>
internal sealed class SyslogReader(LogReaderOptions options) : LineReader
{
    private readonly SyslogMessages _messages = new(options);

    /// <inheritdoc/>
    public override string Format => "syslog";

    /// <inheritdoc/>
    protected override int MaxLineBytes => 256 * 1024;

    /// <inheritdoc/>
    protected override string? SaveLineState() => _messages.Clock.Save();

    /// <inheritdoc/>
    protected override void RestoreLineState(string state) => _messages.Clock.Restore(state);

    /// <inheritdoc/>
    protected override ReadStatus ReadLine(in LogLine line, EventRecord record)
    {
        _messages.Add(line.Buffer, line.Start, line.Length, record);
        return ReadStatus.Event;
    }
}
