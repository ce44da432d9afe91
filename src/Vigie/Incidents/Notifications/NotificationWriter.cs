using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Incidents.Pages;

namespace Vigie.Incidents.Notifications;

/// <summary>
/// Puts into words what leaves the machine: the title, the score with its reasons, and a link. No finding, no entity list, no
/// evidence: who may see those logs in.
/// </summary>
/// <param name="channel">For whom.</param>
/// <param name="link">The address of a page of this console.</param>
internal sealed class NotificationWriter(NotifyChannel channel, Func<string, string> link)
{
    private const int MaxTitle = 160;
    private const int MaxReason = 500;
    private const int MaxInDigest = 25;

    // Nothing of it is put into a page: letters may stay letters.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>What is said of an incident.</summary>
    /// <param name="incident">The incident as it is.</param>
    /// <param name="told">What the channel was told of it before; null where nothing.</param>
    /// <param name="now">UTC.</param>
    public Notification Of(Incident incident, (Severity Severity, double Score)? told, DateTimeOffset now)
    {
        var kind = told is null ? NotificationKind.New : NotificationKind.Risen;
        var id = IdOf(kind, incident, told);
        var subject = SubjectOf(kind, incident);
        return new Notification
        {
            Id = id,
            Channel = channel.Name,
            Kind = kind,
            Incident = incident.Id,
            Severity = incident.Severity,
            Score = incident.Score.Value,
            Time = now,
            Next = now,
            Subject = subject,
            Body = channel.IsMail ? Text(incident, told, subject) : Serialize(id, kind, now, new { incident = Payload(incident, told) }),
        };
    }

    /// <summary>What was held back, in one.</summary>
    /// <param name="held">Gravest first; at least one.</param>
    /// <param name="now">UTC.</param>
    public Notification Digest(IReadOnlyList<Notification> held, DateTimeOffset now)
    {
        var id = FindingId.Of("incidents.notify", "digest", [channel.Name, .. held.Select(one => one.Id).Order(StringComparer.Ordinal)]).Value;
        var count = held.Count.ToString(CultureInfo.InvariantCulture);
        var subject = "[Vigie] " + Say(new Bilingual($"Digest: {count} held back", $"Récapitulatif : {count} en attente"));
        return new Notification
        {
            Id = id,
            Channel = channel.Name,
            Kind = NotificationKind.Digest,
            Severity = held.Max(one => one.Severity),
            Score = held.Max(one => one.Score),
            Time = now,
            Next = now,
            Subject = subject,
            Body = channel.IsMail ? DigestText(held) : Serialize(id, NotificationKind.Digest, now, new
            {
                held = held.Count,
                incidents = held.Take(MaxInDigest).Select(one => JsonSerializer.Deserialize<JsonElement>(one.Body).GetProperty("incident")).ToArray(),
            }),
        };
    }

    /// <summary>A message that says only that it arrived.</summary>
    public Notification Test(string actor, DateTimeOffset now)
    {
        var id = FindingId.Of("incidents.notify", "test", channel.Name, FindingId.Part(now.UtcTicks)).Value;
        var text = Say(new Bilingual($"{Plain(actor)} sent this to see whether it arrives. Nothing happened.", $"{Plain(actor)} a envoyé ceci pour voir si cela arrive. Il ne s’est rien passé."));
        return new Notification
        {
            Id = id,
            Channel = channel.Name,
            Kind = NotificationKind.Test,
            Time = now,
            Next = now,
            Subject = "[Vigie] " + Say(new Bilingual("Test", "Essai")),
            Body = channel.IsMail ? $"{text}\n\n{link("/notifications")}\n" : Serialize(id, NotificationKind.Test, now, new { text }),
        };
    }

    // The time an incident began is part of it: after a restore a number may come again for another one.
    private string IdOf(NotificationKind kind, Incident incident, (Severity Severity, double Score)? told) => FindingId.Of(
        "incidents.notify",
        kind == NotificationKind.New ? "new" : "risen",
        channel.Name,
        FindingId.Part(incident.Id),
        FindingId.Part(incident.CreatedAt.ToUnixTimeMilliseconds()),
        told is { } before ? $"{(int)before.Severity} {FindingId.Part((long)(before.Score * 1000))}" : "").Value;

    private string SubjectOf(NotificationKind kind, Incident incident)
    {
        var what = kind == NotificationKind.New
            ? new Bilingual($"New incident {incident.Id}", $"Nouvel incident {incident.Id}")
            : new Bilingual($"Incident {incident.Id} has become graver", $"L’incident {incident.Id} s’aggrave");
        return $"[Vigie] {Say(what)}{Colon}{Title(incident)} ({Say(FindingTexts.Name(incident.Severity))}, {Score(incident.Score.Value)})";
    }

    private string Text(Incident incident, (Severity Severity, double Score)? told, string subject)
    {
        var text = new StringBuilder();
        text.Append(subject["[Vigie] ".Length..]).Append("\n\n");
        if (told is { } before)
        {
            text.Append(Say(new Bilingual(
                $"Before: {FindingTexts.Name(before.Severity).English}, score {Score(before.Score)}.", $"Avant : gravité {FindingTexts.Name(before.Severity).French}, score {Score(before.Score)}."))).Append('\n');
        }

        text.Append(Say(new Bilingual(
            $"Severity: {FindingTexts.Name(incident.Severity).English}. Score: {Score(incident.Score.Value)} of 100.",
            $"Gravité : {FindingTexts.Name(incident.Severity).French}. Score : {Score(incident.Score.Value)} sur 100."))).Append('\n');
        foreach (var term in incident.Score.Terms.Where(term => Math.Abs(term.Points) >= 0.5))
            text.Append("  ").Append(term.Points.ToString("+0;-0", CultureInfo.InvariantCulture)).Append("  ").Append(Plain(Say(term.Why))).Append('\n');
        text.Append('\n').Append(link(CaseLinks.To(incident.Id))).Append('\n');
        return text.ToString();
    }

    private string DigestText(IReadOnlyList<Notification> held)
    {
        var text = new StringBuilder();
        text.Append(Say(new Bilingual(
            "These were held back, in quiet hours or above the limit of an hour. The gravest come first.",
            "Ces messages ont été retenus, pendant les heures calmes ou au-delà de la limite par heure. Les plus graves d’abord."))).Append("\n\n");
        foreach (var one in held.Take(MaxInDigest))
        {
            text.Append(one.Subject["[Vigie] ".Length..]).Append('\n');
            if (one.Incident is { } number) text.Append("  ").Append(link(CaseLinks.To(number))).Append('\n');
        }

        if (held.Count > MaxInDigest)
        {
            var more = (held.Count - MaxInDigest).ToString(CultureInfo.InvariantCulture);
            text.Append('\n').Append(Say(new Bilingual($"And {more} more: {link(InboxPages.List)}", $"Et {more} de plus : {link(InboxPages.List)}"))).Append('\n');
        }

        return text.ToString();
    }

    private object Payload(Incident incident, (Severity Severity, double Score)? told) => new
    {
        number = incident.Id,
        title = Title(incident),
        severity = Name(incident.Severity),
        score = Math.Round(incident.Score.Value, 1),
        reasons = incident.Score.Terms.Select(term => new { name = term.Name, points = Math.Round(term.Points, 1), why = Plain(Say(term.Why)) }).ToArray(),
        before = told is { } before ? new { severity = Name(before.Severity), score = Math.Round(before.Score, 1) } : null,
        link = link(CaseLinks.To(incident.Id)),
    };

    private static string Serialize(string id, NotificationKind kind, DateTimeOffset now, object about)
    {
        var document = JsonSerializer.SerializeToNode(new { id, @event = EventOf(kind), time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) }, Json)!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(about, Json)!.AsObject()) document[name] = value?.DeepClone();
        return document.ToJsonString(Json);
    }

    /// <summary>What a webhook calls it.</summary>
    public static string EventOf(NotificationKind kind) => kind switch
    {
        NotificationKind.New => "incident.new",
        NotificationKind.Risen => "incident.risen",
        NotificationKind.Digest => "incident.digest",
        _ => "test",
    };

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();

    private string Title(Incident incident) => Plain(Say(incident.Title), MaxTitle);

    private string Colon => channel.Language == "fr" ? " : " : ": ";

    private string Say(Bilingual text) => text.In(channel.Language);

    private static string Score(double score) => score.ToString("0", CultureInfo.InvariantCulture);

    // Names in it come from strangers: one line, nothing invisible, not endless.
    private static string Plain(string text, int max = MaxReason)
    {
        var shown = PlainText.Cut(text, max, out var cut);
        return PlainText.Visible(shown) + (cut ? "…" : "");
    }
}
