using System.Text;
using Vigie.Governance;

namespace Vigie.Tests.Governance;

public sealed class TimeBasedCodeTests
{
    // RFC 6238 Appendix B: the last six of its eight digits.
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Makes_the_codes_of_RFC_6238(long seconds, string code) =>
        Assert.Equal(code, TimeBasedCode.CodeAt(Secret, TimeBasedCode.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void Takes_a_code_one_step_away_and_no_further()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = TimeBasedCode.StepAt(now);
        for (var away = -3; away <= 3; away++)
            Assert.Equal(Math.Abs(away) <= 1, TimeBasedCode.Verify(Secret, TimeBasedCode.CodeAt(Secret, step + away), now, 0, out _));
    }

    [Fact]
    public void Takes_a_code_once()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        Assert.True(TimeBasedCode.Verify(Secret, "005 924", now, 0, out var step));
        Assert.False(TimeBasedCode.Verify(Secret, "005924", now, step, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00592")]
    [InlineData("0059244")]
    [InlineData("٠٠٥٩٢٤")]
    [InlineData("abcdef")]
    public void Refuses_what_is_no_code(string typed) =>
        Assert.False(TimeBasedCode.Verify(Secret, typed, DateTimeOffset.FromUnixTimeSeconds(1234567890), 0, out _));

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Writes_base32_as_RFC_4648(string plain, string base32) => Assert.Equal(base32, TimeBasedCode.ToBase32(Encoding.ASCII.GetBytes(plain)));

    [Fact]
    public void Names_itself_to_the_app() => Assert.Equal(
        "otpauth://totp/Vigie:awa%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Vigie", TimeBasedCode.Uri(Secret, "Vigie", "awa@example.org"));
}
