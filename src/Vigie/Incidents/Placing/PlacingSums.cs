namespace Vigie.Incidents.Placing;

/// <summary>What the incidents of a plan sum up to once it is carried out.</summary>
internal static class PlacingSums
{
    /// <summary>The sums of every incident that changes and goes on.</summary>
    /// <exception cref="PlacingConflictException">An incident is not the one the plan was made for.</exception>
    public static async Task<IReadOnlyDictionary<StoredIncident, IncidentFacts>> OfAsync(PlacingPlan plan, PlacingMap map, PlacingReads reads, CancellationToken ct)
    {
        var changed = plan.Placed.Select(one => one.Home)
            .Concat(plan.Merged.Select(pair => pair.Into.Now))
            .Concat(plan.Moved.Keys.SelectMany(pair => (StoredIncident[])[pair.From.Now, pair.To.Now]))
            .Distinct().ToList();

        // What loses findings is summed up anew, and with it what gets them: sums cannot be taken back.
        var anew = plan.Moved.Keys.SelectMany(pair => (StoredIncident[])[pair.From.Now, pair.To.Now]).ToHashSet();
        var merged = plan.Merged.ToLookup(pair => pair.Into.Now, pair => pair.Gone);
        var known = changed.Where(incident => !anew.Contains(incident)).SelectMany(incident => merged[incident].Append(incident)).ToList();
        await LoadAsync([.. known.Where(incident => incident is { Facts: null, Id: > 0 })], reads, ct);

        var sums = known.Where(changed.Contains).ToDictionary(incident => incident, incident => Together(incident, merged[incident]));
        if (anew.Count > 0) await RecountAsync(anew, merged, sums, map, reads, ct);
        foreach (var (joined, home) in plan.Placed) sums[home].Add(joined.Finding);
        return sums;
    }

    private static IncidentFacts Together(StoredIncident incident, IEnumerable<StoredIncident> gone)
    {
        var sum = incident.Facts?.Copy() ?? new IncidentFacts();
        foreach (var one in gone) sum.Add(one.Facts!);
        return sum;
    }

    private static async Task RecountAsync(
        HashSet<StoredIncident> anew, ILookup<StoredIncident, StoredIncident> merged, Dictionary<StoredIncident, IncidentFacts> sums, PlacingMap map, PlacingReads reads, CancellationToken ct)
    {
        foreach (var incident in anew) sums[incident] = new IncidentFacts();
        var numbers = anew.SelectMany(incident => merged[incident].Append(incident)).Select(incident => incident.Id).Where(id => id > 0).ToList();
        foreach (var (_, finding) in await reads.FindingsOfAsync(numbers, ct))
        {
            if (map.HomeOf(finding.Id) is { } home && sums.TryGetValue(home, out var sum) && anew.Contains(home)) sum.Add(finding);
        }
    }

    private static async Task LoadAsync(IReadOnlyList<StoredIncident> missing, PlacingReads reads, CancellationToken ct)
    {
        foreach (var portion in missing.Chunk(500))
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
