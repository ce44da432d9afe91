using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Engine.Search;
using Vigie.Store;

namespace Vigie.Incidents.Search;

/// <summary>The words by which a thing is found, and pieces of them.</summary>
internal sealed record SearchDocument(IReadOnlyList<string> Words, IReadOnlyList<string> Parts);

/// <summary>What findings, incidents and entities are found by. Every document is bounded, whatever came from outside.</summary>
internal static class SearchDocuments
{
    /// <summary>The most words of one document.</summary>
    public const int MaxWords = 1200;

    /// <summary>The longest value of an entity that is found as an entity.</summary>
    public const int MaxEntity = 1000;

    private const int MaxText = 6000;

    /// <summary>The documents of findings by id, without those that are gone.</summary>
    public static async Task<Dictionary<string, (SearchDocument Document, IReadOnlyList<Entity> Entities)>> FindingsAsync(Store.Store store, DbConnection connection, IReadOnlyList<string> ids, CancellationToken token)
    {
        var parameters = new { ids };
        var entities = (await connection.QueryAsync<(string Id, string Kind, string Value)>(new CommandDefinition(
            $"SELECT e.finding_id, e.kind, e.value FROM finding f {FindingBuckets.Entities} WHERE {store.Dialect.In("f.id", "@ids")} ORDER BY e.finding_id, e.ordinal", parameters, cancellationToken: token)))
            .ToLookup(row => row.Id, row => new Entity(row.Kind, row.Value));
        var evidence = (await connection.QueryAsync<(string Id, string Location, string? Sha256, string Fields, string? Copy)>(new CommandDefinition(
            $"SELECT e.finding_id, e.location, e.sha256, e.fields, e.copy FROM finding f {FindingBuckets.Evidence} WHERE {store.Dialect.In("f.id", "@ids")} AND e.ordinal < 4 ORDER BY e.finding_id, e.ordinal", parameters, cancellationToken: token)))
            .ToLookup(row => row.Id);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT id, detector, rule, title_en, title_fr, techniques, explanation_en, explanation_fr FROM finding WHERE {store.Dialect.In("id", "@ids")}", parameters, cancellationToken: token));
        return rows.ToDictionary(
            row => row.Id,
            row =>
            {
                var texts = new List<string> { row.TitleEn };
                if (row.TitleFr != row.TitleEn) texts.Add(row.TitleFr);
                texts.AddRange(entities[row.Id].Take(200).Select(entity => entity.Value));
                texts.AddRange([row.Detector, row.Rule, row.Id, .. JsonSerializer.Deserialize<string[]>(row.Techniques)!]);
                texts.AddRange(evidence[row.Id].SelectMany(e => Values(e.Fields)));
                texts.Add(row.ExplanationEn);
                if (row.ExplanationFr != row.ExplanationEn) texts.Add(row.ExplanationFr);
                texts.AddRange(evidence[row.Id].SelectMany(e => (string[])[e.Location, e.Sha256 ?? "", e.Copy ?? ""]));
                return (new SearchDocument(Words(texts), []), (IReadOnlyList<Entity>)[.. entities[row.Id].Where(entity => entity.Value.Length <= MaxEntity).Distinct()]);
            },
            StringComparer.Ordinal);
    }

    /// <summary>The document of an incident as it is within a transaction; null when it is gone or part of another.</summary>
    public static SearchDocument? Incident(DbTransaction transaction, long id)
    {
        if (IncidentTable.Find(transaction, id) is not { Status: not IncidentStatus.Merged } incident) return null;
        var comments = transaction.Connection!.Query<string>("SELECT text FROM incident_comment WHERE incident_id = @id ORDER BY id DESC LIMIT 20", new { id }, transaction);
        return new SearchDocument(
            Words([
                id.ToString(CultureInfo.InvariantCulture), incident.Title.English, incident.Title.French, .. incident.About.Select(about => about.Entity.Value), incident.Assignee ?? "", incident.OnlyRule ?? "",
                .. incident.Techniques, .. comments,
            ]),
            []);
    }

    /// <summary>The document of an entity: found also by what lies within its words.</summary>
    public static SearchDocument Of(Entity entity)
    {
        var words = Words([entity.Value]);
        return new SearchDocument(words, [.. words.SelectMany(SearchText.Parts).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The values of evidence as stored.</summary>
    public static IEnumerable<string> Values(string fields)
    {
        using var document = JsonDocument.Parse(fields);
        return [.. document.RootElement.EnumerateArray().Select(pair => pair[1].GetString() ?? "")];
    }

    // A word between two texts keeps a phrase from running from one into the next; no text has it, since words are lower case.
    private static List<string> Words(IEnumerable<string> texts)
    {
        var words = new List<string>();
        foreach (var text in texts)
        {
            if (words.Count >= MaxWords) break;
            if (words.Count > 0) words.Add(Between);
            words.AddRange(SearchText.Words(text.Length <= MaxText ? text : text[..MaxText], MaxWords - words.Count).Select(word => word.Text));
        }

        return words;
    }

    private const string Between = "\u00B6";

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Detector { get; init; } = "";

        public string Rule { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public string Techniques { get; init; } = "[]";

        public string ExplanationEn { get; init; } = "";

        public string ExplanationFr { get; init; } = "";
    }
}
