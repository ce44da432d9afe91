using System.Data.Common;
using System.Globalization;
using System.Text;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Watches.Mail;

/// <summary>
/// Writes the notices that tell senders what became of their message, into the outbox and in the transaction that
/// records the act itself. Only senders of our own are told: a notice to a forged address outside would be backscatter.
/// </summary>
public sealed class Notices(MailSettings settings)
{
    /// <summary>Tells the sender that a message waits.</summary>
    /// <param name="transaction">That of the hold.</param>
    /// <param name="message">The message.</param>
    /// <param name="doubts">The recipients in doubt, each with what was probably meant.</param>
    /// <param name="link">The link with which the sender can release it; null where policy offers none.</param>
    /// <param name="now">UTC.</param>
    internal void Held(DbTransaction transaction, HeldMessage message, IReadOnlyList<(string Recipient, string? Suggestion)> doubts, string? link, DateTimeOffset now)
    {
        if (!settings.Notices.Enabled || message.Sender.Length == 0 || !message.NotifySender) return;
        var subject = new Bilingual("Your message is waiting: please check an address", "Votre message attend : vérifiez une adresse");
        Add(transaction, "held", message, subject, language => HeldBody(message, doubts, link, language), now);
    }

    /// <summary>Tells the sender that a message was returned, and why.</summary>
    internal void Returned(DbTransaction transaction, HeldMessage message, string reason, DateTimeOffset now)
    {
        if (!settings.Notices.Enabled || message.Sender.Length == 0 || !message.NotifySender) return;
        var subject = new Bilingual("Your message was returned and not delivered", "Votre message a été retourné sans être remis");
        Add(transaction, "returned", message, subject, language => ReturnedBody(message, reason, language), now);
    }

    private void Add(DbTransaction transaction, string kind, HeldMessage message, Bilingual subject, Func<string, string> body, DateTimeOffset now)
    {
        var id = FindingId.Of("mail.notice", kind, message.QueueId, FindingId.Part(message.Time.ToUnixTimeMilliseconds()));
        var host = settings.Notices.From[(settings.Notices.From.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var text = string.Join("\n\n----\n\n", settings.Languages.Select(body));
        var title = string.Join(" / ", settings.Languages.Select(subject.In));
        Outbox.Add(transaction, new Notice($"{id.Value}.vigie@{host}", kind, message.Sender, title, text + "\n"), now);
    }

    private string HeldBody(HeldMessage message, IReadOnlyList<(string Recipient, string? Suggestion)> doubts, string? link, string language)
    {
        var text = new StringBuilder();
        text.Append(About(message).In(language)).Append("\n\n");
        text.Append(new Bilingual(
            "It has not been delivered to anybody yet, because an address in it looks like a slip:",
            "Il n'a encore été remis à personne, car une de ses adresses ressemble à une faute de frappe :").In(language)).Append('\n');
        foreach (var (recipient, suggestion) in doubts)
        {
            text.Append("  ").Append(recipient);
            if (suggestion is not null) text.Append(new Bilingual($"  (did you mean {suggestion} ?)", $"  (vouliez-vous écrire à {suggestion} ?)").In(language));
            text.Append('\n');
        }

        text.Append('\n');
        text.Append(new Bilingual(
            "If an address is wrong, send a new message to the right one; you need not do anything about this one.",
            "Si une adresse est fausse, envoyez un nouveau message à la bonne ; vous n'avez rien d'autre à faire.").In(language)).Append('\n');
        if (link is not null)
        {
            text.Append(new Bilingual(
                $"If every address is right, confirm here and it goes out (this link works once):\n  {link}",
                $"Si toutes les adresses sont justes, confirmez ici et il part (ce lien sert une seule fois) :\n  {link}").In(language)).Append('\n');
        }
        else
        {
            text.Append(new Bilingual("If every address is right, ask for it to be released.", "Si toutes les adresses sont justes, demandez sa libération.").In(language)).Append('\n');
        }

        return text.Append(Help().In(language)).ToString();
    }

    private string ReturnedBody(HeldMessage message, string reason, string language) => new StringBuilder()
        .Append(About(message).In(language)).Append("\n\n")
        .Append(new Bilingual(
            "It was returned and has not been delivered to anybody. Reason given:",
            "Il a été retourné et n'a été remis à personne. Motif donné :").In(language))
        .Append("\n  ").Append(reason.ReplaceLineEndings("\n  ")).Append("\n\n")
        .Append(Help().In(language)).ToString();

    private static Bilingual About(HeldMessage message)
    {
        var time = message.Time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
        var to = string.Join(", ", message.Recipients.Take(10)) + (message.Recipients.Count > 10 ? ", ..." : "");
        var subject = message.Subject is { Length: > 0 } text ? text : "-";
        return new Bilingual(
            $"This is about your message of {time}\n  To: {to}\n  Subject: {subject}",
            $"Ceci concerne votre message du {time}\n  À : {to}\n  Objet : {subject}");
    }

    private Bilingual Help() => settings.Contact is { } contact
        ? new Bilingual($"Questions: {contact}", $"Questions : {contact}")
        : new Bilingual("Questions: ask your mail administrator.", "Questions : adressez-vous à votre administrateur de messagerie.");
}
