using Dapper;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Pages;

/// <summary>The findings of one hour.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Counts">How many of each level, the lowest first.</param>
public sealed record FindingHour(DateTimeOffset Start, IReadOnlyList<long> Counts)
{
    /// <summary>All of them.</summary>
    public long Total => Counts.Sum();
}

/// <summary>What happened to incidents within a time.</summary>
/// <param name="Opened">How many began.</param>
/// <param name="Closed">How many were closed.</param>
/// <param name="Suppressed">How many findings were held back by a suppression.</param>
/// <param name="Proposals">How many proposals wait now, whenever they were made.</param>
public sealed record IncidentDay(long Opened, long Closed, long Suppressed, long Proposals);

/// <summary>The figures of overview and inbox, each by an index.</summary>
public sealed class InboxFigures(Store.Store store)
{
    /// <summary>An hour in milliseconds.</summary>
    private const long Hour = 3_600_000;

    /// <summary>How many incidents nobody has looked at: rows of the inbox.</summary>
    public Task<long> CountNewAsync(CancellationToken ct) => store.ReadAsync(
        (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            // Those in which one and the same rule speaks alone are one row.
            "SELECT count(*) FROM (SELECT DISTINCT CASE WHEN only_rule IS NULL OR touched_at IS NOT NULL THEN CAST(id AS TEXT) ELSE only_rule END AS row_key FROM incident WHERE status = 0) keyed", cancellationToken: token)),
        ct);

    /// <summary>When something was last found; null where nothing ever was.</summary>
    public async Task<DateTimeOffset?> LastFindingAsync(CancellationToken ct)
    {
        var last = await store.ReadAsync((connection, token) => connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT max(last_seen) FROM finding", cancellationToken: token)), ct);
        return last is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
    }

    /// <summary>The findings of the last whole hours and the present one, oldest first, those of muted rules left out.</summary>
    /// <param name="now">The present time in the console's zone, whose offset decides where hours begin.</param>
    /// <param name="hours">How many, the present one included.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<IReadOnlyList<FindingHour>> HoursAsync(DateTimeOffset now, int hours, CancellationToken ct)
    {
        var offset = (long)now.Offset.TotalMilliseconds;
        var last = (now.ToUnixTimeMilliseconds() + offset) / Hour;
        var first = last - hours + 1;
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<(long Hour, int Severity, long Count)>(new CommandDefinition(
                "SELECT (last_seen + @offset) / 3600000 AS hour, severity, count(*) FROM finding WHERE last_seen >= @since AND muted = 0 GROUP BY (last_seen + @offset) / 3600000, severity",
                new { offset, since = first * Hour - offset }, cancellationToken: token)),
            ct);
        var counts = rows.ToLookup(row => row.Hour);
        return
        [
            .. Enumerable.Range(0, hours).Select(i =>
            {
                var levels = new long[Enum.GetValues<Severity>().Length];
                foreach (var row in counts[first + i]) levels[Math.Clamp(row.Severity, 0, levels.Length - 1)] += row.Count;
                return new FindingHour(DateTimeOffset.FromUnixTimeMilliseconds((first + i) * Hour - offset).ToOffset(now.Offset), levels);
            }),
        ];
    }

    /// <summary>What happened to incidents since a time.</summary>
    public Task<IncidentDay> DayAsync(DateTimeOffset since, CancellationToken ct) => store.ReadAsync(
        (connection, token) => connection.QuerySingleAsync<IncidentDay>(new CommandDefinition(
            """
            SELECT (SELECT count(*) FROM incident WHERE changed_at >= @since AND created_at >= @since AND status <> 4) AS opened,
                   (SELECT count(*) FROM incident WHERE changed_at >= @since AND closed_at >= @since) AS closed,
                   (SELECT count(*) FROM finding_suppressed WHERE time >= @since) AS suppressed,
                   (SELECT count(*) FROM incident_proposal WHERE decided_at IS NULL) AS proposals
            """,
            new { since = since.ToUnixTimeMilliseconds() },
            cancellationToken: token)),
        ct);

    /// <summary>The watches that speak in any incident.</summary>
    public Task<IReadOnlyList<string>> WatchesAsync(CancellationToken ct) => store.ReadAsync<IReadOnlyList<string>>(
        async (connection, token) => [.. (await connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT watches FROM incident", cancellationToken: token)))
            .SelectMany(json => System.Text.Json.JsonSerializer.Deserialize<string[]>(json)!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        ct);
}
