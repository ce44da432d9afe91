using System.Globalization;

namespace Vigie.Commands.Logs;

/// <summary>A moment as people name it: <c>2026-03-01</c>, <c>2026-03-01T10:00:00Z</c>, or so long ago: <c>7d</c>, <c>12h</c>, <c>30m</c>.</summary>
internal static class SinceOption
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads it; false where it is none, or lies before the year 1. Without a zone it is UTC.</summary>
    public static bool TryRead(string text, DateTimeOffset now, out DateTimeOffset since)
    {
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since)) return true;
        since = default;
        if (text.Length < 2 || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var seconds = text[^1] switch
        {
            's' => 1d,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => double.NaN,
        } * number;
        if (double.IsNaN(seconds) || seconds >= (now - DateTimeOffset.MinValue).TotalSeconds) return false;
        since = now - TimeSpan.FromSeconds(seconds);
        return true;
    }
}
