using Vigie.Watches.Domains.Registration;

namespace Vigie.Tests.Watches.Domains.Registration;

public sealed class RunScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_next_run_is_an_interval_and_at_most_the_jitter_later()
    {
        var schedule = new RunSchedule(TimeSpan.FromHours(12), TimeSpan.FromMinutes(30), "node");
        var waits = Enumerable.Range(0, 500).Select(i => schedule.Next(Start.AddHours(i)) - Start.AddHours(i)).ToList();
        Assert.All(waits, w => Assert.InRange(w, TimeSpan.FromHours(12), TimeSpan.FromHours(12.5)));
        Assert.True(waits.Max() - waits.Min() > TimeSpan.FromMinutes(25), "the jitter uses its whole width");
    }

    [Fact]
    public void The_same_seed_gives_the_same_time_and_another_another()
    {
        var one = new RunSchedule(TimeSpan.FromHours(12), TimeSpan.FromMinutes(30), "one");
        Assert.Equal(one.Next(Start), (one with { }).Next(Start));
        Assert.NotEqual(one.Next(Start), (one with { Seed = "two" }).Next(Start));
    }
}
