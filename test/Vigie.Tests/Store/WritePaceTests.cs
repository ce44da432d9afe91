using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class WritePaceTests
{
    [Fact]
    public void More_is_written_at_once_while_it_is_quick_and_less_when_it_takes_long()
    {
        var pace = new WritePace(least: 10, first: 100, most: 150);
        pace.Took(100, TimeSpan.FromMilliseconds(1));
        Assert.Equal(125, pace.Count);
        pace.Took(125, TimeSpan.FromMilliseconds(1));
        Assert.Equal(150, pace.Count);
        pace.Took(150, TimeSpan.FromMilliseconds(10));
        Assert.Equal(150, pace.Count);
        pace.Took(150, TimeSpan.FromMilliseconds(40));
        Assert.Equal(100, pace.Count);
    }

    [Fact]
    public void Few_that_were_quick_say_nothing_of_many()
    {
        var pace = new WritePace(least: 10, first: 100, most: 150);
        pace.Took(3, TimeSpan.Zero);
        Assert.Equal(100, pace.Count);
    }

    [Fact]
    public void It_stays_within_its_bounds_whatever_the_machine_does()
    {
        var random = new Random(7);
        var pace = new WritePace(least: 20, first: 200, most: 1000);
        for (var i = 0; i < 10_000; i++)
        {
            pace.Took(pace.Count, TimeSpan.FromMilliseconds(random.Next(3) * random.NextDouble() * 20));
            Assert.InRange(pace.Count, 20, 1000);
        }
    }

    [Fact]
    public void What_is_written_and_what_goes_wrong_arrive_at_the_caller()
    {
        var pace = WritePace.ForFindings();
        Assert.Equal(5, pace.Run(1, () => 5));
        Assert.Throws<InvalidDataException>(() => pace.Run<int>(1, () => throw new InvalidDataException()));
    }
}
