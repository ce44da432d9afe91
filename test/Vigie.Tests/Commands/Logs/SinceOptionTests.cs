using System.Globalization;
using Vigie.Commands.Logs;

namespace Vigie.Tests.Commands.Logs;

public sealed class SinceOptionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("7d", "2026-03-03T12:00:00Z")]
    [InlineData("12h", "2026-03-10T00:00:00Z")]
    [InlineData("1.5h", "2026-03-10T10:30:00Z")]
    [InlineData("30m", "2026-03-10T11:30:00Z")]
    [InlineData("2w", "2026-02-24T12:00:00Z")]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z")]
    [InlineData("2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00Z")]
    [InlineData("2026-03-01 10:00", "2026-03-01T10:00:00Z")]
    public void Reads_a_moment(string text, string expected)
    {
        Assert.True(SinceOption.TryRead(text, Now, out var since));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), since);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("7x")]
    [InlineData("-7d")]
    [InlineData("yesterday")]
    [InlineData("03/01/2026")]
    [InlineData("99999999w")]
    [InlineData("1e300d")]
    public void Refuses_everything_else(string text) => Assert.False(SinceOption.TryRead(text, Now, out _));
}
