namespace Vigie.Incidents.Placing;

/// <summary>What the incidents of a plan sum up to once it is carried out.</summary>
internal static class PlacingSums
{
    /// <summary>Up to here an incident that lost its first or last finding is read again; a larger one goes on saying the times it said.</summary>
    private const int ReadAgain = 5000;

    /// <summary>The sums of every incident that changes and goes on.</summary>
    /// <param name="plan">What changes.</param>
    /// <param name="map">Where findings are, with the plan carried out.</param>
    /// <param name="reads">How what is not at hand is read.</param>
    /// <param name="pending">What was planned before and may not be stored yet.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="PlacingConflictException">An incident is not the one the plan was made for.</exception>
    public static async Task<IReadOnlyDictionary<StoredIncident, IncidentFacts>> OfAsync(PlacingPlan plan, PlacingMap map, PlacingReads reads, PlacingPlan? pending, CancellationToken ct)
    {
        var changed = plan.Placed.Select(one => one.Home)
            .Concat(plan.Merged.Select(pair => pair.Into.Now))
            .Concat(plan.Moved.Keys.SelectMany(pair => (StoredIncident[])[pair.From.Now, pair.To.Now]))
            .ToHashSet();
        var merged = plan.Merged.ToLookup(pair => pair.Into.Now, pair => pair.Gone);
        await LoadAsync([.. changed.SelectMany(incident => merged[incident].Append(incident)).Where(incident => incident is { Facts: null, Id: > 0 })], reads, ct);

        var sums = new Dictionary<StoredIncident, IncidentFacts>();
        foreach (var incident in changed)
        {
            var sum = incident.Facts?.Copy() ?? new IncidentFacts();
            foreach (var gone in merged[incident]) sum.Add(gone.Facts!);
            sums.Add(incident, sum);
        }

        await MoveAsync(plan, sums, map, reads, pending, ct);
        foreach (var (joined, home) in plan.Placed) sums[home].Add(joined.Finding);
        // A person was faster between two reads; what they left is read anew.
        if (sums.Values.Any(sum => sum.Rules.Count == 0)) throw new PlacingConflictException("an incident of the batch lost its findings meanwhile");
        return sums;
    }

    private static async Task MoveAsync(PlacingPlan plan, Dictionary<StoredIncident, IncidentFacts> sums, PlacingMap map, PlacingReads reads, PlacingPlan? pending, CancellationToken ct)
    {
        var again = new HashSet<StoredIncident>();
        foreach (var portion in plan.Moved.SelectMany(pair => pair.Value.Select(id => (Id: id, pair.Key.From, pair.Key.To))).Chunk(2000))
        {
            var found = (await reads.FindingsAsync([.. portion.Select(one => one.Id)], ct)).ToDictionary(finding => finding.Id);
            foreach (var (id, from, to) in portion)
            {
                if (!found.TryGetValue(id, out var finding)) continue;
                if (!sums[from.Now].Remove(finding)) again.Add(from.Now);
                sums[to.Now].Add(finding);
            }
        }

        foreach (var portion in again.Where(incident => sums[incident].Count <= ReadAgain).Chunk(100)) await RecountAsync(pending is null ? [plan] : [pending, plan], [.. portion], sums, map, reads, ct);
    }

    // What is pending may be stored by now or not: both are read, and each finding counts where the map has it.
    private static async Task RecountAsync(PlacingPlan[] plans, HashSet<StoredIncident> again, Dictionary<StoredIncident, IncidentFacts> sums, PlacingMap map, PlacingReads reads, CancellationToken ct)
    {
        var before = plans.SelectMany(plan => plan.Merged).Where(pair => again.Contains(pair.Into.Now)).Select(pair => pair.Gone)
            .Concat(plans.SelectMany(plan => plan.Moved.Keys).Where(pair => again.Contains(pair.To.Now)).Select(pair => pair.From)).Concat(again);
        foreach (var incident in again) sums[incident] = new IncidentFacts();
        var stored = (await reads.FindingsOfAsync([.. before.Select(one => one.Id).Where(id => id > 0).Distinct()], ct)).Select(one => one.Finding);
        var placed = plans.SkipLast(1).SelectMany(plan => plan.Placed).Select(one => one.Finding.Finding);
        foreach (var finding in stored.Concat(placed).DistinctBy(finding => finding.Id))
        {
            if (map.HomeOf(finding.Id) is { } home && again.Contains(home)) sums[home].Add(finding);
        }
    }

    private static async Task LoadAsync(IReadOnlyList<StoredIncident> missing, PlacingReads reads, CancellationToken ct)
    {
        foreach (var portion in missing.Distinct().Chunk(500))
        {
            var rows = (await reads.IncidentsAsync([.. portion.Select(incident => incident.Id)], ct)).ToDictionary(row => row.Id);
            var findings = (await reads.FindingsOfAsync([.. rows.Keys], ct)).ToLookup(one => one.Incident, one => one.Finding);
            foreach (var incident in portion)
            {
                if (!rows.TryGetValue(incident.Id, out var row) || row.Version != incident.Version) throw new PlacingConflictException("an incident of the batch was changed meanwhile");
                var sum = new IncidentFacts();
                foreach (var finding in findings[incident.Id]) sum.Add(finding);
                sum.AddForgotten(row);
                incident.Facts = sum;
            }
        }
    }
}
