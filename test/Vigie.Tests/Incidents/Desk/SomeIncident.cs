using Dapper;
using Vigie.Engine.Findings;
using Vigie.Incidents;
using Vigie.Store;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Desk;

/// <summary>Incidents as the placer would have left them.</summary>
internal static class SomeIncident
{
    /// <summary>A finding of a rule; the number makes it another one.</summary>
    public static Finding Finding(int number, string rule = "mail.lookalike-recipient", Severity severity = Severity.Medium, string detector = "mail.lookalike-recipient") =>
        SomeFinding.Number(number, severity: severity) with { Id = FindingId.Of(detector, rule, FindingId.Part(number)), Rule = rule, Detector = detector };

    /// <summary>Stores an incident with these findings, untouched and in version 1; gives its number.</summary>
    public static Task<long> TellAsync(Vigie.Store.Store store, CancellationToken ct, params IReadOnlyList<Finding> findings) => store.WriteAsync(
        Lane.Background,
        transaction =>
        {
            var connection = transaction.Connection!;
            var id = IncidentNumbers.Take(transaction);
            var now = DateTimeOffset.UtcNow;
            var at = now.ToUnixTimeMilliseconds();
            connection.Execute(
                $"""
                INSERT INTO incident ({IncidentTable.Columns})
                VALUES (@id, 1, @at, @at, @first, @last, @en, @fr, @severity, 40, '[]', @findings, @rules, @only, '["mail"]', '[]', '[]', 0, NULL, NULL, NULL, NULL, NULL)
                """,
                new
                {
                    id,
                    at,
                    first = findings.Min(f => f.FirstSeen).ToUnixTimeMilliseconds(),
                    last = findings.Max(f => f.LastSeen).ToUnixTimeMilliseconds(),
                    en = findings[0].Title.English,
                    fr = findings[0].Title.French,
                    severity = (int)findings.Max(f => f.Severity),
                    findings = findings.Count,
                    rules = findings.Select(f => (f.Detector, f.Rule)).Distinct().Count(),
                    only = findings.Select(f => (f.Detector, f.Rule)).Distinct().Count() == 1 ? $"{findings[0].Detector} {findings[0].Rule}" : null,
                },
                transaction);
            var table = new Findings(store, TimeProvider.System);
            foreach (var finding in findings)
            {
                table.Save(transaction, finding);
                connection.Execute("DELETE FROM incident_queue WHERE finding_id = @Value", new { finding.Id.Value }, transaction);
                connection.Execute("INSERT INTO incident_finding (finding_id, incident_id, placed_at, because) VALUES (@Value, @id, @at, '[]')", new { finding.Id.Value, id, at }, transaction);
            }

            IncidentHistory.Append(transaction, id, 1, now, IncidentHistoryEntry.Vigie, IncidentActions.Created, ("findings", "1"));
            return id;
        },
        ct);
}
