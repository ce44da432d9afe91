namespace Vigie.Watches.Mail.History;

/// <summary>One message to one recipient, as history tells it.</summary>
/// <param name="Time">When it was delivered or sent, UTC.</param>
/// <param name="Sender">The sender's address; empty for a bounce, null where history does not say.</param>
/// <param name="Recipient">The recipient's address.</param>
internal sealed record PastMessage(DateTimeOffset Time, string? Sender, string Recipient)
{
    public string? QueueId { get; init; }

    public string? Relay { get; init; }

    /// <summary><c>sent</c>, <c>bounced</c>, <c>deferred</c>, <c>expired</c>; null where history does not say, which counts as sent.</summary>
    public string? Status { get; init; }

    public string? Detail { get; init; }

    public string? User { get; init; }

    /// <summary>Whether the message reached the recipient's mail server.</summary>
    public bool IsDelivered => Status is null or "sent";
}

/// <summary>Reads one kind of history line by line. Hostile lines give nothing, never an exception.</summary>
internal interface IHistoryReader
{
    /// <summary>Takes one line without its line end and adds the messages it completes.</summary>
    void Line(ReadOnlySpan<byte> line, ICollection<PastMessage> found);

    /// <summary>Adds the messages that the end of the file completes.</summary>
    void End(ICollection<PastMessage> found);
}
