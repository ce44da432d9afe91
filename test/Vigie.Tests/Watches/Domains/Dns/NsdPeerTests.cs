using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

/// <summary>The client against a server nobody here wrote (Debian package <c>nsd</c>), and beside <c>dig</c> (<c>bind9-dnsutils</c>).</summary>
[Collection("acceptance")]
public sealed class NsdPeerTests
{
    private const string Zone = """
        $ORIGIN peer.test.
        $TTL 300
        @       IN SOA ns.peer.test. host.peer.test. 1 3600 600 86400 120
        @       IN NS  ns
        ns      IN A   127.0.0.1
        @       IN MX  10 mx1
        @       IN MX  20 mx2
        mx1     IN A   192.0.2.1
        mx1     IN AAAA 2001:db8::1
        mx2     IN A   192.0.2.2
        nullmx  IN MX  0 .
        txt     IN TXT "v=spf1 -all" "second string"
        www     IN CNAME mx1
        *.wild  IN A   192.0.2.77
        Mixed   IN A   192.0.2.5
        big     IN TXT "BIG0"
        sub     IN NS  ns.elsewhere.test.

        """;

    [Fact]
    public async Task Answers_agree_with_the_zone_and_with_dig()
    {
        var nsd = SystemProgram.Require("nsd", "/usr/sbin/nsd");
        await using var peer = await NsdServer.StartAsync(nsd, WithBigText(Zone));
        using var client = new DnsClient(new DnsClientOptions { Servers = [peer.EndPoint], QueriesPerSecond = 1000, Timeout = TimeSpan.FromSeconds(5), Rounds = 1 }, TimeProvider.System);
        var ct = TestContext.Current.CancellationToken;

        async Task<DnsAnswer> Ask(string name, RecordType type) => await client.AskAsync(DnsName.Parse(name), type, ct);

        var mx = await Ask("peer.test", RecordType.Mx);
        Assert.Equal(["10 mx1.peer.test", "20 mx2.peer.test"], mx.Records.Cast<MailExchangeRecord>().Select(r => $"{r.Preference} {r.Exchange}").Order());
        Assert.Equal("0 .", Assert.Single((await Ask("nullmx.peer.test", RecordType.Mx)).Records.Cast<MailExchangeRecord>().Select(r => $"{r.Preference} {r.Exchange}")));
        Assert.Equal("2001:db8::1", Assert.Single((await Ask("mx1.peer.test", RecordType.Aaaa)).Records.Cast<AddressRecord>()).Address.ToString());
        var alias = await Ask("www.peer.test", RecordType.A);
        Assert.True(alias.ViaAlias);
        Assert.Equal("192.0.2.1", Assert.Single(alias.Records.Cast<AddressRecord>()).Address.ToString());
        Assert.Equal(DnsOutcome.Found, (await Ask("anything.wild.peer.test", RecordType.A)).Outcome);
        Assert.Equal(DnsOutcome.Found, (await Ask("mixed.peer.test", RecordType.A)).Outcome);
        Assert.Equal(2, Assert.Single((await Ask("txt.peer.test", RecordType.Txt)).Records.Cast<TextRecord>()).Strings.Length);
        Assert.Equal(120u, Assert.Single((await Ask("peer.test", RecordType.Soa)).Records.Cast<StartOfAuthorityRecord>()).Minimum);

        var missing = await Ask("missing.peer.test", RecordType.Ns);
        Assert.Equal((DnsOutcome.NoSuchName, TimeSpan.FromSeconds(120)), (missing.Outcome, missing.GoodFor));
        Assert.Equal(DnsOutcome.NoData, (await Ask("mx1.peer.test", RecordType.Mx)).Outcome);
        Assert.Equal(DnsFailure.Refused, (await Ask("elsewhere.test", RecordType.Ns)).Failure);
        Assert.Equal(DnsFailure.Referral, (await Ask("below.sub.peer.test", RecordType.A)).Failure);

        // About 5,000 octets: NSD cuts the UDP answer off.
        Assert.Equal(25, (await Ask("big.peer.test", RecordType.Txt)).Records.Length);

        if (SystemProgram.Find("dig", "/usr/bin/dig") is { } dig)
        {
            foreach (var (name, type) in new[] { ("peer.test", RecordType.Mx), ("mx1.peer.test", RecordType.A), ("x.wild.peer.test", RecordType.A), ("peer.test", RecordType.Ns), ("missing.peer.test", RecordType.A) })
                Assert.Equal(await DigAsync(dig, peer.EndPoint, name, type), Show(await Ask(name, type)));
        }
    }

    private static string WithBigText(string zone) =>
        zone + string.Concat(Enumerable.Range(1, 24).Select(i => $"big IN TXT \"{i:000}{new string('x', 200)}\"\n"));

    private static string Show(DnsAnswer answer) => string.Join('\n', answer.Records.Select(r => r switch
    {
        AddressRecord a => a.Address.ToString(),
        MailExchangeRecord m => $"{m.Preference} {m.Exchange}.",
        NameServerRecord n => $"{n.Server}.",
        _ => r.ToString(),
    }).Order(StringComparer.Ordinal));

    private static async Task<string> DigAsync(string dig, IPEndPoint server, string name, RecordType type)
    {
        var output = await SystemProgram.RunAsync(dig, [$"@{server.Address}", "-p", $"{server.Port}", "+short", "+norecurse", name, type.ToString().ToUpperInvariant()]);
        return string.Join('\n', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private sealed class NsdServer(Process process, string folder, IPEndPoint endPoint) : IAsyncDisposable
    {
        public IPEndPoint EndPoint => endPoint;

        public static async Task<NsdServer> StartAsync(string program, string zone)
        {
            var folder = Directory.CreateTempSubdirectory("vigie-nsd-").FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "peer.zone"), zone);
            for (var attempt = 0; ; attempt++)
            {
                var endPoint = FreePort();
                await File.WriteAllTextAsync(Path.Combine(folder, "nsd.conf"), Configuration(folder, endPoint.Port));
                var process = Process.Start(new ProcessStartInfo(program, ["-d", "-c", Path.Combine(folder, "nsd.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
                if (await AnswersAsync(endPoint, process)) return new NsdServer(process, folder, endPoint);
                var said = process.HasExited ? await process.StandardError.ReadToEndAsync() : "no answer";
                if (!process.HasExited) process.Kill(entireProcessTree: true);
                process.Dispose();
                Assert.True(attempt < 3, $"nsd did not start: {said}");
            }
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        private static async Task<bool> AnswersAsync(IPEndPoint endPoint, Process process)
        {
            using var probe = new DnsClient(new DnsClientOptions { Servers = [endPoint], QueriesPerSecond = 1000, Timeout = TimeSpan.FromMilliseconds(500), Rounds = 1 }, TimeProvider.System);
            for (var i = 0; i < 100 && !process.HasExited; i++)
            {
                var answer = await probe.AskAsync(DnsName.Parse("peer.test"), RecordType.Soa, TestContext.Current.CancellationToken);
                if (answer.Outcome == DnsOutcome.Found) return true;
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            return false;
        }

        private static IPEndPoint FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return (IPEndPoint)listener.LocalEndpoint;
        }

        private static string Configuration(string folder, int port) => $"""
            server:
              ip-address: 127.0.0.1
              port: {port}
              server-count: 1
              username: ""
              chroot: ""
              zonesdir: "{folder}"
              database: ""
              pidfile: "{folder}/nsd.pid"
              xfrdfile: "{folder}/xfrd.state"
              zonelistfile: "{folder}/zone.list"
              xfrdir: "{folder}"
              logfile: "{folder}/nsd.log"
              rrl-ratelimit: 0
            remote-control:
              control-enable: no
            zone:
              name: peer.test
              zonefile: peer.zone
            """;
    }
}
