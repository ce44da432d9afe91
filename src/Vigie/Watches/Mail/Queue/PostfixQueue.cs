namespace Vigie.Watches.Mail.Queue;

/// <summary>
/// Postfix's hold queue as the node may touch it. Only root may change a Postfix queue, and the node is not root:
/// it asks a helper that can do these four things and nothing else (<see cref="QueueHelper"/>), over a unix socket.
/// All acts are safe to repeat. Thread-safe.
/// </summary>
public sealed class PostfixQueue
{
    /// <summary>Where <c>vigie install</c> puts the helper's socket.</summary>
    public const string DefaultHelper = "/run/vigie-queue.sock";

    private const string Direct = "direct";

    private readonly IHoldQueue _queue;

    internal PostfixQueue(IHoldQueue queue) => _queue = queue;

    /// <summary>
    /// The way that the setting <c>mail.queueHelper</c> names: the path of the helper's socket; <c>direct</c> for a
    /// node that runs as root; <c>direct:/config/directory</c> for another Postfix instance.
    /// </summary>
    /// <exception cref="ArgumentException">The value has a <see cref="Problem"/>.</exception>
    public static PostfixQueue Open(string helper)
    {
        if (Problem(helper) is { } problem) throw new ArgumentException(problem, nameof(helper));
        if (helper == Direct) return new PostfixQueue(new PostfixPrograms(null));
        return helper.StartsWith(Direct + ":", StringComparison.Ordinal)
            ? new PostfixQueue(new PostfixPrograms(helper[(Direct.Length + 1)..]))
            : new PostfixQueue(new QueueHelperClient(helper));
    }

    /// <summary>What is wrong with a value of <c>mail.queueHelper</c>; null when it is good.</summary>
    public static string? Problem(string helper)
    {
        // sockaddr_un.sun_path has 108 bytes with its NUL.
        const int longestSocketPath = 107;
        if (helper == Direct) return null;
        var path = helper.StartsWith(Direct + ":", StringComparison.Ordinal) ? helper[(Direct.Length + 1)..] : helper;
        if (!Path.IsPathFullyQualified(path)) return $"\"{helper}\" must be the absolute path of the helper's socket, direct, or direct:/config/directory";
        return path == helper && System.Text.Encoding.UTF8.GetByteCount(path) > longestSocketPath ? $"\"{helper}\" is longer than a socket path may be ({longestSocketPath} bytes)" : null;
    }

    /// <summary>Delivers a held message, at once.</summary>
    public Task<QueueReply> ReleaseAsync(string queueId, CancellationToken cancellationToken) => ActAsync(QueueVerb.Release, queueId, cancellationToken);

    /// <summary>Returns a held message: Postfix sends the sender a non-delivery notice; no recipient gets anything.</summary>
    public Task<QueueReply> ReturnAsync(string queueId, CancellationToken cancellationToken) => ActAsync(QueueVerb.Return, queueId, cancellationToken);

    /// <summary>Deletes a held message; nobody is told.</summary>
    public Task<QueueReply> DeleteAsync(string queueId, CancellationToken cancellationToken) => ActAsync(QueueVerb.Delete, queueId, cancellationToken);

    /// <summary>The ids in the hold queue now, ours and others'.</summary>
    /// <exception cref="QueueUnavailableException">It could not be looked at.</exception>
    public Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken) => _queue.ListAsync(cancellationToken);

    private Task<QueueReply> ActAsync(QueueVerb verb, string queueId, CancellationToken cancellationToken) =>
        QueueIds.IsValid(queueId)
            ? _queue.ActAsync(verb, queueId, cancellationToken)
            : Task.FromResult(new QueueReply(QueueOutcome.Refused, "not a Postfix queue id"));
}
