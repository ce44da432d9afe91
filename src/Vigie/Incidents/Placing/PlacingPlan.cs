using System.Collections.Immutable;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents.Placing;

/// <summary>A finding of a batch after the graph has taken it.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Group">The group it is in.</param>
/// <param name="Links">What joins it to others, strongest first.</param>
internal sealed record Joined(FindingOutline Finding, long Group, ImmutableArray<Link> Links);

/// <summary>A batch as the graph left it.</summary>
/// <param name="Findings">Those that were placed, in order.</param>
/// <param name="Absorbed">Groups that became part of others while findings were placed, in order.</param>
/// <param name="Regrouping">What changed when weights were taken anew afterwards.</param>
/// <param name="Left">What was left of groups that parts came off, but for very large ones: by the time it is asked for, the graph may have taken another batch.</param>
internal sealed record PlacedBatch(
    IReadOnlyList<Joined> Findings, IReadOnlyList<(long Gone, long Into)> Absorbed, Regrouping Regrouping, IReadOnlyDictionary<long, ImmutableArray<FindingId>> Left);

/// <summary>An incident that begins.</summary>
/// <param name="Incident">It, still without a number.</param>
/// <param name="Follows">The closed incident whose matter it goes on with.</param>
/// <param name="SplitFrom">The incident it was part of.</param>
internal sealed record NewIncident(StoredIncident Incident, StoredIncident? Follows, StoredIncident? SplitFrom);

/// <summary>Something to ask about an incident that a person works on.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Other">What would be merged into it; null for a split.</param>
/// <param name="Findings">The findings that link the two, or those that would be split off.</param>
/// <param name="Because">The strongest link, where one speaks for it.</param>
internal sealed record Question(StoredIncident Incident, StoredIncident? Other, ImmutableArray<FindingId> Findings, Link? Because);

/// <summary>
/// What has to be written so that the stored incidents follow the graph. Made from what a batch changed in the graph and from where
/// findings are stored, so it can be made again when the write did not take place.
/// </summary>
internal sealed class PlacingPlan
{
    /// <summary>The most findings named in one question.</summary>
    private const int MostNamed = 200;

    private readonly IncidentGraph _graph;
    private readonly PlacingMap _map;
    private readonly IReadOnlyDictionary<long, ImmutableArray<FindingId>> _left;
    private readonly bool _isAhead;

    private PlacingPlan(IncidentGraph graph, PlacingMap map, PlacedBatch batch, bool isAhead) => (_graph, _map, _left, _isAhead) = (graph, map, batch.Left, isAhead);

    public List<(Joined Finding, StoredIncident Home)> Placed { get; } = [];

    public List<NewIncident> New { get; } = [];

    public List<(StoredIncident Gone, StoredIncident Into)> Merged { get; } = [];

    /// <summary>Stored findings that change from one incident to another, by pair.</summary>
    public Dictionary<(StoredIncident From, StoredIncident To), List<FindingId>> Moved { get; } = [];

    public List<Question> Questions { get; } = [];

    /// <summary>Whether nothing has to be written.</summary>
    public bool IsEmpty => Placed.Count == 0 && New.Count == 0 && Merged.Count == 0 && Moved.Count == 0 && Questions.Count == 0;

    /// <summary>Makes the plan and changes the map accordingly; <see cref="PlacingMap.Rollback"/> takes that back.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="map">Where findings are stored.</param>
    /// <param name="batch">What the batch changed in the graph.</param>
    /// <param name="isAhead">Whether the graph has taken another batch since.</param>
    /// <exception cref="PlacingOvertakenException">The graph would have to be asked about a very large group, and is ahead.</exception>
    public static PlacingPlan Make(IncidentGraph graph, PlacingMap map, PlacedBatch batch, bool isAhead)
    {
        var plan = new PlacingPlan(graph, map, batch, isAhead);
        plan.Settle(batch);
        foreach (var finding in batch.Findings) plan.Place(finding);
        plan.Resolve();
        return plan;
    }

    // While it is written, a later plan may already merge on; what this one writes is where things are now.
    private void Resolve()
    {
        for (var i = 0; i < Placed.Count; i++) Placed[i] = (Placed[i].Finding, Placed[i].Home.Now);
        for (var i = 0; i < Merged.Count; i++) Merged[i] = (Merged[i].Gone, Merged[i].Into.Now);
        foreach (var ((from, to), findings) in Moved.Where(pair => pair.Key.To != pair.Key.To.Now).ToList())
        {
            Moved.Remove((from, to));
            Note(from, to.Now, findings);
        }
    }

    // Groups first: where the free incidents are after the batch. Groups that only grew together are followed pair by pair; in those
    // that came apart, what the batch joined may have come apart again, so nothing is merged before it is known what stays together.
    private void Settle(PlacedBatch batch)
    {
        var apart = batch.Regrouping.Split.Select(split => split.From).Distinct().ToDictionary(group => group, group => new HashSet<long> { group });
        var pairs = batch.Absorbed.Concat(batch.Regrouping.Absorbed).ToList();
        var leadsTo = new Dictionary<long, long>();
        if (apart.Count > 0)
        {
            foreach (var (gone, into) in Enumerable.Reverse(pairs))
            {
                var end = leadsTo.GetValueOrDefault(into, into);
                if (!apart.TryGetValue(end, out var all)) continue;
                leadsTo[gone] = end;
                all.Add(gone);
            }
        }

        foreach (var (gone, into) in pairs)
        {
            if (!leadsTo.ContainsKey(gone)) Unite(gone, into);
        }

        if (apart.Count == 0) return;
        AskToSplit(batch.Regrouping);
        foreach (var (group, all) in apart.OrderBy(pair => pair.Key)) Redistribute(group, all, [.. batch.Regrouping.Split.Where(split => split.From == group)]);
    }

    private void Unite(long gone, long into)
    {
        if (_map.FreeOf(gone) is not { } free) return;
        _map.SetFree(gone, null);
        if (_map.FreeOf(into) is not { } other)
        {
            _map.SetFree(into, free);
        }
        else if (other != free)
        {
            _map.SetFree(into, Merge(free, other));
        }
    }

    // The older number survives.
    private StoredIncident Merge(StoredIncident one, StoredIncident other)
    {
        var (into, gone) = one.Age < other.Age ? (one, other) : (other, one);
        _map.Merge(gone, into);
        Merged.Add((gone, into));
        return into;
    }

    // What left the group is told finding by finding; what stayed is only counted, for it may be very much.
    private void Redistribute(long group, HashSet<long> absorbed, ImmutableArray<(long From, long To, ImmutableArray<FindingId> Findings)> splits)
    {
        var before = absorbed.Select(_map.FreeOf).OfType<StoredIncident>().Distinct().OrderBy(incident => incident.Age).ToList();
        foreach (var one in absorbed) _map.SetFree(one, null);
        var parts = before.ToDictionary(incident => incident, _ => new SortedDictionary<long, List<FindingId>>());
        foreach (var (_, to, findings) in splits)
        {
            foreach (var id in findings)
            {
                if (_map.HomeOf(id) is not { } home || !parts.TryGetValue(home, out var of)) continue;
                if (!of.TryGetValue(to, out var part)) of.Add(to, part = []);
                part.Add(id);
            }
        }

        // An incident stays where most of it is, and several that stay in one group are one.
        var stays = new Dictionary<StoredIncident, long>();
        foreach (var incident in before)
        {
            var (place, most) = (group, incident.Size - parts[incident].Values.Sum(part => part.Count));
            foreach (var (to, part) in parts[incident])
            {
                if (part.Count > most) (place, most) = (to, part.Count);
            }

            stays.Add(incident, place);
        }

        foreach (var incident in before.Where(incident => stays[incident] != group)) AddRest(incident, group, parts[incident]);
        foreach (var incident in before) _map.SetFree(stays[incident], _map.FreeOf(stays[incident]) is { } older ? Merge(older, incident) : incident);
        foreach (var incident in before)
        {
            foreach (var (to, part) in parts[incident])
            {
                if (stays[incident] != to) Move(incident, _map.FreeOf(to) ?? Begin(to, null, incident), part);
            }
        }
    }

    private void AddRest(StoredIncident incident, long group, SortedDictionary<long, List<FindingId>> parts)
    {
        if (incident.Size == parts.Values.Sum(part => part.Count)) return;
        var rest = FindingsOf(group).Where(id => _map.HomeOf(id) == incident).ToList();
        if (rest.Count > 0) parts.Add(group, rest);
    }

    private IEnumerable<FindingId> FindingsOf(long group) =>
        _left.TryGetValue(group, out var left) ? left
        : _isAhead ? throw new PlacingOvertakenException("What is to be written again has gone on in memory; what is placed is read again.")
        : _graph.FindingsOf(group);

    private void Move(StoredIncident from, StoredIncident to, List<FindingId> findings)
    {
        foreach (var id in findings) _map.SetHome(id, to);
        Note(from, to, findings);
    }

    private void Note(StoredIncident from, StoredIncident to, List<FindingId> findings)
    {
        if (!Moved.TryGetValue((from, to), out var moved)) Moved.Add((from, to), moved = []);
        moved.AddRange(findings);
    }

    private StoredIncident Begin(long group, StoredIncident? follows, StoredIncident? splitFrom)
    {
        var incident = _map.Begin(group);
        if (follows is not null) _map.SetSuccessor(follows, incident);
        New.Add(new NewIncident(incident, follows, splitFrom));
        return incident;
    }

    private void Place(Joined joined)
    {
        var id = joined.Finding.Id;
        var linked = joined.Links.Select(link => (Link: link, Home: _map.HomeOf(link.Other))).Where(one => one.Home is not null).ToList();
        var home = linked.Select(one => one.Home!).FirstOrDefault(incident => incident.IsOpen)
            ?? _map.FreeOf(joined.Group)
            ?? linked.Select(one => SuccessorOf(one.Home!)).FirstOrDefault(incident => incident is not null)
            ?? Begin(joined.Group, linked.FirstOrDefault().Home, null);
        _map.SetHome(id, home);
        Placed.Add((joined, home));
        foreach (var (link, other) in linked) AskToMerge(id, home, other!, link);
    }

    private static StoredIncident? SuccessorOf(StoredIncident closed)
    {
        for (var (next, steps) = (closed.Successor, 0); next is not null && steps < 100; next = next.Now.Successor, steps++)
        {
            if (next.Now.IsOpen) return next.Now;
        }

        return null;
    }

    // Only between open ones, and only where a person has a say: others are merged, and closed ones stay closed.
    private void AskToMerge(FindingId id, StoredIncident one, StoredIncident other, Link link)
    {
        if (one == other || !one.IsOpen || !other.IsOpen || (one.IsFree && other.IsFree)) return;
        var asked = one.IsFree ? other : other.IsFree ? one : one.Age < other.Age ? one : other;
        var merged = asked == one ? other : one;
        if (!Questions.Exists(question => question.Incident == asked && question.Other == merged))
            Questions.Add(new Question(asked, merged, [id, link.Other], link));
    }

    private void AskToSplit(Regrouping regrouping)
    {
        foreach (var (from, _, findings) in regrouping.Split)
        {
            var left = findings.Select(id => (Id: id, Home: _map.HomeOf(id))).Where(one => one.Home is { IsOpen: true, IsTouched: true }).GroupBy(one => one.Home!).ToList();
            if (left.Count == 0) continue;
            var rest = FindingsOf(from).Select(_map.HomeOf).ToHashSet();
            foreach (var part in left.Where(part => rest.Contains(part.Key)))
                Questions.Add(new Question(part.Key, null, [.. part.Select(one => one.Id).OrderBy(id => id.Value, StringComparer.Ordinal).Take(MostNamed)], null));
        }
    }
}
