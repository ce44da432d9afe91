using Vigie.Commands.Sample;

namespace Vigie.Tests.Commands;

public sealed class SampleTextTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a {-1h30m}", "a 2026-11-22T08:30:00.000Z\n")]
    [InlineData("{plain-5s}|{clf-1h}|{epoch-10s}", "2026-11-22T09:59:55|22/Nov/2026:09:00:00 +0000|1795341590.000\n")]
    [InlineData("{\"n\":{n},\"x\":\"{-2h}\"}", "{\"n\":1000,\"x\":\"2026-11-22T08:00:00.000Z\"}\n")]
    [InlineData("# a comment\nx {y} {-} {--1h}", "x {y} {-} {--1h}\n")]
    [InlineData("# repeat 3 10s\n{i} {i1} {plain-1h}", "10 0 2026-11-22T09:00:00\n11 1 2026-11-22T09:00:10\n12 2 2026-11-22T09:00:20\n")]
    [InlineData("late {plain-1m}\n# repeat 2 10m\nearly {plain-1h}", "early 2026-11-22T09:00:00\nearly 2026-11-22T09:10:00\nlate 2026-11-22T09:59:00\n")]
    public void Times_are_told_from_the_start_and_lines_come_in_their_order(string template, string expected) => Assert.Equal(expected, SampleText.Render(template, Start));

    [Fact]
    public void The_same_start_gives_the_same_text()
    {
        const string template = "# repeat 20 5m 40s\n{-3h}";
        Assert.Equal(SampleText.Render(template, Start), SampleText.Render(template, Start));
        Assert.Equal(20, SampleText.Render(template, Start).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
    }
}
