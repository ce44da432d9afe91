using Dapper;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Incidents.Pages;

/// <summary>What is known of one entity.</summary>
/// <param name="Findings">How many findings name it, counted up to <see cref="EntityView.MostCounted"/>.</param>
/// <param name="FirstSeen">Of the earliest of them.</param>
/// <param name="LastSeen">Of the latest.</param>
/// <param name="Days">Its findings by day, oldest first: the day's number since 1970 in the viewer's zone, and how many.</param>
/// <param name="Together">Entities its latest findings name too, and in how many.</param>
public sealed record EntityFacts(int Findings, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, IReadOnlyList<(DateOnly Day, long Count)> Days, IReadOnlyList<(Entity Entity, int Count)> Together);

/// <summary>Reads what findings say of an entity.</summary>
public sealed class EntityView(Store.Store store)
{
    /// <summary>The most findings that are counted: a hub is told as one.</summary>
    public const int MostCounted = 10_000;

    /// <summary>The latest findings whose other entities are looked at.</summary>
    private const int MostTogether = 500;

    private const int Days = 60;

    /// <summary>What is known of an entity; null where no finding names it.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="now">The present time in the console's zone.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task<EntityFacts?> ReadAsync(Entity entity, DateTimeOffset now, CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
        {
            var offset = (long)now.Offset.TotalMilliseconds;
            var parameters = new { entity.Kind, entity.Value, offset, MostCounted, MostTogether };
            const string named = FindingBuckets.Named + " LIMIT @MostCounted";
            var days = (await connection.QueryAsync<(long Day, long Count, long First, long Last)>(new CommandDefinition(
                $"""
                SELECT (f.last_seen + @offset) / 86400000 AS day, count(*), min(f.first_seen), max(f.last_seen)
                FROM ({named}) named JOIN finding f ON f.id = named.finding_id GROUP BY (f.last_seen + @offset) / 86400000 ORDER BY 1
                """,
                parameters,
                cancellationToken: token))).AsList();
            if (days.Count == 0) return null;

            var together = await connection.QueryAsync<(string Kind, string Value, long Count)>(new CommandDefinition(
                $"""
                SELECT e.kind, e.value, count(DISTINCT e.finding_id) AS times
                FROM (SELECT f.id, f.bucket FROM ({named}) named JOIN finding f ON f.id = named.finding_id ORDER BY f.last_seen DESC LIMIT @MostTogether) latest
                JOIN finding_entity e ON e.bucket = latest.bucket AND e.finding_id = latest.id
                WHERE NOT (e.kind = @Kind AND e.value = @Value) AND e.ordinal < 100
                GROUP BY e.kind, e.value ORDER BY times DESC, e.kind, e.value LIMIT 24
                """,
                parameters,
                cancellationToken: token));
            var counts = days.ToDictionary(day => day.Day, day => day.Count);
            var last = (now.ToUnixTimeMilliseconds() + offset) / 86_400_000;
            return new EntityFacts(
                (int)days.Sum(day => day.Count),
                DateTimeOffset.FromUnixTimeMilliseconds(days.Min(day => day.First)),
                DateTimeOffset.FromUnixTimeMilliseconds(days.Max(day => day.Last)),
                [.. Enumerable.Range(0, Days).Select(i => (DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(last - Days + 1 + i)), counts.GetValueOrDefault(last - Days + 1 + i)))],
                [.. together.Select(row => (new Entity(row.Kind, row.Value), (int)row.Count))]);
        },
        ct);
}
