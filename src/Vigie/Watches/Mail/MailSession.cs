using System.Globalization;
using Vigie.Engine.Mime;
using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Mail.Milter;

namespace Vigie.Watches.Mail;

/// <summary>
/// The mail watch's side of one SMTP connection: each recipient is judged at RCPT, where a refusal reaches the sender's
/// own mail program; what is to be held or marked waits for the end of the message, where the protocol has one verdict for all.
/// </summary>
internal sealed class MailSession(MailFilter filter) : IMilterSession
{
    /// <summary>The header field in which a delivered message says what was noticed. One that a message brings along is removed.</summary>
    public const string HeaderName = "X-Vigie";

    private string _client = "local";
    private int _clientPort;
    private string? _daemon;
    private MessageUnderWay? _message;
    private string? _refusal;

    public MilterNegotiation Negotiate(MilterOffer offer) => new()
    {
        Actions = MilterActions.AddHeaders | MilterActions.ChangeHeaders | MilterActions.Quarantine | MilterActions.SetSymbolList,
        Steps = MilterSteps.NoHelo | MilterSteps.NoBody | MilterSteps.NoUnknown | MilterSteps.NoData | MilterSteps.NoEndOfHeaders |
            MilterSteps.NoReplyToConnect | MilterSteps.NoReplyToMailFrom | MilterSteps.NoReplyToHeaders,
        Symbols = new Dictionary<MacroStage, string>
        {
            [MacroStage.Connect] = "{daemon_name}",
            [MacroStage.Helo] = "",
            [MacroStage.MailFrom] = "i {auth_authen}",
            [MacroStage.Recipient] = "i {rcpt_addr}",
            [MacroStage.Data] = "",
            [MacroStage.EndOfHeaders] = "",
            [MacroStage.EndOfMessage] = "i",
        },
    };

    public ValueTask<MilterReply> ConnectAsync(ConnectInfo client, Macros macros, CancellationToken cancellationToken)
    {
        _client = client.Address.Length == 0 ? client.Host : $"{client.Host} [{client.Address}]";
        _clientPort = client.Port;
        _daemon = macros["daemon_name"];
        return new(MilterReply.Continue);
    }

    public async ValueTask<MilterReply> MailFromAsync(MailboxArgument sender, Macros macros, CancellationToken cancellationToken)
    {
        RefusalArrived();
        // An unreadable sender is nobody we know; the recipients are judged all the same.
        var mailbox = SmtpPath.TryParse(sender.Raw, out var path, out _) ? path.Mailbox : new Mailbox(sender.Address, "");
        var domain = mailbox is { Domain.Length: > 0, IsAddressLiteral: false } ? LookalikeRecipient.AsciiDomain(mailbox.Domain) : "";
        _message = new MessageUnderWay
        {
            Mode = await ModeAsync(cancellationToken),
            Sender = mailbox,
            SenderKey = KeyOf(mailbox, domain),
            SenderDomain = domain,
            User = macros["auth_authen"] is { Length: > 0 } user ? user : null,
            Size = SizeOf(sender.Parameters),
            // For mail that no SMTP client brought, Postfix plays one without a port, and its queue file exists before MAIL;
            // over SMTP the file is opened at the first recipient that is accepted (checked with 3.7).
            IsLocalSubmission = _clientPort == 0 && macros["i"] is { Length: > 0 },
        };
        return MilterReply.Continue;
    }

    public async ValueTask<MilterReply> RecipientAsync(MailboxArgument recipient, Macros macros, CancellationToken cancellationToken)
    {
        RefusalArrived();
        if (_message is not { } message) return MilterReply.TempFail;
        if (message.Mode is null) return NotChecked(message, recipient);
        if (message.Mode == Mode.Bypass) return PassUnchecked(message, recipient);

        // Where the mail goes is what the mail server made of the address: percent hacks and routes are resolved there.
        if (!TryReadRecipient(recipient, macros, out var mailbox)) return PassUnread(message, recipient);
        if (message.Sender is null) return PassClean(message, recipient, new RecipientJudgement(RecipientKind.Clean, mailbox, ""));

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(filter.Settings.CheckTimeout);
            var started = filter.Time.GetTimestamp();
            var judgement = await filter.Detector.JudgeAsync(message.SenderKey, mailbox, limit.Token);
            filter.Metrics.Judged(judgement.Kind, filter.Time.GetElapsedTime(started));
            switch (judgement.Kind)
            {
                case RecipientKind.Incoming: return PassIncoming(message, recipient, judgement);
                case RecipientKind.Clean: return PassClean(message, recipient, judgement);
                default: return await ResemblingAsync(message, recipient, judgement, macros["i"], limit.Token);
            }
        }
        // Whatever fails here, a fault of ours included, has one answer: the policy on failure, and in observe mode delivery.
#pragma warning disable CA1031
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            filter.Log.RecipientNotChecked(e);
            return NotChecked(message, recipient);
        }
    }

    public ValueTask<MilterReply> HeaderAsync(string name, string value, Macros macros, CancellationToken cancellationToken)
    {
        if (_message is { } message)
        {
            if (name.Equals(HeaderName, StringComparison.OrdinalIgnoreCase)) message.ForgedHeaders++;
            else if (message.Subject is null && name.Equals("Subject", StringComparison.OrdinalIgnoreCase)) message.Subject = SubjectOf(value);
        }

        return new(MilterReply.Continue);
    }

    public async ValueTask<MilterReply> EndOfMessageAsync(IMessageModifications changes, Macros macros, CancellationToken cancellationToken)
    {
        RefusalArrived();
        if (_message is not { } message) return MilterReply.TempFail;
        _message = null;
        RemoveForgedHeaders(message, changes);
        var context = new MessageContext(macros["i"], _client, _daemon);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(filter.Settings.CheckTimeout);
            var outcome = message.Doubtful.Count > 0
                ? await filter.Judgements.ConcludeAsync(message, context, filter.Mode.Current, limit.Token)
                : await filter.Judgements.RecordCleanAsync(message, context, limit.Token);
            if (outcome.Hold is { } reason && !TryHold(changes, reason)) return Fail(message, changes);
            if (message.NotChecked > 0) Mark(changes, "not-checked");
            else if (outcome.Mark is { } mark) Mark(changes, mark);
            Learn(message, outcome);
            return MilterReply.Continue;
        }
#pragma warning disable CA1031 // As at RCPT.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            filter.Log.MessageNotChecked(context.QueueId, e);
            return Fail(message, changes);
        }
    }

    public ValueTask AbortAsync(CancellationToken cancellationToken)
    {
        RefusalArrived();
        _message = null;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        RefusalArrived();
        return ValueTask.CompletedTask;
    }

    // The mail server goes on, so it has read the refusal that was the last answer.
    private void RefusalArrived()
    {
        if (_refusal is { } refusal) filter.Learned.Told(refusal);
        _refusal = null;
    }

    // Just after the start the store may not have been asked yet; without knowing the mode nobody can be judged.
    private async ValueTask<Mode?> ModeAsync(CancellationToken cancellationToken)
    {
        if (filter.Mode.IsKnown) return filter.Mode.Current;
        try
        {
            await filter.Mode.RefreshAsync(cancellationToken);
            return filter.Mode.Current;
        }
        catch (StoreException e)
        {
            filter.Log.RecipientNotChecked(e);
            return null;
        }
    }

    private async ValueTask<MilterReply> ResemblingAsync(
        MessageUnderWay message, MailboxArgument recipient, RecipientJudgement judgement, string? queueId, CancellationToken cancellationToken)
    {
        // What one message may make the store write is bounded; a message in doubt about so many is no slip of the hand.
        if (message.Doubtful.Count >= MessageUnderWay.MaxDoubtful)
        {
            if (message.Mode == Mode.Enforce && !message.IsLocalSubmission) return MilterReply.Custom(452, "4.5.3", VerdictTexts.TooManyRecipients());
            return PassUnchecked(message, recipient);
        }

        InsistedHow? insisted = null;
        if (judgement.Verdict == Verdict.Refuse && message is { Mode: Mode.Enforce, IsLocalSubmission: false })
        {
            var refusal = await filter.Judgements.RefuseAsync(message, recipient.Address, judgement, new MessageContext(queueId, _client, _daemon), cancellationToken);
            if (refusal.Insisted is null)
            {
                // Too late to be heard: the server closes the connection of a call that outlasts its time.
                if (!cancellationToken.IsCancellationRequested) _refusal = refusal.Id;
                return MilterReply.Custom(550, "5.7.1", refusal.Lines);
            }

            insisted = refusal.Insisted;
        }

        message.Passed(recipient.Address);
        message.Doubtful.Add(new DoubtfulRecipient(recipient.Address, judgement, insisted));
        return MilterReply.Continue;
    }

    private static MilterReply PassUnchecked(MessageUnderWay message, MailboxArgument recipient)
    {
        message.Passed(recipient.Address);
        message.NotChecked++;
        return MilterReply.Continue;
    }

    private static MilterReply PassClean(MessageUnderWay message, MailboxArgument recipient, RecipientJudgement judgement)
    {
        message.Passed(recipient.Address);
        message.PassedClean(judgement);
        return MilterReply.Continue;
    }

    private MilterReply PassIncoming(MessageUnderWay message, MailboxArgument recipient, RecipientJudgement judgement)
    {
        message.Passed(recipient.Address);
        message.PassedIncoming(judgement.Domain.Length > 0 ? KeyOf(judgement.Mailbox, judgement.Domain) : "");
        return MilterReply.Continue;
    }

    // In observe mode nothing is ever stopped, not even by a fault of ours.
    private MilterReply NotChecked(MessageUnderWay message, MailboxArgument recipient)
    {
        filter.Metrics.NotChecked();
        if (message.Mode != Mode.Observe && filter.Settings.OnFailure == FailurePolicy.TempFail)
            return MilterReply.Custom(451, "4.7.1", filter.Judgements.Texts.NotChecked());
        return PassUnchecked(message, recipient);
    }

    private MilterReply Fail(MessageUnderWay message, IMessageModifications changes)
    {
        filter.Metrics.NotChecked();
        if (message.Mode != Mode.Observe && filter.Settings.OnFailure == FailurePolicy.TempFail)
            return MilterReply.Custom(451, "4.7.1", filter.Judgements.Texts.NotChecked());

        filter.Learned.Count(CountedKinds.NotChecked, message.Count);
        Mark(changes, "not-checked");
        return MilterReply.Continue;
    }

    private void Learn(MessageUnderWay message, MessageOutcome outcome)
    {
        var learned = filter.Learned;
        learned.Count(CountedKinds.Clean, message.Clean);
        learned.Count(CountedKinds.Incoming, message.Incoming);
        learned.Count(CountedKinds.NotChecked, message.NotChecked);
        if (outcome.Hold is not null || message.Sender is null) return;

        var now = filter.Time.GetUtcNow();
        foreach (var domain in message.CleanDomains) learned.Sent(message.SenderKey, domain, flagged: false, now);
        foreach (var doubtful in message.Doubtful) learned.Sent(message.SenderKey, doubtful.Judgement.Domain, doubtful.Judgement.IsDoubtful, now);
        if (message.SenderDomain.Length == 0 || filter.Names.IsOwn(message.SenderDomain)) return;
        foreach (var mailbox in message.IncomingKeys) learned.Received(mailbox, message.SenderDomain, now);
    }

    private static bool TryHold(IMessageModifications changes, string reason)
    {
        if ((changes.Granted & MilterActions.Quarantine) == 0) return false;
        changes.Quarantine(reason);
        return true;
    }

    private static void Mark(IMessageModifications changes, string value)
    {
        if ((changes.Granted & MilterActions.AddHeaders) != 0) changes.AddHeader(HeaderName, value);
    }

    // From the last to the first, since removing one renumbers those after it.
    private static void RemoveForgedHeaders(MessageUnderWay message, IMessageModifications changes)
    {
        if ((changes.Granted & MilterActions.ChangeHeaders) == 0) return;
        for (var n = message.ForgedHeaders; n > 0; n--) changes.ChangeHeader(HeaderName, n, "");
    }

    private string KeyOf(Mailbox? mailbox, string asciiDomain) => mailbox is null
        ? ""
        : Relationships.MailboxKey(mailbox.WithoutExtension(filter.Settings.RecipientDelimiter), asciiDomain);

    private static bool TryReadRecipient(MailboxArgument recipient, Macros macros, out Mailbox mailbox)
    {
        if (macros["rcpt_addr"] is { Length: > 0 } resolved && resolved.Contains('@', StringComparison.Ordinal) &&
            SmtpPath.TryParse(resolved, out var path, out _) && path.Mailbox is { } read)
        {
            mailbox = read;
            return true;
        }

        var ok = SmtpPath.TryParse(recipient.Raw, out path, out _) && path.Mailbox is not null;
        mailbox = path.Mailbox!;
        return ok;
    }

    // An address without one destination that can be read cannot be checked, now or later: trying again would not help.
    private MilterReply PassUnread(MessageUnderWay message, MailboxArgument recipient)
    {
        filter.Log.RecipientNotRead(recipient.Raw.Length);
        filter.Metrics.NotChecked();
        return message.Mode == Mode.Enforce && filter.Settings.OnFailure == FailurePolicy.TempFail && !message.IsLocalSubmission
            ? MilterReply.Custom(553, "5.1.3", ["The address cannot be read."])
            : PassUnchecked(message, recipient);
    }

    private static long SizeOf(IReadOnlyList<string> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase) &&
                long.TryParse(parameter.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                return size;
            }
        }

        return 0;
    }

    private static string SubjectOf(string value)
    {
        var subject = EncodedWords.Decode(value.ReplaceLineEndings("")).Trim();
        return new string([.. subject.Take(300).Select(c => char.IsControl(c) ? ' ' : c)]);
    }
}
