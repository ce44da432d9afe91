using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

public sealed class MilterReplyTests
{
    [Theory]
    [InlineData(250, null)]
    [InlineData(600, null)]
    [InlineData(550, "4.7.1")]
    [InlineData(450, "5.7.1")]
    [InlineData(550, "5.7")]
    [InlineData(550, "5.7.1234")]
    [InlineData(550, "5..1")]
    public void Refuses_codes_no_MTA_would_take(int code, string? enhanced) =>
        Assert.ThrowsAny<ArgumentException>(() => MilterReply.Custom(code, enhanced, "text"));

    [Fact]
    public void Refuses_no_lines_and_too_many()
    {
        Assert.Throws<ArgumentException>(() => MilterReply.Custom(550, null));
        Assert.Throws<ArgumentException>(() => MilterReply.Custom(550, null, Enumerable.Repeat("x", 33).ToArray()));
    }

    [Fact]
    public void A_text_cannot_smuggle_in_a_line()
    {
        var reply = MilterReply.Custom(550, "5.7.1", "no\r\n250 2.0.0 yes\0\u0001\u0085");
        Assert.Equal("550 5.7.1 no  250 2.0.0 yes   ", reply.Text);
    }

    [Fact]
    public void A_long_line_is_cut() => Assert.Equal(980 + "550 ".Length, MilterReply.Custom(550, null, new string('x', 2000)).Text!.Length);

    [Fact]
    public void The_default_lets_mail_pass()
    {
        Assert.True(default(MilterReply).LetsPass);
        Assert.Equal("Continue", default(MilterReply).ToString());
        Assert.False(MilterReply.Reject.LetsPass);
        Assert.False(MilterReply.Custom(450, null, "later").LetsPass);
        Assert.False(MilterReply.Discard.LetsPass);
    }
}
