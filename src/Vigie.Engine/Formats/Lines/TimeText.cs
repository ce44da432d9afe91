using System.Buffers.Text;

namespace Vigie.Engine.Formats.Lines;

/// <summary>Times as logs write them, in ASCII. Never throws; years outside of 1900 to 9998 are not times.</summary>
internal static class TimeText
{
    /// <summary>
    /// Reads a time at the start of <paramref name="text"/> as RFC 3339 and its relatives write it: <c>2026-11-21T10:20:30.123Z</c>, with a
    /// blank for the T, with a comma, with slashes in the date, without seconds, with <c>+01:00</c>, <c>+0100</c>, <c>+01</c> or no offset at all.
    /// </summary>
    /// <param name="text">What begins with the time.</param>
    /// <param name="offset">The offset where none is written.</param>
    /// <param name="time">The time, UTC.</param>
    /// <param name="taken">How many bytes it took.</param>
    public static bool TryIso(ReadOnlySpan<byte> text, TimeSpan offset, out DateTimeOffset time, out int taken)
    {
        time = default;
        taken = 0;
        if (text.Length < 16 || text[4] is not ((byte)'-' or (byte)'/') || text[7] != text[4] || text[10] is not ((byte)'T' or (byte)' ' or (byte)'t')) return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text.Slice(5, 2), out var month) || !TryDigits(text.Slice(8, 2), out var day)) return false;
        if (!TryClock(text[11..], out var ticks, out var length)) return false;
        taken = 11 + length;
        if (taken < text.Length && text[taken] is (byte)'Z' or (byte)'z')
        {
            offset = TimeSpan.Zero;
            taken++;
        }
        else if (TryOffset(text[taken..], out var written, out var offsetLength))
        {
            offset = written;
            taken += offsetLength;
        }

        return TryMake(year, month, day, ticks, offset, out time);
    }

    /// <summary>Reads <c>hh:mm[:ss[.fraction]]</c>: the ticks since midnight. A leap second counts as the 59th.</summary>
    public static bool TryClock(ReadOnlySpan<byte> text, out long ticks, out int taken)
    {
        ticks = 0;
        taken = 5;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text.Slice(3, 2), out var minute) || hour > 23 || minute > 59) return false;
        var second = 0;
        long fraction = 0;
        if (text.Length >= 8 && text[5] == ':')
        {
            if (!TryDigits(text.Slice(6, 2), out second) || second > 60) return false;
            taken = 8;
            if (text.Length > 9 && text[8] is (byte)'.' or (byte)',') taken = 8 + Fraction(text[8..], out fraction);
        }

        ticks = (hour * 60L + minute) * TimeSpan.TicksPerMinute + Math.Min(second, 59) * TimeSpan.TicksPerSecond + fraction;
        return true;
    }

    /// <summary>Reads the time of the common log format: <c>10/Oct/2026:13:55:36 -0700</c>.</summary>
    public static bool TryCommonLog(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[2] != '/' || text[6] != '/' || text[11] != ':') return false;
        var month = Month(text.Slice(3, 3));
        if (month == 0 || !TryDigits(text[..2], out var day) || !TryDigits(text.Slice(7, 4), out var year) || !TryClock(text[12..], out var ticks, out var length)) return false;
        var rest = text[(12 + length)..].TrimStart((byte)' ');
        if (!TryOffset(rest, out var offset, out _)) offset = TimeSpan.Zero;
        return TryMake(year, month, day, ticks, offset, out time);
    }

    /// <summary>Reads seconds since 1970 with an optional fraction; whole numbers of 13, 16 or 19 digits are milli-, micro- or nanoseconds.</summary>
    public static bool TryEpoch(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.IsEmpty || text.Length > 32 || !Utf8Parser.TryParse(text, out long whole, out var taken) || whole < 0) return false;
        long fraction = 0;
        if (taken < text.Length && text[taken] is not ((byte)'.' or (byte)',')) return false;
        if (taken < text.Length - 1 && taken + Fraction(text[taken..], out fraction) != text.Length) return false;
        var ticks = taken switch
        {
            >= 19 => whole / 100,
            >= 16 => whole <= long.MaxValue / 10 ? whole * 10 : long.MaxValue,
            >= 13 => whole <= long.MaxValue / TimeSpan.TicksPerMillisecond ? whole * TimeSpan.TicksPerMillisecond : long.MaxValue,
            _ => whole * TimeSpan.TicksPerSecond + fraction,
        };
        if (ticks > DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks) return false;
        time = DateTimeOffset.UnixEpoch.AddTicks(ticks);
        return true;
    }

    /// <summary>The month of an English abbreviation, from 1; 0 when it is none.</summary>
    public static int Month(ReadOnlySpan<byte> name)
    {
        if (name.Length != 3) return 0;
        var at = "janfebmaraprmayjunjulaugsepoctnovdec"u8.IndexOf([(byte)(name[0] | 0x20), (byte)(name[1] | 0x20), (byte)(name[2] | 0x20)]);
        return at >= 0 && at % 3 == 0 ? at / 3 + 1 : 0;
    }

    /// <summary>Reads nothing but digits.</summary>
    public static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 9) return false;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + b - '0';
        }

        return true;
    }

    /// <summary>Puts a date, a time of day and an offset together.</summary>
    public static bool TryMake(int year, int month, int day, long ticks, TimeSpan offset, out DateTimeOffset time)
    {
        time = default;
        if (year is < 1900 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        time = new DateTimeOffset(new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).AddTicks(ticks) - offset, TimeSpan.Zero);
        return true;
    }

    // "+hh:mm", "+hhmm", "+hh"
    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset, out int taken)
    {
        offset = default;
        taken = 0;
        if (text.Length < 3 || text[0] is not ((byte)'+' or (byte)'-') || !TryDigits(text.Slice(1, 2), out var hours) || hours > 18) return false;
        taken = 3;
        var minutes = 0;
        var at = text.Length > 3 && text[3] == ':' ? 4 : 3;
        if (text.Length >= at + 2 && TryDigits(text.Slice(at, 2), out var found) && found < 60)
        {
            minutes = found;
            taken = at + 2;
        }

        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-') offset = -offset;
        return true;
    }

    // ".123456": the ticks, and how many bytes point and digits take.
    private static int Fraction(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        var scale = TimeSpan.TicksPerSecond;
        var i = 1;
        for (; i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'; i++)
        {
            scale /= 10;
            ticks += (text[i] - '0') * scale;
        }

        return i;
    }
}
