using System.Globalization;
using System.Text;
using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Csv;

/// <summary>Times in columns, as whatever program wrote them.</summary>
internal static class CsvTime
{
    private static readonly string[] DayFirst = ["d/M/yyyy H:mm:ss", "d/M/yyyy H:mm", "d.M.yyyy H:mm:ss", "d.M.yyyy H:mm"];

    /// <summary>
    /// Reads ISO times, seconds since 1970, and what .NET reads culture-independently: <c>11/21/2026 10:20:30 AM</c>, month first. A date
    /// whose first number is no month is read day first.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, TimeSpan offset, out DateTimeOffset time)
    {
        text = text.Trim((byte)' ');
        if (TimeText.TryIso(text, offset, out time, out _)) return true;
        if (text.Length is >= 10 and <= 20 && text[0] != '+' && TimeText.TryEpoch(text, out time)) return true;
        if (text.Length is < 8 or > 40) return false;
        Span<char> characters = stackalloc char[40];
        var written = characters[..Encoding.UTF8.GetChars(text, characters)];
        const DateTimeStyles Styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.NoCurrentDateDefault;
        if (!DateTime.TryParse(written, CultureInfo.InvariantCulture, Styles | DateTimeStyles.AdjustToUniversal, out var found) &&
            !DateTime.TryParseExact(written, DayFirst, CultureInfo.InvariantCulture, Styles, out found))
        {
            return false;
        }

        if (found.Year is < 1900 or > 9998) return false;
        time = new DateTimeOffset(found.Ticks, TimeSpan.Zero);
        if (found.Kind != DateTimeKind.Utc) time -= offset;
        return true;
    }
}
