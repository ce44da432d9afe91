using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

public sealed class DnsClientTests
{
    private static readonly DnsName Army = DnsName.Parse("army.ml");

    [Fact]
    public async Task Finds_records_and_tells_a_missing_name_from_a_missing_type()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml", "mx.army.ml"));
        using var client = Client(server);
        Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "army.ml", RecordType.Mx)).Outcome);
        Assert.Equal(DnsOutcome.NoData, (await AskAsync(client, "army.ml", RecordType.Txt)).Outcome);
        Assert.Equal(DnsOutcome.NoSuchName, (await AskAsync(client, "navy.ml", RecordType.Ns)).Outcome);
    }

    [Fact]
    public async Task Every_question_has_its_own_port_and_id_and_random_case()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("armyarmyarmy.ml"));
        using var client = Client(server, o => o with { CacheEntries = 0 });
        for (var i = 0; i < 12; i++) await AskAsync(client, "armyarmyarmy.ml", RecordType.A);
        var asked = server.Asked.ToArray();
        Assert.All(asked, a => Assert.False(a.Tcp));
        Assert.True(asked.Select(a => a.SourcePort).Distinct().Count() > 6);
        Assert.True(asked.Select(a => a.Id).Distinct().Count() > 6);
        Assert.True(asked.Select(a => a.Question.Name.ToString()).Distinct().Count() > 6);
    }

    [Fact]
    public async Task A_cut_off_answer_is_asked_for_again_over_tcp()
    {
        var zone = new TestZone().Register("army.ml");
        for (var i = 0; i < 100; i++) zone.Add(new MailExchangeRecord(Army, 60, (ushort)i, DnsName.Parse($"mx{i}.some-long-exchange-name.test")));
        await using var server = new LoopbackDnsServer(zone);
        using var client = Client(server);
        var answer = await AskAsync(client, "army.ml", RecordType.Mx);
        Assert.Equal(100, answer.Records.Length);
        Assert.Equal([false, true], server.Asked.Select(a => a.Tcp));
    }

    [Fact]
    public async Task A_cut_off_answer_that_ends_within_a_record_is_asked_for_over_tcp_too()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml", "mx.army.ml"));
        server.Respond = (query, tcp) =>
        {
            var octets = server.Answer(query, tcp);
            if (tcp) return [new Reply(octets)];
            octets[2] |= 0x02;
            return [new Reply(octets[..^5])];
        };
        using var client = Client(server);
        Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "army.ml", RecordType.Mx)).Outcome);
    }

    [Fact]
    public async Task An_answer_cut_off_over_tcp_too_is_unknown()
    {
        await using var server = new LoopbackDnsServer();
        server.Respond = (query, _) => [new Reply((query with { IsResponse = true, Truncated = true }).Encode())];
        using var client = Client(server);
        var answer = await AskAsync(client, "army.ml", RecordType.Mx);
        Assert.Equal((DnsOutcome.Unknown, (DnsFailure?)DnsFailure.Truncated), (answer.Outcome, answer.Failure));
    }

    [Fact]
    public async Task Datagrams_with_another_id_or_question_or_garbage_are_passed_over()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml"));
        server.Respond = (query, tcp) =>
        {
            var honest = server.Answer(query, tcp);
            var lie = query with
            {
                IsResponse = true,
                RecursionAvailable = true,
                Answers = [new AddressRecord(query.Questions[0].Name, RecordType.A, 60, IPAddress.Parse("192.0.2.66"))],
            };
            return
            [
                new Reply((lie with { Id = (ushort)(query.Id + 1) }).Encode()),
                new Reply((lie with { Questions = [new DnsQuestion(DnsName.Parse("other.ml"), RecordType.A)] }).Encode()),
                new Reply((lie with { Questions = [query.Questions[0] with { Type = RecordType.Mx }] }).Encode()),
                new Reply((lie with { IsResponse = false }).Encode()),
                new Reply([1, 2, 3]),
                new Reply(honest),
                new Reply(honest),
            ];
        };
        using var client = Client(server);
        var answer = await AskAsync(client, "army.ml", RecordType.A);
        Assert.Equal(IPAddress.Parse("192.0.2.10"), Assert.IsType<AddressRecord>(Assert.Single(answer.Records)).Address);
        Assert.Equal(5, client.Resolvers[0].Strays);
    }

    [Fact]
    public async Task Under_a_hail_of_wrong_ids_the_question_moves_to_tcp()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml"));
        server.Respond = (query, tcp) => tcp
            ? [new Reply(server.Answer(query, tcp))]
            : [.. Enumerable.Range(1, 40).Select(i => new Reply((query with { Id = (ushort)(query.Id + i), IsResponse = true, Code = ResponseCode.NameError }).Encode()))];
        using var client = Client(server);
        Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "army.ml", RecordType.A)).Outcome);
        Assert.Contains(server.Asked, a => a.Tcp);
    }

    [Fact]
    public async Task A_server_that_lowers_the_case_is_believed_over_tcp_only()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("armyarmyarmyarmy.ml"));
        server.Respond = (query, tcp) =>
        {
            var lowered = query with { Questions = [query.Questions[0] with { Name = query.Questions[0].Name.WithCase(() => false) }] };
            return [new Reply(server.Answer(lowered, tcp))];
        };
        using var client = Client(server);
        Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "armyarmyarmyarmy.ml", RecordType.A)).Outcome);
        Assert.Equal([false, true], server.Asked.Select(a => a.Tcp));
    }

    [Theory]
    [InlineData(2, DnsFailure.ServerFailure)]
    [InlineData(5, DnsFailure.Refused)]
    public async Task A_server_that_fails_or_refuses_makes_it_unknown(int code, object expected)
    {
        await using var server = new LoopbackDnsServer(new TestZone().Break("ml", (ResponseCode)code));
        using var client = Client(server);
        var answer = await AskAsync(client, "army.ml", RecordType.Ns);
        Assert.Equal((DnsOutcome.Unknown, (DnsFailure?)expected), (answer.Outcome, answer.Failure));
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task A_silent_server_makes_it_unknown_and_a_closed_port_does_so_at_once()
    {
        await using var silent = new LoopbackDnsServer();
        silent.Respond = (_, _) => [];
        using var client = Client(silent, o => o with { Timeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(DnsFailure.Timeout, (await AskAsync(client, "army.ml", RecordType.Ns)).Failure);

        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = (IPEndPoint)closed.LocalEndPoint!;
        closed.Close();
        using var unreachable = new DnsClient(new DnsClientOptions { Servers = [port], QueriesPerSecond = 1000 }, TimeProvider.System);
        Assert.Equal(DnsFailure.Unreachable, (await AskAsync(unreachable, "army.ml", RecordType.Ns)).Failure);
    }

    [Fact]
    public async Task Without_any_server_it_is_unknown()
    {
        using var client = new DnsClient(new DnsClientOptions { Servers = [] }, TimeProvider.System);
        Assert.Equal(DnsFailure.NoServer, (await AskAsync(client, "army.ml", RecordType.Ns)).Failure);
    }

    [Fact]
    public async Task The_next_server_is_asked_when_one_fails_and_a_failing_one_comes_last()
    {
        await using var bad = new LoopbackDnsServer(new TestZone().Break("ml", ResponseCode.Refused));
        await using var good = new LoopbackDnsServer(new TestZone().Register("army.ml"));
        using var client = Client([bad, good], o => o with { CacheEntries = 0 });
        for (var i = 0; i < ResolverHealth.FailuresToRest + 4; i++)
            Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "army.ml", RecordType.A)).Outcome);

        Assert.Equal(ResolverHealth.FailuresToRest, bad.Asked.Count);
        Assert.False(client.Resolvers[0].IsHealthy);
        Assert.True(client.Resolvers[1].IsHealthy);
    }

    [Fact]
    public async Task A_server_without_edns_is_asked_without_it()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml"));
        server.Respond = (query, tcp) => query.Edns is null
            ? [new Reply(server.Answer(query, tcp))]
            : [new Reply(new DnsMessage { Id = query.Id, IsResponse = true, Code = ResponseCode.FormatError }.Encode())];
        using var client = Client(server, o => o with { CacheEntries = 0 });
        Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "army.ml", RecordType.A)).Outcome);
        Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "army.ml", RecordType.A)).Outcome);
        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task A_late_answer_to_an_earlier_question_is_not_taken_for_the_next()
    {
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml").Register("navy.ml"));
        server.Respond = (query, tcp) => [new Reply(server.Answer(query, tcp), server.Asked.Count == 1 ? TimeSpan.FromMilliseconds(300) : default)];
        using var client = Client(server, o => o with { Timeout = TimeSpan.FromMilliseconds(150), Rounds = 1 });
        Assert.Equal(DnsFailure.Timeout, (await AskAsync(client, "army.ml", RecordType.A)).Failure);
        var answer = await AskAsync(client, "navy.ml", RecordType.A);
        Assert.Equal(DnsName.Parse("navy.ml"), Assert.Single(answer.Records).Name);
    }

    [Fact]
    public async Task A_message_made_of_compression_loops_is_no_answer()
    {
        await using var server = new LoopbackDnsServer();
        server.Respond = (query, _) =>
        {
            var octets = (query with { IsResponse = true, Edns = null }).Encode().ToList();
            octets[7] = 1;
            var at = octets.Count;
            octets.AddRange([(byte)(0xC0 | at >> 8), (byte)at, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]);
            return [new Reply([.. octets])];
        };
        using var client = Client(server, o => o with { Timeout = TimeSpan.FromMilliseconds(100), Rounds = 1 });
        Assert.Equal(DnsOutcome.Unknown, (await AskAsync(client, "army.ml", RecordType.A)).Outcome);
    }

    [Fact]
    public async Task What_the_zone_allows_is_kept_and_what_is_unknown_is_asked_again()
    {
        var time = new AdjustableTime();
        await using var server = new LoopbackDnsServer(new TestZone { NegativeSeconds = 60 });
        using var client = Client(server, time: time);
        await AskAsync(client, "army.ml", RecordType.Ns);
        await AskAsync(client, "army.ml", RecordType.Mx); // NXDOMAIN stands for every type.
        Assert.Single(server.Asked);

        time.Advance(TimeSpan.FromSeconds(61));
        server.Zone.Break("ml", ResponseCode.ServerFailure);
        Assert.Equal(DnsOutcome.Unknown, (await AskAsync(client, "army.ml", RecordType.Ns)).Outcome);
        server.Zone.Mend("ml").Register("army.ml");
        Assert.Equal(DnsOutcome.Found, (await AskAsync(client, "army.ml", RecordType.Ns)).Outcome);
    }

    [Fact]
    public async Task No_more_questions_are_under_way_than_allowed()
    {
        await using var server = new LoopbackDnsServer();
        int underWay = 0, most = 0;
        server.Respond = (query, tcp) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            Thread.Sleep(5);
            Interlocked.Decrement(ref underWay);
            return [new Reply(server.Answer(query, tcp), TimeSpan.FromMilliseconds(20))];
        };
        using var client = Client(server, o => o with { Concurrency = 3, Timeout = TimeSpan.FromSeconds(10) });
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => AskAsync(client, $"n{i}.ml", RecordType.Ns)));
        Assert.All(answers, a => Assert.Equal(DnsOutcome.NoSuchName, a.Outcome));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task The_caller_can_give_up()
    {
        await using var server = new LoopbackDnsServer();
        server.Respond = (_, _) => [];
        using var client = Client(server, o => o with { Timeout = TimeSpan.FromMinutes(5) });
        using var stop = new CancellationTokenSource();
        var asking = client.AskAsync(Army, RecordType.Ns, stop.Token);
        while (server.Asked.IsEmpty) await Task.Delay(5, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static Task<DnsAnswer> AskAsync(DnsClient client, string name, RecordType type) =>
        client.AskAsync(DnsName.Parse(name), type, TestContext.Current.CancellationToken);

    private static DnsClient Client(LoopbackDnsServer server, Func<DnsClientOptions, DnsClientOptions>? change = null, TimeProvider? time = null) =>
        Client([server], change, time);

    private static DnsClient Client(ImmutableArray<LoopbackDnsServer> servers, Func<DnsClientOptions, DnsClientOptions>? change = null, TimeProvider? time = null)
    {
        var options = new DnsClientOptions { Servers = [.. servers.Select(s => s.EndPoint)], Timeout = TimeSpan.FromSeconds(5), QueriesPerSecond = 10_000 };
        return new DnsClient(change?.Invoke(options) ?? options, time ?? TimeProvider.System);
    }
}
