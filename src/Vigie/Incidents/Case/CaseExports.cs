using System.Globalization;
using System.Text.Json;
using Vigie.Console;
using Vigie.Engine.Incidents;
using Vigie.Governance;
using Vigie.Store;

namespace Vigie.Incidents.Case;

/// <summary>
/// Incidents that leave the house. Each export is written into the incident's history and the journal, and committed, before
/// the first byte of it is sent: nothing leaves without a record.
/// </summary>
public sealed class CaseExports(Store.Store store, Journal journal, IncidentCases cases, Findings findings, ConsoleSettings console, IncidentsSettings settings, TimeProvider time)
{
    // An export is the whole of what people wrote; a page shows the latest.
    private const int MostNotes = 10_000;

    /// <summary>What an export is called in the journal.</summary>
    public static JournalAct JournalAct { get; } = new("incident.export", new("incident exported", "incident exporté"));

    /// <summary>Writes down that an incident is exported.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="actor">Who takes it along.</param>
    /// <param name="format"><c>print</c>, <c>json</c> or <c>stix</c>.</param>
    /// <param name="evidence">Whether copies of the evidence go with it.</param>
    /// <param name="ct">Gives up.</param>
    public Task RecordAsync(Incident incident, string actor, string format, bool evidence, CancellationToken ct) => store.WriteAsync(
        Lane.Console,
        transaction =>
        {
            var now = time.GetUtcNow();
            // The version stays: taking something along changes nothing that a form could be late for.
            IncidentHistory.Append(
                transaction, incident.Id, incident.Version, now, actor, IncidentActions.Exported, ("format", format), ("evidence", evidence ? "true" : null), ("marking", settings.Marking.Name));
            journal.Append(
                transaction, actor, JournalAct.Action, string.Create(CultureInfo.InvariantCulture, $"#{incident.Id}"), "",
                JsonSerializer.Serialize(new { format, evidence, marking = settings.Marking.Name }));
        },
        ct);

    /// <summary>Writes the JSON export, page by page.</summary>
    public async Task WriteJsonAsync(Stream output, Incident incident, string actor, bool evidence, CancellationToken ct)
    {
        var read = await cases.ReadAsync(incident, ct, MostNotes);
        await using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var json = new JsonExport(writer);
        json.Begin(read, IncidentStory.Tell(read.Facts, console.TimeZone), settings.Marking.Name, actor, time.GetUtcNow());
        for (Cursor? after = null; ;)
        {
            var page = await findings.SearchAsync(new FindingQuery { Incident = incident.Id, After = after, Limit = FindingQuery.MaxLimit }, ct);
            var placed = await cases.PlacedAsync([.. page.Items.Select(finding => finding.Id)], ct);
            foreach (var finding in page.Items) json.Finding(finding, placed.TryGetValue(finding.Id.Value, out var found) ? found : (null, []), evidence);
            await writer.FlushAsync(ct);
            if (page.Next is not { } next) break;
            after = next;
        }

        json.End();
        await writer.FlushAsync(ct);
    }

    /// <summary>The STIX 2.1 bundle; at most <see cref="StixExport.MaxFindings"/> findings, the latest.</summary>
    public async Task<StixExport> StixAsync(Incident incident, bool evidence, CancellationToken ct)
    {
        var read = await cases.ReadAsync(incident, ct);
        var export = new StixExport(incident, IncidentStory.Tell(read.Facts, TimeZoneInfo.Utc), settings.Marking, evidence);
        for (Cursor? after = null; ;)
        {
            var page = await findings.SearchAsync(new FindingQuery { Incident = incident.Id, After = after, Limit = FindingQuery.MaxLimit }, ct);
            foreach (var finding in page.Items) export.Add(finding);
            if (page.Next is not { } next || export.IsFull) return export;
            after = next;
        }
    }
}
