using System.Buffers;
using System.Text;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

public sealed class MacrosTests
{
    private readonly Macros _macros = new();

    private bool Store(char command, string pairs) => _macros.TryStore((MilterCommand)command, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(pairs)));

    [Fact]
    public void Finds_a_name_with_and_without_braces()
    {
        Assert.True(Store('C', "j\0mx.example.com\0{daemon_name}\0submission\0"));
        Assert.Equal("submission", _macros["{daemon_name}"]);
        Assert.Equal("submission", _macros["daemon_name"]);
        Assert.Equal("mx.example.com", _macros["j"]);
        Assert.Equal("mx.example.com", _macros["{j}"]);
        Assert.Null(_macros["i"]);
        Assert.Null(_macros["daemon"]);
    }

    [Fact]
    public void The_latest_stage_wins_and_a_new_message_forgets_the_old_one()
    {
        Store('C', "x\0connect\0");
        Store('M', "i\0FIRST\0x\0mail\0");
        Store('R', "{rcpt_addr}\0a\0");
        Assert.Equal("mail", _macros["x"]);
        Store('E', "i\0FIRST-EOM\0");
        Assert.Equal("FIRST-EOM", _macros["i"]);
        Store('M', "{mail_addr}\0b\0");
        Assert.Null(_macros["i"]);
        Assert.Null(_macros["rcpt_addr"]);
        Assert.Equal("connect", _macros["x"]);
        _macros.ClearMessage();
        Assert.Null(_macros["mail_addr"]);
        Assert.Equal("connect", _macros["x"]);
    }

    [Fact]
    public void Macros_of_an_unknown_command_leave_the_message_alone()
    {
        Store('M', "i\0Q1\0");
        Store('U', "u\0v\0");
        Assert.Equal("Q1", _macros["i"]);
        Assert.Equal("v", _macros["u"]);
    }

    [Theory]
    [InlineData("i")]
    [InlineData("i\0")]
    [InlineData("i\0v")]
    [InlineData("i\0v\0w\0")]
    public void Malformed_pairs_are_refused_and_change_nothing(string pairs)
    {
        Store('M', "i\0Q1\0");
        Assert.False(Store('M', pairs));
        Assert.Equal("Q1", _macros["i"]);
    }

    [Fact]
    public void Lists_a_stage_in_order()
    {
        Store('R', "{rcpt_addr}\0a\0{rcpt_host}\0\0");
        Assert.Equal([new("{rcpt_addr}", "a"), new("{rcpt_host}", "")], _macros.At(MacroStage.Recipient));
        Assert.Empty(_macros.At(MacroStage.Connect));
    }
}
