using System.Collections.Concurrent;
using System.Text;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Tests.Watches.Mail.Milter;

/// <summary>A session whose answers the test gives, and that notes what it was asked.</summary>
internal sealed class ScriptedHandler : IMilterHandler
{
    /// <summary>What the next sessions ask of the MTA.</summary>
    public MilterNegotiation Wanted { get; set; } = MilterNegotiation.Everything;

    /// <summary>The answer to a step: its name and argument, as in <see cref="Calls"/>.</summary>
    public Func<string, Macros, CancellationToken, ValueTask<MilterReply>> Reply { get; set; } = (_, _, _) => new(MilterReply.Continue);

    /// <summary>What is done to a message before the answer at its end.</summary>
    public Action<IMessageModifications> Modify { get; set; } = _ => { };

    public Func<IMessageModifications, CancellationToken, ValueTask> ModifyAsync { get; set; } = (_, _) => ValueTask.CompletedTask;

    /// <summary>Every call of every session, in order: <c>connect host family address port</c>, <c>rcpt address …</c>, <c>eom</c> …</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public MilterOffer? LastOffer { get; private set; }

    public int Opened;

    public int Disposed;

    public IMilterSession Open(MilterConnection connection)
    {
        Interlocked.Increment(ref Opened);
        return new Session(this);
    }

    private sealed class Session(ScriptedHandler script) : IMilterSession
    {
        public MilterNegotiation Negotiate(MilterOffer offer)
        {
            script.LastOffer = offer;
            return script.Wanted;
        }

        public ValueTask<MilterReply> ConnectAsync(ConnectInfo client, Macros macros, CancellationToken cancellationToken) =>
            Step($"connect {client.Host} {client.Family} {client.Address} {client.Port}", macros, cancellationToken);

        public ValueTask<MilterReply> HeloAsync(string name, Macros macros, CancellationToken cancellationToken) => Step($"helo {name}", macros, cancellationToken);

        public ValueTask<MilterReply> MailFromAsync(MailboxArgument sender, Macros macros, CancellationToken cancellationToken) =>
            Step(string.Join(' ', ["mail", sender.Raw, .. sender.Parameters]), macros, cancellationToken);

        public ValueTask<MilterReply> RecipientAsync(MailboxArgument recipient, Macros macros, CancellationToken cancellationToken) =>
            Step(string.Join(' ', ["rcpt", recipient.Raw, .. recipient.Parameters]), macros, cancellationToken);

        public ValueTask<MilterReply> DataAsync(Macros macros, CancellationToken cancellationToken) => Step("data", macros, cancellationToken);

        public ValueTask<MilterReply> UnknownAsync(string command, Macros macros, CancellationToken cancellationToken) => Step($"unknown {command}", macros, cancellationToken);

        public ValueTask<MilterReply> HeaderAsync(string name, string value, Macros macros, CancellationToken cancellationToken) => Step($"header {name}:{value}", macros, cancellationToken);

        public ValueTask<MilterReply> EndOfHeadersAsync(Macros macros, CancellationToken cancellationToken) => Step("eoh", macros, cancellationToken);

        public ValueTask<MilterReply> BodyAsync(ReadOnlyMemory<byte> chunk, Macros macros, CancellationToken cancellationToken) =>
            Step($"body {Encoding.Latin1.GetString(chunk.Span)}", macros, cancellationToken);

        public async ValueTask<MilterReply> EndOfMessageAsync(IMessageModifications message, Macros macros, CancellationToken cancellationToken)
        {
            script.Modify(message);
            await script.ModifyAsync(message, cancellationToken);
            return await Step(message.Truncated ? "eom truncated" : "eom", macros, cancellationToken);
        }

        public async ValueTask AbortAsync(CancellationToken cancellationToken) => await Step("abort", null!, cancellationToken);

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref script.Disposed);
            return ValueTask.CompletedTask;
        }

        private ValueTask<MilterReply> Step(string call, Macros macros, CancellationToken cancellationToken)
        {
            script.Calls.Enqueue(call);
            return script.Reply(call, macros, cancellationToken);
        }
    }
}
