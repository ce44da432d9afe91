using System.Net;
using System.Text;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

public sealed class MilterStepTests
{
    private static StepArguments? Decode(byte[] packet) =>
        MilterStep.TryDecode((MilterCommand)packet[4], packet.AsMemory(5), out var arguments) ? arguments : null;

    [Fact]
    public void Reads_every_family_of_client()
    {
        Assert.Equal(new ConnectInfo("h", ConnectFamily.IPv4, "192.0.2.1", 4711), Decode(MilterPackets.Connect("h"))?.Client);
        var six = Decode(MilterPackets.Connect("h", '6', 25, "2001:db8::1"))?.Client;
        Assert.Equal(IPAddress.Parse("2001:db8::1"), six?.IPAddress);
        Assert.Equal(IPAddress.Parse("2001:db8::1"), Decode(MilterPackets.Connect("h", '6', 25, "IPv6:2001:db8::1"))?.Client?.IPAddress);
        Assert.Equal(new ConnectInfo("h", ConnectFamily.Unix, "/run/x", 0), Decode(MilterPackets.Connect("h", 'L', 0, "/run/x"))?.Client);
        Assert.Equal(new ConnectInfo("localhost", ConnectFamily.Unknown, "", 0), Decode(MilterPackets.Connect("localhost", 'U'))?.Client);
        Assert.Null(Decode(MilterPackets.Connect("h", 'U'))?.Client?.IPAddress);
    }

    [Theory]
    [InlineData("")]
    [InlineData("68")]
    [InlineData("6800")]
    [InlineData("680034")]
    [InlineData("6800341267")]
    [InlineData("680034126731")]
    [InlineData("68005812673100")]
    public void Refuses_a_malformed_client(string hex) =>
        Assert.False(MilterStep.TryDecode(MilterCommand.Connect, Convert.FromHexString(hex), out _));

    [Fact]
    public void Reads_addresses_with_their_parameters()
    {
        var mailbox = Decode(MilterPackets.MailFrom("<a@example.com>", "SIZE=10", "BODY=8BITMIME"))?.Mailbox;
        Assert.Equal("a@example.com", mailbox?.Address);
        Assert.Equal("<a@example.com>", mailbox?.Raw);
        Assert.Equal(["SIZE=10", "BODY=8BITMIME"], mailbox?.Parameters);
        Assert.Equal("", Decode(MilterPackets.MailFrom("<>"))?.Mailbox.Address);
        Assert.Equal("bare@example.com", Decode(MilterPackets.Recipient("bare@example.com"))?.Mailbox.Address);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_read_as_Latin_1()
    {
        Assert.Equal("<\u00e9@x>", Decode(MilterPackets.Packet('R', [(byte)'<', 0xe9, (byte)'@', (byte)'x', (byte)'>', 0]))?.Mailbox.Raw);
        Assert.Equal("<é@x>", Decode(MilterPackets.Packet('R', Encoding.UTF8.GetBytes("<é@x>\0")))?.Mailbox.Raw);
    }

    [Theory]
    [InlineData('M', "")]
    [InlineData('M', "<a@b>")]
    [InlineData('R', "<a@b>\0SIZE")]
    [InlineData('H', "name")]
    [InlineData('L', "Name\0")]
    [InlineData('L', "Name\0value")]
    [InlineData('U', "")]
    public void Refuses_texts_without_their_end(char command, string data) =>
        Assert.False(MilterStep.TryDecode((MilterCommand)command, Encoding.ASCII.GetBytes(data), out _));
}
