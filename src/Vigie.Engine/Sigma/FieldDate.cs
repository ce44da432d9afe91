using System.Globalization;
using System.Text;

namespace Vigie.Engine.Sigma;

/// <summary>
/// When the text of a field counts as a date for <c>minute</c> … <c>year</c>: ISO 8601 with hyphens (or slashes), then a <c>T</c> or a
/// blank and the time. The parts are taken as written: the specification says that these modifiers convert neither time zones nor formats,
/// so an offset at the end is read over.
/// </summary>
public static class FieldDate
{
    /// <summary>One part of the date in <paramref name="utf8"/>; false when it is no date, or has no time and the part is the hour or the minute.</summary>
    public static bool TryPart(ReadOnlySpan<byte> utf8, DatePart part, out int value)
    {
        value = 0;
        if (utf8.Length < 10 || utf8[4] is not ((byte)'-' or (byte)'/') || utf8[7] != utf8[4]) return false;
        if (!Digits(utf8[..4], out var year) || !Digits(utf8[5..7], out var month) || !Digits(utf8[8..10], out var day)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (utf8.Length > 10 && utf8[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        switch (part)
        {
            case DatePart.Year: value = year; return true;
            case DatePart.Month: value = month; return true;
            case DatePart.Day: value = day; return true;
            case DatePart.Week: value = ISOWeek.GetWeekOfYear(new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified)); return true;
            default: return TryTime(utf8[10..], part, out value);
        }
    }

    /// <inheritdoc cref="TryPart(ReadOnlySpan{byte}, DatePart, out int)"/>
    public static bool TryPart(string text, DatePart part, out int value) => TryPart(Encoding.UTF8.GetBytes(text), part, out value);

    private static bool TryTime(ReadOnlySpan<byte> utf8, DatePart part, out int value)
    {
        value = 0;
        if (utf8.Length < 6 || utf8[3] != ':' || !Digits(utf8[1..3], out var hour) || !Digits(utf8[4..6], out var minute)) return false;
        if (hour > 23 || minute > 59) return false;
        value = part == DatePart.Hour ? hour : minute;
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> utf8, out int value)
    {
        value = 0;
        foreach (var unit in utf8)
        {
            if (unit is < (byte)'0' or > (byte)'9') return false;
            value = (value * 10) + (unit - '0');
        }

        return true;
    }
}
