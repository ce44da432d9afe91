using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Vigie.Watches.Domains.Dns;

/// <summary>What came of asking one server once: its message, or why there is none.</summary>
internal readonly record struct ExchangeResult(DnsMessage? Message, DnsFailure Failure);

/// <summary>
/// Asks one server one question: over UDP from a fresh socket (so from a random port), with a random id and, where
/// wanted, random letter case; over TCP when the answer does not fit or looks tampered with. A datagram counts as the
/// answer only when it comes from the server's address and port and repeats id and question (RFC 5452 §9.1).
/// </summary>
internal sealed class DnsExchange(IPEndPoint server, DnsQuestion question, bool edns, bool randomCase)
{
    // Past this many datagrams that are not the answer somebody is guessing, and TCP cannot be guessed into.
    private const int MaxStrays = 16;

    // Larger than what is advertised: some servers ignore the advertisement, and reading a cut-off datagram loses it.
    private const int ReceiveBuffer = 4096;

    /// <summary>Datagrams seen that were not the answer.</summary>
    public int Strays { get; private set; }

    /// <summary>Asks; the caller's token bounds the time.</summary>
    public async Task<ExchangeResult> AskAsync(CancellationToken ct)
    {
        var asked = randomCase ? question with { Name = question.Name.WithCase(RandomBit) } : question;
        var query = DnsMessage.Query((ushort)RandomNumberGenerator.GetInt32(0x1_0000), asked, edns);
        var octets = query.Encode();

        var datagram = await AskOverUdpAsync(query, octets, ct).ConfigureAwait(false);
        if (datagram is { Truncated: false }) return new ExchangeResult(datagram, default);

        // Cut off, in another case than asked, or under fire: the stream decides.
        var answer = await AskOverTcpAsync(query, octets, ct).ConfigureAwait(false);
        return answer switch
        {
            null => new ExchangeResult(null, DnsFailure.Malformed),
            { Truncated: true } => new ExchangeResult(null, DnsFailure.Truncated),
            _ => new ExchangeResult(answer, default),
        };
    }

    // Null means: ask over TCP.
    private async Task<DnsMessage?> AskOverUdpAsync(DnsMessage query, byte[] octets, CancellationToken ct)
    {
        // Connected, so that the kernel drops what comes from elsewhere and tells of a closed port.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, ct).ConfigureAwait(false);
        await socket.SendAsync(octets, SocketFlags.None, ct).ConfigureAwait(false);

        var buffer = new byte[ReceiveBuffer];
        for (; Strays < MaxStrays; Strays++)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, ct).ConfigureAwait(false);
            switch (Judge(buffer.AsSpan(0, length), query, out var message))
            {
                case Datagram.Answer: return message;
                case Datagram.AskOverTcp: return null;
            }
        }

        return null;
    }

    private enum Datagram
    {
        Stray,
        Answer,
        AskOverTcp,
    }

    private static Datagram Judge(ReadOnlySpan<byte> octets, DnsMessage query, out DnsMessage? message)
    {
        message = null;
        if (octets.Length < 12 || BinaryPrimitives.ReadUInt16BigEndian(octets) != query.Id) return Datagram.Stray;
        if (!DnsMessage.TryDecode(octets, out message, out _))
        {
            // A cut-off answer may end in the middle of a record (RFC 2181 §9). Anything else malformed is no answer.
            var truncatedResponse = (octets[2] & 0x82) == 0x82;
            return truncatedResponse ? Datagram.AskOverTcp : Datagram.Stray;
        }

        return Matches(message, query) switch
        {
            Echo.Exact => Datagram.Answer,
            Echo.OtherCase => Datagram.AskOverTcp,
            _ => Datagram.Stray,
        };
    }

    private async Task<DnsMessage?> AskOverTcpAsync(DnsMessage query, byte[] octets, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, ct).ConfigureAwait(false);
        await using var stream = new NetworkStream(socket, ownsSocket: false);

        // Length and message in one segment: some servers read only the first (RFC 7766 §8).
        var framed = new byte[octets.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)octets.Length);
        octets.CopyTo(framed, 2);
        await stream.WriteAsync(framed, ct).ConfigureAwait(false);

        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, ct).ConfigureAwait(false);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(answer, ct).ConfigureAwait(false);
        return DnsMessage.TryDecode(answer, out var message, out _) && message.Id == query.Id && Matches(message, query) != Echo.None ? message : null;
    }

    private enum Echo
    {
        None,
        OtherCase,
        Exact,
    }

    private static Echo Matches(DnsMessage message, DnsMessage query)
    {
        if (!message.IsResponse || message.OpCode != 0) return Echo.None;

        // A server that could not read the query may leave the question out (RFC 1035 §4.1.1, FORMERR).
        if (message.Questions.Length == 0) return message.Code is ResponseCode.FormatError or ResponseCode.NotImplemented ? Echo.Exact : Echo.None;
        if (message.Questions.Length != 1 || message.Questions[0] != query.Questions[0]) return Echo.None;
        return message.Questions[0].Name.EqualsInCase(query.Questions[0].Name) ? Echo.Exact : Echo.OtherCase;
    }

    private static bool RandomBit() => RandomNumberGenerator.GetInt32(2) == 1;
}
