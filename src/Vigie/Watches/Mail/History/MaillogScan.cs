using Vigie.Engine;
using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Watches.Mail.History;

/// <summary>A past message that probably went to the wrong place.</summary>
/// <param name="Time">When it was delivered or tried, UTC.</param>
/// <param name="Sender">The envelope sender; null where the log does not hold it.</param>
/// <param name="User">The authenticated user.</param>
/// <param name="Recipient">The envelope recipient.</param>
/// <param name="Status">The last thing known: <c>sent</c> means it left.</param>
/// <param name="Relay">The server that took it.</param>
/// <param name="QueueId">The queue id in the log.</param>
/// <param name="Imitates">The guarded domain that was probably meant.</param>
/// <param name="Suggestion">The address that was probably meant.</param>
/// <param name="Family">The kind of slip.</param>
/// <param name="Probability">The probability that it is a slip.</param>
/// <param name="Why">Why, in words.</param>
internal sealed record AstrayMessage(
    DateTimeOffset Time, string? Sender, string? User, string Recipient, string Status, string? Relay, string? QueueId, string Imitates, string Suggestion,
    string Family, double Probability, Bilingual Why);

/// <summary>
/// Looks back over a log: which messages to look-alikes went out? First all is read, then judged, since a relationship may
/// show only later. Memory is bounded: only mail with look-alikes and guarded domains is kept, and no more than a limit.
/// </summary>
internal sealed class MaillogScan(ProtectedNames names, ImitationJudge judge, Correspondence correspondence)
{
    /// <summary>The most messages to look-alikes that are kept; further ones are counted only.</summary>
    public const int MaxSuspects = 200_000;

    private const int MaxPairs = 1_000_000;
    private const int BelievedDays = 3;

    private readonly Dictionary<(string QueueId, string Recipient), int> _byDelivery = [];
    private readonly List<(PastMessage Message, PastContact Contact)> _suspects = [];
    private readonly Dictionary<RelationshipKey, int> _sent = [];
    private readonly Dictionary<string, DomainMail> _domains = new(StringComparer.Ordinal);

    /// <summary>Deliveries read, one a recipient and attempt.</summary>
    public long Messages { get; private set; }

    /// <summary>Messages to look-alikes beyond <see cref="MaxSuspects"/>, which were not judged.</summary>
    public long NotKept { get; private set; }

    public void Take(PastMessage message)
    {
        Messages++;
        var contact = correspondence.Read(message);
        if (contact.Direction == Direction.None) return;
        var domain = contact.Key.Domain;
        var resembles = correspondence.Resembles(domain);
        if (contact.Direction == Direction.Incoming)
        {
            if (resembles && message.IsDelivered) Mail(domain).Received++;
            return;
        }

        if (!resembles && !names.Index.IsProtected(domain)) return;
        if (message.IsDelivered) Count(contact.Key, message.Time);
        if (resembles) Keep(message, contact);
    }

    /// <summary>The messages that the judge would hold or refuse (with <paramref name="notices"/>: or mention), in order of time.</summary>
    public IEnumerable<AstrayMessage> Conclude(bool notices)
    {
        var least = notices ? ImitationStrength.Notice : ImitationStrength.Hold;
        foreach (var (message, contact) in _suspects.OrderBy(suspect => suspect.Message.Time))
        {
            var domain = contact.Key.Domain;
            var found = names.Index.Find(domain, 1);
            if (found.Count == 0) continue;
            var verdict = judge.Judge(domain, EvidenceFor(contact.Key, found[0]));
            if (verdict.Best is not { } best || verdict.Strength < least) continue;
            var suggestion = contact.Recipient! with { Domain = best.Correction };
            yield return new AstrayMessage(
                message.Time, message.Sender, message.User, message.Recipient, message.Status ?? "sent", message.Relay, message.QueueId,
                best.Target.Domain, suggestion.ToString(), best.Family.ToString(), verdict.Posterior, verdict.Reason);
        }
    }

    private RelationshipEvidence EvidenceFor(RelationshipKey key, Imitation imitation)
    {
        // As with learning: a look-alike is a correspondent only where mail went both ways and on several days.
        var mail = _domains.GetValueOrDefault(key.Domain);
        var believed = mail is { Received: > 0, Days: >= BelievedDays };
        var target = imitation.Target.Domain;
        return new RelationshipEvidence(
            believed ? _sent.GetValueOrDefault(key) : 0,
            believed ? mail!.Sent : 0,
            key.Mailbox.Length > 0 ? _sent.GetValueOrDefault(key with { Domain = target }) : 0,
            _domains.GetValueOrDefault(target)?.Sent ?? 0,
            believed);
    }

    private void Keep(PastMessage message, PastContact contact)
    {
        // Every attempt writes a line; the last one tells how it ended.
        var delivery = (message.QueueId ?? "", message.Recipient);
        if (message.QueueId is not null && _byDelivery.TryGetValue(delivery, out var index) && message.Time - _suspects[index].Message.Time < TimeSpan.FromDays(10))
        {
            var before = _suspects[index].Message;
            _suspects[index] = (message with { Sender = message.Sender ?? before.Sender, User = message.User ?? before.User }, contact);
            return;
        }

        if (_suspects.Count >= MaxSuspects)
        {
            NotKept++;
            return;
        }

        _byDelivery[delivery] = _suspects.Count;
        _suspects.Add((message, contact));
    }

    private void Count(RelationshipKey key, DateTimeOffset time)
    {
        var mail = Mail(key.Domain);
        mail.Sent++;
        mail.OnDayOf(time);
        if (_sent.Count < MaxPairs || _sent.ContainsKey(key)) _sent[key] = _sent.GetValueOrDefault(key) + 1;
    }

    private DomainMail Mail(string domain)
    {
        if (!_domains.TryGetValue(domain, out var mail)) _domains[domain] = mail = new DomainMail();
        return mail;
    }

    private sealed class DomainMail
    {
        private readonly HashSet<int> _days = [];

        public int Sent { get; set; }

        public int Received { get; set; }

        public int Days => _days.Count;

        public void OnDayOf(DateTimeOffset time)
        {
            if (_days.Count < BelievedDays) _days.Add((int)(time.ToUnixTimeSeconds() / 86_400));
        }
    }
}
