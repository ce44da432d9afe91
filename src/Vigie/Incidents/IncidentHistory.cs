using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace Vigie.Incidents;

/// <summary>Writes and reads what happened to incidents. Entries are only ever added.</summary>
internal static class IncidentHistory
{
    /// <summary>The most entries that are told to somebody who saw an older version.</summary>
    public const int MostSince = 50;

    /// <summary>Adds an entry in the transaction that makes the change.</summary>
    /// <param name="transaction">The one that makes the change.</param>
    /// <param name="incident">Whose history.</param>
    /// <param name="version">The version of the incident that the change leads to.</param>
    /// <param name="now">When.</param>
    /// <param name="actor">An account's name, or <see cref="IncidentHistoryEntry.Vigie"/>.</param>
    /// <param name="action">One of <see cref="IncidentActions"/>.</param>
    /// <param name="details">Named values; those that are null are left out.</param>
    public static void Append(
        DbTransaction transaction, long incident, long version, DateTimeOffset now, string actor, string action, params ReadOnlySpan<(string Name, string? Value)> details)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in details)
        {
            if (value is not null) named[name] = value;
        }

        transaction.Connection!.Execute(
            "INSERT INTO incident_history (incident_id, version, time, actor, action, details) VALUES (@incident, @version, @time, @actor, @action, @details)",
            new { incident, version, time = now.ToUnixTimeMilliseconds(), actor, action, details = JsonSerializer.Serialize(named) },
            transaction);
    }

    /// <summary>What happened after the version that somebody saw, oldest first; at most <see cref="MostSince"/> entries, the latest.</summary>
    public static IReadOnlyList<IncidentHistoryEntry> Since(DbTransaction transaction, long incident, long version)
    {
        var rows = transaction.Connection!.Query<HistoryRow>(
            """
            SELECT id, time, actor, action, details FROM incident_history
            WHERE incident_id = @incident AND id > COALESCE((SELECT MAX(id) FROM incident_history WHERE incident_id = @incident AND version <= @version), 0)
            ORDER BY id DESC LIMIT @most
            """,
            new { incident, version, most = MostSince },
            transaction);
        return [.. rows.Reverse().Select(row => row.ToEntry())];
    }
}

/// <summary>An entry as it lies in its table.</summary>
internal sealed class HistoryRow
{
    public long Id { get; init; }

    public long Time { get; init; }

    public string Actor { get; init; } = "";

    public string Action { get; init; } = "";

    public string Details { get; init; } = "{}";

    public IncidentHistoryEntry ToEntry()
    {
        using var document = JsonDocument.Parse(Details);
        return new IncidentHistoryEntry(
            Id, DateTimeOffset.FromUnixTimeMilliseconds(Time), Actor, Action,
            document.RootElement.EnumerateObject().DistinctBy(property => property.Name).ToDictionary(property => property.Name, property => property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.ToString(), StringComparer.Ordinal));
    }
}
