using System.Net;
using Vigie.Tests.Watches.Domains.Dns;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Registration;
using Status = Vigie.Watches.Domains.Registration.Registration;

namespace Vigie.Tests.Watches.Domains.Registration;

public sealed class DomainInspectorTests
{
    private readonly TestZone _zone = new();

    [Fact]
    public async Task A_name_that_does_not_exist_is_absent() =>
        Assert.Equal(Status.Absent, (await InspectAsync("army.ml")).Registration);

    [Theory]
    [InlineData(ResponseCode.ServerFailure)]
    [InlineData(ResponseCode.Refused)]
    [InlineData(ResponseCode.NotImplemented)]
    public async Task A_failure_is_unknown_and_never_registered(object code)
    {
        _zone.Register("army.ml", "mx.army.ml").Break("army.ml", (ResponseCode)code);
        var seen = await InspectAsync("army.ml");
        Assert.Equal(Status.Unknown, seen.Registration);
        Assert.NotNull(seen.Failure);
    }

    [Fact]
    public async Task A_delegated_name_is_registered_and_its_exchanges_come_by_preference()
    {
        _zone.Register("army.ml", "b.mx.test", "a.mx.test");
        var seen = await InspectAsync("army.ml");
        Assert.Equal(Status.Registered, seen.Registration);
        Assert.Equal(MailPath.Exchange, seen.Mail);
        Assert.Equal(["b.mx.test", "a.mx.test"], seen.Exchanges);
        Assert.Equal(["ns1.hoster.test"], seen.NameServers);
        Assert.Equal(Observed.No, seen.WildcardDns);
        Assert.Equal(Observed.Unknown, seen.CatchAll);
    }

    [Fact]
    public async Task A_null_mx_takes_no_mail()
    {
        _zone.Register("army.ml", ".");
        var seen = await InspectAsync("army.ml");
        Assert.Equal(MailPath.NullMx, seen.Mail);
        Assert.Empty(seen.Exchanges);
    }

    [Fact]
    public async Task Without_mx_the_address_takes_the_mail_and_without_both_nobody_does()
    {
        _zone.Register("army.ml");
        Assert.Equal(MailPath.Address, (await InspectAsync("army.ml")).Mail);
        _zone.Add(new NameServerRecord(DnsName.Parse("parked.ml"), 60, DnsName.Parse("ns.test")));
        Assert.Equal(MailPath.None, (await InspectAsync("parked.ml")).Mail);
        _zone.Add(
            new NameServerRecord(DnsName.Parse("six.ml"), 60, DnsName.Parse("ns.test")),
            new AddressRecord(DnsName.Parse("six.ml"), RecordType.Aaaa, 60, IPAddress.Parse("2001:db8::6")));
        Assert.Equal(MailPath.Address, (await InspectAsync("six.ml")).Mail);
    }

    [Fact]
    public async Task A_domain_that_answers_for_random_names_has_wildcard_dns()
    {
        _zone.Register("army.ml").Add(new AddressRecord(DnsName.Parse("*.army.ml"), RecordType.A, 60, IPAddress.Parse("192.0.2.1")));
        Assert.Equal(Observed.Yes, (await InspectAsync("army.ml")).WildcardDns);
    }

    [Fact]
    public async Task A_wildcard_of_mx_alone_is_a_wildcard_too()
    {
        _zone.Register("army.ml").Add(new MailExchangeRecord(DnsName.Parse("*.army.ml"), 60, 10, DnsName.Parse("mx.test")));
        Assert.Equal(Observed.Yes, (await InspectAsync("army.ml")).WildcardDns);
    }

    [Fact]
    public async Task Under_a_suffix_that_answers_every_name_only_a_delegation_counts()
    {
        _zone.Add(new AddressRecord(DnsName.Parse("*.ws"), RecordType.A, 60, IPAddress.Parse("192.0.2.99")), new MailExchangeRecord(DnsName.Parse("*.ws"), 60, 10, DnsName.Parse("mx.ws")));
        _zone.Register("army.ws", "mx.army.ws");
        Assert.Equal(Status.Absent, (await InspectAsync("navy.ws")).Registration);
        Assert.Equal(Status.Registered, (await InspectAsync("army.ws")).Registration);
    }

    [Fact]
    public async Task A_name_within_a_strangers_wildcard_zone_is_nobodys()
    {
        _zone.Register("my.mil").Add(new AddressRecord(DnsName.Parse("*.my.mil"), RecordType.A, 60, IPAddress.Parse("192.0.2.1")));
        Assert.Equal(Status.Absent, (await InspectAsync("ar.my.mil")).Registration);
    }

    [Fact]
    public async Task A_wildcard_of_name_servers_is_no_registration_either()
    {
        _zone.Add(new NameServerRecord(DnsName.Parse("*.ws"), 60, DnsName.Parse("ns.registry.ws")));
        Assert.Equal(Status.Absent, (await InspectAsync("navy.ws")).Registration);
    }

    [Fact]
    public async Task While_the_suffix_cannot_be_judged_nothing_is_registered()
    {
        _zone.Register("army.ml", "mx.army.ml");
        await using var server = new LoopbackDnsServer(_zone);
        server.Respond = (query, tcp) =>
            query.Questions[0].Name == DnsName.Parse("army.ml")
                ? [new Reply(server.Answer(query, tcp))]
                : [new Reply((query with { IsResponse = true, Code = ResponseCode.ServerFailure }).Encode())];
        Assert.Equal(Status.Unknown, (await InspectAsync(server, "army.ml")).Registration);
    }

    [Fact]
    public async Task A_name_with_records_of_its_own_counts_without_a_delegation()
    {
        _zone.Add(new MailExchangeRecord(DnsName.Parse("army.ml"), 60, 10, DnsName.Parse("mx.test")));
        var seen = await InspectAsync("army.ml");
        Assert.Equal((Status.Registered, MailPath.Exchange), (seen.Registration, seen.Mail));
    }

    [Fact]
    public async Task A_name_that_exists_without_any_record_proves_nothing()
    {
        _zone.Add(new TextRecord(DnsName.Parse("army.ml"), 60, [[.. "x"u8]]));
        Assert.Equal(Status.Unknown, (await InspectAsync("army.ml")).Registration);
    }

    [Theory]
    [InlineData("250 ok", Observed.Yes)]
    [InlineData("550 5.1.1 unknown", Observed.No)]
    public async Task Where_it_is_wanted_the_mail_server_is_asked_about_a_mailbox_that_cannot_exist(string reply, object expected)
    {
        await using var mail = new SmtpScript(line => line.StartsWith("RCPT", StringComparison.Ordinal) ? reply : "250 ok");
        _zone.Register("army.ml", "mx.test").Add(new AddressRecord(DnsName.Parse("mx.test"), RecordType.A, 60, IPAddress.Loopback));
        await using var server = new LoopbackDnsServer(_zone);
        using var client = Client(server);
        var probe = new SmtpProbe("probe.test", TimeProvider.System, IPAddress.IsLoopback, mail.Port);
        var seen = await new DomainInspector(client, probe).InspectAsync("army.ml", TestContext.Current.CancellationToken);
        Assert.Equal((Observed)expected, seen.CatchAll);
    }

    [Fact]
    public async Task A_domain_that_takes_no_mail_is_not_probed()
    {
        await using var mail = new SmtpScript(_ => "250 ok");
        _zone.Register("army.ml", ".");
        await using var server = new LoopbackDnsServer(_zone);
        using var client = Client(server);
        var probe = new SmtpProbe("probe.test", TimeProvider.System, IPAddress.IsLoopback, mail.Port);
        await new DomainInspector(client, probe).InspectAsync("army.ml", TestContext.Current.CancellationToken);
        Assert.Equal(0, mail.Connections);
    }

    [Fact]
    public async Task Every_suffix_is_judged_once()
    {
        await using var server = new LoopbackDnsServer(_zone);
        for (var i = 0; i < 10; i++) _zone.Register($"n{i}.ml");
        using var client = Client(server);
        var inspector = new DomainInspector(client);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => inspector.InspectAsync($"n{i}.ml", TestContext.Current.CancellationToken)));
        Assert.Single(server.Asked, a => a.Question.Name.ToString().Split('.') is [{ Length: 20 }, _]);
    }

    private async Task<Observation> InspectAsync(string domain)
    {
        await using var server = new LoopbackDnsServer(_zone);
        return await InspectAsync(server, domain);
    }

    private static async Task<Observation> InspectAsync(LoopbackDnsServer server, string domain)
    {
        using var client = Client(server);
        return await new DomainInspector(client).InspectAsync(domain, TestContext.Current.CancellationToken);
    }

    private static DnsClient Client(LoopbackDnsServer server) =>
        new(new DnsClientOptions { Servers = [server.EndPoint], QueriesPerSecond = 10_000, Timeout = TimeSpan.FromSeconds(5), Rounds = 1 }, TimeProvider.System);
}
