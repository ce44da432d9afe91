using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Tests.Watches.Domains.Dns;

/// <summary>What the server does with one query: the datagrams or messages it sends back, each after its delay.</summary>
internal sealed record Reply(byte[] Octets, TimeSpan After = default);

/// <summary>
/// A small DNS server on a loopback port, over UDP and TCP, that answers from a zone as a recursive resolver would;
/// <see cref="Respond"/> makes it misbehave.
/// </summary>
internal sealed class LoopbackDnsServer : IAsyncDisposable
{
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running;

    public LoopbackDnsServer(TestZone? zone = null)
    {
        Zone = zone ?? new TestZone();
        (_udp, _tcp) = Bind();
        EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
        Respond = (query, tcp) => [new Reply(Answer(query, tcp))];
        _running = [Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync)];
    }

    public IPEndPoint EndPoint { get; }

    public TestZone Zone { get; set; }

    /// <summary>Every question asked, with whether it came over TCP.</summary>
    public ConcurrentQueue<(DnsQuestion Question, bool Tcp, int SourcePort, ushort Id)> Asked { get; } = [];

    /// <summary>What to send back; several replies are sent one after the other.</summary>
    public Func<DnsMessage, bool, IReadOnlyList<Reply>> Respond { get; set; }

    /// <summary>The honest answer, cut down to the question with the TC bit where UDP cannot carry it.</summary>
    public byte[] Answer(DnsMessage query, bool tcp)
    {
        var message = Zone.Answer(query);
        var octets = message.Encode();
        var limit = query.Edns?.PayloadSize ?? 512;
        return tcp || octets.Length <= limit ? octets : (message with { Truncated = true, Answers = [], Authority = [] }).Encode();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    // The same port for both; another process may hold one of the two.
    private static (Socket Udp, TcpListener Tcp) Bind()
    {
        for (var attempt = 0; ; attempt++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(tcp.LocalEndpoint);
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 50)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[65_535];
        while (!_stop.IsCancellationRequested)
        {
            SocketReceiveFromResult received;
            try
            {
                received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
            }
            catch (SocketException)
            {
                continue; // A client has closed its port before a late answer.
            }

            var asker = (IPEndPoint)received.RemoteEndPoint;
            if (!DnsMessage.TryDecode(buffer.AsSpan(0, received.ReceivedBytes), out var query, out _)) continue;
            Asked.Enqueue((query.Questions[0], false, asker.Port, query.Id));
            _ = SendAsync(Respond(query, false), octets => _udp.SendToAsync(octets, asker, _stop.Token).AsTask());
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var peer = await _tcp.AcceptTcpClientAsync(_stop.Token);
            _ = ServePeerAsync(peer);
        }
    }

    private async Task ServePeerAsync(TcpClient peer)
    {
        using var closing = peer;
        try
        {
            var stream = peer.GetStream();
            var prefix = new byte[2];
            await stream.ReadExactlyAsync(prefix, _stop.Token);
            var octets = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
            await stream.ReadExactlyAsync(octets, _stop.Token);
            if (!DnsMessage.TryDecode(octets, out var query, out _)) return;
            Asked.Enqueue((query.Questions[0], true, ((IPEndPoint)peer.Client.RemoteEndPoint!).Port, query.Id));
            await SendAsync(Respond(query, true), async message =>
            {
                var framed = new byte[message.Length + 2];
                BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
                message.CopyTo(framed, 2);
                await stream.WriteAsync(framed, _stop.Token);
            });
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client went away.
        }
    }

    private async Task SendAsync(IReadOnlyList<Reply> replies, Func<byte[], Task> send)
    {
        try
        {
            foreach (var reply in replies)
            {
                if (reply.After > TimeSpan.Zero) await Task.Delay(reply.After, _stop.Token);
                await send(reply.Octets);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }
}

/// <summary>Records by name; a name without any does not exist, unless a wildcard covers it.</summary>
internal sealed class TestZone
{
    private readonly ConcurrentDictionary<DnsName, ImmutableArray<DnsRecord>> _records = [];
    private readonly ConcurrentDictionary<DnsName, ResponseCode> _broken = [];

    public uint NegativeSeconds { get; set; } = 60;

    public TestZone Add(params DnsRecord[] records)
    {
        foreach (var record in records)
            _records.AddOrUpdate(record.Name, [record], (_, present) => present.Add(record));
        return this;
    }

    /// <summary>A registered domain: delegated, with an address, and mail where exchanges are given.</summary>
    public TestZone Register(string domain, params string[] exchanges)
    {
        var name = DnsName.Parse(domain);
        Add(new NameServerRecord(name, 300, DnsName.Parse("ns1.hoster.test")), new AddressRecord(name, RecordType.A, 300, IPAddress.Parse("192.0.2.10")));
        foreach (var (exchange, i) in exchanges.Select((e, i) => (e, i)))
            Add(new MailExchangeRecord(name, 300, exchange == "." ? (ushort)0 : (ushort)(10 * (i + 1)), DnsName.Parse(exchange)));
        return this;
    }

    public TestZone Remove(string domain)
    {
        _records.TryRemove(DnsName.Parse(domain), out _);
        return this;
    }

    /// <summary>Every question about the name, or beneath it, is answered with this code.</summary>
    public TestZone Break(string domain, ResponseCode code)
    {
        _broken[DnsName.Parse(domain)] = code;
        return this;
    }

    public TestZone Mend(string domain)
    {
        _broken.TryRemove(DnsName.Parse(domain), out _);
        return this;
    }

    public DnsMessage Answer(DnsMessage query)
    {
        var question = query.Questions[0];
        var message = query with { IsResponse = true, RecursionAvailable = true, Edns = query.Edns is null ? null : query.Edns with { PayloadSize = 1232 } };
        if (Suffixes(question.Name).Any(s => _broken.ContainsKey(s)))
            return message with { Code = Suffixes(question.Name).Select(s => _broken.GetValueOrDefault(s)).First(c => c != 0) };

        var records = Find(question.Name);
        if (records.IsEmpty) return message with { Code = ResponseCode.NameError, Authority = [Authority(question.Name)] };
        var answers = records.Where(r => r.Type == question.Type || r is AliasRecord).ToList();
        if (answers is [AliasRecord alias] && question.Type != RecordType.Cname)
            answers.AddRange(Find(alias.Target).Where(r => r.Type == question.Type));
        return answers.Count > 0
            ? message with { Answers = [.. answers] }
            : message with { Authority = [Authority(question.Name)] };
    }

    private ImmutableArray<DnsRecord> Find(DnsName name)
    {
        if (_records.TryGetValue(name, out var records)) return [.. records.Select(r => r with { Name = name })];
        foreach (var parent in Suffixes(name).Skip(1))
        {
            if (_records.TryGetValue(DnsName.Parse("*." + parent), out records)) return [.. records.Select(r => r with { Name = name })];
            if (_records.ContainsKey(parent)) return []; // RFC 4592: the closest encloser decides.
        }

        return [];
    }

    private StartOfAuthorityRecord Authority(DnsName name) =>
        new(Suffixes(name).Last(), NegativeSeconds, DnsName.Parse("ns.test"), DnsName.Parse("host.test"), 1, 3600, 600, 86400, NegativeSeconds);

    private static IEnumerable<DnsName> Suffixes(DnsName name)
    {
        var text = name.ToString();
        while (true)
        {
            yield return DnsName.Parse(text);
            var dot = text.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 || dot == text.Length - 1) yield break;
            text = text[(dot + 1)..];
        }
    }
}
