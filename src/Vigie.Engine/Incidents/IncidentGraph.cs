using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>A finding as the graph sees it.</summary>
/// <param name="Id">The finding's id.</param>
/// <param name="Time">When it was last seen, Unix milliseconds.</param>
/// <param name="Keys">What it can be linked by; see <see cref="LinkKeys"/>.</param>
/// <param name="Subjects">The hosts, mailboxes and resources it is about: what a key's degree counts.</param>
public sealed record GraphFinding(FindingId Id, long Time, ImmutableArray<LinkKey> Keys, ImmutableArray<string> Subjects);

/// <summary>Why a finding was put where it is.</summary>
/// <param name="Key">What the two share.</param>
/// <param name="Other">The nearest in time that shares it.</param>
/// <param name="Strength">In [<see cref="LinkPolicy.Threshold"/>, 1].</param>
public sealed record Link(LinkKey Key, FindingId Other, double Strength);

/// <summary>Where a finding was put.</summary>
/// <param name="Group">The group it is in now.</param>
/// <param name="IsNew">Whether the group began with it.</param>
/// <param name="Links">What joined it to others, strongest first; at most one a key and side.</param>
/// <param name="Absorbed">Groups that this finding joined to <paramref name="Group"/> and that are no more.</param>
public sealed record Placement(long Group, bool IsNew, ImmutableArray<Link> Links, ImmutableArray<long> Absorbed);

/// <summary>How groups changed when weights were taken anew.</summary>
/// <param name="Absorbed">Groups that are no more, each with the one that has its findings now.</param>
/// <param name="Split">Findings that left the group they were in, with the new group.</param>
public sealed record Regrouping(ImmutableArray<(long Gone, long Into)> Absorbed, ImmutableArray<(long From, long To, ImmutableArray<FindingId> Findings)> Split);

/// <summary>
/// Findings joined by what they share. Two findings are linked when they share a key within the key's window
/// (<see cref="LinkPolicy.Window"/>); groups are the connected components of these links. Because a window depends on the
/// key alone, a finding is linked to its neighbours in time of each of its keys or to nobody by that key: placing one looks at
/// two neighbours a key, and the result does not depend on the order in which findings come. The degrees of keys are
/// taken into account only by <see cref="Reweigh"/>; between two calls the weights are frozen, and the groups equal what
/// a computation from nothing over the same findings and weights gives. Not safe for use by several threads.
/// </summary>
public sealed class IncidentGraph(LinkPolicy policy, long nextGroup = 1)
{
    private readonly Dictionary<FindingId, Node> _nodes = [];
    private readonly Dictionary<LinkKey, KeyLine> _lines = [];
    private readonly Dictionary<long, List<Node>> _groups = [];
    private readonly HashSet<KeyLine> _grown = [];
    private long _nextGroup = nextGroup;

    /// <summary>How many findings are placed.</summary>
    public int Count => _nodes.Count;

    /// <summary>How many keys are known.</summary>
    public int KeyCount => _lines.Count;

    /// <summary>The groups there are.</summary>
    public IEnumerable<long> Groups => _groups.Keys;

    /// <summary>The group of a finding; null when it is not placed.</summary>
    public long? GroupOf(FindingId id) => _nodes.TryGetValue(id, out var node) ? node.Group : null;

    /// <summary>The findings of a group, in no order.</summary>
    public IEnumerable<FindingId> FindingsOf(long group) => _groups.TryGetValue(group, out var members) ? members.Select(node => node.Id) : [];

    /// <summary>The degree of a key as it counts now, and as it was frozen.</summary>
    public (int Now, int Frozen) DegreeOf(LinkKey key) => _lines.TryGetValue(key, out var line) ? (line.Subjects.Count, line.Degree) : (0, 0);

    /// <summary>Places a finding; the same again changes nothing.</summary>
    /// <param name="finding">What is placed.</param>
    /// <param name="group">The group it is known to be in, when groups are brought back from a store; links join it to others all the same.</param>
    public Placement Place(GraphFinding finding, long? group = null)
    {
        if (_nodes.TryGetValue(finding.Id, out var known)) return new Placement(known.Group, false, [], []);

        var node = new Node(finding.Id, finding.Time, new KeyLine[finding.Keys.Length]);
        _nodes.Add(finding.Id, node);
        var links = new List<(Link Link, Node Other)>();
        for (var i = 0; i < finding.Keys.Length; i++)
        {
            var line = LineOf(finding.Keys[i]);
            node.Lines[i] = line;
            var at = line.Insert(node);
            CountSubjects(line, finding);
            if (line.Window is not { } window) continue;
            if (at > 0) Link(line, line.Nodes[at - 1], window);
            if (at + 1 < line.Nodes.Count) Link(line, line.Nodes[at + 1], window);
        }

        var joined = links.Select(l => l.Other.Group).Distinct().Order().ToList();
        var isNew = joined.Count == 0 && group is null;
        var into = group ?? (joined.Count > 0 ? joined[0] : _nextGroup++);
        if (joined.Count > 0 && joined[0] < into) into = joined[0];
        _nextGroup = Math.Max(_nextGroup, into + 1);
        node.Group = into;
        MembersOf(into).Add(node);
        var absorbed = joined.Where(other => other != into).ToList();
        if (group is { } was && was != into) absorbed.Add(was);
        foreach (var other in absorbed) Absorb(into, other);
        return new Placement(into, isNew, [.. links.Select(l => l.Link).OrderByDescending(link => link.Strength).ThenBy(link => link.Other.Value, StringComparer.Ordinal)], [.. absorbed]);

        void Link(KeyLine line, Node other, long window)
        {
            var apart = Math.Abs(other.Time - node.Time);
            if (apart > window) return;
            links.Add((new Link(line.Key, other.Id, policy.Strength(line.Key, line.Degree, TimeSpan.FromMilliseconds(apart))), other));
        }
    }

    /// <summary>Freezes the degrees of all keys as they are now and regroups what that concerns.</summary>
    public Regrouping Reweigh()
    {
        var concerned = new HashSet<long>();
        foreach (var line in _grown)
        {
            var before = line.Window;
            line.Degree = line.Subjects.Count;
            line.Window = WindowOf(line.Key, line.Degree);
            if (line.Window == before) continue;
            foreach (var node in line.Nodes) concerned.Add(node.Group);
        }

        _grown.Clear();
        return Regroup(concerned);
    }

    /// <summary>Takes a finding away, as when it is suppressed or deleted; what held together only by it comes apart.</summary>
    public Regrouping Remove(FindingId id)
    {
        if (!_nodes.Remove(id, out var node)) return new Regrouping([], []);
        foreach (var line in node.Lines) line.Nodes.Remove(node);
        var members = _groups[node.Group];
        members.Remove(node);
        if (members.Count > 0) return Regroup([node.Group]);
        _groups.Remove(node.Group);
        return new Regrouping([], []);
    }

    private Regrouping Regroup(HashSet<long> concerned)
    {
        var split = ImmutableArray.CreateBuilder<(long, long, ImmutableArray<FindingId>)>();
        var absorbed = ImmutableArray.CreateBuilder<(long, long)>();
        var seen = new HashSet<Node>();
        foreach (var group in concerned.Order().ToList())
        {
            if (!_groups.TryGetValue(group, out var members)) continue;
            foreach (var component in members.Where(node => !seen.Contains(node)).OrderBy(node => node).ToList())
            {
                if (!seen.Add(component)) continue;
                var reached = Reach(component, seen);
                var groups = reached.Select(node => node.Group).Distinct().Order().ToList();
                // The oldest group keeps its number where its first finding is.
                var keeps = groups.FirstOrDefault(g => _groups[g].Min() is { } first && reached.Contains(first));
                var into = keeps != 0 ? keeps : _nextGroup++;
                Move(reached, into, absorbed, split);
            }
        }

        foreach (var empty in _groups.Where(pair => pair.Value.Count == 0).Select(pair => pair.Key).ToList()) _groups.Remove(empty);
        return new Regrouping(absorbed.ToImmutable(), split.ToImmutable());
    }

    private void Move(HashSet<Node> reached, long into, ImmutableArray<(long, long)>.Builder absorbed, ImmutableArray<(long, long, ImmutableArray<FindingId>)>.Builder split)
    {
        foreach (var from in reached.GroupBy(node => node.Group).Where(g => g.Key != into).OrderBy(g => g.Key).ToList())
        {
            var moved = from.Order().ToList();
            var old = _groups[from.Key];
            if (moved.Count == old.Count) absorbed.Add((from.Key, into));
            else split.Add((from.Key, into, [.. moved.Select(node => node.Id)]));
            old.RemoveAll(reached.Contains);
            MembersOf(into).AddRange(moved);
        }

        foreach (var node in reached) node.Group = into;
    }

    private static HashSet<Node> Reach(Node start, HashSet<Node> seen)
    {
        var reached = new HashSet<Node> { start };
        var pending = new Stack<Node>([start]);
        while (pending.TryPop(out var node))
        {
            foreach (var line in node.Lines)
            {
                if (line.Window is not { } window) continue;
                var at = line.IndexOf(node);
                if (at > 0) Visit(line.Nodes[at - 1], window);
                if (at + 1 < line.Nodes.Count) Visit(line.Nodes[at + 1], window);
            }

            void Visit(Node other, long window)
            {
                if (Math.Abs(other.Time - node.Time) <= window && reached.Add(other)) pending.Push(other);
            }
        }

        seen.UnionWith(reached);
        return reached;
    }

    private void Absorb(long into, long gone)
    {
        if (!_groups.Remove(gone, out var members)) return;
        var target = MembersOf(into);
        foreach (var node in members) node.Group = into;
        target.AddRange(members);
    }

    private void CountSubjects(KeyLine line, GraphFinding finding)
    {
        var before = line.Subjects.Count;
        foreach (var subject in finding.Subjects)
        {
            if (line.Subjects.Count >= policy.HubDegree) break;
            if (!string.Equals(subject, line.Key.Value, StringComparison.Ordinal)) line.Subjects.Add(subject);
        }

        if (line.Subjects.Count != before) _grown.Add(line);
    }

    private List<Node> MembersOf(long group)
    {
        if (!_groups.TryGetValue(group, out var members)) _groups.Add(group, members = []);
        return members;
    }

    private KeyLine LineOf(LinkKey key)
    {
        if (!_lines.TryGetValue(key, out var line)) _lines.Add(key, line = new KeyLine(key, WindowOf(key, 0)));
        return line;
    }

    private long? WindowOf(LinkKey key, int degree) => policy.Window(key, degree) is { } window ? (long)window.TotalMilliseconds : null;

    private sealed class Node(FindingId id, long time, KeyLine[] lines) : IComparable<Node>
    {
        public FindingId Id { get; } = id;

        public long Time { get; } = time;

        public KeyLine[] Lines { get; } = lines;

        public long Group { get; set; }

        public int CompareTo(Node? other) => other is null ? 1
            : Time != other.Time ? Time.CompareTo(other.Time)
            : string.CompareOrdinal(Id.Value, other.Id.Value);
    }

    /// <summary>The findings that have a key, in order of time.</summary>
    private sealed class KeyLine(LinkKey key, long? window)
    {
        public LinkKey Key { get; } = key;

        public long? Window { get; set; } = window;

        public int Degree { get; set; }

        public HashSet<string> Subjects { get; } = new(StringComparer.Ordinal);

        public List<Node> Nodes { get; } = [];

        public int Insert(Node node)
        {
            var at = Nodes.Count > 0 && Nodes[^1].CompareTo(node) < 0 ? Nodes.Count : ~Nodes.BinarySearch(node);
            Nodes.Insert(at, node);
            return at;
        }

        public int IndexOf(Node node) => Nodes.BinarySearch(node);
    }
}
