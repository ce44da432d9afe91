using System.Buffers;
using System.Buffers.Binary;
using Vigie.Operations;

namespace Vigie.Watches.Mail.Milter;

/// <summary>
/// One MTA connection as a state machine: packets in, calls of the session, packets out. Knows no socket.
/// Used by one flow of control at a time, but for <see cref="InMessage"/>.
/// </summary>
internal sealed class MilterDialogue : IAsyncDisposable
{
    private const int LowestVersion = 2;
    private const int HighestVersion = 6;

    private static readonly MilterReply TooManyRecipients = MilterReply.Custom(452, "4.5.3", "Too many recipients");
    private static readonly Dictionary<MacroStage, string> NoSymbols = [];

    private readonly MilterConnection _connection;
    private readonly IMilterHandler _handler;
    private readonly MilterSettings _settings;
    private readonly MilterMetrics _metrics;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly IBufferWriter<byte> _output;
    private readonly Func<ValueTask> _flush;
    private readonly Macros _macros = new();
    private readonly MessageModifications _modifications;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    private IMilterSession? _session;
    private Task? _abandoned;
    private MilterOffer? _offer;
    private MilterNegotiation _wanted = MilterNegotiation.Everything;
    private MilterActions _actions;
    private MilterSteps _steps;
    private byte[]? _scratch;

    private volatile bool _inMessage;
    private int _messages;
    private int _recipients;
    private int _headers;
    private long _headerBytes;
    private long _bodyBytes;
    private bool _bodySkipped;
    private bool _truncated;
    private bool _reopened;

    // Verdicts reached where the MTA awaits no answer; given at the next step that has one.
    private MilterReply? _dueConnection;
    private MilterReply? _dueMessage;

    public MilterDialogue(MilterConnection connection, IMilterHandler handler, MilterServices services, IBufferWriter<byte> output, Func<ValueTask> flush)
    {
        _connection = connection;
        _handler = handler;
        _settings = services.Settings;
        _metrics = services.Metrics;
        _log = services.Log;
        _time = services.Time;
        _output = output;
        _flush = flush;
        _modifications = new MessageModifications(ProgressAsync);
    }

    /// <summary>Whether a message is between its sender and its verdict; may be read from any thread.</summary>
    public bool InMessage => _inMessage;

    /// <summary>Whether the MTA has made its offer.</summary>
    public bool Negotiated => _offer is not null;

    /// <summary>Why <see cref="HandleAsync"/> ended the connection; null where the MTA asked for it.</summary>
    public string? Problem { get; private set; }

    private MilterReply OnFailure => _settings.OnFailure == FailurePolicy.Accept ? MilterReply.Accept : MilterReply.TempFail;

    /// <summary>Handles one packet.</summary>
    /// <returns>False where the connection is to be closed.</returns>
    public ValueTask<bool> HandleAsync(MilterCommand command, in ReadOnlySequence<byte> data)
    {
        _metrics.Received(command);
        if (_offer is null && command != MilterCommand.Negotiate) return new(Refuse("sent a command before negotiating"));

        switch (command)
        {
            case MilterCommand.Negotiate: return new(Negotiate(data));
            case MilterCommand.Macro: return new(StoreMacros(data));
            case MilterCommand.Quit: return new(false);
            case MilterCommand.QuitNewConnection: return ReopenAsync();
            case MilterCommand.Abort: return AbortAsync();
            case MilterCommand.Connect or MilterCommand.Helo or MilterCommand.Unknown or MilterCommand.MailFrom or MilterCommand.Recipient
                or MilterCommand.Data or MilterCommand.Header or MilterCommand.EndOfHeaders or MilterCommand.Body or MilterCommand.EndOfMessage:
                _reopened = false;
                // A left-out step that comes nevertheless is answered without looking at it.
                if (IsLeftOut(command)) return new(Write(command, MilterReply.Continue));
                if (!MilterStep.TryDecode(command, Contiguous(data), out var arguments)) return new(Refuse($"sent a malformed {MilterMetrics.NameOf(command)} packet"));
                return StepAsync(command, arguments);
            default:
                return new(Refuse($"sent the undefined command 0x{(byte)command:x2}"));
        }
    }

    /// <summary>Tells a running call of the session to end: the connection is about to be closed.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    /// <summary>Ends the session; a message under way is aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_abandoned is { } abandoned)
        {
            // The session is still inside a call and may be reading macros or body: it is let go when it comes back,
            // and the memory goes to the collector instead of back to the pool.
            if (_session is { } session) _ = DisposeLateAsync(abandoned, session);
            _session = null;
            return;
        }

        await CloseSessionAsync();
        _macros.Clear();
        if (_scratch is not null) ArrayPool<byte>.Shared.Return(_scratch);
        _scratch = null;
        _stop.Dispose();
    }

    /// <summary>Whether a call of the session outlasts the connection, with the memory it was given.</summary>
    public bool Abandoned => _abandoned is not null;

    /// <summary>Notes why the connection has to be closed.</summary>
    /// <returns>Always false.</returns>
    public bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }

    private bool IsSilent(MilterCommand command) => (_steps & MilterStep.Silence(command)) != 0;

    private bool IsLeftOut(MilterCommand command) => (_wanted.Steps & MilterStep.Omission(command)) != 0;

    private bool Negotiate(in ReadOnlySequence<byte> data)
    {
        if (data.Length < 12) return Refuse("sent a malformed offer");
        Span<byte> fields = stackalloc byte[12];
        data.Slice(0, 12).CopyTo(fields);
        var version = BinaryPrimitives.ReadUInt32BigEndian(fields);
        if (version < LowestVersion) return Refuse($"speaks version {version}; {LowestVersion} is the oldest understood");
        if (_offer is not null && !_reopened) return Refuse("negotiated twice");

        _offer = new MilterOffer(
            (int)Math.Min(version, HighestVersion),
            (MilterActions)BinaryPrimitives.ReadUInt32BigEndian(fields[4..]) & MilterActions.All,
            (MilterSteps)BinaryPrimitives.ReadUInt32BigEndian(fields[8..]) & MilterSteps.All);
        OpenSession();
        _actions = _wanted.Actions & _offer.Actions;
        _steps = _wanted.Steps & _offer.Steps;

        var symbols = _wanted.Symbols.Count > 0 && _offer.Actions.HasFlag(MilterActions.SetSymbolList) ? _wanted.Symbols : NoSymbols;
        if (symbols.Count > 0) _actions |= MilterActions.SetSymbolList;
        PacketWriter.WriteNegotiation(_output, _offer.Version, _actions, _steps, symbols);
        return true;
    }

    private void OpenSession()
    {
        try
        {
            _session ??= _handler.Open(_connection);
            _wanted = _session.Negotiate(_offer!);
        }
        catch (Exception e)
        {
            _metrics.Failed("open");
            _log.MilterSessionNotOpened(_connection.Id, e);
            _session = new FallbackSession(OnFailure);
            _wanted = _session.Negotiate(_offer!);
        }
    }

    // "QUIT, but a new connection follows": what was negotiated stays, everything else starts afresh.
    private async ValueTask<bool> ReopenAsync()
    {
        await CloseSessionAsync();
        _macros.Clear();
        _dueConnection = null;
        _messages = 0;
        var wanted = _wanted;
        OpenSession();
        _wanted = wanted;
        _reopened = true;
        return true;
    }

    private async ValueTask CloseSessionAsync()
    {
        await AbortAsync();
        await GuardedAsync("dispose", session => session.DisposeAsync());
        _session = null;
    }

    private async Task DisposeLateAsync(Task abandoned, IMilterSession session)
    {
        try
        {
            await abandoned;
        }
        catch (Exception e)
        {
            _log.MilterSessionFailed(_connection.Id, "abandoned call", e);
        }

        try
        {
            await session.DisposeAsync();
        }
        catch (Exception e)
        {
            _log.MilterSessionFailed(_connection.Id, "dispose", e);
        }
    }

    private bool StoreMacros(in ReadOnlySequence<byte> data)
    {
        if (data.Length == 0) return Refuse("sent a malformed macro packet");
        return _macros.TryStore((MilterCommand)data.FirstSpan[0], data.Slice(1)) || Refuse("sent a malformed macro packet");
    }

    private async ValueTask<bool> AbortAsync()
    {
        var aborted = _inMessage;
        EndMessage();
        if (aborted) await AbortSessionAsync();
        return true;
    }

    private Task AbortSessionAsync() => GuardedAsync("abort", session => session.AbortAsync(_stop.Token));

    // Calls whose outcome nobody awaits: they may neither fail the connection nor hold it up for ever.
    private async Task GuardedAsync(string step, Func<IMilterSession, ValueTask> call)
    {
        if (_session is null) return;
        try
        {
            var running = call(_session);
            if (!running.IsCompletedSuccessfully) await running.AsTask().WaitAsync(_settings.Timeouts.Command, _time);
        }
        catch (Exception e)
        {
            _metrics.Failed("session");
            _log.MilterSessionFailed(_connection.Id, step, e);
        }
    }

    private async ValueTask<bool> StepAsync(MilterCommand command, StepArguments arguments)
    {
        // A new beginning ends a message whose end the MTA did not tell.
        if (_inMessage && command is (MilterCommand.MailFrom or MilterCommand.Helo or MilterCommand.Connect))
        {
            ResetMessage();
            await AbortSessionAsync();
        }

        if (MilterStep.IsOfMessage(command) && !EnterMessage(command))
            // Only an MTA gone astray asks about a message that is over or never began: it must not pass unchecked.
            return Write(command, MilterReply.TempFail);

        var reply = _dueConnection ?? _dueMessage ?? Bounded(command, arguments);
        if (reply is null)
        {
            if (command == MilterCommand.EndOfMessage) return await FinishMessageAsync(arguments);
            reply = await CallAsync(command, arguments);
        }

        return Answer(command, reply.Value) && _abandoned is null;
    }

    private bool EnterMessage(MilterCommand command)
    {
        if (_inMessage) return true;
        if (command != MilterCommand.MailFrom && !IsLeftOut(MilterCommand.MailFrom)) return false;
        _inMessage = true;
        _messages++;
        return true;
    }

    // The answer where a limit gives it and the session must not be asked; null where the step is within all limits.
    private MilterReply? Bounded(MilterCommand command, in StepArguments arguments)
    {
        var limits = _settings.Limits;
        switch (command)
        {
            case MilterCommand.MailFrom when _messages > limits.Messages:
                _metrics.Failed("messages-limit");
                return MilterReply.Shutdown;
            case MilterCommand.Recipient when ++_recipients > limits.Recipients:
                _metrics.Failed("recipients-limit");
                return TooManyRecipients;
            case MilterCommand.Header:
                _headerBytes += arguments.Name!.Length + arguments.Value!.Length;
                if (++_headers <= limits.Headers && _headerBytes <= limits.HeaderBytes) return null;
                _truncated = true;
                return MilterReply.Continue;
            case MilterCommand.Body when _bodySkipped:
                return MilterReply.Skip;
            case MilterCommand.Body:
                _bodyBytes += arguments.Body.Length;
                if (_bodyBytes <= limits.BodyBytes) return null;
                _bodySkipped = _truncated = true;
                return MilterReply.Skip;
            default:
                return null;
        }
    }

    // Writes the answer, or keeps it where the MTA awaits none, and follows what it does to the message.
    private bool Answer(MilterCommand command, MilterReply reply)
    {
        if (command == MilterCommand.Body && reply.Answer == MilterAnswer.Skip) _bodySkipped = true;

        if (IsSilent(command))
        {
            if (reply.Answer is MilterAnswer.Continue or MilterAnswer.Skip) return true;
            if (MilterStep.IsOfMessage(command)) _dueMessage ??= reply;
            else _dueConnection ??= reply;
            return true;
        }

        if (MilterStep.IsOfMessage(command) && EndsMessage(command, reply)) EndMessage();
        return Write(command, reply);
    }

    private static bool EndsMessage(MilterCommand command, MilterReply reply) => reply.Answer switch
    {
        MilterAnswer.Continue or MilterAnswer.Skip => command == MilterCommand.EndOfMessage,
        // RCPT has a verdict of its own: refusing one recipient leaves the message to the others.
        MilterAnswer.Reject or MilterAnswer.TempFail or MilterAnswer.ReplyCode => command != MilterCommand.Recipient,
        _ => true,
    };

    private async ValueTask<bool> FinishMessageAsync(StepArguments arguments)
    {
        var reply = MilterReply.Continue;
        if (arguments.Body.Length > 0 && !IsLeftOut(MilterCommand.Body) && Bounded(MilterCommand.Body, arguments) is null)
            reply = await CallAsync(MilterCommand.Body, arguments);

        if (reply.Answer is MilterAnswer.Continue or MilterAnswer.Skip)
        {
            _modifications.Begin(_actions, _truncated);
            reply = await CallAsync(MilterCommand.EndOfMessage, arguments);
            _modifications.End();
            if (reply.LetsPass) _output.Write(_modifications.Packets.Span);
        }

        return Answer(MilterCommand.EndOfMessage, reply) && _abandoned is null;
    }

    private void EndMessage()
    {
        ResetMessage();
        _macros.ClearMessage();
    }

    // Leaves the macros alone: those of the next message's sender may already be there.
    private void ResetMessage()
    {
        _inMessage = false;
        _recipients = _headers = 0;
        _headerBytes = _bodyBytes = 0;
        _bodySkipped = _truncated = false;
        _dueMessage = null;
    }

    private bool Write(MilterCommand command, MilterReply reply)
    {
        if (IsSilent(command)) return true;
        if (reply.Answer == MilterAnswer.Skip && (command != MilterCommand.Body || (_steps & MilterSteps.Skip) == 0)) reply = MilterReply.Continue;
        PacketWriter.Write(_output, reply);
        return true;
    }

    private ValueTask<MilterReply> Call(MilterCommand command, in StepArguments arguments) => command switch
    {
        MilterCommand.Connect => _session!.ConnectAsync(arguments.Client!, _macros, _stop.Token),
        MilterCommand.Helo => _session!.HeloAsync(arguments.Name!, _macros, _stop.Token),
        MilterCommand.MailFrom => _session!.MailFromAsync(arguments.Mailbox, _macros, _stop.Token),
        MilterCommand.Recipient => _session!.RecipientAsync(arguments.Mailbox, _macros, _stop.Token),
        MilterCommand.Data => _session!.DataAsync(_macros, _stop.Token),
        MilterCommand.Unknown => _session!.UnknownAsync(arguments.Name!, _macros, _stop.Token),
        MilterCommand.Header => _session!.HeaderAsync(arguments.Name!, arguments.Value!, _macros, _stop.Token),
        MilterCommand.EndOfHeaders => _session!.EndOfHeadersAsync(_macros, _stop.Token),
        MilterCommand.Body => _session!.BodyAsync(arguments.Body, _macros, _stop.Token),
        MilterCommand.EndOfMessage => _session!.EndOfMessageAsync(_modifications, _macros, _stop.Token),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private async ValueTask<MilterReply> CallAsync(MilterCommand command, StepArguments arguments)
    {
        var started = _time.GetTimestamp();
        try
        {
            var call = Call(command, arguments);
            return call.IsCompletedSuccessfully ? call.Result : await WaitAsync(command, call.AsTask(), started);
        }
        catch (Exception e)
        {
            _metrics.Failed("session");
            _log.MilterSessionFailed(_connection.Id, MilterMetrics.NameOf(command), e);
            _modifications.Discard();
            if (EndsMessage(command, OnFailure) || IsSilent(command)) await AbortSessionAsync();
            return OnFailure;
        }
        finally
        {
            _metrics.Answered(command, _time.GetElapsedTime(started));
        }
    }

    // Waits for a call that did not end at once: within its time limit, and at the end of a message with signs of life.
    private async Task<MilterReply> WaitAsync(MilterCommand command, Task<MilterReply> call, long started)
    {
        await _flush();
        var limit = command == MilterCommand.EndOfMessage ? _settings.Timeouts.EndOfMessage : _settings.Timeouts.Command;
        while (true)
        {
            var left = limit - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return Abandon(command, call);

            // Sendmail knows "progress" only at the end of a message.
            var wait = command == MilterCommand.EndOfMessage && _settings.Timeouts.Progress < left ? _settings.Timeouts.Progress : left;
            try
            {
                return await call.WaitAsync(wait, _time, _stop.Token);
            }
            catch (TimeoutException) when (!call.IsCompleted)
            {
                if (wait < left) await ProgressAsync(CancellationToken.None);
            }
            catch (OperationCanceledException) when (!call.IsCompleted)
            {
                return Abandon(command, call);
            }
        }
    }

    private MilterReply Abandon(MilterCommand command, Task call)
    {
        _abandoned = call;
        _modifications.Discard();
        _metrics.Failed("timeout");
        _log.MilterSessionTooSlow(_connection.Id, MilterMetrics.NameOf(command));
        _stop.Cancel();
        return OnFailure;
    }

    private async ValueTask ProgressAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            PacketWriter.Write(_output, MilterAnswer.Progress);
            await _flush();
        }
        finally
        {
            _writing.Release();
        }
    }

    private ReadOnlyMemory<byte> Contiguous(in ReadOnlySequence<byte> data)
    {
        if (data.IsSingleSegment) return data.First;
        var length = (int)data.Length;
        if (_scratch is null || _scratch.Length < length)
        {
            if (_scratch is not null) ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = ArrayPool<byte>.Shared.Rent(length);
        }

        data.CopyTo(_scratch);
        return _scratch.AsMemory(0, length);
    }
}
