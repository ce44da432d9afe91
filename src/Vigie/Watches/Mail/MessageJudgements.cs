using System.Data.Common;
using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>What the mail server told of a message at the moment of a conclusion.</summary>
internal readonly record struct MessageContext(string? QueueId, string Client, string? Daemon);

/// <summary>How an attempt at a refused recipient ended.</summary>
/// <param name="Id">The refusal on record.</param>
/// <param name="Insisted">How the sender insisted: the recipient passes. Null: it is refused.</param>
/// <param name="Lines">The reply.</param>
internal sealed record Refusal(string Id, InsistedHow? Insisted, IReadOnlyList<string> Lines);

/// <summary>What is to be done at the end of a message.</summary>
/// <param name="Hold">Why it is held, for the mail server's log; null where it passes.</param>
/// <param name="Mark">The value of the header field to add; null for none.</param>
internal sealed record MessageOutcome(string? Hold, string? Mark)
{
    public static MessageOutcome Pass { get; } = new(null, null);
}

/// <summary>
/// Turns judgements into records, and only then into answers: whoever is refused, held or let through in doubt stands
/// durably in the store before the mail server hears of it.
/// </summary>
internal sealed class MessageJudgements(
    Store.Store store, Store.Findings findings, Insistence insistence, Notices notices, MailSettings settings, MailMetrics metrics, TimeProvider time,
    Protection.ProtectedNames names)
{
    /// <summary>The words of replies.</summary>
    public VerdictTexts Texts { get; } = new(settings);

    /// <summary>
    /// Records a refusal, or finds that the sender insists. The same sender trying the same recipient again belongs to the
    /// first refusal and makes no second decision. Before the first recipient is accepted Postfix has no queue id, and a
    /// message that is refused altogether never gets one; a refusal's identity is therefore its sender, recipient and time.
    /// </summary>
    public async Task<Refusal> RefuseAsync(MessageUnderWay message, string recipient, RecipientJudgement judgement, MessageContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var sender = message.SenderKey;
        var target = PairRecipient(judgement);
        var (id, insisted, isNew) = await store.WriteAsync(
            Lane.Mail,
            transaction =>
            {
                var standing = insistence.Consider(transaction, sender, target, now);
                if (standing.Id is { } known) return (known, standing.Insisted, false);
                var fresh = FindingId.Of(LookalikeRecipient.Id, "refusal", sender, target, FindingId.Part(now.ToUnixTimeMilliseconds())).Value;
                var decision = Decide(fresh, message, recipient, judgement, context, Verdict.Refuse, Verdict.Refuse, judgement.Reason, now);
                Save(transaction, decision, judgement);
                Insistence.Stopped(transaction, fresh, StoppedKind.Refusal, sender, target, context.QueueId, judgement.Suggestion?.ToString(), now);
                return (fresh, (InsistedHow?)null, true);
            },
            cancellationToken);
        if (isNew) metrics.Decided(Verdict.Refuse, Verdict.Refuse);
        if (insisted is not null) return new Refusal(id, insisted, []);

        var link = insistence.LinkFor(id, sender, target);
        return new Refusal(id, null, Texts.Refusal(new RefusalNote(judgement.Mailbox with { Domain = judgement.Domain }, judgement.Suggestion!, id[..8], link)));
    }

    /// <summary>Records what is to become of a message with recipients in doubt.</summary>
    public async Task<MessageOutcome> ConcludeAsync(MessageUnderWay message, MessageContext context, Mode current, CancellationToken cancellationToken)
    {
        // A bypass switched on while the message was under way holds for it too.
        var enforce = message.Mode == Mode.Enforce && current != Mode.Bypass;
        var now = time.GetUtcNow();
        var decided = await store.WriteAsync(Lane.Mail, transaction => Conclude(transaction, message, context, enforce, now), cancellationToken);
        foreach (var decision in decided) metrics.Decided(decision.Verdict, decision.Applied);
        if (decided.FirstOrDefault(decision => decision.Applied == Verdict.Hold) is { } held)
            return new MessageOutcome($"Vigie {held.Id[..8]}: {held.Imitates} imitated", null);

        return new MessageOutcome(null, decided.FirstOrDefault(decision => decision.Applied == Verdict.Mark) is { } marked
            ? $"notice; lookalike-recipient; id={marked.Id[..8]}"
            : null);
    }

    /// <summary>Records a message without any doubt where the settings want every decision on record.</summary>
    public async Task<MessageOutcome> RecordCleanAsync(MessageUnderWay message, MessageContext context, CancellationToken cancellationToken)
    {
        if (settings.Record != RecordPolicy.All || message.Clean == 0) return MessageOutcome.Pass;
        var now = time.GetUtcNow();
        await store.WriteAsync(Lane.Mail, transaction => SaveClean(transaction, message, context, now), cancellationToken);
        return MessageOutcome.Pass;
    }

    private List<Decision> Conclude(DbTransaction transaction, MessageUnderWay message, MessageContext context, bool enforce, DateTimeOffset now)
    {
        var conclusions = new List<(Decision Decision, RecipientJudgement Judgement)>();
        foreach (var (doubtful, ordinal) in message.Doubtful.Select((doubtful, ordinal) => (doubtful, ordinal)))
        {
            var judgement = doubtful.Judgement;
            var verdict = judgement.Verdict;
            var reason = judgement.Reason;
            // What may not be refused here (no SMTP client to hear it) is held instead.
            if (verdict == Verdict.Refuse && doubtful.Insisted is null && message.IsLocalSubmission) verdict = Verdict.Hold;
            if (enforce && verdict is Verdict.Refuse or Verdict.Hold)
            {
                var insisted = doubtful.Insisted ?? insistence.Consider(transaction, message.SenderKey, PairRecipient(judgement), now).Insisted;
                if (insisted is { } how)
                {
                    verdict = Verdict.Deliver;
                    reason = how == InsistedHow.Link ? DecisionReasons.InsistedByLink : DecisionReasons.InsistedByResending;
                }
            }

            var applied = enforce ? verdict : Verdict.Deliver;
            conclusions.Add((Decide(IdOf(message, context, doubtful, ordinal, now), message, doubtful.Raw, judgement, context, verdict, applied, reason, now), judgement));
        }

        foreach (var (decision, judgement) in conclusions) Save(transaction, decision, judgement);
        if (settings.Record == RecordPolicy.All) SaveClean(transaction, message, context, now);
        var held = conclusions.Where(c => c.Decision.Applied == Verdict.Hold).ToList();
        if (held.Count > 0) Hold(transaction, message, context, held, now);
        return [.. conclusions.Select(c => c.Decision)];
    }

    private void Hold(
        DbTransaction transaction, MessageUnderWay message, MessageContext context, List<(Decision Decision, RecipientJudgement Judgement)> held, DateTimeOffset now)
    {
        // A hold without a queue id could never be released; the mail server then hears a temporary failure.
        if (context.QueueId is not { Length: > 0 } queueId) throw new StoreBusyException(NoQueueId);
        var record = new HeldMessage(
            queueId, now, message.Sender?.ToString() ?? "", [.. message.Recipients], message.Subject, message.Size, Why(message, held), HeldState.Pending, null, null, null)
        {
            User = message.User,
            NotifySender = message.User is not null || message.IsLocalSubmission || names.IsOwn(message.SenderDomain),
        };
        HeldMail.Record(transaction, record);

        var first = held[0];
        foreach (var (decision, judgement) in held)
        {
            Insistence.Stopped(
                transaction, decision.Id, StoppedKind.Hold, message.SenderKey, PairRecipient(judgement), queueId, judgement.Suggestion?.ToString(), now);
        }

        // One link releases the message, so it is offered only where one recipient is in doubt: confirming one must not confirm others unseen.
        var link = settings.SenderMayConfirmHeld && held.Count == 1
            ? insistence.LinkFor(first.Decision.Id, message.SenderKey, PairRecipient(first.Judgement))
            : null;
        notices.Held(transaction, record, [.. held.Select(h => (h.Decision.Recipient, h.Decision.Suggestion))], link, now);
    }

    private static Bilingual Why(MessageUnderWay message, List<(Decision Decision, RecipientJudgement Judgement)> held)
    {
        var english = string.Join("\n", held.Select(h => $"{h.Decision.Recipient}: {h.Decision.Explanation.English}"));
        var french = string.Join("\n", held.Select(h => $"{h.Decision.Recipient} : {h.Decision.Explanation.French}"));
        var others = message.Count - held.Count;
        return others == 0
            ? new Bilingual(english, french)
            : new Bilingual(
                string.Create(CultureInfo.InvariantCulture, $"{english}\nA message is held as a whole: {others} more recipient(s) wait with it."),
                string.Create(CultureInfo.InvariantCulture, $"{french}\nUn message est retenu en entier : {others} autre(s) destinataire(s) attendent avec lui."));
    }

    private void Save(DbTransaction transaction, Decision decision, RecipientJudgement judgement)
    {
        if (decision.FindingId is not null) findings.Save(transaction, MailFindings.Of(decision, judgement));
        Decisions.Save(transaction, decision);
    }

    private static void SaveClean(DbTransaction transaction, MessageUnderWay message, MessageContext context, DateTimeOffset now)
    {
        foreach (var domain in message.CleanDomains)
        {
            var id = FindingId.Of(LookalikeRecipient.Id, "clean", context.QueueId ?? "", Day(now), message.SenderKey, domain).Value;
            Decisions.Save(transaction, new Decision(
                id, now, context.QueueId, message.Sender?.ToString() ?? "", message.User, context.Daemon, context.Client, $"*@{domain}",
                Verdict.Deliver, Verdict.Deliver, message.Mode ?? Mode.Observe, null, null, null, null, DecisionReasons.NothingResembled,
                new Bilingual("The domain resembles no guarded name.", "Le domaine ne ressemble à aucun nom gardé."), null));
        }
    }

    // A queue id names a message only for a time (Postfix uses short ones again); with the day it names it for good.
    private static string IdOf(MessageUnderWay message, MessageContext context, DoubtfulRecipient doubtful, int ordinal, DateTimeOffset now) =>
        context.QueueId is { Length: > 0 } queueId
            ? FindingId.Of(LookalikeRecipient.Id, "message", queueId, Day(now), doubtful.Raw, FindingId.Part(ordinal)).Value
            : FindingId.Of(LookalikeRecipient.Id, "session", context.Client, message.SenderKey, doubtful.Raw, FindingId.Part(ordinal), FindingId.Part(now.ToUnixTimeMilliseconds())).Value;

    private static Decision Decide(
        string id, MessageUnderWay message, string recipient, RecipientJudgement judgement, MessageContext context, Verdict verdict, Verdict applied, string reason, DateTimeOffset now)
    {
        var best = judgement.Imitation?.Best;
        // Known correspondents among look-alikes are on record, but nobody needs to look at them: no finding.
        var finding = judgement.IsDoubtful ? FindingId.Of(LookalikeRecipient.Id, LookalikeRecipient.Id, id).Value : null;
        return new Decision(
            id, now, context.QueueId, message.Sender?.ToString() ?? "", message.User, context.Daemon, context.Client, recipient, verdict, applied, message.Mode ?? Mode.Observe,
            best?.Target.Domain, best?.Family.ToString(), judgement.Imitation?.Posterior, judgement.Suggestion?.ToString(), reason, judgement.Explanation, finding);
    }

    private static string Day(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Insisting holds for the mailbox however its case and its domain are written.
    private static string PairRecipient(RecipientJudgement judgement) => $"{judgement.Mailbox.LocalPart}@{judgement.Domain}".ToLowerInvariant();

    private static readonly StoreProblem NoQueueId = new(StoreFault.Failed, new Bilingual(
        "The mail server gave no queue id (macro i) at the end of the message, so it cannot be held.",
        "Le serveur de messagerie n'a pas donné d'identifiant de file (macro i) à la fin du message ; il ne peut pas être retenu."));
}
