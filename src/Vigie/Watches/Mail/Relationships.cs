using System.Data.Common;
using Dapper;
using Vigie.Engine.Lookalikes;
using Vigie.Governance;
using Vigie.Protection;
using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>
/// Who writes to whom. Learned only from messages that were delivered and that nothing spoke against, so that a slip
/// cannot make itself respectable; what a domain sends us counts only as an answer to what we sent it.
/// </summary>
public sealed class Relationships(Store.Store store, Journal journal, TimeProvider time)
{
    private const string Columns = """
        id AS Id, domain AS Domain, mailbox AS Mailbox, sent AS Sent, sent_flagged AS SentFlagged, sent_days AS SentDays, past AS Past, received AS Received,
        replies AS Replies, confirmed AS Confirmed, approved AS Approved, first_seen AS FirstSeen, last_seen AS LastSeen
        """;

    // History holds slips too. Mail of the past to a look-alike is believed only where it went both ways and on several days.
    private const int BelievedDays = 3;

    // The whole organisation has a row of its own under this mailbox, so that no sum over thousands of rows is ever needed.
    private const string Organisation = "";

    /// <summary>One page of what is known.</summary>
    public async Task<Page<Relationship>> SearchAsync(RelationshipQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, 10_000);
        var where = new List<string>();
        var parameters = new DynamicParameters(new { limit = limit + 1 });
        if (query.OrganisationOnly) where.Add("mailbox = ''");
        if (query.ApprovedOnly) where.Add("approved = 1");
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            where.Add($"({store.Dialect.Contains("domain", "@text")} OR {store.Dialect.Contains("mailbox", "@text")})");
            parameters.Add("text", query.Text.Trim());
        }

        if (query.After is { } after)
        {
            where.Add("(last_seen < @afterTime OR (last_seen = @afterTime AND id < @afterId))");
            parameters.Add("afterTime", after.Time);
            parameters.Add("afterId", after.Id);
        }

        var condition = where.Count == 0 ? "" : $"WHERE {string.Join(" AND ", where)}";
        var sql = $"SELECT {Columns} FROM mail_relationships {condition} ORDER BY last_seen DESC, id DESC LIMIT @limit";
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(sql, parameters, cancellationToken: token)), cancellationToken);
        var page = Page.Cut(rows.AsList(), limit, row => new Cursor(row.LastSeen, row.Id));
        return new Page<Relationship>([.. page.Items.Select(row => row.ToRelationship())], page.Next);
    }

    /// <summary>Everything known of one domain: the organisation first, then its mailboxes by last message.</summary>
    public async Task<IReadOnlyList<Relationship>> OfDomainAsync(string domain, int limit, CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                $"SELECT {Columns} FROM mail_relationships WHERE domain = @domain ORDER BY CASE WHEN mailbox = '' THEN 0 ELSE 1 END, last_seen DESC LIMIT @limit",
                new { domain, limit = Math.Clamp(limit, 1, 10_000) }, cancellationToken: token)),
            cancellationToken);
        return [.. rows.Select(row => row.ToRelationship())];
    }

    /// <summary>Declares a domain a correspondent of a mailbox or of everybody: mail to it is delivered from now on, whatever it imitates.</summary>
    public Task ApproveAsync(string domain, string? mailbox, string actor, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                var key = new RelationshipKey(mailbox?.ToLowerInvariant() ?? Organisation, domain);
                transaction.Connection!.Execute(
                    """
                    INSERT INTO mail_relationships (id, domain, mailbox, approved, first_seen, last_seen) VALUES (@id, @Domain, @Mailbox, 1, @now, @now)
                    ON CONFLICT (id) DO UPDATE SET approved = 1, last_seen = excluded.last_seen
                    """,
                    new { id = IdOf(key), key.Domain, key.Mailbox, now },
                    transaction);
                journal.Append(transaction, actor, "mail.relationship.approve", mailbox is null ? domain : $"{mailbox} {domain}", reason, null);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Forgets everything known of a domain, approval included.</summary>
    /// <returns>How many rows there were.</returns>
    public Task<int> ForgetAsync(string domain, string actor, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                var count = transaction.Connection!.Execute("DELETE FROM mail_relationships WHERE domain = @domain", new { domain }, transaction);
                journal.Append(transaction, actor, "mail.relationship.forget", domain, reason, null);
                return count;
            },
            cancellationToken);
    }

    /// <summary>Forgets everything known of one mailbox (a person who left, a request under data protection law).</summary>
    /// <returns>How many rows there were.</returns>
    public Task<int> ForgetMailboxAsync(string mailbox, string actor, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                var count = transaction.Connection!.Execute(
                    "DELETE FROM mail_relationships WHERE mailbox = @mailbox AND mailbox <> ''", new { mailbox = mailbox.ToLowerInvariant() }, transaction);
                journal.Append(transaction, actor, "mail.relationship.forget", mailbox, reason, null);
                return count;
            },
            cancellationToken);
    }

    /// <summary>Domains written to and answering often enough that a look-alike of them is worth a warning.</summary>
    /// <param name="minSent">Messages sent there by the organisation.</param>
    /// <param name="minDays">On how many days.</param>
    /// <param name="limit">The most domains, the busiest first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<string>> CorrespondentsAsync(int minSent, int minDays, int limit, CancellationToken cancellationToken)
    {
        var domains = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<string>(new CommandDefinition(
                """
                SELECT domain FROM mail_relationships
                WHERE mailbox = '' AND ((sent >= @minSent AND sent_days >= @minDays AND replies > 0) OR approved = 1)
                ORDER BY sent DESC, domain LIMIT @limit
                """,
                new { minSent, minDays, limit }, cancellationToken: token)),
            cancellationToken);
        return [.. domains];
    }

    /// <summary>What is known that speaks for or against a slip.</summary>
    /// <param name="sender">The sending mailbox, as <see cref="MailboxKey"/> makes it; empty for none.</param>
    /// <param name="domain">The recipient's domain, in ASCII form. Its parents down to the registrable domain count too: their owner is the same.</param>
    /// <param name="targets">The imitated domain and the corrected domain of the recipient.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<KnownRelationship> EvidenceForAsync(string sender, string domain, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        var suspects = WithParents(domain);
        string[] wanted = [.. suspects.Concat(targets).Distinct(StringComparer.Ordinal)];
        var parameters = new DynamicParameters(new { sender });
        for (var i = 0; i < wanted.Length; i++) parameters.Add($"d{i}", wanted[i]);
        var places = string.Join(", ", wanted.Select((_, i) => $"@d{i}"));
        var rows = (await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                $"SELECT {Columns} FROM mail_relationships WHERE domain IN ({places}) AND (mailbox = '' OR mailbox = @sender)",
                parameters, cancellationToken: token)),
            cancellationToken)).ToList();

        var known = rows.Where(row => suspects.Contains(row.Domain)).ToList();
        var target = rows.Where(row => targets.Contains(row.Domain)).ToList();
        var believed = known.Any(row => row.Mailbox == Organisation && row.SentDays >= BelievedDays && row.Received > 0);
        long ToDomain(Row row) => row.Sent + row.Confirmed + (believed ? row.Past : 0);
        return new KnownRelationship(
            new RelationshipEvidence(
                Sum(known, row => row.Mailbox == sender && sender.Length > 0 ? ToDomain(row) : 0),
                Sum(known, row => row.Mailbox == Organisation ? ToDomain(row) : 0),
                Sum(target, row => row.Mailbox == sender && sender.Length > 0 ? row.Sent : 0),
                Sum(target, row => row.Mailbox == Organisation ? row.Sent : 0),
                known.Any(row => row.Replies > 0)),
            known.Any(row => row.Approved != 0));
    }

    /// <summary>How a mailbox is written in this table: lower case, without address extension.</summary>
    public static string MailboxKey(string localWithoutExtension, string asciiDomain) => $"{localWithoutExtension}@{asciiDomain}".ToLowerInvariant();

    /// <summary>Adds what was learned, for the mailbox and for the organisation.</summary>
    internal static void Add(DbTransaction transaction, RelationshipKey key, in RelationshipGain gain)
    {
        if (key.Mailbox.Length > 0) AddRow(transaction, key, key, gain);
        AddRow(transaction, key with { Mailbox = Organisation }, key, gain);
    }

    // A day counts when it is later than every day counted before: right for mail as it flows and for logs read in order,
    // too low, never too high, for logs read out of order.
    // An answer is an answer only to the mailbox that wrote, also in the sums of the organisation.
    private static void AddRow(DbTransaction transaction, RelationshipKey key, RelationshipKey mailbox, in RelationshipGain gain) =>
        transaction.Connection!.Execute(
            """
            INSERT INTO mail_relationships (id, domain, mailbox, sent, sent_flagged, sent_days, last_day, past, received, replies, confirmed, first_seen, last_seen)
            VALUES (@id, @Domain, @Mailbox, @Sent, @SentFlagged, @Days, @LastDay, @Past, @Received, @Replies, @Confirmed, @first, @last)
            ON CONFLICT (id) DO UPDATE SET
                sent = mail_relationships.sent + excluded.sent,
                sent_flagged = mail_relationships.sent_flagged + excluded.sent_flagged,
                sent_days = mail_relationships.sent_days +
                    CASE WHEN @FirstDay > mail_relationships.last_day THEN @Days WHEN @LastDay > mail_relationships.last_day THEN @Days - 1 ELSE 0 END,
                last_day = CASE WHEN excluded.last_day > mail_relationships.last_day THEN excluded.last_day ELSE mail_relationships.last_day END,
                past = mail_relationships.past + excluded.past,
                received = mail_relationships.received + excluded.received,
                replies = mail_relationships.replies +
                    CASE WHEN (SELECT m.sent FROM mail_relationships m WHERE m.id = @writer) > 0 THEN excluded.received ELSE excluded.replies END,
                confirmed = mail_relationships.confirmed + excluded.confirmed,
                first_seen = CASE WHEN excluded.first_seen < mail_relationships.first_seen THEN excluded.first_seen ELSE mail_relationships.first_seen END,
                last_seen = CASE WHEN excluded.last_seen > mail_relationships.last_seen THEN excluded.last_seen ELSE mail_relationships.last_seen END
            """,
            new
            {
                id = IdOf(key),
                key.Domain,
                key.Mailbox,
                gain.Sent,
                gain.SentFlagged,
                gain.Days,
                gain.FirstDay,
                gain.LastDay,
                gain.Past,
                gain.Received,
                gain.Replies,
                gain.Confirmed,
                writer = IdOf(mailbox),
                first = gain.First.ToUnixTimeMilliseconds(),
                last = gain.Last.ToUnixTimeMilliseconds(),
            },
            transaction);

    private static string IdOf(RelationshipKey key) => $"{key.Domain} {key.Mailbox}";

    private static int Sum(List<Row> rows, Func<Row, long> value) => (int)Math.Min(int.MaxValue, rows.Sum(value));

    private static List<string> WithParents(string domain)
    {
        var all = new List<string> { domain };
        if (!PublicSuffixes.Default.TrySplit(domain, out var parts) || parts.Label.Length == 0) return all;
        var rest = domain;
        while (rest.Length > parts.Registrable.Length && rest.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && all.Count < 10)
        {
            rest = rest[(dot + 1)..];
            all.Add(rest);
        }

        return all;
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Domain { get; set; } = "";

        public string Mailbox { get; set; } = "";

        public long Sent { get; set; }

        public long SentFlagged { get; set; }

        public long SentDays { get; set; }

        public long Past { get; set; }

        public long Received { get; set; }

        public long Replies { get; set; }

        public long Confirmed { get; set; }

        public long Approved { get; set; }

        public long FirstSeen { get; set; }

        public long LastSeen { get; set; }

        public Relationship ToRelationship() => new(
            Domain, Mailbox.Length == 0 ? null : Mailbox, Sent, SentFlagged, SentDays, Past, Received, Replies, Confirmed, Approved != 0,
            DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen), DateTimeOffset.FromUnixTimeMilliseconds(LastSeen));
    }
}

/// <summary>What is known about a sender and a domain.</summary>
/// <param name="Evidence">The counts that the judge weighs.</param>
/// <param name="Approved">Whether an approver declared the domain a correspondent, which ends the question.</param>
public readonly record struct KnownRelationship(RelationshipEvidence Evidence, bool Approved);
