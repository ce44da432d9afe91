using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Auditd;
using Vigie.Engine.Formats.Lines;
using Vigie.Engine.Formats.Network;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>
/// Reads syslog messages, one by one: lines of a file, datagrams, frames of a stream. RFC 3164 and RFC 5424 as they are met in the
/// wild, and what well-known programs and devices say in them. Never throws. Belongs to one thread.
/// </summary>
/// <param name="options">Zone and time of reception for time stamps that lack them, and the file's name.</param>
internal sealed class SyslogMessages(LogReaderOptions options)
{
    private readonly SyslogClock _clock = new(options.Received, TimeZoneInfo.CreateCustomTimeZone("log", Limit(options.UtcOffset), null, null));
    private readonly bool _isAuthLog = options.FileName.StartsWith("auth", StringComparison.OrdinalIgnoreCase) || options.FileName.StartsWith("secure", StringComparison.OrdinalIgnoreCase);
    private readonly EventField _hostname = new("hostname");
    private readonly EventField _program = new("program");
    private readonly EventField _pid = new("pid");
    private readonly EventField _facility = new("syslog_facility");
    private readonly EventField _severity = new("syslog_severity");
    private readonly EventField _messageId = new("msgid");
    private readonly EventField _message = new("message");
    private readonly ProgramFields _programs = new();
    private readonly DeviceFields _devices = new();
    private readonly FortigateFields _fortigate = new();
    private readonly PaloAltoFields _paloAlto = new();
    private readonly TacacsAccounting _accounting = new();
    private readonly AuditFields _audit = new();
    private readonly EmbeddedDocuments _documents = new(options);
    private SyslogTime? _time;

    /// <summary>How the year of time stamps without one is found from line to line, for a reader that goes on later.</summary>
    public SyslogClock Clock => _clock;

    private SyslogTime Time => _time ??= new SyslogTime(_clock, Limit(options.UtcOffset));

    /// <summary>Adds the fields of a message to a record that has begun.</summary>
    public void Add(byte[] buffer, int start, int length, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        if (DeviceMessage.TryParse(text, Time, out var device))
        {
            AddDevice(buffer, start, length, device, record);
            return;
        }

        if (_accounting.TryAdd(buffer, start, length, Time, record)) return;
        var header = SyslogHeader.Of(text, Time);
        var body = new MessageBody(buffer, start + header.Message, length - header.Message);
        var offset = record.Offset;
        if (_documents.TryRead(buffer, body.Start, body.Length, record))
        {
            record.Time ??= header.Time;
            if (ReferenceEquals(record.Class, EventClass.Unknown)) record.Class = KindOf(text, header).Plain;
            AddHeader(start, length, header, record);
            return;
        }

        record.Begin(buffer, start, length);
        record.Offset = offset;
        record.Time = header.Time;
        AddHeader(start, length, header, record);
        _message.Add(record, body.Start, body.Length);
        if (header.Data.End.Value > 0) SyslogData.Add(buffer, start + header.Data.Start.Value, header.Data.End.Value - header.Data.Start.Value, record);
        if (FortigateFields.Is(body.Span)) _fortigate.Add(buffer, body.Start, body.Length, options.UtcOffset, record);
        else if (PaloAltoFields.Is(body.Span)) _paloAlto.Add(buffer, body.Start, body.Length, options.UtcOffset, record);
        else AddProgram(text, header, body, record);
    }

    /// <summary>Whether a line is a syslog message beyond doubt: it has a priority or a time, and something after it.</summary>
    public bool IsMessage(ReadOnlySpan<byte> line)
    {
        if (DeviceMessage.TryParse(line, Time, out _)) return true;
        if (TacacsAccounting.Is(line, Time)) return true;
        var header = SyslogHeader.Of(line, Time);
        if (header.Priority >= 0) return header.Message < line.Length;
        if (header.Time is null) return false;
        if (header.Host.End.Value == 0) return IsBindCategory(line[header.Tag]);
        return header.Tag.End.Value > 0 || FortigateFields.Is(line[header.Message..]) || PaloAltoFields.Is(line[header.Message..]);
    }

    private void AddDevice(byte[] buffer, int start, int length, in DeviceMessage device, EventRecord record)
    {
        record.Time = device.Time;
        Add(_hostname, device.Host, start, length, record);
        AddPriority(device.Priority, record);
        _message.Add(record, start + device.Start, length - device.Start);
        _devices.Add(buffer, start, length, device, record);
    }

    private void AddHeader(int start, int length, in SyslogHeader header, EventRecord record)
    {
        Add(_hostname, header.Host, start, length, record);
        Add(_program, header.Tag, start, length, record);
        Add(_pid, header.Pid, start, length, record);
        Add(_messageId, header.MessageId, start, length, record);
        AddPriority(header.Priority, record);
    }

    private void AddPriority(int priority, EventRecord record)
    {
        if (priority < 0) return;
        Span<byte> digits = stackalloc byte[4];
        System.Buffers.Text.Utf8Formatter.TryFormat(priority >> 3, digits, out var written);
        _facility.Derive(record, digits[..written], FieldKind.Number);
        System.Buffers.Text.Utf8Formatter.TryFormat(priority & 7, digits, out written);
        _severity.Derive(record, digits[..written], FieldKind.Number);
    }

    private void AddProgram(ReadOnlySpan<byte> text, in SyslogHeader header, in MessageBody body, EventRecord record)
    {
        if (IsJunos(text, header))
        {
            record.Class = body.Span.IndexOf(":179"u8) >= 0 || body.Span.IndexOf("bgp"u8) >= 0 || body.Span.IndexOf("BGP"u8) >= 0 ? SyslogClasses.JuniperBgp : SyslogClasses.Juniper;
            return;
        }

        // Facilities 4 and 10 are auth and authpriv (RFC 5424 §6.2.1).
        var kind = KindOf(text, header);
        record.Class = _isAuthLog || header.Priority >> 3 is 4 or 10 ? kind.Auth : kind.Plain;
        if (kind.Text is ProgramText.Audit or ProgramText.Kernel && AuditRecord.TryParse(body.Span, out var audit)) _audit.AddAlone(body.Buffer, body.Start, audit, record);
        else _programs.Add(kind, body, record);
    }

    private static ProgramKind KindOf(ReadOnlySpan<byte> text, in SyslogHeader header)
    {
        if (header.Host.End.Value == 0 && IsBindCategory(text[header.Tag])) return SyslogClasses.Of("named");
        Span<char> name = stackalloc char[48];
        return SyslogClasses.Of(LowerName(text[header.Tag], name));
    }

    // BIND's own log has neither host nor program but a category: "queries: info: client …".
    private static bool IsBindCategory(ReadOnlySpan<byte> tag) => tag.SequenceEqual("queries"u8) || tag.SequenceEqual("query-errors"u8) || tag.SequenceEqual("security"u8) || tag.SequenceEqual("xfer-out"u8);

    // Junos: structured data of enterprise 2636, or the names of its daemons.
    private static bool IsJunos(ReadOnlySpan<byte> text, in SyslogHeader header)
    {
        if (text[header.Data].StartsWith("[junos@"u8)) return true;
        Span<char> name = stackalloc char[48];
        return LowerName(text[header.Tag], name) is "rpd" or "mgd" or "chassisd" or "dcd" or "rt_flow" or "alarmd" or "craftd";
    }

    private static ReadOnlySpan<char> LowerName(ReadOnlySpan<byte> tag, Span<char> target)
    {
        if (!tag.StartsWith("postfix"u8)) tag = tag[(tag.LastIndexOf((byte)'/') + 1)..];
        tag = tag.Trim((byte)'(').Trim((byte)')');
        if (tag.Length > target.Length) tag = tag[..target.Length];
        var name = target[..Encoding.Latin1.GetChars(tag, target)];
        foreach (ref var c in name) c = char.ToLowerInvariant(c);
        return name;
    }

    private static void Add(EventField name, Range where, int start, int length, EventRecord record)
    {
        var (at, size) = where.GetOffsetAndLength(length);
        if (size > 0) name.Add(record, start + at, size);
    }

    // Time zones are whole minutes within 14 hours (TimeZoneInfo).
    private static TimeSpan Limit(TimeSpan offset) => TimeSpan.FromMinutes(Math.Clamp(Math.Round(offset.TotalMinutes), -840, 840));
}

/// <summary>Where the text of a message lies.</summary>
internal readonly record struct MessageBody(byte[] Buffer, int Start, int Length)
{
    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Start, Length);
}
