using Dapper;

namespace Vigie.Watches.Mail.Pages;

/// <summary>How many recipients policy wanted refused or held, by day: the overview's chart.</summary>
internal sealed class DailyDecisions(Store.Store store)
{
    private const long DayLength = 86_400_000;

    /// <summary>The last days, oldest first, each of them there even where nothing happened.</summary>
    /// <param name="today">The present time in the console's zone; its offset decides where days begin.</param>
    /// <param name="days">How many days, today included.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<IReadOnlyList<DecisionDay>> ReadAsync(DateTimeOffset today, int days, CancellationToken ct)
    {
        var offset = (long)today.Offset.TotalMilliseconds;
        var last = (today.ToUnixTimeMilliseconds() + offset) / DayLength;
        var first = last - days + 1;
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                """
                SELECT (time + @offset) / 86400000 AS Day, verdict AS Verdict, COUNT(*) AS Count FROM mail_decisions
                WHERE time >= @since AND verdict IN (2, 3)
                GROUP BY (time + @offset) / 86400000, verdict
                """,
                new { offset, since = first * DayLength - offset }, cancellationToken: token)),
            ct);
        var counts = rows.ToDictionary(row => (row.Day, (Verdict)row.Verdict), row => row.Count);
        return
        [
            .. Enumerable.Range(0, days).Select(i => new DecisionDay(
                DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(first + i)),
                counts.GetValueOrDefault((first + i, Verdict.Refuse)),
                counts.GetValueOrDefault((first + i, Verdict.Hold)))),
        ];
    }

    private sealed class Row
    {
        public long Day { get; set; }

        public long Verdict { get; set; }

        public long Count { get; set; }
    }
}

/// <summary>One day of the chart.</summary>
/// <param name="Day">The day in the console's zone.</param>
/// <param name="Refused">Recipients policy wanted refused, whatever the mode.</param>
/// <param name="Held">Recipients policy wanted held.</param>
public sealed record DecisionDay(DateOnly Day, long Refused, long Held);
