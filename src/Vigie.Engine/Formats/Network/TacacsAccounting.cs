using Vigie.Engine.Events;
using Vigie.Engine.Formats.Lines;
using Vigie.Engine.Formats.Syslog;

namespace Vigie.Engine.Formats.Network;

/// <summary>
/// Command accounting as tac_plus writes it to its file (tac_plus user guide, "Configuring Accounting"): the time, then tab-separated
/// device, user, line, address, start or stop, and <c>name=value</c> attributes (RFC 8907 §8.3), the command in <c>cmd=</c>.
/// </summary>
internal sealed class TacacsAccounting
{
    private const int MaxAttributes = 64;

    private static readonly EventClass Class = EventClass.Of(["cisco"], ["aaa", "tacacs"], []);

    private readonly EventField[] _columns = [new("hostname"), new("User"), new("line"), new("src_ip"), new("record_type")];
    private readonly EventField _command = new("command");
    private readonly EventField _message = new("message");

    /// <summary>Whether a line is one.</summary>
    public static bool Is(ReadOnlySpan<byte> text, SyslogTime time) =>
        text.IndexOf("\tservice="u8) > 0 && text.Count((byte)'\t') >= 6 && TryTime(text, time, out _, out _);

    /// <summary>Adds its fields; false, with nothing added, when it is none.</summary>
    public bool TryAdd(byte[] buffer, int start, int length, SyslogTime time, EventRecord record)
    {
        var text = buffer.AsSpan(start, length);
        if (!Is(text, time) || !TryTime(text, time, out var read, out var at)) return false;
        record.Time = read;
        _message.Add(record, start + at, length - at);
        for (var i = 0; at <= length && i < _columns.Length + MaxAttributes; i++)
        {
            var end = text[at..].IndexOf((byte)'\t');
            var size = end < 0 ? length - at : end;
            if (i < _columns.Length) _columns[i].Add(record, start + at, size);
            else AddAttribute(buffer, start + at, size, record);
            at += size + 1;
        }

        record.Class = Class;
        return true;
    }

    private void AddAttribute(byte[] buffer, int start, int length, EventRecord record)
    {
        var equals = buffer.AsSpan(start, length).IndexOf((byte)'=');
        if (equals <= 0) return;
        var field = EventField.AddNamed(record, buffer, start, equals, start + equals + 1, length - equals - 1);
        if (buffer.AsSpan(start, equals).SequenceEqual("cmd"u8)) _command.Alias(record, field);
    }

    // "Tue Jul 29 05:57:46 2026\t" or "2026-07-29 05:57:46 +0000\t" or "Jul 29 05:57:46\t"
    private static bool TryTime(ReadOnlySpan<byte> text, SyslogTime time, out DateTimeOffset read, out int next)
    {
        read = default;
        next = text.IndexOf((byte)'\t') + 1;
        if (next is < 12 or > 48) return false;
        var stamp = text[..(next - 1)];
        if (stamp.Length > 20 && stamp[3] == ' ' && stamp[7] == ' ' && TimeText.Month(stamp.Slice(4, 3)) > 0)
        {
            return TimeText.TryDigits(stamp[^4..], out var year) && TimeText.TryDigits(stamp.Slice(8, 2).TrimStart((byte)' '), out var day) &&
                TimeText.TryClock(stamp[11..], out var ticks, out _) && TimeText.TryMake(year, TimeText.Month(stamp.Slice(4, 3)), day, ticks, TimeSpan.Zero, out read);
        }

        return time.TryRead(stamp, out read, out _);
    }
}
