using System.Net;
using Vigie.Tests.Watches.Domains.Dns;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Tests.Watches.Domains.Registration;

public sealed class SmtpProbeTests
{
    [Theory]
    [InlineData("250 2.1.5 OK", Observed.Yes)]
    [InlineData("250-first\r\n250 second", Observed.Yes)]
    [InlineData("550 5.1.1 no such user", Observed.No)]
    [InlineData("550 unknown user", Observed.No)]
    [InlineData("550 5.7.1 you are on a list", Observed.Unknown)]
    [InlineData("450 4.2.0 greylisted", Observed.Unknown)]
    [InlineData("554 5.7.1 refused", Observed.Unknown)]
    [InlineData("nonsense", Observed.Unknown)]
    [InlineData("999 what", Observed.Unknown)]
    public async Task The_answer_to_an_impossible_recipient_decides(string reply, object expected)
    {
        await using var server = new SmtpScript(line => line.StartsWith("RCPT", StringComparison.Ordinal) ? reply : "250 ok");
        Assert.Equal((Observed)expected, await ProbeAsync(server));
    }

    [Fact]
    public async Task Sends_no_message_and_takes_its_leave()
    {
        await using var server = new SmtpScript(_ => "250 ok");
        await ProbeAsync(server);
        Assert.Equal(["EHLO probe.test", "MAIL FROM:<>", "RCPT", "QUIT"], server.Received.Select(l => l.StartsWith("RCPT", StringComparison.Ordinal) ? "RCPT" : l));
        Assert.Matches("^RCPT TO:<[a-z0-9]{24}@army.ml>$", server.Received[2]);
    }

    [Fact]
    public async Task A_server_that_only_knows_helo_is_greeted_so()
    {
        await using var server = new SmtpScript(line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "500 what?" : "250 ok");
        Assert.Equal(Observed.Yes, await ProbeAsync(server));
    }

    [Theory]
    [InlineData("")]
    [InlineData("250")]
    [InlineData("250-never\r\n250-ending\r\n250-\r\n")]
    public async Task A_server_that_hangs_up_in_the_middle_is_unknown(string farewell)
    {
        await using var server = new SmtpScript(line => line.StartsWith("MAIL", StringComparison.Ordinal) ? null : "250 ok", farewell);
        Assert.Equal(Observed.Unknown, await ProbeAsync(server));
    }

    [Fact]
    public async Task An_endless_line_is_unknown()
    {
        await using var server = new SmtpScript(_ => new string('2', 100_000));
        Assert.Equal(Observed.Unknown, await ProbeAsync(server));
    }

    [Fact]
    public async Task An_exchange_that_points_into_our_own_network_is_not_contacted()
    {
        await using var server = new SmtpScript(_ => "250 ok");
        Assert.Equal(Observed.Unknown, await ProbeAsync(server, PublicAddress.Is));
        Assert.Empty(server.Received);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    public void Only_addresses_of_the_public_internet_are_public(string address, bool expected) =>
        Assert.Equal(expected, PublicAddress.Is(IPAddress.Parse(address)));

    private static async Task<Observed> ProbeAsync(SmtpScript server, Func<IPAddress, bool>? mayContact = null)
    {
        var mx = DnsName.Parse("mx.test");
        await using var names = new LoopbackDnsServer(new TestZone().Add(new AddressRecord(mx, RecordType.A, 60, IPAddress.Loopback)));
        using var dns = new DnsClient(new DnsClientOptions { Servers = [names.EndPoint], QueriesPerSecond = 1000 }, TimeProvider.System);
        var probe = new SmtpProbe("probe.test", TimeProvider.System, mayContact ?? IPAddress.IsLoopback, server.Port);
        return await probe.AskAsync("army.ml", ["mx.test"], dns, TestContext.Current.CancellationToken);
    }
}
