using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Incidents.Placing;

/// <summary>What the placer reads of the store.</summary>
internal sealed class PlacingReads(Store.Store store)
{
    /// <summary>Findings read at once when everything is read.</summary>
    private const int Page = 5000;

    private const string Outline = "f.id, f.detector, f.rule, f.title_en, f.title_fr, f.severity, f.confidence, f.first_seen, f.last_seen, f.techniques, e.kind, e.value";

    /// <summary>The findings that wait longest, with their places in the queue; a place whose finding was deleted meanwhile comes without one.</summary>
    /// <param name="most">How many.</param>
    /// <param name="taken">Places that are being done with.</param>
    /// <param name="fresh">Findings that were just saved and need not be read.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task<IReadOnlyList<(long Place, FindingOutline? Finding)>> QueueAsync(int most, IReadOnlyCollection<long> taken, FreshFindings fresh, CancellationToken ct)
    {
        var places = await store.ReadAsync(
            async (connection, token) => (await connection.QueryAsync<(long Place, string Id)>(new CommandDefinition(
                "SELECT id, finding_id FROM incident_queue ORDER BY id LIMIT @most", new { most = most + taken.Count }, cancellationToken: token))).AsList(),
            ct);
        var others = taken.ToHashSet();
        places.RemoveAll(one => others.Contains(one.Place));
        var known = new Dictionary<string, FindingOutline>(StringComparer.Ordinal);
        foreach (var (_, id) in places)
        {
            if (fresh.TryTake(id, out var finding)) known[id] = FindingOutline.Of(finding);
        }

        var unknown = places.Select(one => one.Id).Where(id => !known.ContainsKey(id)).Distinct().Select(id => new FindingId(id)).ToList();
        foreach (var portion in unknown.Chunk(Page))
        {
            foreach (var finding in await FindingsAsync(portion, ct)) known[finding.Id.Value] = finding;
        }

        return [.. places.Select(one => (one.Place, known.GetValueOrDefault(one.Id)))];
    }

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
    public async Task<IReadOnlyList<(long Incident, FindingOutline Finding)>> FindingsOfAsync(IReadOnlyCollection<long> numbers, CancellationToken ct)
    {
        var found = await ReadAsync(
            $"""
            SELECT p.incident_id AS number, {Outline} FROM incident_finding p JOIN finding f ON f.id = p.finding_id LEFT {FindingBuckets.Entities}
            WHERE {store.Dialect.In("p.incident_id", "@numbers")} ORDER BY p.incident_id, f.id, e.ordinal
            """,
            new { numbers = numbers.ToList() },
            ct);
        return [.. found.Select(one => (one.Number, one.Finding!))];
    }

    /// <summary>Findings by their ids; those that were deleted are missing.</summary>
    public async Task<IReadOnlyList<FindingOutline>> FindingsAsync(IReadOnlyCollection<FindingId> ids, CancellationToken ct)
    {
        var found = await ReadAsync(
            $"SELECT 0 AS number, {Outline} FROM finding f LEFT {FindingBuckets.Entities} WHERE {store.Dialect.In("f.id", "@ids")} ORDER BY f.id, e.ordinal",
            new { ids = ids.Select(id => id.Value).ToList() },
            ct);
        return [.. found.Select(one => one.Finding!)];
    }

    /// <summary>Which incident each finding is in, of some incidents or of all.</summary>
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

    /// <summary>Gives every placed finding last seen from a time on, page by page and oldest first: a million rows are never held.</summary>
    /// <param name="from">Unix milliseconds.</param>
    /// <param name="take">Told of each: its incident and the finding.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task PlacedAsync(long from, Action<long, FindingOutline> take, CancellationToken ct)
    {
        var (time, id) = (from, "");
        while (true)
        {
            // The page is cut before anything is joined to it, so that the index on time serves it. Those that wait are in no incident.
            var page = await ReadAsync(
                $"""
                SELECT coalesce(p.incident_id, 0) AS number, {Outline}
                FROM (SELECT * FROM finding WHERE (last_seen, id) > (@time, @id) ORDER BY last_seen, id LIMIT {Page}) f
                LEFT JOIN incident_finding p ON p.finding_id = f.id LEFT {FindingBuckets.Entities} AND p.finding_id IS NOT NULL
                ORDER BY f.last_seen, f.id, e.ordinal
                """,
                new { time, id },
                ct);
            foreach (var (number, finding) in page)
            {
                if (number > 0) take(number, finding!);
            }

            if (page.Count < Page) return;
            (time, id) = (page[^1].Finding!.LastSeen, page[^1].Finding!.Id.Value);
        }
    }

    private Task<IReadOnlyList<StandingRow>> StandingAsync(string where, object parameters, CancellationToken ct) => store.ReadAsync<IReadOnlyList<StandingRow>>(
        async (connection, token) =>
        [
            .. await connection.QueryAsync<StandingRow>(new CommandDefinition(
                $"SELECT id, version, status, CASE WHEN touched_at IS NULL THEN 0 ELSE 1 END AS touched, merged_into, follows, first_seen, findings FROM incident WHERE {where}",
                parameters,
                cancellationToken: token)),
        ],
        ct);

    // A row an entity, those of a finding one after the other.
    private Task<IReadOnlyList<(long Number, FindingOutline? Finding)>> ReadAsync(string sql, object parameters, CancellationToken ct) => store.ReadAsync<IReadOnlyList<(long, FindingOutline?)>>(
        async (connection, token) =>
        {
            var all = new List<(long, FindingOutline?)>();
            await using var reader = (DbDataReader)await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters, cancellationToken: token));
            var entities = new List<Entity>();
            (long Number, FindingOutline? Finding)? open = null;
            void Close()
            {
                if (open is { } done) all.Add((done.Number, done.Finding is null ? null : done.Finding with { Entities = [.. entities] }));
                entities.Clear();
            }

            while (reader.Read())
            {
                var number = reader.GetInt64(0);
                var id = reader.IsDBNull(1) ? null : reader.GetString(1);
                if (open is null || open.Value.Number != number || open.Value.Finding?.Id.Value != id)
                {
                    Close();
                    open = (number, id is null ? null : OutlineOf(reader, id));
                }

                if (!reader.IsDBNull(11)) entities.Add(new Entity(string.Intern(reader.GetString(11)), reader.GetString(12)));
            }

            Close();
            return all;
        },
        ct);

    private static FindingOutline OutlineOf(DbDataReader reader, string id)
    {
        var techniques = reader.GetString(10);
        return new FindingOutline(
            new FindingId(id), string.Intern(reader.GetString(2)), string.Intern(reader.GetString(3)), new Bilingual(reader.GetString(4), reader.GetString(5)), (Severity)reader.GetInt16(6),
            reader.IsDBNull(7) ? null : reader.GetDouble(7), reader.GetInt64(8), reader.GetInt64(9),
            techniques == "[]" ? [] : [.. JsonSerializer.Deserialize<string[]>(techniques)!.Select(string.Intern)], []);
    }

    /// <summary>What decides where findings may go.</summary>
    internal sealed class StandingRow
    {
        public long Id { get; init; }

        public long Version { get; init; }

        public int Status { get; init; }

        public int Touched { get; init; }

        public long? MergedInto { get; init; }

        public long? Follows { get; init; }

        public long FirstSeen { get; init; }

        public long Findings { get; init; }
    }
}
