using Dapper;
using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Incidents.Desk;

/// <summary>What a rule has brought, and what people said of it.</summary>
/// <param name="Detector">Whose rule.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Title">Its name, or the title of its findings.</param>
/// <param name="Level">The gravest of them.</param>
/// <param name="Findings">How many, of the period asked for.</param>
/// <param name="Incidents">In how many incidents they are.</param>
/// <param name="LastSeen">The latest.</param>
/// <param name="Votes">The verdicts, of all time.</param>
public sealed record RuleRecord(string Detector, string Rule, Bilingual Title, Severity Level, long Findings, long Incidents, DateTimeOffset LastSeen, RuleVotes Votes)
{
    /// <summary>How far it can be trusted; in (0, 1).</summary>
    public double Precision => RulePrecision.Of(Level, Votes);
}

/// <summary>A verdict that counts for a rule.</summary>
/// <param name="Incident">The incident's number.</param>
/// <param name="Title">Its title.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Actor">Who gave it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Time">When.</param>
public sealed record RuleVerdict(long Incident, Bilingual Title, IncidentVerdict Verdict, string Actor, string Reason, DateTimeOffset Time);

/// <summary>The records of rules, of whatever watch.</summary>
public sealed class RuleRecords(Store.Store store, Findings findings, RulePrecision precision, RuleNames names)
{
    /// <summary>The most rules of one list.</summary>
    public const int Most = 500;

    private const int MostVerdicts = 100;

    /// <summary>The rules that found something the query asks for, in no particular order; at most <see cref="Most"/>.</summary>
    public async Task<IReadOnlyList<RuleRecord>> ListAsync(FindingQuery query, CancellationToken ct)
    {
        var groups = await findings.GroupAsync(query with { Limit = Most }, ct);
        var incidents = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<(string Detector, string Rule, long Incidents)>(new CommandDefinition(
                $"""
                SELECT f.detector, f.rule, COUNT(DISTINCT placed.incident_id) FROM incident_finding placed JOIN finding f ON f.id = placed.finding_id
                WHERE f.last_seen >= @from {(query.Rule is null ? "" : "AND f.rule = @Rule")} GROUP BY f.detector, f.rule
                """,
                new { from = query.From?.ToUnixTimeMilliseconds() ?? 0, query.Rule },
                cancellationToken: token)),
            ct);
        var counts = incidents.ToDictionary(row => (row.Detector, row.Rule), row => row.Incidents);
        return [.. groups.Select(group => new RuleRecord(
            group.Detector, group.Rule, names.Of(group.Detector, group.Rule, group.Title), group.Severity, group.Count, counts.GetValueOrDefault((group.Detector, group.Rule)), group.LastSeen, precision.VotesOf(group.Detector, group.Rule)))];
    }

    /// <summary>One rule; null where nothing of it is stored.</summary>
    public async Task<RuleRecord?> FindAsync(string detector, string rule, CancellationToken ct) =>
        (await ListAsync(new FindingQuery { Detector = detector, Rule = rule }, ct)).SingleOrDefault();

    /// <summary>The verdicts that count for a rule now, latest first.</summary>
    public async Task<IReadOnlyList<RuleVerdict>> VerdictsAsync(string detector, string rule, CancellationToken ct)
    {
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                """
                SELECT i.id, i.title_en, i.title_fr, v.verdict, v.actor, v.reason, v.time
                FROM incident_vote vote JOIN incident i ON i.id = vote.incident_id JOIN incident_verdict v ON v.incident_id = vote.incident_id AND v.undone_at IS NULL
                WHERE vote.detector = @detector AND vote.rule = @rule ORDER BY v.time DESC, i.id LIMIT @MostVerdicts
                """,
                new { detector, rule, MostVerdicts },
                cancellationToken: token)),
            ct);
        return [.. rows.Select(row => new RuleVerdict(
            row.Id, new Bilingual(row.TitleEn, row.TitleFr), (IncidentVerdict)row.Verdict, row.Actor, row.Reason, DateTimeOffset.FromUnixTimeMilliseconds(row.Time)))];
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Verdict { get; init; }

        public string Actor { get; init; } = "";

        public string Reason { get; init; } = "";

        public long Time { get; init; }
    }
}
