using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Desk;

/// <summary>Brings the row of an incident in line with the findings it has now.</summary>
internal static class DeskRows
{
    // An incident of a hundred thousand findings is told by the gravest and latest of them.
    private const int Most = 20_000;

    /// <summary>Counts, times, watches, techniques and entities of an incident, from its findings.</summary>
    /// <param name="transaction">The one that changed its findings.</param>
    /// <param name="incident">The incident.</param>
    /// <param name="named">Whether it keeps its title; otherwise it takes that of its gravest finding.</param>
    public static void Refresh(DbTransaction transaction, long incident, bool named)
    {
        var connection = transaction.Connection!;
        var findings = connection.Query<FindingRow>(
            """
            SELECT f.detector, f.rule, f.title_en, f.title_fr, f.severity, f.first_seen, f.last_seen, f.techniques
            FROM incident_finding placed JOIN finding f ON f.id = placed.finding_id WHERE placed.incident_id = @incident
            ORDER BY f.severity DESC, f.last_seen DESC, f.id LIMIT @Most
            """,
            new { incident, Most },
            transaction).AsList();
        var count = connection.ExecuteScalar<long>("SELECT COUNT(*) FROM incident_finding WHERE incident_id = @incident", new { incident }, transaction);
        if (findings.Count == 0) return;

        var about = connection.Query<(string Kind, string Value, long Count)>(
            """
            SELECT e.kind, e.value, COUNT(DISTINCT e.finding_id) FROM incident_finding placed JOIN finding_entity e ON e.finding_id = placed.finding_id
            WHERE placed.incident_id = @incident GROUP BY e.kind, e.value ORDER BY COUNT(DISTINCT e.finding_id) DESC, e.kind, e.value LIMIT @MaxAbout
            """,
            new { incident, Incident.MaxAbout },
            transaction);
        var rules = findings.Select(finding => $"{finding.Detector} {finding.Rule}").Distinct(StringComparer.Ordinal).ToList();
        var (foremost, title) = (findings[0], named ? "" : "title_en = @TitleEn, title_fr = @TitleFr,");
        connection.Execute(
            $"""
            UPDATE incident SET {title} first_seen = @first, last_seen = @last, severity = @severity, findings = @count, rules = @rules, only_rule = @only,
                watches = @watches, techniques = @techniques, about = @about
            WHERE id = @incident
            """,
            new
            {
                foremost.TitleEn,
                foremost.TitleFr,
                first = findings.Min(finding => finding.FirstSeen),
                last = findings.Max(finding => finding.LastSeen),
                severity = findings.Max(finding => finding.Severity),
                count,
                rules = rules.Count,
                only = rules.Count == 1 ? rules[0] : null,
                watches = JsonSerializer.Serialize(findings.Select(finding => finding.Detector.Split('.')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
                techniques = JsonSerializer.Serialize(findings.SelectMany(finding => JsonSerializer.Deserialize<string[]>(finding.Techniques)!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
                about = IncidentJson.Of([.. about.Select(row => new IncidentEntity(new Entity(row.Kind, row.Value), (int)row.Count))]),
                incident,
            },
            transaction);
    }

    private sealed class FindingRow
    {
        public string Detector { get; init; } = "";

        public string Rule { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public string Techniques { get; init; } = "[]";
    }
}
