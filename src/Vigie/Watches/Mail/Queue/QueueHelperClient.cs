using System.Net.Sockets;
using System.Text;

namespace Vigie.Watches.Mail.Queue;

/// <summary>The hold queue through the helper's socket: one connection a request.</summary>
internal sealed class QueueHelperClient(string socketPath) : IHoldQueue
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public async Task<QueueReply> ActAsync(QueueVerb verb, string queueId, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(QueueProtocol.Request(verb, queueId), cancellationToken);
        }
        catch (QueueUnavailableException e)
        {
            return new QueueReply(QueueOutcome.Unavailable, e.Message);
        }
    }

    public async Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync(QueueProtocol.List + "\n", cancellationToken);
        if (reply.Outcome != QueueOutcome.Done) throw new QueueUnavailableException(reply.Text);
        return reply.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<QueueReply> AskAsync(string request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);
            var line = await QueueProtocol.ReadLineAsync(stream, QueueProtocol.MaxReply, limit.Token);
            return line is not null && QueueProtocol.TryReadReply(line, out var reply)
                ? reply
                : throw new QueueUnavailableException($"the queue helper at {socketPath} gave no answer");
        }
        catch (SocketException e)
        {
            throw new QueueUnavailableException($"the queue helper at {socketPath} does not answer ({(File.Exists(socketPath) ? e.Message : "there is no such socket")}); is vigie-queue.socket running?", e);
        }
        catch (IOException e) when (e is not QueueUnavailableException)
        {
            throw new QueueUnavailableException($"the queue helper at {socketPath} broke off: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QueueUnavailableException($"the queue helper at {socketPath} did not answer within {Limit.TotalSeconds:0} s", e);
        }
    }
}
