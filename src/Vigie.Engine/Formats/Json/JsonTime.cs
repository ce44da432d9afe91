using System.Buffers.Text;

namespace Vigie.Engine.Formats.Json;

/// <summary>The moments that JSON logs write: RFC 3339 and its relatives, and seconds, milliseconds, microseconds or nanoseconds since 1970.</summary>
internal static class JsonTime
{
    private const long SmallestMilliseconds = 100_000_000_000;
    private const long SmallestMicroseconds = SmallestMilliseconds * 1000;
    private const long SmallestNanoseconds = SmallestMicroseconds * 1000;

    /// <summary>The moment in UTC, or null when it is none. Fractions beyond 100 ns are cut off.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="utcOffset">The offset of what has none.</param>
    public static DateTimeOffset? Parse(ReadOnlySpan<byte> text, TimeSpan utcOffset = default)
    {
        if (text.Length >= 19 && text[4] is (byte)'-' or (byte)'/') return Calendar(text, utcOffset);
        if (text.StartsWith("/Date("u8)) return Number(text[6..].TrimEnd(")/"u8));
        return text.Length is > 0 and < 24 && text[0] is >= (byte)'0' and <= (byte)'9' ? Number(text) : null;
    }

    private static DateTimeOffset? Calendar(ReadOnlySpan<byte> text, TimeSpan utcOffset)
    {
        if (!Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day)
            || !Digits(text, 11, 2, out var hour) || !Digits(text, 14, 2, out var minute) || !Digits(text, 17, 2, out var second)
            || text[7] != text[4] || text[10] is not ((byte)'T' or (byte)' ' or (byte)'t') || text[13] != ':' || text[16] != ':') return null;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60) return null;
        // A leap second is the last one of its minute once more.
        var ticks = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks + Fraction(text[19..], out var used);
        if (!Offset(text[(19 + used)..], utcOffset, out var offset)) return null;
        ticks -= offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    private static long Fraction(ReadOnlySpan<byte> text, out int used)
    {
        used = 0;
        if (text.Length < 2 || text[0] is not ((byte)'.' or (byte)',')) return 0;
        var ticks = 0L;
        var unit = TimeSpan.TicksPerSecond / 10;
        for (used = 1; used < text.Length && text[used] is >= (byte)'0' and <= (byte)'9'; used++)
        {
            ticks += (text[used] - '0') * unit;
            unit /= 10;
        }

        return ticks;
    }

    // Z, +01:00, +0100, +01, " UTC" or nothing.
    private static bool Offset(ReadOnlySpan<byte> text, TimeSpan whenMissing, out TimeSpan offset)
    {
        text = text.Trim((byte)' ');
        offset = text.Length == 0 ? whenMissing : TimeSpan.Zero;
        if (text.Length == 0 || text.SequenceEqual("Z"u8) || text.SequenceEqual("z"u8) || text.SequenceEqual("UTC"u8)) return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || !Digits(text, 1, 2, out var hours)) return false;
        var minutes = 0;
        var rest = text[3..];
        if (rest.Length > 0 && rest[0] == ':') rest = rest[1..];
        if (rest.Length > 0 && (rest.Length != 2 || !Digits(rest, 0, 2, out minutes))) return false;
        if (hours > 23 || minutes > 59) return false;
        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-') offset = -offset;
        return true;
    }

    private static DateTimeOffset? Number(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out decimal number, out var used) || used != text.Length || number is < 0 or > 4_000_000_000_000_000_000m) return null;
        var ticks = number switch
        {
            < SmallestMilliseconds => number * TimeSpan.TicksPerSecond,
            < SmallestMicroseconds => number * TimeSpan.TicksPerMillisecond,
            < SmallestNanoseconds => number * TimeSpan.TicksPerMicrosecond,
            _ => number / 100,
        };
        var limit = (decimal)(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks);
        return ticks > limit ? null : new DateTimeOffset(DateTime.UnixEpoch.Ticks + (long)ticks, TimeSpan.Zero);
    }

    private static bool Digits(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        if (at + count > text.Length) return false;
        foreach (var b in text.Slice(at, count))
        {
            var digit = b - '0';
            if ((uint)digit > 9) return false;
            value = (value * 10) + digit;
        }

        return true;
    }
}
