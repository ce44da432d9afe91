using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Watches.Mail;

/// <summary>Writes the finding that goes with a decision about a doubtful recipient.</summary>
internal static class MailFindings
{
    // Raised whenever the judgement would come out differently for the same mail.
    private const string RuleVersion = "1";

    /// <summary>The finding of a decision.</summary>
    /// <param name="decision">The decision; its id is the evidence's identity.</param>
    /// <param name="judgement">What it rests on.</param>
    public static Finding Of(Decision decision, RecipientJudgement judgement)
    {
        var entities = ImmutableArray.CreateBuilder<Entity>();
        entities.Add(new Entity(EntityKinds.Mailbox, $"{judgement.Mailbox.LocalPart}@{judgement.Domain}"));
        entities.Add(new Entity(EntityKinds.Domain, judgement.Domain));
        if (decision.Imitates is { } target) entities.Add(new Entity(EntityKinds.Domain, target));
        if (decision.Sender.Length > 0) entities.Add(new Entity(EntityKinds.Mailbox, decision.Sender));
        if (decision.User is { } user) entities.Add(new Entity(EntityKinds.User, user));
        if (decision.QueueId is { } queueId) entities.Add(new Entity(EntityKinds.QueueId, queueId));

        return new Finding
        {
            Id = FindingId.Of(LookalikeRecipient.Id, LookalikeRecipient.Id, decision.Id),
            Detector = LookalikeRecipient.Id,
            Rule = LookalikeRecipient.Id,
            RuleVersion = RuleVersion,
            Title = new Bilingual(
                $"Mail to {judgement.Domain}, which imitates {decision.Imitates}",
                $"Courriel vers {judgement.Domain}, qui imite {decision.Imitates}"),
            Severity = SeverityOf(decision),
            // The posterior is a model's number, not one calibrated on mail; it stands in the evidence, not here.
            Confidence = null,
            FirstSeen = decision.Time,
            LastSeen = decision.Time,
            Entities = entities.ToImmutable(),
            Evidence =
            [
                new Evidence
                {
                    Kind = "smtp-recipient",
                    Location = decision.QueueId ?? decision.Id,
                    Fields = Fields(decision),
                    // The recipient's address is what was judged; the rest says what it was judged in.
                    Asked = [[]],
                },
            ],
            Explanation = decision.Explanation,
        };
    }

    // What left, or would have left but for us, matters more than what a sender only has to confirm.
    private static Severity SeverityOf(Decision decision) => decision.Verdict switch
    {
        Verdict.Refuse => decision.Applied == Verdict.Refuse ? Severity.Medium : Severity.High,
        Verdict.Hold => decision.Applied == Verdict.Hold ? Severity.Medium : Severity.High,
        Verdict.Mark => Severity.Low,
        _ => Severity.Informational,
    };

    private static ImmutableArray<KeyValuePair<string, string>> Fields(Decision decision)
    {
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) fields.Add(new(name, value));
        }

        Add("recipient", decision.Recipient);
        Add("sender", decision.Sender);
        Add("user", decision.User);
        Add("client", decision.Client);
        Add("daemon", decision.Daemon);
        Add("suggestion", decision.Suggestion);
        Add("family", decision.Family);
        Add("posterior", decision.Posterior?.ToString("0.###", CultureInfo.InvariantCulture));
        Add("verdict", decision.Verdict.ToString());
        Add("applied", decision.Applied.ToString());
        Add("decision", decision.Id);
        return fields.ToImmutable();
    }
}
