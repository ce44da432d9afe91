using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Placing;

/// <summary>What the placer reads of the store.</summary>
internal sealed class PlacingReads(Store.Store store)
{
    /// <summary>The most entities of a stored finding that are looked at.</summary>
    private const int MaxEntities = 500;

    private const string Outline = "f.id, f.detector, f.rule, f.title_en, f.title_fr, f.severity, f.confidence, f.first_seen, f.last_seen, f.techniques";

    /// <summary>The findings that wait longest, with their places in the queue; a place whose finding was deleted meanwhile comes without one.</summary>
    public Task<IReadOnlyList<(long Place, FindingOutline? Finding)>> QueueAsync(int most, CancellationToken ct) => store.ReadAsync<IReadOnlyList<(long, FindingOutline?)>>(
        async (connection, token) =>
        {
            var waiting = (await connection.QueryAsync<(long Place, string Id)>(new CommandDefinition(
                "SELECT id, finding_id FROM incident_queue ORDER BY id LIMIT @most", new { most }, cancellationToken: token))).AsList();
            if (waiting.Count == 0) return [];
            var outlines = (await LoadAsync(connection, $"SELECT {Outline} FROM finding f WHERE {store.Dialect.In("f.id", "@ids")}", new { ids = waiting.Select(one => one.Id).ToList() }, token))
                .ToDictionary(one => one.Finding.Id.Value, one => one.Finding, StringComparer.Ordinal);
            return [.. waiting.Select(one => (one.Place, outlines.GetValueOrDefault(one.Id)))];
        },
        ct);

    /// <summary>How many wait, and since when.</summary>
    public Task<(long Count, long? Since)> WaitingAsync(CancellationToken ct) => store.ReadAsync(
        async (connection, token) => (await connection.QueryAsync<(long, long?)>(new CommandDefinition(
            "SELECT count(*), (SELECT f.saved_at FROM incident_queue q JOIN finding f ON f.id = q.finding_id ORDER BY q.id LIMIT 1) FROM incident_queue", cancellationToken: token))).Single(),
        ct);

    /// <summary>The stored rows of incidents.</summary>
    public Task<IReadOnlyList<Incident>> IncidentsAsync(IReadOnlyCollection<long> numbers, CancellationToken ct) => store.ReadAsync<IReadOnlyList<Incident>>(
        async (connection, token) =>
        [
            .. (await connection.QueryAsync<IncidentTable.Row>(new CommandDefinition(
                $"SELECT {IncidentTable.Columns} FROM incident WHERE {store.Dialect.In("id", "@numbers")}", new { numbers = numbers.ToList() }, cancellationToken: token))).Select(row => row.ToIncident()),
        ],
        ct);

    /// <summary>The findings of incidents.</summary>
    public Task<IReadOnlyList<(long Incident, FindingOutline Finding)>> FindingsOfAsync(IReadOnlyCollection<long> numbers, CancellationToken ct) => store.ReadAsync(
        (connection, token) => LoadAsync(
            connection,
            $"SELECT p.incident_id, {Outline} FROM incident_finding p JOIN finding f ON f.id = p.finding_id WHERE {store.Dialect.In("p.incident_id", "@numbers")}",
            new { numbers = numbers.ToList() },
            token),
        ct);

    /// <summary>Which incident each finding of some incidents is in.</summary>
    public Task<IReadOnlyList<(string Finding, long Incident)>> HomesAsync(IReadOnlyCollection<long>? numbers, CancellationToken ct) => store.ReadAsync<IReadOnlyList<(string, long)>>(
        async (connection, token) =>
        [
            .. await connection.QueryAsync<(string, long)>(new CommandDefinition(
                $"SELECT finding_id, incident_id FROM incident_finding{(numbers is null ? "" : " WHERE " + store.Dialect.In("incident_id", "@numbers"))}",
                numbers is null ? null : new { numbers = numbers.ToList() },
                cancellationToken: token)),
        ],
        ct);

    /// <summary>What decides where findings may go, of every incident that goes on or was merged.</summary>
    /// <param name="from">Unix milliseconds: incidents neither seen nor changed since are left out.</param>
    /// <param name="ct">Ends the reading.</param>
    public Task<IReadOnlyList<StandingRow>> StandingAsync(long from, CancellationToken ct) =>
        StandingAsync("last_seen >= @from OR changed_at >= @from OR status = 4", new { from }, ct);

    /// <summary>The same of some incidents.</summary>
    public Task<IReadOnlyList<StandingRow>> StandingAsync(IReadOnlyCollection<long> numbers, CancellationToken ct) =>
        StandingAsync(store.Dialect.In("id", "@numbers"), new { numbers = numbers.ToList() }, ct);

    /// <summary>Incidents that were merged and whose findings were not all moved before the node stopped, with where they go.</summary>
    public Task<IReadOnlyList<(long Gone, long Into)>> HalfMovedAsync(CancellationToken ct) => store.ReadAsync<IReadOnlyList<(long, long)>>(
        async (connection, token) =>
        [
            .. await connection.QueryAsync<(long, long)>(new CommandDefinition(
                "SELECT i.id, i.merged_into FROM incident i WHERE i.status = 4 AND i.merged_into IS NOT NULL AND EXISTS (SELECT 1 FROM incident_finding p WHERE p.incident_id = i.id)", cancellationToken: token)),
        ],
        ct);

    /// <summary>Gives every finding of incidents that go on, with what it is linked by, oldest first within each portion of incidents.</summary>
    /// <param name="from">Unix milliseconds: incidents last seen before are left out.</param>
    /// <param name="take">Told of each: its incident and the finding.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task RebuildAsync(long from, Action<long, FindingOutline> take, CancellationToken ct)
    {
        const int portion = 5000;
        var after = 0L;
        while (true)
        {
            var rows = await store.ReadAsync(
                async (connection, token) =>
                {
                    // A portion of incidents, so that neither a sort nor a list of a million rows is held.
                    var numbers = (await connection.QueryAsync<(long Id, long Findings)>(new CommandDefinition(
                        "SELECT id, findings FROM incident WHERE id > @after AND (last_seen >= @from OR changed_at >= @from) AND status <> 4 ORDER BY id LIMIT @portion", new { after, from, portion }, cancellationToken: token))).AsList();
                    if (numbers.Count == 0) return null;
                    var sum = 0L;
                    var taken = numbers.TakeWhile(one => (sum += one.Findings) <= portion || one.Id == numbers[0].Id).Select(one => one.Id).ToList();
                    var last = taken[^1];
                    var found = await LoadAsync(
                        connection,
                        $"SELECT p.incident_id, {Outline} FROM incident_finding p JOIN finding f ON f.id = p.finding_id WHERE {store.Dialect.In("p.incident_id", "@taken")} ORDER BY f.last_seen, f.id",
                        new { taken },
                        token);
                    return new { Last = last, Found = found };
                },
                ct);
            if (rows is null) return;
            foreach (var (incident, finding) in rows.Found) take(incident, finding);
            after = rows.Last;
        }
    }

    private Task<IReadOnlyList<StandingRow>> StandingAsync(string where, object parameters, CancellationToken ct) => store.ReadAsync<IReadOnlyList<StandingRow>>(
        async (connection, token) =>
        [
            .. await connection.QueryAsync<StandingRow>(new CommandDefinition(
                $"SELECT id, version, status, CASE WHEN touched_at IS NULL THEN 0 ELSE 1 END AS touched, merged_into, follows, changed_at FROM incident WHERE {where}", parameters, cancellationToken: token)),
        ],
        ct);

    private async Task<IReadOnlyList<(long Incident, FindingOutline Finding)>> LoadAsync(DbConnection connection, string sql, object parameters, CancellationToken token)
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(sql, parameters, cancellationToken: token))).AsList();
        if (rows.Count == 0) return [];
        var entities = new Dictionary<string, List<Entity>>(rows.Count, StringComparer.Ordinal);
        foreach (var ids in rows.Select(row => row.Id).Chunk(1000))
        {
            foreach (var (id, kind, value) in await connection.QueryAsync<(string, string, string)>(new CommandDefinition(
                $"SELECT finding_id, kind, value FROM finding_entity WHERE {store.Dialect.In("finding_id", "@ids")} ORDER BY finding_id, ordinal", new { ids = ids.ToList() }, cancellationToken: token)))
            {
                if (!entities.TryGetValue(id, out var list)) entities.Add(id, list = []);
                if (list.Count < MaxEntities) list.Add(new Entity(string.Intern(kind), value));
            }
        }

        return rows.ConvertAll(row => (row.IncidentId, row.ToOutline(entities.GetValueOrDefault(row.Id))));
    }

    internal sealed class StandingRow
    {
        public long Id { get; init; }

        public long Version { get; init; }

        public int Status { get; init; }

        public int Touched { get; init; }

        public long? MergedInto { get; init; }

        public long? Follows { get; init; }

        public long ChangedAt { get; init; }
    }

    private sealed class Row
    {
        public long IncidentId { get; init; }

        public string Id { get; init; } = "";

        public string Detector { get; init; } = "";

        public string Rule { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public double? Confidence { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public string Techniques { get; init; } = "[]";

        public FindingOutline ToOutline(List<Entity>? entities) => new(
            new FindingId(Id), string.Intern(Detector), string.Intern(Rule), new Bilingual(TitleEn, TitleFr), (Severity)Severity, Confidence, FirstSeen, LastSeen,
            Techniques == "[]" ? [] : [.. JsonSerializer.Deserialize<string[]>(Techniques)!.Select(string.Intern)], entities is null ? [] : [.. entities]);
    }
}
