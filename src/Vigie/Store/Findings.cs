using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Store;

/// <summary>The findings of all watches, each stored once whatever is delivered twice.</summary>
public sealed class Findings(Store store, TimeProvider time)
{
    private readonly FindingRows _rows = new();

    private const string Columns =
        "id, detector, rule, rule_version, title_en, title_fr, severity, confidence, first_seen, last_seen, techniques, explanation_en, explanation_fr";

    /// <summary>Given when findings were committed that are to be placed; see <see cref="Incidents"/>.</summary>
    internal Signal Queued { get; } = new();

    /// <summary>What was just saved and is to be placed.</summary>
    internal FreshFindings Fresh { get; } = new();

    /// <summary>Stores findings in one transaction; those whose id is known are left as they are.</summary>
    public Task SaveAsync(Lane lane, IReadOnlyCollection<Finding> findings, CancellationToken cancellationToken)
    {
        var prepared = Prepare(findings.Select(finding => (finding, false)));
        return store.WriteRepeatableAsync(lane, transaction => Save(transaction, prepared), cancellationToken);
    }

    /// <summary>Stores a finding within a transaction that also does something else; false when its id is known already.</summary>
    /// <param name="transaction">The one that also does something else.</param>
    /// <param name="finding">What is stored.</param>
    /// <param name="muted">Whether nobody wants to be shown it: it is stored all the same, and lists leave it out unless asked.</param>
    public bool Save(DbTransaction transaction, Finding finding, bool muted = false) => Save(transaction, [(finding, muted)]) == 1;

    /// <summary>Stores findings within a transaction that also does something else; gives how many were new.</summary>
    /// <param name="transaction">The one that also does something else.</param>
    /// <param name="findings">What is stored, each with whether nobody wants to be shown it.</param>
    public int Save(DbTransaction transaction, IReadOnlyList<(Finding Finding, bool Muted)> findings) => Save(transaction, Prepare(findings));

    /// <summary>Findings as they will be stored, made before the transaction: the writer has no time to lose.</summary>
    /// <param name="findings">What is to be stored, each with whether nobody wants to be shown it.</param>
    internal static IReadOnlyList<PreparedFinding> Prepare(IEnumerable<(Finding Finding, bool Muted)> findings) => FindingRows.Prepare(findings);

    /// <summary>Stores findings that were prepared.</summary>
    internal int Save(DbTransaction transaction, IReadOnlyList<PreparedFinding> findings)
    {
        var queued = _rows.Insert(store.Dialect, transaction, findings, time.GetUtcNow(), Fresh, out var added);
        if (queued > 0) store.WhenCommitted(transaction, Queued.Give);
        return added;
    }

    /// <summary>The finding with this id; null when there is none.</summary>
    public async Task<Finding?> FindAsync(FindingId id, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(
            (connection, token) => LoadAsync(connection, $"SELECT {Columns} FROM finding WHERE id = @Value", new DynamicParameters(new { id.Value }), token),
            cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>One page of what <paramref name="query"/> asks for, latest seen first.</summary>
    public async Task<Page<Finding>> SearchAsync(FindingQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, FindingQuery.MaxLimit);
        var (where, parameters) = Where(query);
        parameters.Add("rows", limit + 1);
        var rows = await store.ReadAsync(
            (connection, token) => LoadAsync(
                connection, $"SELECT {Columns} FROM finding {where} ORDER BY last_seen DESC, id DESC LIMIT @rows", parameters, token),
            cancellationToken);
        return Page.Cut(rows, limit, last => new Cursor(last.LastSeen.ToUnixTimeMilliseconds(), last.Id.Value));
    }

    /// <summary>What <paramref name="query"/> asks for, counted by rule: the gravest first, then the most frequent. At most <see cref="FindingQuery.Limit"/> rules.</summary>
    public async Task<IReadOnlyList<FindingGroup>> GroupAsync(FindingQuery query, CancellationToken cancellationToken)
    {
        var (where, parameters) = Where(query with { After = null });
        parameters.Add("rows", Math.Clamp(query.Limit, 1, FindingQuery.MaxLimit));
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<GroupRow>(new CommandDefinition(
                $"""
                SELECT g.detector, g.rule, f.title_en, f.title_fr, g.severity, g.count, g.first_seen, g.last_seen
                FROM (SELECT detector, rule, MAX(severity) AS severity, COUNT(*) AS count, MIN(first_seen) AS first_seen, MAX(last_seen) AS last_seen
                      FROM finding {where} GROUP BY detector, rule ORDER BY MAX(severity) DESC, COUNT(*) DESC, detector, rule LIMIT @rows) g
                JOIN finding f ON f.id = (SELECT max(latest.id) FROM finding latest WHERE latest.last_seen = g.last_seen AND latest.detector = g.detector AND latest.rule = g.rule)
                ORDER BY g.severity DESC, g.count DESC, g.detector, g.rule
                """,
                parameters,
                cancellationToken: token)),
            cancellationToken);
        return [.. rows.Select(row => row.ToGroup())];
    }

    private (string Where, DynamicParameters Parameters) Where(FindingQuery query)
    {
        var all = new List<string>();
        var parameters = new DynamicParameters();
        void Narrow(string condition, string name, object value)
        {
            all.Add(condition);
            parameters.Add(name, value);
        }

        if (query.Detector is { } detector) Narrow("detector = @detector", "detector", detector);
        if (query.Watch is { } watch)
        {
            // The characters after the dot: a range, which the index serves, where a pattern would not be.
            Narrow("detector > @watchFrom AND detector < @watchUntil", "watchFrom", watch + ".");
            parameters.Add("watchUntil", watch + "/");
        }

        if (query.Rule is { } rule) Narrow("rule = @rule", "rule", rule);
        if (query.AtLeast is { } severity) Narrow("severity >= @severity", "severity", (int)severity);
        if (query.From is { } from) Narrow("last_seen >= @from", "from", from.ToUnixTimeMilliseconds());
        if (query.Until is { } until) Narrow("last_seen < @until", "until", until.ToUnixTimeMilliseconds());
        if (query.EntityKind is { } kind) parameters.Add("kind", kind);
        if (query.EntityValue is { } value) parameters.Add("value", value);
        if (query.EntityKind is not null || query.EntityValue is not null)
        {
            all.Add($"""
                id IN (SELECT finding_id FROM finding_entity
                       WHERE {(query.EntityKind is null ? "1 = 1" : "kind = @kind")} AND {(query.EntityValue is null ? "1 = 1" : $"{FindingBuckets.InAny} AND value = @value")})
                """);
        }

        if (query.Muted is { } muted) Narrow("muted = @muted", "muted", (short)(muted ? 1 : 0));

        if (query.Incident is { } incident) Narrow("id IN (SELECT finding_id FROM incident_finding WHERE incident_id = @incident)", "incident", incident);

        if (query.Text is { Length: > 0 } text)
        {
            string[] columns = ["title_en", "title_fr", "explanation_en", "explanation_fr"];
            Narrow($"({string.Join(" OR ", columns.Select(column => store.Dialect.Contains(column, "@text")))})", "text", text);
        }

        if (query.After is { } after)
        {
            Narrow("(last_seen, id) < (@afterTime, @afterId)", "afterTime", after.Time);
            parameters.Add("afterId", after.Id);
        }

        return (all.Count == 0 ? "" : $"WHERE {string.Join(" AND ", all)}", parameters);
    }

    private async Task<IReadOnlyList<Finding>> LoadAsync(DbConnection connection, string sql, DynamicParameters parameters, CancellationToken token)
    {
        var rows = (await connection.QueryAsync<FindingRow>(new CommandDefinition(sql, parameters, cancellationToken: token))).AsList();
        if (rows.Count == 0) return [];

        var among = store.Dialect.In("f.id", "@ids");
        var ids = rows.ConvertAll(row => row.Id);
        var entities = (await connection.QueryAsync<EntityRow>(new CommandDefinition(
            $"SELECT e.finding_id, e.kind, e.value FROM finding f {FindingBuckets.Entities} WHERE {among} ORDER BY e.finding_id, e.ordinal", new { ids }, cancellationToken: token)))
            .ToLookup(row => row.FindingId);
        var evidence = (await connection.QueryAsync<EvidenceRow>(new CommandDefinition(
            $"SELECT e.finding_id, e.kind, e.location, e.sha256, e.fields, e.copy FROM finding f {FindingBuckets.Evidence} WHERE {among} ORDER BY e.finding_id, e.ordinal", new { ids }, cancellationToken: token)))
            .ToLookup(row => row.FindingId);
        return rows.ConvertAll(row => row.ToFinding(entities[row.Id], evidence[row.Id]));
    }

    private sealed class FindingRow
    {
        public string Id { get; init; } = "";

        public string Detector { get; init; } = "";

        public string Rule { get; init; } = "";

        public string RuleVersion { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public double? Confidence { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public string Techniques { get; init; } = "";

        public string ExplanationEn { get; init; } = "";

        public string ExplanationFr { get; init; } = "";

        public Finding ToFinding(IEnumerable<EntityRow> entities, IEnumerable<EvidenceRow> evidence) => new()
        {
            Id = new FindingId(Id),
            Detector = Detector,
            Rule = Rule,
            RuleVersion = RuleVersion,
            Title = new Bilingual(TitleEn, TitleFr),
            Severity = (Severity)Severity,
            Confidence = Confidence,
            FirstSeen = DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen),
            LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(LastSeen),
            Techniques = [.. JsonSerializer.Deserialize<string[]>(Techniques)!],
            Explanation = new Bilingual(ExplanationEn, ExplanationFr),
            Entities = [.. entities.Select(row => new Entity(row.Kind, row.Value))],
            Evidence = [.. evidence.Select(row => row.ToEvidence())],
        };
    }

    private sealed class GroupRow
    {
        public string Detector { get; init; } = "";

        public string Rule { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public long Count { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public FindingGroup ToGroup() => new(
            Detector, Rule, new Bilingual(TitleEn, TitleFr), (Severity)Severity, Count, DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen), DateTimeOffset.FromUnixTimeMilliseconds(LastSeen));
    }

    private sealed class EntityRow
    {
        public string FindingId { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Value { get; init; } = "";
    }

    private sealed class EvidenceRow
    {
        public string FindingId { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Location { get; init; } = "";

        public string? Sha256 { get; init; }

        public string Fields { get; init; } = "";

        public string? Copy { get; init; }

        // As FindingRows writes them: name, value and, where the detector asked for it, the passages it found.
        public Evidence ToEvidence()
        {
            var fields = JsonSerializer.Deserialize<string[][]>(Fields)!;
            return new()
            {
                Kind = Kind,
                Location = Location,
                Sha256 = Sha256,
                Fields = [.. fields.Select(field => KeyValuePair.Create(field[0], field[1]))],
                Asked = [.. fields.TakeWhile(field => field.Length > 2).Select(field => field[2..].Where(passage => passage.Length > 0).ToImmutableArray())],
                Copy = Copy,
            };
        }
    }
}
