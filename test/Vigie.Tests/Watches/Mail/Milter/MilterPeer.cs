using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>The MTA's side of a milter connection, over a real socket.</summary>
internal sealed class MilterPeer(Socket socket) : IAsyncDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    public static async Task<MilterPeer> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = endPoint is IPEndPoint
            ? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new MilterPeer(socket);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) => _stream.WriteAsync(packet, cancellationToken);

    /// <summary>Reads one packet; null where the milter closed the connection.</summary>
    public async Task<(char Command, byte[] Data)?> ReadAsync(CancellationToken cancellationToken)
    {
        // A milter that does not answer fails the test instead of holding it up.
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(TimeSpan.FromSeconds(30));
        var prefix = new byte[4];
        try
        {
            if (await _stream.ReadAtLeastAsync(prefix, 4, throwOnEndOfStream: false, bounded.Token) < 4) return null;
            var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            await _stream.ReadExactlyAsync(packet, bounded.Token);
            return ((char)packet[0], packet[1..]);
        }
        catch (Exception e) when (e is IOException or EndOfStreamException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Sends a packet and reads the answer as text: its letter and its data, NUL shown as a bar.</summary>
    public async Task<string> AskAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken)
    {
        await SendAsync(packet, cancellationToken);
        return await AnswerAsync(cancellationToken);
    }

    public async Task<string> AnswerAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken) is { } answer ? answer.Command + Encoding.UTF8.GetString(answer.Data).Replace('\0', '|') : "closed";

    public Task<string> NegotiateAsync(CancellationToken cancellationToken) => AskAsync(MilterPackets.Negotiate(), cancellationToken);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
