using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Mime;

namespace Vigie.Watches.Mail;

/// <summary>What a refused sender is told.</summary>
/// <param name="Recipient">The address that was refused.</param>
/// <param name="Suggestion">The address that was probably meant.</param>
/// <param name="Reference">What the sender can quote when asking.</param>
/// <param name="Link">The one-time link, where there is one.</param>
internal sealed record RefusalNote(Mailbox Recipient, Mailbox Suggestion, string Reference, string? Link);

/// <summary>The words of SMTP replies. Plain, in the languages of the settings, the question first: some mail programs show only one line.</summary>
internal sealed class VerdictTexts(MailSettings settings)
{
    /// <summary>The lines of a refusal at RCPT, each safe for SMTP.</summary>
    public IReadOnlyList<string> Refusal(RefusalNote note)
    {
        var lines = new List<string>();
        foreach (var language in settings.Languages)
        {
            lines.Add(SmtpText.Line(Question(note).In(language)));
            lines.Add(SmtpText.Line(WhatHappened(note).In(language)));
            if (HowToInsist(note) is { } how) lines.Add(SmtpText.Line(how.In(language)));
        }

        lines.Add(SmtpText.Line(Reference(note.Reference)));
        return lines;
    }

    /// <summary>The line of a temporary failure because the check failed.</summary>
    public IReadOnlyList<string> NotChecked() =>
        [.. settings.Languages.Select(language => SmtpText.Line(
            new Bilingual(
                "The address could not be checked just now; the message will be tried again by itself.",
                "L'adresse n'a pas pu être vérifiée pour l'instant ; le message sera réessayé de lui-même.").In(language)))];

    /// <summary>The line of a temporary failure because one message has more recipients than are looked at.</summary>
    public static IReadOnlyList<string> TooManyRecipients() => ["Too many recipients for one message; send to the others separately."];

    private static Bilingual Question(RefusalNote note) => SmtpText.Address(note.Suggestion) is { } address
        ? new Bilingual($"Did you mean {address} ?", $"Vouliez-vous écrire à {address} ?")
        : new Bilingual($"Did you mean an address at {note.Suggestion.Domain} ?", $"Vouliez-vous écrire à une adresse de {note.Suggestion.Domain} ?");

    private static Bilingual WhatHappened(RefusalNote note)
    {
        var wrong = SmtpText.Address(note.Recipient) ?? note.Recipient.Domain;
        return new Bilingual(
            $"{note.Recipient.Domain} is not {note.Suggestion.Domain}, and nobody here is known to write to it. Nothing was sent to {wrong}.",
            $"{note.Recipient.Domain} n'est pas {note.Suggestion.Domain}, et personne ici n'y écrit à notre connaissance. Rien n'a été envoyé à {wrong}.");
    }

    private Bilingual? HowToInsist(RefusalNote note)
    {
        var resend = settings.Insist is InsistPolicy.Resend or InsistPolicy.Both
            ? new Bilingual(
                $"wait {Seconds(settings.InsistMinDelay)} seconds and send it again within {Minutes(settings.InsistWindow)} minutes",
                $"attendez {Seconds(settings.InsistMinDelay)} secondes et renvoyez-le dans les {Minutes(settings.InsistWindow)} minutes")
            : (Bilingual?)null;
        var link = note.Link is { } url
            ? new Bilingual($"confirm at {url} and send it again", $"confirmez sur {url} et renvoyez-le")
            : (Bilingual?)null;
        var ways = (resend, link) switch
        {
            ({ } r, { } l) => new Bilingual($"{r.English}, or {l.English}", $"{r.French}, ou {l.French}"),
            ({ } r, null) => r,
            (null, { } l) => l,
            _ => (Bilingual?)null,
        };
        return ways is { } w
            ? new Bilingual($"If the address is right: {w.English}.", $"Si l'adresse est juste : {w.French}.")
            : null;
    }

    private string Reference(string reference) =>
        settings.Contact is { } contact ? $"Help / aide : {contact} (Vigie {reference})" : $"(Vigie {reference})";

    private static string Seconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Minutes(TimeSpan span) => Math.Floor(span.TotalMinutes).ToString(CultureInfo.InvariantCulture);
}
