using System.Globalization;

namespace Vigie.Incidents.Notifications;

/// <summary>A time of day in which only what is grave gets through. May go past midnight; follows the clock on the wall, summer time included.</summary>
/// <param name="From">First minute, by the clock of the zone.</param>
/// <param name="Until">The minute after the last.</param>
/// <param name="Zone">Whose clock.</param>
internal sealed record QuietHours(TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    /// <summary>Whether it is quiet at an instant.</summary>
    public bool Contains(DateTimeOffset instant)
    {
        var time = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);
        return From < Until ? time >= From && time < Until : time >= From || time < Until;
    }

    /// <summary>Reads <c>22:00-06:30</c>; null where it is not that, or lasts no time.</summary>
    public static QuietHours? Parse(string text, TimeZoneInfo zone) =>
        text.Split('-', StringSplitOptions.TrimEntries) is [var from, var until]
        && TimeOnly.TryParseExact(from, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var begins)
        && TimeOnly.TryParseExact(until, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var ends)
        && begins != ends ? new QuietHours(begins, ends, zone) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH:mm}–{Until:HH:mm} {Zone.Id}");
}
