using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Store;

namespace Vigie.Incidents.Placing;

/// <summary>The stored incident is not the one the plan was made for: a person, or another process, changed it meanwhile.</summary>
internal sealed class PlacingConflictException(string message) : Exception(message);

/// <summary>Another process has placed findings of the batch: what is in memory is no longer what is stored, and is read anew.</summary>
internal sealed class PlacingOvertakenException() : InvalidOperationException("Findings of a batch were placed by another process; what is placed is read again.");

/// <summary>What one transaction of the placer stores.</summary>
/// <param name="Queue">Places in the queue that are done with.</param>
/// <param name="Suppressed">Findings that are not placed, and why.</param>
/// <param name="Plan">What changes.</param>
/// <param name="Facts">The sums of every incident that changes, as they will be.</param>
/// <param name="Rows">What their rows say of them; made before, since the writer has no time to lose.</param>
internal sealed record PlacingWrite(
    IReadOnlyList<long> Queue,
    IReadOnlyList<(Suppression Suppression, FindingId Finding)> Suppressed,
    PlacingPlan Plan,
    IReadOnlyDictionary<StoredIncident, IncidentFacts> Facts,
    IReadOnlyDictionary<StoredIncident, IncidentSummary> Rows);

/// <summary>Writes a plan into incidents, in the caller's transaction.</summary>
internal sealed class PlacingWrites(Store.Store store, Suppressions suppressions, TimeProvider time)
{
    /// <summary>Findings moved from one incident to another in one transaction; of more, the rest follows.</summary>
    public const int MovePortion = 2000;

    private const int MostLinks = 5;
    private const int MaxValue = 200;

    private static readonly RowStatement Dequeue = new(RowAction.Delete, "incident_queue", [("id", ColumnType.Long)]);

    private static readonly RowStatement Put = new(RowAction.InsertNew, "incident_finding",
        [("finding_id", ColumnType.Text), ("incident_id", ColumnType.Long), ("placed_at", ColumnType.Long), ("because", ColumnType.Text)]);

    private static readonly RowStatement MoveTo = new(RowAction.Update, "incident_finding", [("finding_id", ColumnType.Text), ("incident_id", ColumnType.Long), ("incident_id", ColumnType.Long)], 2);

    private static readonly RowStatement Create = new(RowAction.Insert, "incident",
    [
        ("id", ColumnType.Long), ("version", ColumnType.Long), ("created_at", ColumnType.Long), ("changed_at", ColumnType.Long), ("status", ColumnType.Short), ("follows", ColumnType.Long),
        ("title_en", ColumnType.Text), ("title_fr", ColumnType.Text), .. IncidentSummary.Columns,
    ]);

    private static readonly RowStatement Change = new(RowAction.Update, "incident",
        [("id", ColumnType.Long), ("version", ColumnType.Long), ("version", ColumnType.Long), ("changed_at", ColumnType.Long), .. IncidentSummary.Columns], 2);

    private static readonly RowStatement History = new(RowAction.Insert, "incident_history",
        [("incident_id", ColumnType.Long), ("version", ColumnType.Long), ("time", ColumnType.Long), ("actor", ColumnType.Text), ("action", ColumnType.Text), ("details", ColumnType.Text)]);

    /// <summary>Writes; gives the versions incidents have afterwards.</summary>
    /// <exception cref="PlacingOvertakenException">Findings of the batch are placed already.</exception>
    /// <exception cref="PlacingConflictException">What is stored is not what the plan was made for; nothing of it may be kept.</exception>
    public IReadOnlyDictionary<StoredIncident, long> Write(DbTransaction transaction, PlacingWrite write, PlacingMap map)
    {
        var plan = write.Plan;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (store.Dialect.Run(transaction, Dequeue, [.. write.Queue.Select(place => (object?[])[place])]) != write.Queue.Count)
            throw new PlacingOvertakenException();
        foreach (var (suppression, finding) in write.Suppressed) suppressions.Record(transaction, suppression, finding);

        var begun = plan.New.Where(one => write.Facts.ContainsKey(one.Incident)).ToList();
        if (begun.Count > 0)
        {
            var first = IncidentNumbers.Take(transaction, begun.Count);
            for (var i = 0; i < begun.Count; i++) map.Number(begun[i].Incident, first + i);
        }

        var history = new List<object?[]>();
        var versions = WriteIncidents(transaction, write, begun, now, history);
        foreach (var ((from, to), findings) in plan.Moved)
        {
            // Fewer where retention deleted some; that nobody else moved any, the version of their incident has shown.
            store.Dialect.Run(transaction, MoveTo, [.. findings.Select(id => (object?[])[id.Value, from.Id, to.Now.Id])]);
            Say(history, from, versions, now, IncidentActions.Split, ("to", Text(to.Now.Id)), ("findings", Text(findings.Count)));
        }

        // After what left them: a merge takes everything that is still there.
        foreach (var (gone, into) in plan.Merged) MergeInto(transaction, gone, into.Now, now, versions, history);

        store.Dialect.Run(transaction, Put, [.. plan.Placed.Select(one => (object?[])[one.Finding.Finding.Id.Value, one.Home.Now.Id, now, IncidentJson.Of(Bounded(one.Finding.Links))])]);
        foreach (var joined in plan.Placed.Where(one => one.Home.IsTouched).GroupBy(one => one.Home))
            Say(history, joined.Key, versions, now, IncidentActions.Joined, ("findings", Text(joined.Count())), ("finding", joined.First().Finding.Finding.Id.Value));
        foreach (var question in plan.Questions) Ask(transaction, question, now, versions, history);
        store.Dialect.Run(transaction, History, history);
        return versions;
    }

    /// <summary>Takes a finding from the queue that cannot be placed.</summary>
    public static void Drop(DbTransaction transaction, long place) => transaction.Connection!.Execute("DELETE FROM incident_queue WHERE id = @place", new { place }, transaction);

    /// <summary>Moves what is left of an incident that was merged; gives how many rows.</summary>
    public static int MoveRest(DbTransaction transaction, long gone, long into) => transaction.Connection!.Execute(
        $"UPDATE incident_finding SET incident_id = @into WHERE finding_id IN (SELECT finding_id FROM incident_finding WHERE incident_id = @gone LIMIT {MovePortion})", new { gone, into }, transaction);

    private Dictionary<StoredIncident, long> WriteIncidents(DbTransaction transaction, PlacingWrite write, List<NewIncident> begun, long now, List<object?[]> history)
    {
        var versions = new Dictionary<StoredIncident, long>();
        List<object?[]> created = [], changed = [], renamed = [];
        foreach (var one in begun)
        {
            var summary = write.Rows[one.Incident];
            versions[one.Incident] = 1;
            created.Add([one.Incident.Id, 1L, now, now, (short)IncidentStatus.New, one.Follows?.Id, summary.Title.English, summary.Title.French, .. summary.Values]);
            Say(history, one.Incident, versions, now, IncidentActions.Created, ("follows", one.Follows is null ? null : Text(one.Follows.Id)), ("from", one.SplitFrom is null ? null : Text(one.SplitFrom.Id)));
        }

        foreach (var (incident, facts) in write.Facts)
        {
            if (versions.ContainsKey(incident)) continue;
            var summary = write.Rows[incident];
            // Whoever has the incident on the screen is told when it says something new, not when the same comes once more.
            var version = incident.Facts is { } before && before.Gist == facts.Gist && !write.Plan.Merged.Exists(pair => pair.Into == incident) && !write.Plan.Moved.Keys.Any(pair => pair.From == incident)
                ? incident.Version
                : incident.Version + 1;
            versions[incident] = version;
            changed.Add([incident.Id, incident.Version, version, now, .. summary.Values]);
            if (!incident.IsTouched) renamed.Add([incident.Id, summary.Title.English, summary.Title.French]);
        }

        store.Dialect.Run(transaction, Create, created);
        if (store.Dialect.Run(transaction, Change, changed) != changed.Count) throw new PlacingConflictException("an incident of the batch was changed meanwhile");
        store.Dialect.Run(transaction, IncidentSummary.Entitle, renamed);
        return versions;
    }

    private static void MergeInto(DbTransaction transaction, StoredIncident gone, StoredIncident into, long now, Dictionary<StoredIncident, long> versions, List<object?[]> history)
    {
        versions[gone] = gone.Version + 1;
        var changed = transaction.Connection!.Execute(
            "UPDATE incident SET status = @status, merged_into = @into, findings = 0, version = @next, changed_at = @now WHERE id = @Id AND version = @Version",
            new { status = (int)IncidentStatus.Merged, into = into.Id, next = gone.Version + 1, now, gone.Id, gone.Version },
            transaction);
        if (changed != 1) throw new PlacingConflictException("an incident that was to be merged was changed meanwhile");
        MoveRest(transaction, gone.Id, into.Id);
        Say(history, gone, versions, now, IncidentActions.Merged, ("into", Text(into.Id)));
        Say(history, into, versions, now, IncidentActions.Merged, ("from", Text(gone.Id)));
    }

    // One open question a pair, and none that was answered before.
    private static void Ask(DbTransaction transaction, Question question, long now, Dictionary<StoredIncident, long> versions, List<object?[]> history)
    {
        var connection = transaction.Connection!;
        var kind = question.Other is null ? 1 : 0;
        var findings = JsonSerializer.Serialize(question.Findings.Select(id => id.Value));
        var known = question.Other is { } other
            ? connection.ExecuteScalar<long>(
                "SELECT count(*) FROM incident_proposal WHERE kind = 0 AND ((incident_id = @one AND other_id = @two) OR (incident_id = @two AND other_id = @one))",
                new { one = question.Incident.Id, two = other.Id },
                transaction)
            : connection.ExecuteScalar<long>(
                "SELECT count(*) FROM incident_proposal WHERE kind = 1 AND incident_id = @Id AND (decided_at IS NULL OR findings = @findings)", new { question.Incident.Id, findings }, transaction);
        if (known > 0) return;
        var why = WhyOf(question);
        connection.Execute(
            "INSERT INTO incident_proposal (incident_id, kind, other_id, findings, why_en, why_fr, created_at) VALUES (@Id, @kind, @other, @findings, @English, @French, @now)",
            new { question.Incident.Id, kind, other = question.Other?.Id, findings, why.English, why.French, now },
            transaction);
        Say(history, question.Incident, versions, now, IncidentActions.Proposed, ("kind", kind == 0 ? "merge" : "split"), ("other", question.Other is null ? null : Text(question.Other.Id)));
    }

    private static Bilingual WhyOf(Question question)
    {
        if (question.Other is null)
        {
            var count = Text(question.Findings.Length);
            return new Bilingual(
                $"{count} of its findings are no longer linked to the rest: what they shared turned out to be shared by many.",
                $"{count} de ses constats ne sont plus liés au reste : ce qu'ils partageaient s'avère partagé par beaucoup.");
        }

        var key = question.Because is { } link ? $"{link.Key.Kind} {Cut(link.Key.Value)}" : "";
        var number = Text(question.Other.Id);
        return new Bilingual(
            $"A finding links it to incident {number}: both have {key}.",
            $"Un constat le lie à l'incident {number} : les deux ont {key}.");
    }

    private static void Say(List<object?[]> history, StoredIncident incident, Dictionary<StoredIncident, long> versions, long now, string action, params ReadOnlySpan<(string Name, string? Value)> details)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in details)
        {
            if (value is not null) named[name] = value;
        }

        history.Add([incident.Id, versions.TryGetValue(incident, out var version) ? version : incident.Version, now, IncidentHistoryEntry.Vigie, action, JsonSerializer.Serialize(named)]);
    }

    private static ImmutableArray<Link> Bounded(ImmutableArray<Link> links) => [.. links.Take(MostLinks).Select(link => link with { Key = link.Key with { Value = Cut(link.Key.Value) } })];

    private static string Cut(string value) => value.Length <= MaxValue ? value : string.Concat(value.AsSpan(0, MaxValue - 1), "…");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
