using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Syslog;

/// <summary>
/// Reads the time stamps that stand at the beginning of syslog messages: ISO (RFC 5424 §6.2.3, rsyslog, journalctl), classic
/// (RFC 3164 §4.1.2) also with a fraction or a year as network devices write them, and BIND's.
/// </summary>
internal sealed class SyslogTime(SyslogClock clock, TimeSpan offset)
{
    /// <summary>Reads a time at the start of <paramref name="text"/>; <paramref name="taken"/> counts its bytes.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset time, out int taken)
    {
        time = default;
        taken = 0;
        if (text.Length < 12) return false;

        // Cisco marks a clock that is not synchronized with a star, one that lost it with a dot.
        var mark = text[0] is (byte)'*' or (byte)'.' ? 1 : 0;
        var rest = text[mark..];
        if (rest[0] is >= (byte)'0' and <= (byte)'9')
        {
            if (TimeText.TryIso(rest, offset, out time, out taken) || TryYearFirst(rest, out time, out taken) || TryBind(rest, out time, out taken))
            {
                taken += mark;
                return true;
            }

            return false;
        }

        if (!TryClassic(rest, out time, out taken)) return false;
        taken += mark;
        return true;
    }

    // "Nov 21 10:20:30", "Nov  1 10:20:30.123", "Nov 21 2026 10:20:30", "Nov 21 10:20:30 2026" (with the weekday before it)
    private bool TryClassic(ReadOnlySpan<byte> text, out DateTimeOffset time, out int taken)
    {
        time = default;
        taken = 0;
        var month = TimeText.Month(text[..3]);
        if (month == 0 || text[3] != ' ') return false;
        var at = text[4] == ' ' ? 5 : 4;
        var length = Digits(text[at..]);
        if (length is 0 or > 2 || !TimeText.TryDigits(text.Slice(at, length), out var day)) return false;
        at += length;
        if (at >= text.Length || text[at] != ' ') return false;
        at++;
        var year = 0;
        if (Digits(text[at..]) == 4 && text.Length > at + 4 && text[at + 4] == ' ' && TimeText.TryDigits(text.Slice(at, 4), out year)) at += 5;
        if (!TimeText.TryClock(text[at..], out var ticks, out var clockLength)) return false;
        taken = at + clockLength;
        return year > 0
            ? TimeText.TryMake(year, month, day, ticks, offset, out time)
            : clock.TryPlace(month, day, TimeSpan.FromTicks(ticks), out time);
    }

    // NX-OS: "2026 Nov 21 10:20:30.123"
    private bool TryYearFirst(ReadOnlySpan<byte> text, out DateTimeOffset time, out int taken)
    {
        time = default;
        taken = 0;
        if (text.Length < 20 || text[4] != ' ' || !TimeText.TryDigits(text[..4], out var year)) return false;
        var month = TimeText.Month(text.Slice(5, 3));
        var at = text[9] == ' ' ? 10 : 9;
        var length = Digits(text[at..]);
        if (month == 0 || text[8] != ' ' || length is 0 or > 2 || !TimeText.TryDigits(text.Slice(at, length), out var day)) return false;
        at += length + 1;
        if (at >= text.Length || !TimeText.TryClock(text[at..], out var ticks, out var clockLength)) return false;
        taken = at + clockLength;
        return TimeText.TryMake(year, month, day, ticks, offset, out time);
    }

    // BIND: "21-Nov-2026 10:20:30.123"
    private bool TryBind(ReadOnlySpan<byte> text, out DateTimeOffset time, out int taken)
    {
        time = default;
        taken = 0;
        if (text.Length < 20 || text[2] != '-' || text[6] != '-' || text[11] != ' ') return false;
        var month = TimeText.Month(text.Slice(3, 3));
        if (month == 0 || !TimeText.TryDigits(text[..2], out var day) || !TimeText.TryDigits(text.Slice(7, 4), out var year)) return false;
        if (!TimeText.TryClock(text[12..], out var ticks, out var clockLength)) return false;
        taken = 12 + clockLength;
        return TimeText.TryMake(year, month, day, ticks, offset, out time);
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }
}
