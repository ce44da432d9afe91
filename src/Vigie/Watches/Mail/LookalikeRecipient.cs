using Vigie.Engine;
using Vigie.Engine.Lookalikes;
using Vigie.Engine.Mime;
using Vigie.Protection;

namespace Vigie.Watches.Mail;

/// <summary>What kind of recipient one is.</summary>
internal enum RecipientKind
{
    /// <summary>In the own domains, or local to the mail server: incoming mail, not judged here.</summary>
    Incoming,

    /// <summary>Outside, and its domain resembles nothing that is guarded.</summary>
    Clean,

    /// <summary>Outside, and its domain resembles a guarded one.</summary>
    Resembling,
}

/// <summary>What was found out about one recipient.</summary>
/// <param name="Kind">What kind of recipient it is.</param>
/// <param name="Mailbox">The recipient.</param>
/// <param name="Domain">Its domain in lower-case ASCII form; empty for a local recipient.</param>
internal sealed record RecipientJudgement(RecipientKind Kind, Mailbox Mailbox, string Domain)
{
    /// <summary>What policy says.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>One of <see cref="DecisionReasons"/>.</summary>
    public string Reason { get; init; } = DecisionReasons.Lookalike;

    /// <summary>The judge's conclusion; null unless <see cref="RecipientKind.Resembling"/>.</summary>
    public ImitationVerdict? Imitation { get; init; }

    /// <summary>The mailbox that was probably meant.</summary>
    public Mailbox? Suggestion => Imitation?.Best is { } best ? Mailbox with { Domain = best.Correction } : null;

    /// <summary>Why, in full.</summary>
    public Bilingual Explanation => Imitation?.Reason ?? default;

    /// <summary>Whether the judge would do anything but deliver: mail to such a recipient teaches nothing.</summary>
    public bool IsDoubtful => Imitation is { Strength: not ImitationStrength.None } && Reason == DecisionReasons.Lookalike;
}

/// <summary>The detector: does this recipient's domain imitate one that is guarded, and do relationships make it believable?</summary>
internal sealed class LookalikeRecipient(ProtectedNames names, ImitationJudge judge, Relationships relationships, MailSettings settings)
{
    /// <summary>The detector's stable id.</summary>
    public const string Id = "mail.lookalike-recipient";

    /// <summary>Judges one recipient. Asks the store only where the domain resembles a guarded one, which is rare.</summary>
    /// <param name="senderKey">The sender as <see cref="Relationships.MailboxKey"/> writes it; empty for a bounce.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<RecipientJudgement> JudgeAsync(string senderKey, Mailbox recipient, CancellationToken cancellationToken)
    {
        if (recipient.Domain.Length == 0 || recipient.IsAddressLiteral) return new RecipientJudgement(RecipientKind.Incoming, recipient, "");
        var domain = AsciiDomain(recipient.Domain);
        if (domain.Length == 0) return new RecipientJudgement(RecipientKind.Clean, recipient, "");
        if (names.IsOwn(domain)) return new RecipientJudgement(RecipientKind.Incoming, recipient, domain);

        var found = names.Index.Find(domain, 1);
        if (found.Count == 0) return new RecipientJudgement(RecipientKind.Clean, recipient, domain);

        var (verdict, approved) = await WeighAsync(senderKey, domain, found[0], cancellationToken);
        // The likeliest imitation need not be the most probable mistake; then what is known of that target counts.
        if (verdict.Best is { } best && best.Target.Domain != found[0].Target.Domain)
            (verdict, approved) = await WeighAsync(senderKey, domain, best, cancellationToken);
        if (verdict.Best is null) return new RecipientJudgement(RecipientKind.Clean, recipient, domain);
        return new RecipientJudgement(RecipientKind.Resembling, recipient, domain)
        {
            Imitation = verdict,
            Verdict = approved ? Verdict.Deliver : Policy(verdict.Strength),
            Reason = approved || verdict.Strength == ImitationStrength.None ? DecisionReasons.KnownCorrespondent : DecisionReasons.Lookalike,
        };
    }

    private async Task<(ImitationVerdict Verdict, bool Approved)> WeighAsync(string senderKey, string domain, Imitation imitation, CancellationToken cancellationToken)
    {
        var known = await relationships.EvidenceForAsync(senderKey, domain, [imitation.Target.Domain, imitation.Correction], cancellationToken);
        return (judge.Judge(domain, known.Evidence), known.Approved);
    }

    /// <summary>
    /// The domain in ASCII form. Mail servers deliver to names that are no host names (<c>my_host.army.ml</c>); what
    /// imitates is the part that somebody registered, so labels in front that cannot be read are left out.
    /// </summary>
    public static string AsciiDomain(string domain)
    {
        for (var rest = domain; rest.Length > 0;)
        {
            if (DomainNames.TryNormalize(rest, out var ascii, out _)) return ascii;
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }

        return "";
    }

    private Verdict Policy(ImitationStrength strength) => strength switch
    {
        ImitationStrength.Notice => settings.OnNotice,
        ImitationStrength.Hold => settings.OnHold,
        ImitationStrength.Refuse => settings.OnRefuse,
        _ => Verdict.Deliver,
    };
}
