using System.Globalization;
using Vigie.Incidents.Notifications;

namespace Vigie.Tests.Incidents.Notifications;

public sealed class QuietHoursTests
{
    [Theory]
    [InlineData("2026-11-22T21:59:59Z", false)]
    [InlineData("2026-11-22T22:00:00Z", true)]
    [InlineData("2026-11-22T23:59:59Z", true)]
    [InlineData("2026-11-23T00:00:00Z", true)]
    [InlineData("2026-11-23T06:29:59Z", true)]
    [InlineData("2026-11-23T06:30:00Z", false)]
    public void Quiet_goes_past_midnight(string instant, bool quiet) =>
        Assert.Equal(quiet, QuietHours.Parse("22:00-06:30", TimeZoneInfo.Utc)!.Contains(At(instant)));

    [Theory]
    [InlineData("2026-11-22T11:59:00Z", false)]
    [InlineData("2026-11-22T12:00:00Z", true)]
    [InlineData("2026-11-22T14:00:00Z", false)]
    public void Quiet_may_lie_within_a_day(string instant, bool quiet) =>
        Assert.Equal(quiet, QuietHours.Parse("12:00-14:00", TimeZoneInfo.Utc)!.Contains(At(instant)));

    // In Paris the clock goes from 02:00 to 03:00 on 29 March 2026 at 01:00 UTC, and from 03:00 to 02:00 on 25 October at 01:00 UTC.
    [Theory]
    [InlineData("2026-03-28T05:29:00Z", true)]
    [InlineData("2026-03-28T05:30:00Z", false)]
    [InlineData("2026-03-29T00:59:59Z", true)]
    [InlineData("2026-03-29T01:00:00Z", true)]
    [InlineData("2026-03-29T04:29:59Z", true)]
    [InlineData("2026-03-29T04:30:00Z", false)]
    [InlineData("2026-10-25T00:30:00Z", true)]
    [InlineData("2026-10-25T01:30:00Z", true)]
    [InlineData("2026-10-25T04:30:00Z", true)]
    [InlineData("2026-10-25T05:30:00Z", false)]
    public void The_clock_on_the_wall_counts_when_summer_time_begins_and_ends(string instant, bool quiet) =>
        Assert.Equal(quiet, QuietHours.Parse("22:00-06:30", TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"))!.Contains(At(instant)));

    // 02:00 to 03:00 does not exist on that day and exists twice on the other.
    [Fact]
    public void An_hour_that_does_not_exist_is_quiet_for_nobody_and_one_that_comes_twice_is_quiet_twice()
    {
        var quiet = QuietHours.Parse("02:00-03:00", TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"))!;
        Assert.Equal(0, Enumerable.Range(0, 24 * 60).Count(minute => quiet.Contains(At("2026-03-29T00:00:00Z").AddMinutes(minute))));
        Assert.Equal(120, Enumerable.Range(0, 24 * 60).Count(minute => quiet.Contains(At("2026-10-25T00:00:00Z").AddMinutes(minute))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("22:00")]
    [InlineData("22:00-22:00")]
    [InlineData("22-6")]
    [InlineData("24:00-06:00")]
    [InlineData("22:00-06:00-07:00")]
    public void What_is_no_span_of_time_is_none(string text) => Assert.Null(QuietHours.Parse(text, TimeZoneInfo.Utc));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
