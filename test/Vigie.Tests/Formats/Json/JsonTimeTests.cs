using System.Globalization;
using System.Text;
using Vigie.Engine.Formats.Json;

namespace Vigie.Tests.Formats.Json;

public sealed class JsonTimeTests
{
    [Theory]
    [InlineData("2026-03-01T10:20:30Z", "2026-03-01T10:20:30.0000000")]
    [InlineData("2026-03-01 10:20:30", "2026-03-01T10:20:30.0000000")]
    [InlineData("2026-03-01T10:20:30.123456789Z", "2026-03-01T10:20:30.1234567")]
    [InlineData("2026-03-01T10:20:30.5+02:00", "2026-03-01T08:20:30.5000000")]
    [InlineData("2026-03-01T10:20:30,5-0130", "2026-03-01T11:50:30.5000000")]
    [InlineData("2026-03-01T10:20:30+01", "2026-03-01T09:20:30.0000000")]
    [InlineData("2026-03-01 10:20:30 UTC", "2026-03-01T10:20:30.0000000")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.0000000")]
    [InlineData("1772360430", "2026-03-01T10:20:30.0000000")]
    [InlineData("1772360430.25", "2026-03-01T10:20:30.2500000")]
    [InlineData("1772360430250", "2026-03-01T10:20:30.2500000")]
    [InlineData("1772360430250001", "2026-03-01T10:20:30.2500010")]
    [InlineData("1772360430250000100", "2026-03-01T10:20:30.2500001")]
    [InlineData("/Date(1772360430250)/", "2026-03-01T10:20:30.2500000")]
    [InlineData("2026-02-30T10:20:30Z", null)]
    [InlineData("2026-03-01T24:20:30Z", null)]
    [InlineData("2026-03-01T10:20:30X", null)]
    [InlineData("0000-03-01T10:20:30Z", null)]
    [InlineData("0001-01-01T00:00:00+10:00", null)]
    [InlineData("yesterday at ten o'clock", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("99999999999999999999999", null)]
    public void A_moment_is_read(string text, string? expected) =>
        Assert.Equal(expected, JsonTime.Parse(Encoding.UTF8.GetBytes(text))?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture));

    [Fact]
    public void What_has_no_offset_gets_the_sources() =>
        Assert.Equal(8, JsonTime.Parse("2026-03-01 10:20:30"u8, TimeSpan.FromHours(2))!.Value.Hour);

    [Fact]
    public void Whatever_the_bytes_are_it_does_not_throw()
    {
        var random = new Random(9);
        var bytes = "2026-03-01T10:20:30.5+02:00"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            bytes[random.Next(bytes.Length)] = (byte)("0123456789-:T.+Z/ "u8)[random.Next(18)];
            JsonTime.Parse(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
        }
    }
}
