namespace Vigie.Watches.Mail.Queue;

/// <summary>A way to Postfix's hold queue: by its own programs (as root), or through the helper.</summary>
internal interface IHoldQueue
{
    /// <summary>Acts on one message of the hold queue; messages of other queues are never touched. Failures are replies.</summary>
    Task<QueueReply> ActAsync(QueueVerb verb, string queueId, CancellationToken cancellationToken);

    /// <summary>The ids in the hold queue now.</summary>
    /// <exception cref="QueueUnavailableException">It could not be looked at.</exception>
    Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken);
}
