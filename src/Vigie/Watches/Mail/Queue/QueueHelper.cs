using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Watches.Mail.Queue;

/// <summary>
/// The one narrow thing of Vigie that runs as root: answers one request of <see cref="QueueProtocol"/> on a connected
/// unix socket. It serves root and one user (by the kernel's word for who is at the other end), reads no settings,
/// and can only release, return, delete or list messages of the hold queue.
/// </summary>
internal sealed class QueueHelper(IHoldQueue queue, uint allowedUser)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    /// <summary>Answers one connection and closes it.</summary>
    public async Task ServeAsync(Socket connection, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        var reply = UserOf(connection) is var user && (user == 0 || user == allowedUser)
            ? await AnswerAsync(stream, cancellationToken)
            : new QueueReply(QueueOutcome.Refused, $"user {user} is not served");
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(QueueProtocol.Reply(reply)), cancellationToken);
        }
        catch (IOException)
        {
            // The caller left; what it asked for is done or not, and asking again tells which.
        }
    }

    /// <summary>Listens itself, where there is no systemd to do it, one connection after another.</summary>
    public async Task ListenAsync(string socketPath, CancellationToken cancellationToken)
    {
        File.Delete(socketPath);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        // Anyone may connect; the peer check decides. Without the bits the node's own user could not.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(socketPath, (UnixFileMode)0b110_110_110);
        listener.Listen(16);
        try
        {
            while (true) await ServeAsync(await listener.AcceptAsync(cancellationToken), cancellationToken);
        }
        finally
        {
            File.Delete(socketPath);
        }
    }

    private async Task<QueueReply> AnswerAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RequestLimit);
        try
        {
            var line = await QueueProtocol.ReadLineAsync(stream, QueueProtocol.MaxRequest, limit.Token);
            if (line is QueueProtocol.List)
                return new QueueReply(QueueOutcome.Done, string.Join(' ', (await queue.ListAsync(cancellationToken)).Order(StringComparer.Ordinal)));
            return line is not null && QueueProtocol.TryReadRequest(line, out var verb, out var id)
                ? await queue.ActAsync(verb, id, cancellationToken)
                : new QueueReply(QueueOutcome.Refused, "not a request");
        }
        catch (QueueUnavailableException e)
        {
            return new QueueReply(QueueOutcome.Unavailable, e.Message);
        }
        catch (IOException)
        {
            return new QueueReply(QueueOutcome.Refused, "the request broke off");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new QueueReply(QueueOutcome.Refused, "no request came");
        }
    }

    // SO_PEERCRED, unix(7): struct ucred { pid, uid, gid } of the process that connected.
    private static uint UserOf(Socket connection)
    {
        const int solSocket = 1, soPeerCred = 17;
        Span<byte> credentials = stackalloc byte[12];
        var length = connection.GetRawSocketOption(solSocket, soPeerCred, credentials);
        return length == credentials.Length ? BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]) : uint.MaxValue;
    }
}
