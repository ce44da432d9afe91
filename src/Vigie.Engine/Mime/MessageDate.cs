using System.Globalization;

namespace Vigie.Engine.Mime;

/// <summary>Reads the <c>Date</c> field (RFC 5322 §3.3 with the obsolete zones of §4.3).</summary>
public static class MessageDate
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>Reads a date; false where the text is none.</summary>
    public static bool TryParse(string value, out DateTimeOffset date)
    {
        date = default;
        if (value.Length > 200) return false;
        var comment = value.IndexOf('(', StringComparison.Ordinal);
        if (comment >= 0) value = value[..comment];
        var comma = value.IndexOf(',', StringComparison.Ordinal);
        var words = value[(comma + 1)..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4) return false;

        if (!TryNumber(words[0], 31, out var day) || !TryMonth(words[1], out var month) || !TryYear(words[2], out var year)) return false;
        var clock = words[3].Split(':');
        var second = 0;
        if (clock.Length is < 2 or > 3 || !TryNumber(clock[0], 23, out var hour) || !TryNumber(clock[1], 59, out var minute)) return false;
        if (clock.Length == 3 && !TryNumber(clock[2], 60, out second)) return false;
        if (day < 1 || day > DateTime.DaysInMonth(year, month)) return false;

        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Unspecified);
        var offset = words.Length > 4 ? Zone(words[4]) : TimeSpan.Zero;
        if (local.Ticks - offset.Ticks is < 0 or > 3155378975999999999) return false;
        date = new DateTimeOffset(local, offset);
        return true;
    }

    private static bool TryNumber(string text, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;

    private static bool TryMonth(string text, out int month)
    {
        month = Array.IndexOf(Months, text.Length >= 3 ? text[..3].ToLowerInvariant() : "") + 1;
        return month > 0;
    }

    // §4.3: two digits below 50 are this century, others and three digits count from 1900.
    private static bool TryYear(string text, out int year)
    {
        if (!TryNumber(text, 9999, out year)) return false;
        if (text.Length == 2) year += year < 50 ? 2000 : 1900;
        else if (text.Length == 3) year += 1900;
        return year is >= 1900 and <= 9998;
    }

    // §4.3: an unknown zone is to be taken as -0000, that is UTC.
    private static TimeSpan Zone(string text)
    {
        if (text.Length == 5 && text[0] is '+' or '-' && TryNumber(text[1..3], 14, out var hours) && TryNumber(text[3..], 59, out var minutes))
        {
            var span = new TimeSpan(hours, minutes, 0);
            if (span > TimeSpan.FromHours(14)) return TimeSpan.Zero;
            return text[0] == '-' ? -span : span;
        }

        return text switch
        {
            "EST" or "CDT" => TimeSpan.FromHours(-5),
            "EDT" => TimeSpan.FromHours(-4),
            "CST" or "MDT" => TimeSpan.FromHours(-6),
            "MST" or "PDT" => TimeSpan.FromHours(-7),
            "PST" => TimeSpan.FromHours(-8),
            _ => TimeSpan.Zero,
        };
    }
}
