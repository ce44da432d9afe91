using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// The other end of the protocol: asks a milter as an MTA would, one step at a time. <c>vigie doctor</c> and
/// <c>up --sample</c> use it, so that what they say comes through the real door. It offers no steps to leave out,
/// so every step has exactly one answer.
/// </summary>
internal sealed class MilterClient : IAsyncDisposable
{
    private const int MaxPacket = 1_000_000;
    private readonly NetworkStream _stream;

    private MilterClient(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects to an address as Postfix writes it: <c>inet:127.0.0.1:8892</c>, <c>unix:/path</c>.</summary>
    /// <exception cref="SocketException">Nobody listens there, or it is not permitted.</exception>
    public static async Task<MilterClient> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        EndPoint endPoint = address.StartsWith("unix:", StringComparison.Ordinal)
            ? new UnixDomainSocketEndPoint(address["unix:".Length..])
            : IPEndPoint.Parse(address["inet:".Length..]);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new MilterClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Offers version 6 with every action.</summary>
    /// <returns>The version that the filter chose.</returns>
    /// <exception cref="InvalidDataException">What answered is no milter.</exception>
    public async Task<int> NegotiateAsync(CancellationToken cancellationToken)
    {
        var offer = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(offer, 6);
        BinaryPrimitives.WriteUInt32BigEndian(offer.AsSpan(4), (uint)MilterActions.All);
        await SendAsync(MilterCommand.Negotiate, offer, cancellationToken);
        var (answer, data) = await ReadAsync(cancellationToken);
        return answer == MilterAnswer.Negotiate && data.Length >= 12
            ? (int)BinaryPrimitives.ReadUInt32BigEndian(data)
            : throw new InvalidDataException($"answered the offer with '{(char)answer}' and {data.Length} bytes");
    }

    /// <summary>Says macros that belong to a command; they are not answered.</summary>
    public Task MacrosAsync(MilterCommand command, CancellationToken cancellationToken, params (string Name, string Value)[] macros) =>
        SendAsync(MilterCommand.Macro, [(byte)command, .. Texts([.. macros.SelectMany(m => (string[])[m.Name, m.Value])])], cancellationToken);

    public Task<MilterAnswered> ConnectionAsync(string host, IPEndPoint client, CancellationToken cancellationToken)
    {
        var port = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)client.Port);
        var family = client.AddressFamily == AddressFamily.InterNetworkV6 ? (byte)'6' : (byte)'4';
        return AskAsync(MilterCommand.Connect, [.. Texts(host), family, .. port, .. Texts(client.Address.ToString())], cancellationToken);
    }

    /// <summary>A step whose data is texts: HELO, MAIL, RCPT, a header field.</summary>
    public Task<MilterAnswered> AskAsync(MilterCommand command, CancellationToken cancellationToken, params string[] texts) =>
        AskAsync(command, Texts(texts), cancellationToken);

    /// <summary>Any step; at the end of a message the answers before the verdict are counted and passed over.</summary>
    public async Task<MilterAnswered> AskAsync(MilterCommand command, byte[] data, CancellationToken cancellationToken)
    {
        await SendAsync(command, data, cancellationToken);
        var actions = new List<MilterAnswer>();
        while (true)
        {
            var (answer, text) = await ReadAsync(cancellationToken);
            if (answer is MilterAnswer.Progress) continue;
            if (IsVerdict(answer)) return new MilterAnswered(answer, Encoding.UTF8.GetString(text).TrimEnd('\0').Replace("%%", "%", StringComparison.Ordinal), actions);
            actions.Add(answer);
        }
    }

    /// <summary>Ends the message under way; not answered.</summary>
    public Task AbortAsync(CancellationToken cancellationToken) => SendAsync(MilterCommand.Abort, [], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await SendAsync(MilterCommand.Quit, [], CancellationToken.None);
        }
        catch (IOException)
        {
            // The filter has closed already.
        }

        await _stream.DisposeAsync();
    }

    private static bool IsVerdict(MilterAnswer answer) => answer
        is MilterAnswer.Continue or MilterAnswer.Accept or MilterAnswer.Reject or MilterAnswer.TempFail or MilterAnswer.Discard
        or MilterAnswer.ReplyCode or MilterAnswer.Skip or MilterAnswer.Shutdown;

    private static byte[] Texts(params string[] texts) => Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => text + "\0")));

    private async Task SendAsync(MilterCommand command, byte[] data, CancellationToken cancellationToken)
    {
        var packet = new byte[5 + data.Length];
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)data.Length + 1);
        packet[4] = (byte)command;
        data.CopyTo(packet, 5);
        await _stream.WriteAsync(packet, cancellationToken);
    }

    private async Task<(MilterAnswer Answer, byte[] Data)> ReadAsync(CancellationToken cancellationToken)
    {
        var head = new byte[5];
        await _stream.ReadExactlyAsync(head, cancellationToken);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length is 0 or > MaxPacket) throw new InvalidDataException($"sent a packet of {length} bytes");
        var data = new byte[length - 1];
        await _stream.ReadExactlyAsync(data, cancellationToken);
        return ((MilterAnswer)head[4], data);
    }
}

/// <summary>A filter's answer to one step.</summary>
/// <param name="Verdict">The answer that ends the step.</param>
/// <param name="Text">The SMTP reply of <see cref="MilterAnswer.ReplyCode"/>, else empty.</param>
/// <param name="Actions">What was asked for before the verdict: headers added, quarantine…</param>
internal sealed record MilterAnswered(MilterAnswer Verdict, string Text, IReadOnlyList<MilterAnswer> Actions);
