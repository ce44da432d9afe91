using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>An entity on the map.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Findings">In how many findings it is.</param>
/// <param name="Rules">How many rules name it.</param>
/// <param name="Severity">The gravest finding that names it.</param>
/// <param name="Lane">Its column, from 0.</param>
/// <param name="Row">Its place in the column, from 0.</param>
public sealed record MapNode(Entity Entity, long Findings, int Rules, Severity Severity, int Lane, int Row);

/// <summary>Two entities that findings name together.</summary>
/// <param name="A">The index of one node.</param>
/// <param name="B">The index of the other, which is larger.</param>
/// <param name="Findings">How many findings.</param>
public readonly record struct MapEdge(int A, int B, long Findings);

/// <summary>
/// The entities of an incident and which of them findings name together, laid out in columns: people, machines, what runs
/// there, what lies outside. The same facts in any order make the same map.
/// </summary>
/// <param name="Nodes">The foremost entities: those that most rules, then most findings name.</param>
/// <param name="Edges">The strongest, strongest first.</param>
/// <param name="Lanes">How many columns there are.</param>
/// <param name="Rows">How many places the longest column has.</param>
/// <param name="LeftOut">How many entities found no room.</param>
public sealed record EntityMap(ImmutableArray<MapNode> Nodes, ImmutableArray<MapEdge> Edges, int Lanes, int Rows, int LeftOut)
{
    private const int Sweeps = 6;

    // A finding with thousands of entities counts with the first of them.
    private const int MaxEntitiesOfFact = 256;

    private static readonly string[][] LaneKinds =
    [
        [EntityKinds.User, EntityKinds.Mailbox],
        [EntityKinds.Host, EntityKinds.Resource],
        [EntityKinds.Process, EntityKinds.FileHash, EntityKinds.QueueId],
        [EntityKinds.Ip, EntityKinds.Domain, EntityKinds.Url],
    ];

    /// <summary>Draws the map.</summary>
    /// <param name="facts">The findings, in any order.</param>
    /// <param name="maxNodes">The most entities on it.</param>
    /// <param name="maxEdges">The most links on it.</param>
    public static EntityMap Of(IEnumerable<StoryFact> facts, int maxNodes = 28, int maxEdges = 80)
    {
        var all = facts.OrderBy(fact => fact.Id.Value, StringComparer.Ordinal)
            .Select(fact => (Fact: fact, Entities: fact.Entities.Take(MaxEntitiesOfFact).Distinct().ToList())).ToList();
        var ranked = all.SelectMany(f => f.Entities.Select(entity => (Entity: entity, f.Fact))).GroupBy(pair => pair.Entity)
            .Select(group => (
                Entity: group.Key,
                Findings: group.Sum(pair => pair.Fact.Count),
                Rules: group.Select(pair => (pair.Fact.Detector, pair.Fact.Rule)).Distinct().Count(),
                Severity: group.Max(pair => pair.Fact.Severity)))
            .OrderByDescending(e => e.Rules).ThenBy(e => LaneOf(e.Entity.Kind) == 2).ThenByDescending(e => e.Findings).ThenByDescending(e => e.Severity)
            .ThenBy(e => e.Entity.Kind, StringComparer.Ordinal).ThenBy(e => e.Entity.Value, StringComparer.Ordinal)
            .ToList();
        var kept = ranked.Take(maxNodes).ToList();
        var index = kept.Select((e, i) => (e.Entity, i)).ToDictionary(pair => pair.Entity, pair => pair.i);
        var edges = Link(all.Select(f => (f.Fact.Count, (IReadOnlyList<int>)[.. f.Entities.Where(index.ContainsKey).Select(entity => index[entity]).Order()])), maxEdges);

        // Columns that nobody is in are not drawn.
        var used = kept.Select(e => LaneOf(e.Entity.Kind)).Distinct().Order().ToList();
        var lanes = kept.Select(e => used.IndexOf(LaneOf(e.Entity.Kind))).ToArray();
        var rows = Arrange(lanes, edges, used.Count);
        return new EntityMap(
            [.. kept.Select((e, i) => new MapNode(e.Entity, e.Findings, e.Rules, e.Severity, lanes[i], rows[i]))],
            edges, used.Count, rows.Length == 0 ? 0 : rows.Max() + 1, ranked.Count - kept.Count);
    }

    private static int LaneOf(string kind) => Array.FindIndex(LaneKinds, kinds => kinds.Contains(kind)) is >= 0 and var lane ? lane : 2;

    private static ImmutableArray<MapEdge> Link(IEnumerable<(long Count, IReadOnlyList<int> Nodes)> together, int max)
    {
        var counts = new Dictionary<(int, int), long>();
        foreach (var (count, nodes) in together)
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                for (var j = i + 1; j < nodes.Count; j++) counts[(nodes[i], nodes[j])] = counts.GetValueOrDefault((nodes[i], nodes[j])) + count;
            }
        }

        return [.. counts.Select(pair => new MapEdge(pair.Key.Item1, pair.Key.Item2, pair.Value)).OrderByDescending(edge => edge.Findings).ThenBy(edge => edge.A).ThenBy(edge => edge.B).Take(max)];
    }

    // Sugiyama's idea for layered drawings: each node goes to the mean place of its neighbours, sweep by sweep, so that few lines cross.
    private static int[] Arrange(int[] lanes, ImmutableArray<MapEdge> edges, int laneCount)
    {
        var members = Enumerable.Range(0, laneCount).Select(lane => Enumerable.Range(0, lanes.Length).Where(node => lanes[node] == lane).ToList()).ToList();
        var neighbours = Enumerable.Range(0, lanes.Length).Select(_ => new List<(int Node, long Weight)>()).ToArray();
        foreach (var edge in edges)
        {
            if (lanes[edge.A] == lanes[edge.B]) continue;
            neighbours[edge.A].Add((edge.B, edge.Findings));
            neighbours[edge.B].Add((edge.A, edge.Findings));
        }

        var place = new double[lanes.Length];
        void Number(List<int> lane)
        {
            for (var i = 0; i < lane.Count; i++) place[lane[i]] = (i + 0.5) / lane.Count;
        }

        members.ForEach(Number);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var lane in sweep % 2 == 0 ? members : Enumerable.Reverse(members))
            {
                var wish = lane.ToDictionary(node => node, node => neighbours[node].Count == 0 ? place[node] : neighbours[node].Average(n => place[n.Node]));
                lane.Sort((a, b) => wish[a].CompareTo(wish[b]) is not 0 and var order ? order : a.CompareTo(b));
                Number(lane);
            }
        }

        var rows = new int[lanes.Length];
        foreach (var lane in members)
        {
            for (var i = 0; i < lane.Count; i++) rows[lane[i]] = i;
        }

        return rows;
    }
}
