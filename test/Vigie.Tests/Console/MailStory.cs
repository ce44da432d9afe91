using Vigie.Engine;
using Vigie.Governance;
using Vigie.Store;
using Vigie.Watches.Mail;

namespace Vigie.Tests.Console;

/// <summary>A fortnight of mail, written into the store of a running node the way the watch writes it.</summary>
internal static class MailStory
{
    public const string HeldQueueId = "4Wb7Kq1zXyz";

    /// <summary>What a stranger may put into a message to harm its readers.</summary>
    public static readonly IReadOnlyList<string> Hostile =
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "invoice\u202Efdp.exe",
        "nul\0and\u0007bell",
        "line\r\nBcc: all@example.org",
        "A" + new string('x', 1_000_000),
        "javascript:alert(1)",
        "{{7*7}} @(1+1) ${7*7}",
        "e" + new string('\u0301', 5000),
    ];

    public static Task TellAsync(IServiceProvider services, CancellationToken ct) => services.GetRequiredService<Vigie.Store.Store>().WriteAsync(
        Lane.Console,
        tx =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            foreach (var decision in Decided(now)) Decisions.Save(tx, decision);
            foreach (var message in Held(now)) HeldMail.Record(tx, message);
            Decisions.AddCounts(tx, now, new Dictionary<string, long> { ["clean"] = 1_204 });
            Decisions.AddCounts(tx, now.AddDays(-2), new Dictionary<string, long> { ["clean"] = 6_911 });
            foreach (var (mailbox, domain, sent, days, replies) in Known)
            {
                var gain = new RelationshipGain { Sent = sent, Days = days, First = now.AddDays(-90), Last = now.AddHours(-3) };
                Relationships.Add(tx, new RelationshipKey(mailbox, domain), gain);
                if (replies > 0) Relationships.Add(tx, new RelationshipKey(mailbox, domain), new RelationshipGain { Received = replies, First = now.AddDays(-80), Last = now.AddHours(-1) });
            }

            var journal = services.GetRequiredService<Journal>();
            journal.Append(tx, "awa", "mail.held.release", "4Wb2Hn0pQrs", "Called the sender: the address is right.", null);
            journal.Append(tx, "admin", "protection.name-added", "relief.example", "Our new partner in Ségou", null);
        },
        ct);

    public static Task TellHostileAsync(IServiceProvider services, CancellationToken ct) => services.GetRequiredService<Vigie.Store.Store>().WriteAsync(
        Lane.Console,
        tx =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            foreach (var (text, i) in Hostile.Select((text, i) => (text, i)))
            {
                Decisions.Save(tx, Make(now.AddMinutes(-i), $"hostile-{i}", text + "@army.ml", Verdict.Refuse, Verdict.Refuse, Mode.Enforce, "army.mil", 0.97) with
                {
                    Sender = text,
                    Client = text,
                    User = text,
                    Suggestion = text,
                    Explanation = new Bilingual(text, text),
                });
                HeldMail.Record(tx, new HeldMessage(
                    $"hostile{i}", now.AddMinutes(-i), text, [text, text], text, 1000, new Bilingual(text, text), HeldState.Held, null, null, null)
                { User = text });
                services.GetRequiredService<Journal>().Append(tx, text[..Math.Min(50, text.Length)], "mail.mode", text, text, null);
            }
        },
        ct);

    private static IEnumerable<Decision> Decided(DateTimeOffset now)
    {
        (string Recipient, string Imitates, Verdict Verdict, double Posterior)[] kinds =
        [
            ("lt.j.moreau@army.ml", "army.mil", Verdict.Refuse, 0.993),
            ("visas@usaf.mil", "us.af.mil", Verdict.Hold, 0.71),
            ("tender@bamako-sante.ml", "sante.gov.ml", Verdict.Mark, 0.31),
            ("logistics@wfq.org", "wfp.org", Verdict.Refuse, 0.94),
            ("orders@navy.ml", "navy.mil", Verdict.Refuse, 0.99),
            ("accounts@ecobannk.com", "ecobank.com", Verdict.Hold, 0.66),
        ];
        string[] senders = ["m.keita@travel.example", "ops@freight.example", "s.diarra@travel.example", "p.lawson@freight.example"];
        for (var i = 0; i < 44; i++)
        {
            var kind = kinds[(i * 7) % kinds.Length];
            var enforced = i < 12;
            var applied = enforced ? kind.Verdict : kind.Verdict == Verdict.Mark ? Verdict.Mark : Verdict.Deliver;
            yield return Make(now.AddHours(-(i * i % 331)), $"story-{i}", kind.Recipient, kind.Verdict, applied, enforced ? Mode.Enforce : Mode.Observe, kind.Imitates, kind.Posterior) with
            {
                Sender = senders[i % senders.Length],
            };
        }

        yield return Make(now.AddMinutes(-9), "story-held", "visas@usaf.mil", Verdict.Hold, Verdict.Hold, Mode.Enforce, "us.af.mil", 0.71) with { QueueId = HeldQueueId };
    }

    private static IEnumerable<HeldMessage> Held(DateTimeOffset now)
    {
        var why = Explain("usaf.mil", "us.af.mil", 0.71);
        yield return new HeldMessage(
            HeldQueueId, now.AddMinutes(-9), "m.keita@travel.example", ["visas@usaf.mil", "ambassade@diplomatie.gouv.fr"],
            "Visa list and passport scans, delegation of 3 December", 2_481_112, why, HeldState.Held, null, null, null)
        { User = "m.keita", NotifySender = true };
        yield return new HeldMessage(
            "4Wb7Hc3nMno", now.AddHours(-2), "p.lawson@freight.example", ["accounts@ecobannk.com"], "Bank details for invoice 2026-1188", 88_204,
            Explain("ecobannk.com", "ecobank.com", 0.66), HeldState.Held, null, null, null);
        yield return new HeldMessage(
            "4Wb2Hn0pQrs", now.AddDays(-2), "s.diarra@travel.example", ["protocole@usaf.mil"], "Ordre de mission – escale de Ségou", 12_040,
            why, HeldState.Released, "awa", now.AddDays(-2).AddMinutes(11), "Called the sender: the address is right.");
    }

    private static readonly (string Mailbox, string Domain, int Sent, int Days, int Replies)[] Known =
    [
        ("m.keita@travel.example", "diplomatie.gouv.fr", 212, 61, 180),
        ("ops@freight.example", "malitel.ml", 96, 40, 71),
        ("p.lawson@freight.example", "wfp.org", 54, 22, 39),
        ("s.diarra@travel.example", "bnda.ml", 18, 9, 12),
    ];

    private static Decision Make(DateTimeOffset time, string id, string recipient, Verdict verdict, Verdict applied, Mode mode, string imitates, double posterior)
    {
        var (local, domain) = (recipient[..Math.Max(0, recipient.LastIndexOf('@'))], recipient[(recipient.LastIndexOf('@') + 1)..]);
        return new Decision(
            id, time, null, "sender@travel.example", "m.keita", "submission", "workstation [192.0.2.44]", recipient, verdict, applied, mode,
            imitates, "TldTypo", posterior, $"{local}@{imitates}", DecisionReasons.Lookalike, Explain(domain, imitates, posterior), null);
    }

    private static Bilingual Explain(string domain, string imitates, double posterior) => new(
        $"{domain} looks like {imitates}. Nobody here has written to {domain} before, while {imitates} is written to often. Probability of a slip: {posterior:P0}.",
        $"{domain} ressemble à {imitates}. Personne ici n’a encore écrit à {domain}, alors qu’on écrit souvent à {imitates}. Probabilité d’une erreur : {posterior:P0}.");
}
