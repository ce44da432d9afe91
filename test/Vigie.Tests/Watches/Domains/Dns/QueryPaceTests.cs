using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

public sealed class QueryPaceTests
{
    [Fact]
    public void A_burst_passes_and_then_one_each_interval()
    {
        var pace = new QueryPace(perSecond: 10, burst: 3, new AdjustableTime());
        var waits = Enumerable.Range(0, 6).Select(_ => pace.Reserve(TimeSpan.Zero).TotalMilliseconds).ToArray();
        Assert.Equal([0, 0, 0, 100, 200, 300], waits);
    }

    [Fact]
    public void Never_more_than_rate_and_burst_in_any_stretch_of_time()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var pace = new QueryPace(perSecond: 20, burst: 4, new AdjustableTime());
            var now = TimeSpan.Zero;
            var sent = new List<TimeSpan>();
            for (var i = 0; i < 300; i++)
            {
                sent.Add(now + pace.Reserve(now));
                now += TimeSpan.FromMilliseconds(random.Next(80));
            }

            for (var i = 0; i < sent.Count; i++)
            {
                var within = sent.Skip(i).Count(t => t < sent[i] + TimeSpan.FromSeconds(1));
                Assert.True(within <= 20 + 4, $"seed {seed}: {within} within a second of {sent[i]}");
            }
        }
    }

    [Fact]
    public async Task Waits_on_the_given_clock()
    {
        var time = new AdjustableTime();
        var pace = new QueryPace(perSecond: 1, burst: 1, time);
        await pace.WaitAsync(TestContext.Current.CancellationToken);
        var second = pace.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await second;
    }
}
