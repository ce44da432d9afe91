using System.Globalization;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Reads a timespan (specification, "Time Selection"): a number and one letter.</summary>
public static class CorrelationTimespan
{
    /// <summary>The longest that is accepted: ten years.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10L * 31_556_952);

    /// <summary>
    /// Reads <c>90m</c>. Beside s, m, h and d, which the specification names, w, M and y are read as the reference
    /// implementation reads them: 7 days, and the mean month and year of the Gregorian calendar.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timespan)
    {
        timespan = default;
        if (text.Length < 2 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        long unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, 'M' => 2_629_746, 'y' => 31_556_952, _ => 0 };
        if (unit == 0 || count < 1 || count > (long)Longest.TotalSeconds / unit) return false;
        timespan = TimeSpan.FromSeconds(count * unit);
        return true;
    }

    /// <summary>The timespan as a rule would have it: <c>90m</c>.</summary>
    public static string Format(TimeSpan timespan)
    {
        var seconds = (long)timespan.TotalSeconds;
        var (unit, letter) = seconds switch
        {
            _ when seconds % 86_400 == 0 => (86_400, 'd'),
            _ when seconds % 3600 == 0 => (3600, 'h'),
            _ when seconds % 60 == 0 => (60, 'm'),
            _ => (1, 's'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / unit}{letter}");
    }
}
