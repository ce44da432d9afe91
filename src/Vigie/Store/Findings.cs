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
    private const string Columns =
        "id, detector, rule, rule_version, title_en, title_fr, severity, confidence, first_seen, last_seen, techniques, explanation_en, explanation_fr";

    /// <summary>Stores findings in one transaction; those whose id is known are left as they are.</summary>
    public Task SaveAsync(Lane lane, IReadOnlyCollection<Finding> findings, CancellationToken cancellationToken) =>
        store.WriteAsync(
            lane,
            transaction =>
            {
                foreach (var finding in findings) Save(transaction, finding);
            },
            cancellationToken);

    /// <summary>Stores a finding within a transaction that also does something else; false when its id is known already.</summary>
    /// <param name="transaction">The one that also does something else.</param>
    /// <param name="finding">What is stored.</param>
    /// <param name="muted">Whether nobody wants to be shown it: it is stored all the same, and lists leave it out unless asked.</param>
    public bool Save(DbTransaction transaction, Finding finding, bool muted = false)
    {
        var connection = transaction.Connection!;
        var added = connection.Execute(
            $"""
            INSERT INTO finding ({Columns}, saved_at, muted)
            VALUES (@Id, @Detector, @Rule, @RuleVersion, @TitleEn, @TitleFr, @Severity, @Confidence, @FirstSeen, @LastSeen,
                    @Techniques, @ExplanationEn, @ExplanationFr, @savedAt, @muted)
            ON CONFLICT (id) DO NOTHING
            """,
            Parameters(finding, muted),
            transaction);
        if (added == 0) return false;

        if (!muted && finding.Severity >= Severity.Medium)
            connection.Execute("INSERT INTO incident_queue (finding_id) VALUES (@Value) ON CONFLICT (finding_id) DO NOTHING", new { finding.Id.Value }, transaction);
        connection.Execute(
            "INSERT INTO finding_entity (finding_id, ordinal, kind, value) VALUES (@id, @ordinal, @Kind, @Value)",
            finding.Entities.Select((entity, ordinal) => new { id = finding.Id.Value, ordinal, entity.Kind, entity.Value }),
            transaction);
        connection.Execute(
            """
            INSERT INTO finding_evidence (finding_id, ordinal, kind, location, sha256, fields, copy)
            VALUES (@id, @ordinal, @Kind, @Location, @Sha256, @fields, @Copy)
            """,
            finding.Evidence.Select((evidence, ordinal) => new
            {
                id = finding.Id.Value,
                ordinal,
                evidence.Kind,
                evidence.Location,
                evidence.Sha256,
                fields = JsonSerializer.Serialize(evidence.Fields.Select(field => (string[])[field.Key, field.Value])),
                Copy = Bounded(evidence.Copy),
            }),
            transaction);
        return true;
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
                SELECT detector, rule, MAX(title_en) AS title_en, MAX(title_fr) AS title_fr, MAX(severity) AS severity, COUNT(*) AS count, MIN(first_seen) AS first_seen, MAX(last_seen) AS last_seen
                FROM finding {where} GROUP BY detector, rule ORDER BY MAX(severity) DESC, COUNT(*) DESC, detector, rule LIMIT @rows
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
                       WHERE {(query.EntityKind is null ? "1 = 1" : "kind = @kind")} AND {(query.EntityValue is null ? "1 = 1" : "value = @value")})
                """);
        }

        if (query.Muted is { } muted) Narrow("muted = @muted", "muted", (short)(muted ? 1 : 0));

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

        var among = store.Dialect.In("finding_id", "@ids");
        var ids = rows.ConvertAll(row => row.Id);
        var entities = (await connection.QueryAsync<EntityRow>(new CommandDefinition(
            $"SELECT finding_id, kind, value FROM finding_entity WHERE {among} ORDER BY finding_id, ordinal", new { ids }, cancellationToken: token)))
            .ToLookup(row => row.FindingId);
        var evidence = (await connection.QueryAsync<EvidenceRow>(new CommandDefinition(
            $"SELECT finding_id, kind, location, sha256, fields, copy FROM finding_evidence WHERE {among} ORDER BY finding_id, ordinal", new { ids }, cancellationToken: token)))
            .ToLookup(row => row.FindingId);
        return rows.ConvertAll(row => row.ToFinding(entities[row.Id], evidence[row.Id]));
    }

    private object Parameters(Finding finding, bool muted) => new
    {
        Id = finding.Id.Value,
        finding.Detector,
        finding.Rule,
        finding.RuleVersion,
        TitleEn = finding.Title.English,
        TitleFr = finding.Title.French,
        Severity = (int)finding.Severity,
        finding.Confidence,
        FirstSeen = finding.FirstSeen.ToUnixTimeMilliseconds(),
        LastSeen = finding.LastSeen.ToUnixTimeMilliseconds(),
        Techniques = JsonSerializer.Serialize(finding.Techniques),
        ExplanationEn = finding.Explanation.English,
        ExplanationFr = finding.Explanation.French,
        savedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        muted = (short)(muted ? 1 : 0),
    };

    // The last line of defence for the size of the store; sources cut earlier and say so in the copy.
    private static string? Bounded(string? copy) => copy is { Length: > Evidence.MaxCopyLength } ? copy[..Evidence.MaxCopyLength] : copy;

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

        public Evidence ToEvidence() => new()
        {
            Kind = Kind,
            Location = Location,
            Sha256 = Sha256,
            Fields = JsonSerializer.Deserialize<string[][]>(Fields)!.Select(pair => KeyValuePair.Create(pair[0], pair[1])).ToImmutableArray(),
            Copy = Copy,
        };
    }
}
