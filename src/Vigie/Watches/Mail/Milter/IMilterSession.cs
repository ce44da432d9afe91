namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// One SMTP connection as a filter sees it. Calls never overlap. A connection carries any number of messages, each from
/// <see cref="MailFromAsync"/> to either <see cref="EndOfMessageAsync"/> or <see cref="AbortAsync"/>; an answer other than
/// Continue at a message's step (but <see cref="RecipientAsync"/>) also ends it. Memory and <see cref="Macros"/> are only
/// valid during the call. An exception is answered by the policy on failure and logged by the server; so is a call that
/// outlasts its time limit, after which the token is cancelled and the connection closed.
/// An answer that is not Continue to a step whose reply was negotiated away is given at the next step that has one.
/// </summary>
public interface IMilterSession : IAsyncDisposable
{
    /// <summary>First call: what of the offer this session wants. Called again with the same offer if the MTA reuses the connection.</summary>
    MilterNegotiation Negotiate(MilterOffer offer);

    ValueTask<MilterReply> ConnectAsync(ConnectInfo client, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    ValueTask<MilterReply> HeloAsync(string name, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    ValueTask<MilterReply> MailFromAsync(MailboxArgument sender, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>The one step with a verdict of its own for each recipient; the others of the message go on.</summary>
    ValueTask<MilterReply> RecipientAsync(MailboxArgument recipient, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    ValueTask<MilterReply> DataAsync(Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>An SMTP command that the MTA does not know.</summary>
    ValueTask<MilterReply> UnknownAsync(string command, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>One header field; folded values keep their line breaks.</summary>
    ValueTask<MilterReply> HeaderAsync(string name, string value, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    ValueTask<MilterReply> EndOfHeadersAsync(Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>A piece of the body, in order, lines ended by CR LF; at most the packet limit long.</summary>
    ValueTask<MilterReply> BodyAsync(ReadOnlyMemory<byte> chunk, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>The verdict on the message. Changes are sent together with the reply, and only where it lets the message pass.</summary>
    ValueTask<MilterReply> EndOfMessageAsync(IMessageModifications message, Macros macros, CancellationToken cancellationToken) => new(MilterReply.Continue);

    /// <summary>The message under way will not come to its end (RSET, a lost connection, a refusal elsewhere).</summary>
    ValueTask AbortAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
