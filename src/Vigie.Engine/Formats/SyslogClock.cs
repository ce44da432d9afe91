using System.Globalization;

namespace Vigie.Engine.Formats;

/// <summary>
/// Gives classic syslog time stamps (RFC 3164 §4.1.2: <c>Nov 21 19:20:01</c>) the year and zone they lack. Lines are in
/// order, so the first line's year is the last in which it is not later than the reference, and a jump back of more than
/// half a year is a New Year.
/// </summary>
/// <param name="reference">A time that no line is later than: the file's last change, or now.</param>
/// <param name="zone">The zone the log was written in.</param>
public sealed class SyslogClock(DateTimeOffset reference, TimeZoneInfo zone)
{
    private static readonly TimeSpan HalfYear = TimeSpan.FromDays(182);

    // Clocks differ a little between machines; a line a day ahead is not a year old.
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private int _year;
    private DateTime _last;

    /// <summary>The year and the latest time so far, to go on from elsewhere; null before the first line.</summary>
    public string? Save() => _year == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{_year:D4}{_last:s}");

    /// <summary>The counterpart of <see cref="Save"/>; what it does not understand is ignored.</summary>
    public void Restore(string state)
    {
        if (state.Length < 4 || !TryNumber(state.AsSpan(0, 4), out var year) || year is < 1970 or > 9998) return;
        if (!DateTime.TryParseExact(state.AsSpan(4), "s", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last)) return;
        (_year, _last) = (year, last);
    }

    /// <summary>Reads the time stamp at the start of a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="time">The time, UTC.</param>
    /// <param name="rest">What follows the time stamp and a space.</param>
    public bool TryRead(ReadOnlySpan<char> line, out DateTimeOffset time, out ReadOnlySpan<char> rest)
    {
        time = default;
        rest = default;
        // "Nov 21 19:20:01 " or "Nov  1 19:20:01 ".
        if (line.Length < 16 || line[3] != ' ' || line[6] != ' ' || line[9] != ':' || line[12] != ':' || line[15] != ' ') return false;
        var month = MonthOf(line[..3]);
        if (month == 0 || !TryNumber(line.Slice(4, 2).TrimStart(' '), out var day) || !TryNumber(line.Slice(7, 2), out var hour) ||
            !TryNumber(line.Slice(10, 2), out var minute) || !TryNumber(line.Slice(13, 2), out var second) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        if (!TryPlace(month, day, new TimeSpan(hour, minute, Math.Min(second, 59)), out time)) return false;
        rest = line[16..];
        return true;
    }

    /// <summary>Gives a month, a day and a time of day the year they lack.</summary>
    public bool TryPlace(int month, int day, TimeSpan clock, out DateTimeOffset time)
    {
        time = default;
        if (!TryLocal(month, day, clock, out var local)) return false;
        time = ToUtc(local);
        return true;
    }

    private bool TryLocal(int month, int day, TimeSpan clock, out DateTime local)
    {
        local = default;
        if (day is < 1 or > 31) return false;
        if (_year == 0)
        {
            var latest = TimeZoneInfo.ConvertTime(reference, zone).DateTime + Tolerance;
            // A 29th of February needs a leap year, which is at most eight years back.
            for (var year = latest.Year; year > latest.Year - 9; year--)
            {
                if (day > DateTime.DaysInMonth(year, month)) continue;
                local = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + clock;
                if (local > latest) continue;
                (_year, _last) = (year, local);
                return true;
            }

            return false;
        }

        if (!TryDate(_year, month, day, clock, out local)) return false;
        if (_last - local > HalfYear && TryDate(_year + 1, month, day, clock, out var next)) (_year, local) = (_year + 1, next);
        else if (local - _last > HalfYear && TryDate(_year - 1, month, day, clock, out var before)) local = before;
        if (local > _last) _last = local;
        return true;
    }

    private static bool TryDate(int year, int month, int day, TimeSpan clock, out DateTime date)
    {
        date = default;
        if (year is < 1970 or > 9998 || day > DateTime.DaysInMonth(year, month)) return false;
        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + clock;
        return true;
    }

    // An hour that summer time skips does not exist on the wall clock; the log then was not written in that zone, take it as it stands.
    private DateTimeOffset ToUtc(DateTime local) =>
        new DateTimeOffset(local, zone.IsInvalidTime(local) ? zone.BaseUtcOffset : zone.GetUtcOffset(local)).ToUniversalTime();

    private static bool TryNumber(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static int MonthOf(ReadOnlySpan<char> name) => name switch
    {
        "Jan" => 1,
        "Feb" => 2,
        "Mar" => 3,
        "Apr" => 4,
        "May" => 5,
        "Jun" => 6,
        "Jul" => 7,
        "Aug" => 8,
        "Sep" => 9,
        "Oct" => 10,
        "Nov" => 11,
        "Dec" => 12,
        _ => 0,
    };
}
