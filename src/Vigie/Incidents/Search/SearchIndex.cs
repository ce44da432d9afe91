using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Search;
using Vigie.Store;

namespace Vigie.Incidents.Search;

/// <summary>What somebody may be shown of what a search finds.</summary>
/// <param name="Incidents">Whether incidents are looked for.</param>
/// <param name="Findings">Whether findings and entities are looked for.</param>
public readonly record struct SearchScope(bool Incidents, bool Findings);

/// <summary>A finding that a search found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="Incident">The incident it is in; null where it is in none.</param>
/// <param name="Texts">What it says, the likeliest place of a match first: explanation, entities, values.</param>
public sealed record FindingHit(FindingId Id, Bilingual Title, Severity Severity, DateTimeOffset LastSeen, long? Incident, ImmutableArray<string> Texts);

/// <summary>An entity that a search found.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Findings">How many findings name it, counted up to <see cref="SearchResults.MostCounted"/>.</param>
public sealed record EntityHit(Entity Entity, int Findings);

/// <summary>What a search found: of each group the foremost.</summary>
/// <param name="Incidents">Open ones first, then by score.</param>
/// <param name="Findings">The latest first.</param>
/// <param name="Entities">Equal ones first, then those that begin so, then the shortest.</param>
/// <param name="HasMore">Whether a group has more than is shown: incidents, findings, entities.</param>
public sealed record SearchResults(IReadOnlyList<Incident> Incidents, IReadOnlyList<FindingHit> Findings, IReadOnlyList<EntityHit> Entities, (bool Incidents, bool Findings, bool Entities) HasMore)
{
    /// <summary>Counting stops here: a page needs no more to say "many".</summary>
    public const int MostCounted = 1000;

    /// <summary>Whether nothing was found.</summary>
    public bool IsEmpty => Incidents.Count + Findings.Count + Entities.Count == 0;
}

/// <summary>Looks words up in the full-text index of findings, incidents and entities.</summary>
public sealed class SearchIndex(Store.Store store)
{
    /// <summary>The most of a group that is given.</summary>
    public const int MostOfGroup = 20;

    // Ranked among themselves: a search that fits more entities is too wide to be of use.
    private const int MostRanked = 200;

    /// <summary>What fits a search.</summary>
    public Task<SearchResults> FindAsync(SearchQuery query, SearchScope scope, string typed, CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
        {
            if (query.IsEmpty) return new SearchResults([], [], [], default);
            var match = store.Dialect.Match(query);
            var incidents = scope.Incidents ? await IncidentsAsync(connection, match, token) : [];
            var (findings, moreFindings) = scope.Findings ? await FindingsAsync(connection, match, token) : ([], false);
            var (entities, moreEntities) = scope.Findings ? await EntitiesAsync(connection, match, typed.Trim(), token) : ([], false);
            return new SearchResults([.. incidents.Take(MostOfGroup)], findings, entities, (incidents.Count > MostOfGroup, moreFindings, moreEntities));
        },
        ct);

    /// <summary>How many findings, incidents and entities have changed and are not indexed yet, counted up to <paramref name="most"/>.</summary>
    public Task<long> BehindAsync(int most, CancellationToken ct) => store.ReadAsync(
        (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM (SELECT 1 FROM search_queue LIMIT @most) waiting", new { most }, cancellationToken: token)), ct);

    private async Task<IReadOnlyList<Incident>> IncidentsAsync(DbConnection connection, string match, CancellationToken token)
    {
        var ids = await IdsAsync(connection, "search_incident_text", match, MostRanked, token);
        if (ids.Count == 0) return [];
        var rows = await connection.QueryAsync<IncidentTable.Row>(new CommandDefinition(
            $"SELECT {IncidentTable.Columns} FROM incident WHERE {store.Dialect.In("id", "@ids")} AND status <> 4 ORDER BY CASE WHEN status = 3 THEN 1 ELSE 0 END, score DESC, id DESC LIMIT {(MostOfGroup + 1).ToString(CultureInfo.InvariantCulture)}",
            new { ids },
            cancellationToken: token));
        return [.. rows.Select(row => row.ToIncident())];
    }

    private async Task<(IReadOnlyList<FindingHit> Hits, bool HasMore)> FindingsAsync(DbConnection connection, string match, CancellationToken token)
    {
        var ids = await IdsAsync(connection, "search_finding_text", match, MostOfGroup + 1, token);
        if (ids.Count == 0) return ([], false);
        var among = store.Dialect.In("s.id", "@ids");
        var parameters = new { ids };
        var rows = await connection.QueryAsync<FindingRow>(new CommandDefinition(
            $"""
            SELECT s.id AS number, f.id, f.title_en, f.title_fr, f.severity, f.last_seen, f.explanation_en, f.explanation_fr, placed.incident_id
            FROM search_finding s JOIN finding f ON f.id = s.finding_id LEFT JOIN incident_finding placed ON placed.finding_id = f.id WHERE {among} ORDER BY s.id DESC
            """,
            parameters,
            cancellationToken: token));
        var entities = (await connection.QueryAsync<(string Id, string Value)>(new CommandDefinition(
            $"SELECT s.finding_id, e.value FROM search_finding s JOIN finding f ON f.id = s.finding_id {FindingBuckets.Entities} WHERE {among} AND e.ordinal < 100", parameters, cancellationToken: token))).ToLookup(row => row.Id, row => row.Value);
        var evidence = (await connection.QueryAsync<(string Id, string Location, string Fields, string? Copy)>(new CommandDefinition(
            $"SELECT s.finding_id, e.location, e.fields, e.copy FROM search_finding s JOIN finding f ON f.id = s.finding_id {FindingBuckets.Evidence} WHERE {among} AND e.ordinal < 4", parameters, cancellationToken: token))).ToLookup(row => row.Id);
        var hits = rows.Select(row => new FindingHit(
            new FindingId(row.Id),
            new Bilingual(row.TitleEn, row.TitleFr),
            (Severity)row.Severity,
            DateTimeOffset.FromUnixTimeMilliseconds(row.LastSeen),
            row.IncidentId,
            [
                row.ExplanationEn, row.ExplanationFr, .. entities[row.Id], .. evidence[row.Id].SelectMany(e => SearchDocuments.Values(e.Fields)),
                .. evidence[row.Id].SelectMany(e => (string[])[e.Copy ?? "", e.Location]),
            ])).ToList();
        return ([.. hits.Take(MostOfGroup)], hits.Count > MostOfGroup);
    }

    private async Task<(IReadOnlyList<EntityHit> Hits, bool HasMore)> EntitiesAsync(DbConnection connection, string match, string typed, CancellationToken token)
    {
        var ids = await IdsAsync(connection, "search_entity_text", match, MostRanked, token);
        var found = (await connection.QueryAsync<(string Kind, string Value)>(new CommandDefinition(
            $"SELECT kind, value FROM search_entity WHERE {store.Dialect.In("id", "@ids")} UNION SELECT kind, value FROM search_entity WHERE value = @typed", new { ids, typed }, cancellationToken: token)))
            .Select(row => new Entity(row.Kind, row.Value))
            .OrderBy(entity => string.Equals(entity.Value, typed, StringComparison.OrdinalIgnoreCase) ? 0 : entity.Value.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 1 : 2)
            .ThenBy(entity => entity.Value.Length).ThenBy(entity => entity.Value, StringComparer.Ordinal).ToList();
        var hits = new List<EntityHit>();
        foreach (var entity in found.Take(MostOfGroup))
        {
            var count = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
                $"SELECT count(*) FROM ({FindingBuckets.Named} LIMIT {SearchResults.MostCounted.ToString(CultureInfo.InvariantCulture)}) named", new { entity.Value, entity.Kind }, cancellationToken: token));
            if (count > 0) hits.Add(new EntityHit(entity, count));
        }

        return (hits, found.Count > MostOfGroup);
    }

    private async Task<List<long>> IdsAsync(DbConnection connection, string table, string match, int most, CancellationToken token) =>
        (await connection.QueryAsync<long>(new CommandDefinition(store.Dialect.FromFullText(table), new { match, most }, cancellationToken: token))).AsList();

    private sealed class FindingRow
    {
        public string Id { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public long LastSeen { get; init; }

        public string ExplanationEn { get; init; } = "";

        public string ExplanationFr { get; init; } = "";

        public long? IncidentId { get; init; }
    }
}
