using System.Collections.Immutable;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents.Placing;

/// <summary>A finding of a batch after the graph has taken it.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Links">What joins it to others, strongest first.</param>
internal sealed record Joined(FindingOutline Finding, ImmutableArray<Link> Links);

/// <summary>A batch as the graph left it.</summary>
/// <param name="Findings">Those that were placed, in order.</param>
/// <param name="Absorbed">Groups that became part of others while findings were placed, in order.</param>
/// <param name="Regrouping">What changed when weights were taken anew afterwards.</param>
internal sealed record PlacedBatch(IReadOnlyList<Joined> Findings, IReadOnlyList<(long Gone, long Into)> Absorbed, Regrouping Regrouping);

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
/// What has to be written so that the stored incidents follow the graph. Made from the state of the graph after a batch and from where
/// findings are stored, so it can be made again when the write did not take place.
/// </summary>
internal sealed class PlacingPlan
{
    /// <summary>The most findings named in one question.</summary>
    private const int MostNamed = 200;

    private readonly IncidentGraph _graph;
    private readonly PlacingMap _map;

    private PlacingPlan(IncidentGraph graph, PlacingMap map) => (_graph, _map) = (graph, map);

    public List<(Joined Finding, StoredIncident Home)> Placed { get; } = [];

    public List<NewIncident> New { get; } = [];

    public List<(StoredIncident Gone, StoredIncident Into)> Merged { get; } = [];

    /// <summary>Stored findings that change from one incident to another, by pair.</summary>
    public Dictionary<(StoredIncident From, StoredIncident To), List<FindingId>> Moved { get; } = [];

    public List<Question> Questions { get; } = [];

    /// <summary>Whether nothing has to be written.</summary>
    public bool IsEmpty => Placed.Count == 0 && New.Count == 0 && Merged.Count == 0 && Moved.Count == 0 && Questions.Count == 0;

    /// <summary>Makes the plan and changes the map accordingly; <see cref="PlacingMap.Rollback"/> takes that back.</summary>
    public static PlacingPlan Make(IncidentGraph graph, PlacingMap map, PlacedBatch batch)
    {
        var plan = new PlacingPlan(graph, map);
        plan.Settle(batch);
        foreach (var finding in batch.Findings) plan.Place(finding);
        return plan;
    }

    // Groups first: where the free incidents are after the batch. Groups that only grew together are followed pair by pair; those
    // that came apart are looked at as they are now, since what a batch joined may have come apart again in the same batch.
    private void Settle(PlacedBatch batch)
    {
        var apart = batch.Regrouping.Split.SelectMany(split => (long[])[split.From, split.To]).ToHashSet();
        var pairs = batch.Absorbed.Concat(batch.Regrouping.Absorbed).ToList();
        for (var before = 0; apart.Count != before && apart.Count > 0;)
        {
            before = apart.Count;
            foreach (var (gone, into) in Enumerable.Reverse(pairs))
            {
                if (apart.Contains(into) || apart.Contains(gone)) apart.UnionWith([gone, into]);
            }
        }

        foreach (var (gone, into) in pairs)
        {
            if (!apart.Contains(into)) Unite(gone, into);
        }

        if (apart.Count == 0) return;
        AskToSplit(batch.Regrouping);
        Redistribute(apart);
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
        var (into, gone) = one.Id < other.Id ? (one, other) : (other, one);
        _map.Merge(gone, into);
        Merged.Add((gone, into));
        return into;
    }

    private void Redistribute(HashSet<long> groups)
    {
        var before = groups.Select(_map.FreeOf).OfType<StoredIncident>().ToHashSet();
        foreach (var group in groups) _map.SetFree(group, null);

        // Where the findings of each incident are now.
        var parts = new Dictionary<(StoredIncident Incident, long Group), List<FindingId>>();
        foreach (var group in groups.Order())
        {
            foreach (var id in _graph.FindingsOf(group))
            {
                if (_map.HomeOf(id) is not { } home || !before.Contains(home)) continue;
                if (!parts.TryGetValue((home, group), out var part)) parts.Add((home, group), part = []);
                part.Add(id);
            }
        }

        // An incident stays where most of it is, and several that stay in one group are one.
        var stays = parts.GroupBy(part => part.Key.Incident).ToDictionary(all => all.Key, all => all.MaxBy(part => (part.Value.Count, -part.Key.Group)).Key.Group);
        foreach (var (incident, group) in stays.OrderBy(pair => pair.Key.Id))
            _map.SetFree(group, _map.FreeOf(group) is { } older ? Merge(older, incident) : incident);

        foreach (var ((incident, group), findings) in parts.OrderBy(part => (part.Key.Group, part.Key.Incident.Id)))
        {
            if (stays[incident] != group) Move(incident, _map.FreeOf(group) ?? Begin(group, null, incident), findings);
        }
    }

    private void Move(StoredIncident from, StoredIncident to, List<FindingId> findings)
    {
        foreach (var id in findings) _map.SetHome(id, to);
        if (!Moved.TryGetValue((from, to), out var moved)) Moved.Add((from, to), moved = []);
        moved.AddRange(findings);
    }

    private StoredIncident Begin(long group, StoredIncident? follows, StoredIncident? splitFrom)
    {
        var incident = new StoredIncident { Status = IncidentStatus.New };
        _map.SetFree(group, incident);
        if (follows is not null) _map.SetSuccessor(follows, incident);
        New.Add(new NewIncident(incident, follows, splitFrom));
        return incident;
    }

    private void Place(Joined joined)
    {
        var id = joined.Finding.Id;
        var group = _graph.GroupOf(id)!.Value;
        var linked = joined.Links.Select(link => (Link: link, Home: _map.HomeOf(link.Other))).Where(one => one.Home is not null).ToList();
        var home = linked.Select(one => one.Home!).FirstOrDefault(incident => incident.IsOpen)
            ?? _map.FreeOf(group)
            ?? linked.Select(one => SuccessorOf(one.Home!)).FirstOrDefault(incident => incident is not null)
            ?? Begin(group, linked.FirstOrDefault().Home, null);
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
        var asked = one.IsFree ? other : other.IsFree ? one : one.Id < other.Id ? one : other;
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
            var rest = _graph.FindingsOf(from).Select(_map.HomeOf).ToHashSet();
            foreach (var part in left.Where(part => rest.Contains(part.Key)))
                Questions.Add(new Question(part.Key, null, [.. part.Select(one => one.Id).OrderBy(id => id.Value, StringComparer.Ordinal).Take(MostNamed)], null));
        }
    }
}
