using System.Buffers;
using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Store;

namespace Vigie.Incidents;

/// <summary>Reads incidents; the placer and the desk change them.</summary>
public sealed class IncidentTable(Store.Store store)
{
    internal const string Columns =
        "id, version, created_at, changed_at, first_seen, last_seen, title_en, title_fr, severity, score, terms, findings, rules, only_rule, watches, techniques, about, status, verdict, assignee, touched_at, closed_at, merged_into";

    /// <summary>The incident with this number, as it is: a merged one too. Null when there is none.</summary>
    public Task<Incident?> FindAsync(long id, CancellationToken ct) => store.ReadAsync(
        async (connection, token) => (await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM incident WHERE id = @id", new { id }, cancellationToken: token)))
            .SingleOrDefault()?.ToIncident(),
        ct);

    /// <summary>The incident, read within a transaction that also changes it.</summary>
    internal static Incident? Find(DbTransaction transaction, long id) =>
        transaction.Connection!.Query<Row>($"SELECT {Columns} FROM incident WHERE id = @id", new { id }, transaction).SingleOrDefault()?.ToIncident();

    /// <summary>Incidents in the order asked for, and how many there are in all.</summary>
    public Task<(IReadOnlyList<Incident> Items, long Total)> SearchAsync(IncidentQuery query, CancellationToken ct)
    {
        var (where, parameters) = Where(query);
        parameters.Add("limit", Math.Clamp(query.Limit, 1, IncidentQuery.MaxLimit));
        parameters.Add("offset", Math.Max(0, query.Offset));
        return store.ReadAsync<(IReadOnlyList<Incident>, long)>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                    $"SELECT {Columns} FROM incident {where} ORDER BY {OrderOf(query)} LIMIT @limit OFFSET @offset", parameters, cancellationToken: token));
                var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT count(*) FROM incident {where}", parameters, cancellationToken: token));
                return ([.. rows.Select(row => row.ToIncident())], total);
            },
            ct);
    }

    /// <summary>The rows of the inbox: incidents in which one and the same rule speaks alone, and which nobody has touched, are one row.</summary>
    public Task<(IReadOnlyList<InboxRow> Rows, long Total)> InboxAsync(IncidentQuery query, CancellationToken ct)
    {
        var (where, parameters) = Where(query);
        parameters.Add("limit", Math.Clamp(query.Limit, 1, IncidentQuery.MaxLimit));
        parameters.Add("offset", Math.Max(0, query.Offset));
        // The foremost of a row is the first in the order asked for.
        var folded =
            $"""
            SELECT {Columns}, row_number() OVER (PARTITION BY row_key ORDER BY {OrderOf(query)}) AS place, count(*) OVER (PARTITION BY row_key) AS row_count, sum(findings) OVER (PARTITION BY row_key) AS row_findings
            FROM (SELECT {Columns}, CASE WHEN only_rule IS NULL OR touched_at IS NOT NULL THEN CAST(id AS TEXT) ELSE only_rule || ' ' || CAST(status AS TEXT) END AS row_key FROM incident {where}) keyed
            """;
        return store.ReadAsync<(IReadOnlyList<InboxRow>, long)>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                    $"SELECT {Columns}, row_count, CAST(row_findings AS BIGINT) AS row_findings FROM ({folded}) numbered WHERE place = 1 ORDER BY {OrderOf(query)} LIMIT @limit OFFSET @offset",
                    parameters,
                    cancellationToken: token));
                var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT count(*) FROM ({folded}) numbered WHERE place = 1", parameters, cancellationToken: token));
                return ([.. rows.Select(row => new InboxRow(row.ToIncident(), row.RowCount, row.RowFindings))], total);
            },
            ct);
    }

    private (string Where, DynamicParameters Parameters) Where(IncidentQuery query)
    {
        var all = new List<string> { "status <> 4" };
        var parameters = new DynamicParameters();
        void Narrow(string condition, string name, object value)
        {
            all.Add(condition);
            parameters.Add(name, value);
        }

        // Numbers of our own making need no parameters.
        if (query.Status.Count > 0) all.Add($"status IN ({string.Join(", ", query.Status.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)))})");
        if (query.AtLeast is { } severity) Narrow("severity >= @severity", "severity", (int)severity);
        if (query.Assignee is "") all.Add("assignee IS NULL");
        else if (query.Assignee is { } assignee) Narrow("assignee = @assignee", "assignee", assignee);
        if (query.Verdict is { } verdict) Narrow("verdict = @verdict", "verdict", (int)verdict);
        if (query.Watch is { } watch) Narrow(store.Dialect.Contains("watches", "@watch"), "watch", $"\"{watch}\"");
        if (query.Technique is { } technique) Narrow(store.Dialect.Contains("techniques", "@technique"), "technique", $"\"{technique}\"");
        if (query.From is { } from) Narrow("last_seen >= @from", "from", from.ToUnixTimeMilliseconds());
        if (query.Until is { } until) Narrow("last_seen < @until", "until", until.ToUnixTimeMilliseconds());
        if (query.OnlyRule is { } rule) Narrow("only_rule = @rule", "rule", rule);
        if (query.Entity is { } entity)
        {
            Narrow(
                $"id IN (SELECT placed.incident_id FROM incident_finding placed WHERE placed.finding_id IN ({FindingBuckets.Named}))",
                "Kind",
                entity.Kind);
            parameters.Add("Value", entity.Value);
        }

        if (query.Text is { Length: > 0 } text)
        {
            var number = text.TrimStart('#');
            var isNumber = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
            if (isNumber) parameters.Add("number", id);
            Narrow($"({store.Dialect.Contains("title_en", "@text")} OR {store.Dialect.Contains("title_fr", "@text")}{(isNumber ? " OR id = @number" : "")})", "text", text);
        }

        return ($"WHERE {string.Join(" AND ", all)}", parameters);
    }

    private static string OrderOf(IncidentQuery query)
    {
        var direction = query.Ascending ? "ASC" : "DESC";
        var column = query.Order switch
        {
            IncidentOrder.LastSeen => "last_seen",
            IncidentOrder.Created => "created_at",
            IncidentOrder.Severity => "severity",
            IncidentOrder.Findings => "findings",
            IncidentOrder.Number => "id",
            IncidentOrder.Title => query.French ? "lower(title_fr)" : "lower(title_en)",
            IncidentOrder.Status => "status",
            IncidentOrder.Assignee => "coalesce(assignee, '')",
            _ => "score",
        };
        return $"{column} {direction}, id DESC";
    }

    internal sealed class Row
    {
        public long Id { get; init; }

        public long Version { get; init; }

        public long CreatedAt { get; init; }

        public long ChangedAt { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public double Score { get; init; }

        public string Terms { get; init; } = "[]";

        public long Findings { get; init; }

        public int Rules { get; init; }

        public string? OnlyRule { get; init; }

        public string Watches { get; init; } = "[]";

        public string Techniques { get; init; } = "[]";

        public string About { get; init; } = "[]";

        public int Status { get; init; }

        public int? Verdict { get; init; }

        public string? Assignee { get; init; }

        public long? TouchedAt { get; init; }

        public long? ClosedAt { get; init; }

        public long? MergedInto { get; init; }

        public long RowCount { get; init; }

        public long RowFindings { get; init; }

        public Incident ToIncident() => new()
        {
            Id = Id,
            Version = Version,
            CreatedAt = Time(CreatedAt),
            ChangedAt = Time(ChangedAt),
            FirstSeen = Time(FirstSeen),
            LastSeen = Time(LastSeen),
            Title = new Bilingual(TitleEn, TitleFr),
            Severity = (Severity)Severity,
            Score = new IncidentScore(Score, IncidentJson.Terms(Terms)),
            Findings = Findings,
            Rules = Rules,
            OnlyRule = OnlyRule,
            Watches = [.. JsonSerializer.Deserialize<string[]>(Watches)!],
            Techniques = [.. JsonSerializer.Deserialize<string[]>(Techniques)!],
            About = IncidentJson.About(About),
            Status = (IncidentStatus)Status,
            Verdict = (IncidentVerdict?)Verdict,
            Assignee = Assignee,
            TouchedAt = TouchedAt is { } touched ? Time(touched) : null,
            ClosedAt = ClosedAt is { } closed ? Time(closed) : null,
            MergedInto = MergedInto,
        };

        private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}

/// <summary>The lists of an incident as they lie in their columns.</summary>
internal static class IncidentJson
{
    public static string Of(ImmutableArray<ScoreTerm> terms) => Write(terms, static (json, term) =>
    {
        json.WriteStringValue(term.Name);
        json.WriteNumberValue(term.Points);
        json.WriteStringValue(term.Why.English);
        json.WriteStringValue(term.Why.French);
    });

    public static ImmutableArray<ScoreTerm> Terms(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(term => new ScoreTerm(term[0].GetString()!, term[1].GetDouble(), new Bilingual(term[2].GetString()!, term[3].GetString()!)))];
    }

    public static string Of(ImmutableArray<IncidentEntity> about) => Write(about, static (json, entity) =>
    {
        json.WriteStringValue(entity.Entity.Kind);
        json.WriteStringValue(entity.Entity.Value);
        json.WriteNumberValue(entity.Count);
    });

    public static ImmutableArray<IncidentEntity> About(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(entity => new IncidentEntity(new Entity(entity[0].GetString()!, entity[1].GetString()!), entity[2].GetInt32()))];
    }

    public static string Of(ImmutableArray<Link> links) => Write(links, static (json, link) =>
    {
        json.WriteStringValue(link.Key.Kind);
        json.WriteStringValue(link.Key.Value);
        json.WriteStringValue(link.Other.Value);
        json.WriteNumberValue(Math.Round(link.Strength, 3));
    });

    // A list of lists. Thousands are written a second: what is general costs several times as much.
    private static string Write<T>(ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.IsEmpty) return "[]";
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartArray();
            foreach (var item in items)
            {
                json.WriteStartArray();
                write(json, item);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static ImmutableArray<Link> Links(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(link => new Link(new LinkKey(link[0].GetString()!, link[1].GetString()!), new FindingId(link[2].GetString()!), link[3].GetDouble()))];
    }
}
