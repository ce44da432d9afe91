using Vigie.Engine.Mime;

namespace Vigie.Watches.Mail;

/// <summary>A recipient that was not refused at RCPT, with what is to become of it.</summary>
/// <param name="Raw">The address as the mail server gave it.</param>
/// <param name="Judgement">What was found out.</param>
/// <param name="Insisted">How the sender already insisted on it; null where not.</param>
internal sealed record DoubtfulRecipient(string Raw, RecipientJudgement Judgement, InsistedHow? Insisted);

/// <summary>One message from MAIL FROM to its end.</summary>
internal sealed class MessageUnderWay
{
    /// <summary>The most recipients in doubt that one message may have.</summary>
    public const int MaxDoubtful = 100;

    /// <summary>The most distinct outside domains whose learning one message keeps in memory.</summary>
    private const int MaxDomains = 1_000;

    /// <summary>The mode when the message began, which holds for the whole of it; null where it could not be found out.</summary>
    public required Mode? Mode { get; init; }

    /// <summary>The envelope sender; null for a bounce.</summary>
    public required Mailbox? Sender { get; init; }

    /// <summary>The sender as relationships write it; empty for a bounce.</summary>
    public required string SenderKey { get; init; }

    /// <summary>The sender's domain in ASCII form; empty for a bounce and for local senders.</summary>
    public required string SenderDomain { get; init; }

    public required string? User { get; init; }

    /// <summary>Size as announced (RFC 1870); 0 where it was not.</summary>
    public required long Size { get; init; }

    /// <summary>
    /// Whether the message did not come over SMTP (Postfix <c>non_smtpd_milters</c>): no recipient may be refused then,
    /// since the mail server would refuse the whole message.
    /// </summary>
    public required bool IsLocalSubmission { get; init; }

    /// <summary>Recipients in doubt or known correspondents among look-alikes, in order.</summary>
    public List<DoubtfulRecipient> Doubtful { get; } = [];

    /// <summary>Every recipient that was let through so far, for the record of a hold; bounded.</summary>
    public List<string> Recipients { get; } = [];

    /// <summary>Recipients let through so far.</summary>
    public int Count { get; private set; }

    /// <summary>Outside domains about which there was nothing to decide.</summary>
    public HashSet<string> CleanDomains { get; } = new(StringComparer.Ordinal);

    /// <summary>Our mailboxes that the message is for.</summary>
    public List<string> IncomingKeys { get; } = [];

    public int Clean { get; private set; }

    public int Incoming { get; private set; }

    /// <summary>Recipients that could not be checked and that policy lets through.</summary>
    public int NotChecked { get; set; }

    public string? Subject { get; set; }

    /// <summary>How many header fields of our own name the message brought along.</summary>
    public int ForgedHeaders { get; set; }

    public void Passed(string raw)
    {
        Count++;
        if (Recipients.Count < HeldMail.MaxRecipients) Recipients.Add(raw);
    }

    public void PassedClean(RecipientJudgement judgement)
    {
        Clean++;
        if (judgement.Domain.Length > 0 && CleanDomains.Count < MaxDomains) CleanDomains.Add(judgement.Domain);
    }

    public void PassedIncoming(string recipientKey)
    {
        Incoming++;
        if (recipientKey.Length > 0 && IncomingKeys.Count < MaxDomains) IncomingKeys.Add(recipientKey);
    }
}
