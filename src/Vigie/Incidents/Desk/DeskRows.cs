using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Incidents.Placing;
using Vigie.Store;

namespace Vigie.Incidents.Desk;

/// <summary>Brings the row of an incident in line with the findings it has now, as placing does.</summary>
public sealed class DeskRows
{
    // An incident of a hundred thousand findings is told by the gravest and latest of them.
    private const int Most = 20_000;

    private static readonly RowStatement Update = new(RowAction.Update, "incident", [("id", ColumnType.Long), .. IncidentSummary.Columns]);

    private readonly Store.Store _store;
    private readonly IncidentSummaries _summaries;

    internal DeskRows(Store.Store store, IncidentSummaries summaries) => (_store, _summaries) = (store, summaries);

    /// <summary>Takes everything a row says of findings anew.</summary>
    /// <param name="transaction">The one that changed its findings.</param>
    /// <param name="incident">The incident.</param>
    /// <param name="named">Whether it keeps its title; otherwise it gets one from its findings.</param>
    /// <param name="lost">How many more findings it has than are stored: retention deleted them.</param>
    internal void Refresh(DbTransaction transaction, long incident, bool named, long lost = 0)
    {
        var facts = Load(transaction, incident);
        if (facts.Count == 0) return;
        var summary = _summaries.Of(facts);
        summary = summary with { Findings = summary.Findings + lost };
        _store.Dialect.Run(transaction, Update, [[incident, .. summary.Values]]);
        if (!named) _store.Dialect.Run(transaction, IncidentSummary.Entitle, [[incident, summary.Title.English, summary.Title.French]]);
    }

    /// <summary>The score of an incident as rules are trusted now; null where none of its findings is stored any more.</summary>
    internal Engine.Incidents.IncidentScore? Score(DbTransaction transaction, Incident incident)
    {
        var facts = Load(transaction, incident.Id);
        if (facts.Count == 0) return null;
        facts.AddForgotten(incident);
        return _summaries.ScoreOf(facts);
    }

    private IncidentFacts Load(DbTransaction transaction, long incident)
    {
        var connection = transaction.Connection!;
        var rows = connection.Query<Row>(
            """
            SELECT f.id, f.detector, f.rule, f.title_en, f.title_fr, f.severity, f.confidence, f.first_seen, f.last_seen, f.techniques
            FROM incident_finding placed JOIN finding f ON f.id = placed.finding_id WHERE placed.incident_id = @incident
            ORDER BY f.severity DESC, f.last_seen DESC, f.id LIMIT @Most
            """,
            new { incident, Most },
            transaction).AsList();
        var facts = new IncidentFacts();
        foreach (var portion in rows.Chunk(500))
        {
            var entities = connection.Query<(string Finding, string Kind, string Value)>(
                $"SELECT e.finding_id, e.kind, e.value FROM finding f {FindingBuckets.Entities} WHERE {_store.Dialect.In("f.id", "@ids")} ORDER BY e.finding_id, e.ordinal",
                new { ids = portion.Select(row => row.Id).ToList() },
                transaction).ToLookup(row => row.Finding, row => new Entity(row.Kind, row.Value));
            foreach (var row in portion) facts.Add(row.ToOutline(entities[row.Id]));
        }

        return facts;
    }

    private sealed class Row
    {
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

        public FindingOutline ToOutline(IEnumerable<Entity> entities) => new(
            new FindingId(Id), Detector, Rule, new Bilingual(TitleEn, TitleFr), (Severity)Severity, Confidence, FirstSeen, LastSeen, [.. JsonSerializer.Deserialize<string[]>(Techniques)!], [.. entities]);
    }
}
