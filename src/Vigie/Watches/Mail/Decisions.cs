using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Vigie.Engine;
using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>Which decisions to show. Every filter that is null lets all pass.</summary>
public sealed record DecisionQuery
{
    /// <summary>Text that the sender, recipient, user, queue id or imitated domain contains, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>What policy said.</summary>
    public ImmutableArray<Verdict> Verdicts { get; init; } = [];

    /// <summary>What was done.</summary>
    public Verdict? Applied { get; init; }

    /// <summary>The mode at that time.</summary>
    public Mode? Mode { get; init; }

    /// <summary>The exact domain of the recipient, in ASCII form.</summary>
    public string? Domain { get; init; }

    /// <summary>A stable code, one of <see cref="DecisionReasons"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The most decisions of one page.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the page starts; null for the newest.</summary>
    public Cursor? After { get; init; }
}

/// <summary>How often each thing was done in a span of time.</summary>
/// <param name="ByVerdict">Decisions by what policy said.</param>
/// <param name="ByApplied">Decisions by what was done.</param>
/// <param name="Clean">Recipients outside the own domains about whom there was nothing to decide.</param>
/// <param name="Incoming">Recipients in the own domains, which this watch does not judge.</param>
/// <param name="NotChecked">Recipients let through unchecked by policy, bypass included.</param>
public sealed record DecisionCounts(
    IReadOnlyDictionary<Verdict, long> ByVerdict,
    IReadOnlyDictionary<Verdict, long> ByApplied,
    long Clean,
    long Incoming,
    long NotChecked);

/// <summary>The record of what was decided about recipients. Newest first.</summary>
public sealed class Decisions(Store.Store store)
{
    private const string Columns = """
        id AS Id, time AS Time, queue_id AS QueueId, sender AS Sender, login AS Login, daemon AS Daemon, client AS Client,
        recipient AS Recipient, verdict AS Verdict, applied AS Applied, mode AS Mode, imitates AS Imitates, family AS Family,
        posterior AS Posterior, suggestion AS Suggestion, reason AS Reason, explanation_en AS ExplanationEn,
        explanation_fr AS ExplanationFr, finding_id AS FindingId
        """;

    /// <summary>One page of the decisions that match.</summary>
    public async Task<Page<Decision>> SearchAsync(DecisionQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, 10_000);
        var (where, parameters) = Conditions(query);
        parameters.Add("limit", limit + 1);
        var sql = $"SELECT {Columns} FROM mail_decisions {where} ORDER BY time DESC, id DESC LIMIT @limit";
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(sql, parameters, cancellationToken: token)), cancellationToken);
        return Page.Cut(rows.Select(row => row.ToDecision()).ToList(), limit, d => new Cursor(d.Time.ToUnixTimeMilliseconds(), d.Id));
    }

    /// <summary>One decision, or null.</summary>
    public async Task<Decision?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var row = await store.ReadAsync(
            (connection, token) => connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition($"SELECT {Columns} FROM mail_decisions WHERE id = @id", new { id }, cancellationToken: token)),
            cancellationToken);
        return row?.ToDecision();
    }

    /// <summary>How often each verdict fell since <paramref name="from"/>.</summary>
    public Task<DecisionCounts> CountAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        store.ReadAsync(
            async (connection, token) =>
            {
                var since = from.ToUnixTimeMilliseconds();
                var verdicts = await connection.QueryAsync<CountRow>(new CommandDefinition(
                    "SELECT verdict AS Verdict, applied AS Applied, COUNT(*) AS Count FROM mail_decisions WHERE time >= @since GROUP BY verdict, applied",
                    new { since }, cancellationToken: token));
                var passed = await connection.QueryAsync<PassedRow>(new CommandDefinition(
                    "SELECT what AS What, SUM(count) AS Count FROM mail_counts WHERE day >= @day GROUP BY what",
                    new { day = DayOf(from) }, cancellationToken: token));
                return Sum([.. verdicts], passed.ToDictionary(row => row.What, row => row.Count));
            },
            cancellationToken);

    /// <summary>Saves a decision; one that is there already stays as it is.</summary>
    internal static void Save(DbTransaction transaction, Decision decision) =>
        transaction.Connection!.Execute(
            """
            INSERT INTO mail_decisions (id, time, queue_id, sender, login, daemon, client, recipient, recipient_domain, verdict, applied,
                mode, imitates, family, posterior, suggestion, reason, explanation_en, explanation_fr, finding_id)
            VALUES (@Id, @time, @QueueId, @Sender, @User, @Daemon, @Client, @Recipient, @domain, @verdict, @applied,
                @mode, @Imitates, @Family, @Posterior, @Suggestion, @Reason, @english, @french, @FindingId)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                decision.Id,
                time = decision.Time.ToUnixTimeMilliseconds(),
                decision.QueueId,
                decision.Sender,
                decision.User,
                decision.Daemon,
                decision.Client,
                decision.Recipient,
                domain = decision.Recipient[(decision.Recipient.LastIndexOf('@') + 1)..],
                verdict = (short)decision.Verdict,
                applied = (short)decision.Applied,
                mode = (short)decision.Mode,
                decision.Imitates,
                decision.Family,
                decision.Posterior,
                decision.Suggestion,
                decision.Reason,
                english = decision.Explanation.English,
                french = decision.Explanation.French,
                decision.FindingId,
            },
            transaction);

    /// <summary>Adds to the day's counts of recipients without a decision of their own.</summary>
    internal static void AddCounts(DbTransaction transaction, DateTimeOffset time, IEnumerable<KeyValuePair<string, long>> counts)
    {
        var day = DayOf(time);
        foreach (var (what, count) in counts)
        {
            transaction.Connection!.Execute(
                """
                INSERT INTO mail_counts (id, day, what, count) VALUES (@id, @day, @what, @count)
                ON CONFLICT (id) DO UPDATE SET count = mail_counts.count + excluded.count
                """,
                new { id = $"{day} {what}", day, what, count },
                transaction);
        }
    }

    // Midnight UTC, so that retention can compare it with a time.
    private static long DayOf(DateTimeOffset time) => new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static DecisionCounts Sum(IReadOnlyList<CountRow> rows, Dictionary<string, long> passed) => new(
        rows.GroupBy(row => (Verdict)row.Verdict).ToDictionary(group => group.Key, group => group.Sum(row => row.Count)),
        rows.GroupBy(row => (Verdict)row.Applied).ToDictionary(group => group.Key, group => group.Sum(row => row.Count)),
        passed.GetValueOrDefault(CountedKinds.Clean),
        passed.GetValueOrDefault(CountedKinds.Incoming),
        passed.GetValueOrDefault(CountedKinds.NotChecked));

    private (string Where, DynamicParameters Parameters) Conditions(DecisionQuery query)
    {
        var all = new List<string>();
        var parameters = new DynamicParameters();
        void Add(string condition, string name, object value)
        {
            all.Add(condition);
            parameters.Add(name, value);
        }

        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            string[] fields = ["sender", "recipient", "login", "queue_id", "imitates"];
            Add($"({string.Join(" OR ", fields.Select(field => store.Dialect.Contains(field, "@text")))})", "text", query.Text.Trim());
        }

        if (!query.Verdicts.IsDefaultOrEmpty) all.Add($"verdict IN ({string.Join(", ", query.Verdicts.Select(v => (int)v))})");
        if (query.Applied is { } applied) Add("applied = @applied", "applied", (short)applied);
        if (query.Mode is { } mode) Add("mode = @mode", "mode", (short)mode);
        if (query.Domain is { Length: > 0 } domain) Add("recipient_domain = @domain", "domain", domain);
        if (query.Reason is { Length: > 0 } reason) Add("reason = @reason", "reason", reason);
        if (query.From is { } from) Add("time >= @from", "from", from.ToUnixTimeMilliseconds());
        if (query.Until is { } until) Add("time < @until", "until", until.ToUnixTimeMilliseconds());
        if (query.After is { } after)
        {
            Add("(time < @afterTime OR (time = @afterTime AND id < @afterId))", "afterTime", after.Time);
            parameters.Add("afterId", after.Id);
        }

        return (all.Count == 0 ? "" : $"WHERE {string.Join(" AND ", all)}", parameters);
    }

    private sealed class CountRow
    {
        public int Verdict { get; set; }

        public int Applied { get; set; }

        public long Count { get; set; }
    }

    private sealed class PassedRow
    {
        public string What { get; set; } = "";

        public long Count { get; set; }
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public long Time { get; set; }

        public string? QueueId { get; set; }

        public string Sender { get; set; } = "";

        public string? Login { get; set; }

        public string? Daemon { get; set; }

        public string Client { get; set; } = "";

        public string Recipient { get; set; } = "";

        public int Verdict { get; set; }

        public int Applied { get; set; }

        public int Mode { get; set; }

        public string? Imitates { get; set; }

        public string? Family { get; set; }

        public double? Posterior { get; set; }

        public string? Suggestion { get; set; }

        public string Reason { get; set; } = "";

        public string ExplanationEn { get; set; } = "";

        public string ExplanationFr { get; set; } = "";

        public string? FindingId { get; set; }

        public Decision ToDecision() => new(
            Id, DateTimeOffset.FromUnixTimeMilliseconds(Time), QueueId, Sender, Login, Daemon, Client, Recipient, (Verdict)Verdict, (Verdict)Applied,
            (Mode)Mode, Imitates, Family, Posterior, Suggestion, Reason, new Bilingual(ExplanationEn, ExplanationFr), FindingId);
    }
}

/// <summary>What is counted by day instead of being recorded one by one.</summary>
internal static class CountedKinds
{
    public const string Clean = "clean";
    public const string Incoming = "incoming";
    public const string NotChecked = "not-checked";
}
