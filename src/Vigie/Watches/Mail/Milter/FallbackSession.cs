namespace Vigie.Watches.Mail.Milter;

/// <summary>Stands in where no session can be had: gives the same answer to every step.</summary>
internal sealed class FallbackSession(MilterReply answer) : IMilterSession
{
    public MilterNegotiation Negotiate(MilterOffer offer) => MilterNegotiation.Everything;

    public ValueTask<MilterReply> ConnectAsync(ConnectInfo client, Macros macros, CancellationToken cancellationToken) => new(answer);

    public ValueTask<MilterReply> HeloAsync(string name, Macros macros, CancellationToken cancellationToken) => new(answer);

    public ValueTask<MilterReply> MailFromAsync(MailboxArgument sender, Macros macros, CancellationToken cancellationToken) => new(answer);

    public ValueTask<MilterReply> RecipientAsync(MailboxArgument recipient, Macros macros, CancellationToken cancellationToken) => new(answer);

    public ValueTask<MilterReply> DataAsync(Macros macros, CancellationToken cancellationToken) => new(answer);

    public ValueTask<MilterReply> EndOfMessageAsync(IMessageModifications message, Macros macros, CancellationToken cancellationToken) => new(answer);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Answers connections beyond the limit by the policy on failure, at little cost.</summary>
internal sealed class FallbackHandler(MilterReply answer) : IMilterHandler
{
    public IMilterSession Open(MilterConnection connection) => new FallbackSession(answer);
}
