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

/// <summary>What is in memory is no longer what is stored, and is read anew; as where another process has placed findings of the batch.</summary>
internal sealed class PlacingOvertakenException(string message) : InvalidOperationException(message);

/// <summary>What the row of an incident becomes.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Begins">How it begins; null for one that is stored.</param>
/// <param name="Before">The version it has.</param>
/// <param name="After">The version it gets: another one where it says something new.</param>
/// <param name="Facts">Its sums, as they will be.</param>
/// <param name="Summary">What the row says of them.</param>
internal sealed record IncidentRow(StoredIncident Incident, NewIncident? Begins, long Before, long After, IncidentFacts Facts, IncidentSummary Summary);

/// <summary>
/// What one transaction of the placer stores. Made before, since the writer has no time to lose, and of values that stay what they are
/// while the next batch is prepared; only numbers are drawn as it is written.
/// </summary>
/// <param name="Queue">Places in the queue that are done with.</param>
/// <param name="Suppressed">Findings that are not placed, and why.</param>
/// <param name="Plan">What changes.</param>
/// <param name="Rows">The incidents that begin, in that order, and those that change and go on.</param>
/// <param name="Versions">The version with which each incident the plan names is in the history.</param>
internal sealed record PlacingWrite(
    IReadOnlyList<long> Queue,
    IReadOnlyList<(Suppression Suppression, FindingId Finding)> Suppressed,
    PlacingPlan Plan,
    IReadOnlyList<IncidentRow> Rows,
    IReadOnlyDictionary<StoredIncident, long> Versions)
{
    /// <summary>The write of a plan.</summary>
    public static PlacingWrite Of(PlacingBatch batch, PlacingPlan plan, IReadOnlyDictionary<StoredIncident, IncidentFacts> facts, IncidentSummaries summaries)
    {
        var says = plan.Merged.Select(pair => pair.Into).Concat(plan.Moved.Keys.Select(pair => pair.From)).ToHashSet();
        var begun = plan.New.Where(one => facts.ContainsKey(one.Incident)).ToDictionary(one => one.Incident);
        var rows = new List<IncidentRow>(facts.Count);
        var versions = new Dictionary<StoredIncident, long>();
        foreach (var incident in plan.New.Select(one => one.Incident).Where(begun.ContainsKey).Concat(facts.Keys.Where(incident => !begun.ContainsKey(incident))))
        {
            var sums = facts[incident];
            // Whoever has the incident on the screen is told when it says something new, not when the same comes once more.
            var after = incident.Facts is { } before && before.Gist == sums.Gist && !says.Contains(incident) ? incident.Version : incident.Version + 1;
            rows.Add(new IncidentRow(incident, begun.GetValueOrDefault(incident), incident.Version, after, sums, summaries.Of(sums)));
            versions.Add(incident, after);
        }

        foreach (var (gone, _) in plan.Merged) versions[gone] = gone.Version + 1;
        foreach (var named in plan.Moved.Keys.Select(pair => pair.From).Concat(plan.Questions.Select(question => question.Incident))) versions.TryAdd(named, named.Version);
        return new PlacingWrite(batch.Queue, batch.Suppressed, plan, rows, versions);
    }

    /// <summary>Whether nothing has to be written.</summary>
    public bool IsEmpty => Queue.Count == 0 && Plan.IsEmpty;

    /// <summary>The numbers of the incidents it changed, once it is written.</summary>
    public IReadOnlyCollection<long> Changed => [.. Rows.Select(row => row.Incident.Id), .. Plan.Merged.Select(pair => pair.Gone.Id)];
}

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

    private static readonly RowStatement Remember = new(RowAction.Insert, "incident_history",
        [("incident_id", ColumnType.Long), ("version", ColumnType.Long), ("time", ColumnType.Long), ("actor", ColumnType.Text), ("action", ColumnType.Text), ("details", ColumnType.Text)]);

    /// <summary>Writes; gives the merges that left findings to <see cref="MoveRest"/>.</summary>
    /// <exception cref="PlacingOvertakenException">Findings of the batch are placed already.</exception>
    /// <exception cref="PlacingConflictException">What is stored is not what the plan was made for; nothing of it may be kept.</exception>
    public IReadOnlyList<(StoredIncident Gone, StoredIncident Into)> Write(DbTransaction transaction, PlacingWrite write)
    {
        var plan = write.Plan;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (store.Dialect.Run(transaction, Dequeue, [.. write.Queue.Select(place => (object?[])[place])]) != write.Queue.Count)
            throw new PlacingOvertakenException("Findings of a batch were placed by another process; what is placed is read again.");
        foreach (var (suppression, finding) in write.Suppressed) suppressions.Record(transaction, suppression, finding);

        var history = new History(write.Versions, now);
        WriteIncidents(transaction, write, now, history);
        foreach (var ((from, to), findings) in plan.Moved)
        {
            // Fewer where retention deleted some; that nobody else moved any, the version of their incident has shown.
            store.Dialect.Run(transaction, MoveTo, [.. findings.Select(id => (object?[])[id.Value, from.Id, to.Id])]);
            history.Say(from, IncidentActions.Split, ("to", Text(to.Id)), ("findings", Text(findings.Count)));
        }

        // After what left them: a merge takes everything that is still there.
        var rest = plan.Merged.Where(pair => !MergeInto(transaction, pair.Gone, pair.Into, now, history)).ToList();

        store.Dialect.Run(transaction, Put, [.. plan.Placed.Select(one => (object?[])[one.Finding.Finding.Id.Value, one.Home.Id, now, IncidentJson.Of(Bounded(one.Finding.Links))])]);
        foreach (var joined in plan.Placed.Where(one => one.Home.IsTouched).GroupBy(one => one.Home))
            history.Say(joined.Key, IncidentActions.Joined, ("findings", Text(joined.Count())), ("finding", joined.First().Finding.Finding.Id.Value));
        foreach (var question in plan.Questions) Ask(transaction, question, now, history);
        store.Dialect.Run(transaction, Remember, history.Rows);
        return rest;
    }

    /// <summary>Takes a finding from the queue that cannot be placed.</summary>
    public static void Drop(DbTransaction transaction, long place) => transaction.Connection!.Execute("DELETE FROM incident_queue WHERE id = @place", new { place }, transaction);

    /// <summary>Moves what is left of an incident that was merged; gives how many rows.</summary>
    public static int MoveRest(DbTransaction transaction, long gone, long into) => transaction.Connection!.Execute(
        $"UPDATE incident_finding SET incident_id = @into WHERE finding_id IN (SELECT finding_id FROM incident_finding WHERE incident_id = @gone LIMIT {MovePortion})", new { gone, into }, transaction);

    private void WriteIncidents(DbTransaction transaction, PlacingWrite write, long now, History history)
    {
        var begun = write.Rows.Count(row => row.Begins is not null);
        var number = begun > 0 ? IncidentNumbers.Take(transaction, begun) : 0;
        List<object?[]> created = [], changed = [], renamed = [];
        foreach (var (incident, begins, before, after, _, summary) in write.Rows)
        {
            if (begins is { } one)
            {
                incident.Id = number++;
                created.Add([incident.Id, after, now, now, (short)IncidentStatus.New, one.Follows?.Id, summary.Title.English, summary.Title.French, .. summary.Values]);
                history.Say(incident, IncidentActions.Created, ("follows", one.Follows is null ? null : Text(one.Follows.Id)), ("from", one.SplitFrom is null ? null : Text(one.SplitFrom.Id)));
                continue;
            }

            changed.Add([incident.Id, before, after, now, .. summary.Values]);
            if (!incident.IsTouched) renamed.Add([incident.Id, summary.Title.English, summary.Title.French]);
        }

        store.Dialect.Run(transaction, Create, created);
        if (store.Dialect.Run(transaction, Change, changed) != changed.Count) throw new PlacingConflictException("an incident of the batch was changed meanwhile");
        store.Dialect.Run(transaction, IncidentSummary.Entitle, renamed);
    }

    // Whether all findings are moved.
    private static bool MergeInto(DbTransaction transaction, StoredIncident gone, StoredIncident into, long now, History history)
    {
        var after = history.VersionOf(gone);
        var changed = transaction.Connection!.Execute(
            "UPDATE incident SET status = @status, merged_into = @into, findings = 0, version = @after, changed_at = @now WHERE id = @Id AND version = @before",
            new { status = (int)IncidentStatus.Merged, into = into.Id, after, now, gone.Id, before = after - 1 },
            transaction);
        if (changed != 1) throw new PlacingConflictException("an incident that was to be merged was changed meanwhile");
        history.Say(gone, IncidentActions.Merged, ("into", Text(into.Id)));
        history.Say(into, IncidentActions.Merged, ("from", Text(gone.Id)));
        return MoveRest(transaction, gone.Id, into.Id) < MovePortion;
    }

    // One open question a pair, and none that was answered before.
    private static void Ask(DbTransaction transaction, Question question, long now, History history)
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
        history.Say(question.Incident, IncidentActions.Proposed, ("kind", kind == 0 ? "merge" : "split"), ("other", question.Other is null ? null : Text(question.Other.Id)));
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

    private static ImmutableArray<Link> Bounded(ImmutableArray<Link> links) => [.. links.Take(MostLinks).Select(link => link with { Key = link.Key with { Value = Cut(link.Key.Value) } })];

    private static string Cut(string value) => value.Length <= MaxValue ? value : string.Concat(value.AsSpan(0, MaxValue - 1), "…");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the history says of a write.</summary>
    private sealed class History(IReadOnlyDictionary<StoredIncident, long> versions, long now)
    {
        public List<object?[]> Rows { get; } = [];

        public long VersionOf(StoredIncident incident) => versions[incident];

        public void Say(StoredIncident incident, string action, params ReadOnlySpan<(string Name, string? Value)> details)
        {
            var named = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in details)
            {
                if (value is not null) named[name] = value;
            }

            Rows.Add([incident.Id, VersionOf(incident), now, IncidentHistoryEntry.Vigie, action, named.Count == 0 ? "{}" : JsonSerializer.Serialize(named)]);
        }
    }
}
