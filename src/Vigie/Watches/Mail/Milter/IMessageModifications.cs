namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// What may be done to a message at its end. Each call throws <see cref="InvalidOperationException"/> where the action
/// was not negotiated (see <see cref="Granted"/>), and <see cref="ArgumentException"/> for a text the protocol cannot carry.
/// Nothing is sent before the session's reply: a session that fails half-way has changed nothing.
/// </summary>
public interface IMessageModifications
{
    /// <summary>What the MTA granted of the actions the session asked for.</summary>
    MilterActions Granted { get; }

    /// <summary>Whether limits kept header fields or body bytes from the session: it has not seen the whole message.</summary>
    bool Truncated { get; }

    /// <summary>Adds a header field at the end. Line breaks in the value are folds and must be followed by space or tab.</summary>
    void AddHeader(string name, string value);

    /// <summary>Inserts a header field; index 0 is before all others, including the MTA's own Received.</summary>
    void InsertHeader(int index, string name, string value);

    /// <summary>Changes the n-th (from 1) field of that name; an empty value removes it.</summary>
    void ChangeHeader(string name, int occurrence, string value);

    /// <summary>Adds an envelope recipient (<c>&lt;user@example.com&gt;</c>), with ESMTP parameters where given.</summary>
    void AddRecipient(string address, string? parameters = null);

    /// <summary>Removes an envelope recipient; exactly the text of <see cref="MailboxArgument.Raw"/>.</summary>
    void DeleteRecipient(string address);

    /// <summary>Replaces the body; further calls append. Lines end in CR LF.</summary>
    void ReplaceBody(ReadOnlySpan<byte> body);

    /// <summary>Puts the message into the MTA's hold queue. Postfix drops the reason (checked with 3.7), so keep it yourself.</summary>
    void Quarantine(string reason);

    /// <summary>Replaces the envelope sender, with ESMTP parameters where given.</summary>
    void ChangeFrom(string address, string? parameters = null);

    /// <summary>Tells the MTA at once that work is under way. The server does so by itself at intervals; a session rarely needs to.</summary>
    ValueTask ProgressAsync(CancellationToken cancellationToken);
}
