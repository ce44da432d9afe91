using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>
/// Findings joined by what they share. Two findings are linked when they share a key within the key's window
/// (<see cref="LinkPolicy.Window"/>); groups are the connected components of these links. Because a window depends on the
/// key alone, a finding is linked to its neighbours in time of each of its keys or to nobody by that key: placing one looks at
/// two neighbours a key, and the result does not depend on the order in which findings come. The degrees of keys are
/// taken into account only by <see cref="Reweigh"/>; between two calls the weights are frozen, and the groups equal what
/// a computation from nothing over the same findings and weights gives. Not safe for use by several threads.
/// </summary>
/// <remarks>
/// <para>Work: <see cref="Place"/> takes, for each key of the finding, a search in the key's line and at most a few kilobytes
/// moved, whatever the sizes of lines and groups; joining groups takes constant time. <see cref="Reweigh"/> reads the lines whose
/// window changed and searches around the links that broke, as far as the smaller side goes. <see cref="Remove(FindingId)"/>
/// does the same around what is taken away; where that was the first of its group, it reads the group. <see cref="ForgetBefore"/>, and
/// the first <see cref="Reweigh"/> after groups were brought back, read everything.</para>
/// <para>A degree never falls: what a key was seen with stays known while any finding has the key. A key that joins nothing
/// any more costs nothing any more: its line is let go.</para>
/// <para>To bring groups back from a store: a new graph, <see cref="Place"/> with the known group for every finding, then
/// <see cref="Reweigh"/>, whose result says where today's weights see it otherwise. Bring back whole groups: a finding that is
/// missing may be what held the others together.</para>
/// </remarks>
public sealed class IncidentGraph
{
    private readonly LinkPolicy _policy;
    private readonly Dictionary<string, string> _kinds;
    private readonly Paged<PlacedNode> _nodes = new();
    private readonly Stack<int> _freeNodes = [];
    private readonly SpreadIndex<UInt128> _byId = new();
    private readonly Dictionary<UInt128, FindingId> _oddIds = [];
    private readonly Paged<KeyLine?> _lines = new();
    private readonly Stack<int> _freeLines = [];
    private readonly SpreadIndex<LinkKey> _byKey = new();
    private readonly NumberPool _linesOf = new();
    private readonly SpreadIndex<Subject> _subjects = new();
    private readonly GroupSets _groups;
    private readonly List<KeyLine> _grown = [];
    private readonly List<int> _passing = [];
    private readonly List<int> _subjectsPassing = [];
    private long _nextGroup;
    private bool _broughtBack;

    /// <summary>An empty graph.</summary>
    /// <param name="policy">What links weigh.</param>
    /// <param name="nextGroup">The number of the first new group; numbers of groups that are brought back are passed over.</param>
    public IncidentGraph(LinkPolicy policy, long nextGroup = 1)
    {
        _policy = policy;
        _nextGroup = nextGroup;
        _groups = new GroupSets(_nodes);
        // Of each kind one text is kept, not one a key.
        _kinds = policy.Kinds.Keys.ToDictionary(kind => kind, StringComparer.Ordinal);
    }

    /// <summary>How many findings are placed.</summary>
    public int Count => _byId.Count;

    /// <summary>How many keys are known; of kinds that link.</summary>
    public int KeyCount => _byKey.Count;

    /// <summary>How many groups there are.</summary>
    public int GroupCount => _groups.Count;

    /// <summary>The groups there are.</summary>
    public IEnumerable<long> Groups => _groups.Groups;

    /// <summary>The group of a finding; null when it is not placed.</summary>
    public long? GroupOf(FindingId id) => _byId.TryGet(Number(id), out var node) ? _groups.GroupOf(node) : null;

    /// <summary>The findings of a group, in no order; none when there is no such group.</summary>
    public IEnumerable<FindingId> FindingsOf(long group) => _groups.TryGetRoot(group, out var root) ? _groups.NodesAt(root).Select(IdOf) : [];

    /// <summary>How many findings a group has; 0 when there is no such group.</summary>
    public int SizeOf(long group) => _groups.TryGetRoot(group, out var root) ? _groups.SizeAt(root) : 0;

    /// <summary>The degree of a key as it counts now, and as it was frozen; counting ends when the key joins nothing any more.</summary>
    public (int Now, int Frozen) DegreeOf(LinkKey key) => _byKey.TryGet(key, out var number) && _lines[number] is { } line ? (line.SubjectCount, line.Degree) : (0, 0);

    /// <summary>What links a finding to others now, strongest first; at most one a key and side. Empty when it is not placed.</summary>
    public ImmutableArray<Link> LinksOf(FindingId id)
    {
        if (!_byId.TryGet(Number(id), out var node)) return [];
        var links = new List<Link>();
        foreach (var number in LinesOf(node))
        {
            if (_lines[number] is not { Joins: true } line) continue;
            var (before, after) = line.Findings.Neighbours(_nodes, node);
            if (IsLinked(line, before, node)) links.Add(LinkTo(line, node, before));
            if (IsLinked(line, node, after)) links.Add(LinkTo(line, node, after));
        }

        return Ordered(links);
    }

    /// <summary>Places a finding; the same again changes nothing.</summary>
    /// <param name="finding">What is placed.</param>
    /// <param name="group">The group it is known to be in, when groups are brought back from a store: it is put there whatever its links say, until <see cref="Reweigh"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A group's number is not positive.</exception>
    public Placement Place(GraphFinding finding, long? group = null)
    {
        if (group is { } wrong) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wrong, nameof(group));
        var id = Number(finding.Id);
        if (_byId.TryGet(id, out var known)) return new Placement(_groups.GroupOf(known), false, [], []);

        var node = NewNode(finding.Id, id, finding.Time);
        var links = new List<Link>();
        var joined = new SortedDictionary<long, int>();
        AddToLines(node, finding, group is null ? Join : null);
        if (group is { } saved) return BringBack(node, saved);

        if (joined.Count == 0)
        {
            _groups.Begin([node], _nextGroup);
            return new Placement(_nextGroup++, true, [], []);
        }

        var (into, root) = joined.First();
        _groups.Add(node, root);
        foreach (var other in joined.Values) _groups.Join(_groups.RootOf(node), other);
        return new Placement(into, false, Ordered(links), [.. joined.Keys.Skip(1)]);

        void Join(KeyLine line, int other)
        {
            links.Add(LinkTo(line, node, other));
            var root = _groups.RootOf(other);
            joined[_groups.GroupAt(root)] = root;
        }
    }

    /// <summary>Freezes the degrees of all keys as they are now and regroups what that concerns.</summary>
    public Regrouping Reweigh()
    {
        var broken = new List<int>();
        foreach (var line in _grown)
        {
            line.Grown = false;
            if (!line.Joins || line.Degree == line.SubjectCount) continue;
            var before = line.Window;
            line.Degree = line.SubjectCount;
            line.Window = WindowOf(line.Key, line.Degree);
            if (line.Window == before) continue;
            if (!_broughtBack) AddBroken(line, before, broken);
            if (!line.Joins) line.Retire();
        }

        _grown.Clear();
        return _broughtBack ? RegroupAll() : Regroup(broken, []);
    }

    /// <summary>Takes a finding away, as when it is suppressed or deleted; what held together only by it comes apart.</summary>
    public Regrouping Remove(FindingId id) => Remove([id]);

    /// <summary>Takes findings away at once; those that are not placed are passed over.</summary>
    public Regrouping Remove(IEnumerable<FindingId> ids)
    {
        var gone = new HashSet<int>();
        var beside = new List<int>();
        foreach (var id in ids)
        {
            if (!_byId.TryGet(Number(id), out var node)) continue;
            gone.Add(node);
            _byId.Remove(_nodes[node].Id);
            TakeFromLines(node, beside);
        }

        var regrouping = Regroup(beside, gone);
        foreach (var node in gone) Release(node);
        return regrouping;
    }

    /// <summary>
    /// Lets go of groups all of whose findings are older than a time: nothing that comes in order can be linked to them any more.
    /// A group that goes on is kept whole. It reads every finding in memory, so it is meant to be called once in a while, not with each batch.
    /// </summary>
    /// <returns>The groups that are no more here, in ascending order.</returns>
    public ImmutableArray<long> ForgetBefore(long time)
    {
        var old = _groups.Groups.Where(group => _groups.TryGetRoot(group, out var root) && _groups.NodesAt(root).All(node => _nodes[node].Time < time)).Order().ToImmutableArray();
        foreach (var group in old)
        {
            _groups.TryGetRoot(group, out var root);
            _groups.End(root);
            foreach (var node in _groups.NodesAt(root).ToList())
            {
                _byId.Remove(_nodes[node].Id);
                TakeFromLines(node, []);
                Release(node);
            }
        }

        _groups.Tidy();
        return old;
    }

    private Placement BringBack(int node, long group)
    {
        _broughtBack = true;
        _nextGroup = Math.Max(_nextGroup, group == long.MaxValue ? group : group + 1);
        var isNew = !_groups.TryGetRoot(group, out var root);
        if (isNew) _groups.Begin([node], group);
        else _groups.Add(node, root);
        return new Placement(group, isNew, [], []);
    }

    private void AddToLines(int node, GraphFinding finding, Action<KeyLine, int>? linked)
    {
        _passing.Clear();
        _subjectsPassing.Clear();
        foreach (var subject in finding.Subjects) _subjectsPassing.Add(SubjectOf(subject));
        foreach (var key in finding.Keys)
        {
            if (NumberOf(key) is not { } number || _lines[number] is not { Joins: true } line) continue;
            if (!line.Findings.Insert(_nodes, node, out var before, out var after)) continue;
            _passing.Add(number);
            for (var i = 0; i < _subjectsPassing.Count; i++)
            {
                // A host is not a subject of its own.
                if (string.Equals(finding.Subjects[i], key.Value, StringComparison.Ordinal) || !line.Count(_subjectsPassing[i], _policy.HubDegree) || line.Grown) continue;
                line.Grown = true;
                _grown.Add(line);
            }

            if (linked is null) continue;
            if (IsLinked(line, before, node)) linked(line, before);
            if (IsLinked(line, node, after)) linked(line, after);
        }

        _nodes[node].Lines = _linesOf.Keep(CollectionsMarshal.AsSpan(_passing));
        _nodes[node].LineCount = _passing.Count;
    }

    // Adds to what is beside the node those that were linked to it.
    private void TakeFromLines(int node, List<int> beside)
    {
        foreach (var number in LinesOf(node))
        {
            if (_lines[number] is not { Joins: true } line) continue;
            var (before, after) = line.Findings.Neighbours(_nodes, node);
            if (IsLinked(line, before, node)) beside.Add(before);
            if (IsLinked(line, node, after)) beside.Add(after);
            line.Findings.Remove(_nodes, node);
            if (!line.Findings.IsEmpty) continue;
            _byKey.Remove(line.Key);
            _lines[number] = null;
            _freeLines.Push(number);
        }
    }

    private void AddBroken(KeyLine line, long window, List<int> broken)
    {
        var before = -1;
        foreach (var node in line.Findings.All())
        {
            if (before >= 0 && Apart(before, node) <= (ulong)window && !IsLinked(line, before, node))
            {
                broken.Add(before);
                broken.Add(node);
            }

            before = node;
        }
    }

    // The groups in which links broke, and those that lost findings.
    private Regrouping Regroup(List<int> broken, HashSet<int> gone)
    {
        if (broken.Count == 0 && gone.Count == 0) return Regrouping.None;
        var seeds = broken.Where(node => !gone.Contains(node)).ToLookup(_groups.RootOf);
        var lost = gone.ToLookup(_groups.RootOf);
        var split = ImmutableArray.CreateBuilder<(long, long, ImmutableArray<FindingId>)>();
        foreach (var root in seeds.Select(group => group.Key).Union(lost.Select(group => group.Key)).OrderBy(_groups.GroupAt).ToList())
        {
            var parts = Separation.PartsOf(seeds[root], AddLinked);
            _groups.Leave(root, lost[root].ToHashSet());
            if (parts.Count > 0) Divide(root, parts, split);
        }

        return new Regrouping([], split.ToImmutable());
    }

    // The part with the first finding keeps the number.
    private void Divide(int root, List<List<int>> parts, ImmutableArray<(long, long, ImmutableArray<FindingId>)>.Builder split)
    {
        var (group, first) = (_groups.GroupAt(root), _groups.FirstAt(root));
        // Where the first finding leaves, everybody else is told of: the rest is a part like the others.
        if (parts.Exists(part => part.Contains(first)))
        {
            var apart = parts.SelectMany(part => part).ToHashSet();
            parts.Add([.. _groups.NodesAt(root).Where(node => !apart.Contains(node))]);
            parts.RemoveAll(part => part.Contains(first));
        }

        foreach (var part in parts) part.Sort((left, right) => TimeLine.Compare(_nodes, left, right));
        parts.Sort((left, right) => TimeLine.Compare(_nodes, left[0], right[0]));
        _groups.Leave(root, parts.SelectMany(part => part).ToHashSet());
        foreach (var part in parts)
        {
            split.Add((group, _nextGroup, [.. part.Select(IdOf)]));
            _groups.Begin(CollectionsMarshal.AsSpan(part), _nextGroup++);
        }
    }

    // From nothing, over everything: after groups were brought back, they may be anything.
    private Regrouping RegroupAll()
    {
        _broughtBack = false;
        var components = Components();
        var was = _groups.Groups.Select(group => _groups.TryGetRoot(group, out var root) ? (Group: group, First: _groups.FirstAt(root), Size: _groups.SizeAt(root)) : default).ToList();
        var of = new Dictionary<int, int>();
        for (var i = 0; i < components.Count; i++)
        {
            foreach (var node in components[i]) of[node] = i;
        }

        // The oldest group keeps its number where its first finding is.
        var numbers = new long[components.Count];
        foreach (var (group, first, _) in was.OrderByDescending(group => group.Group)) numbers[of[first]] = group;
        var groups = components.Select(component => component.ToLookup(_groups.GroupOf)).ToList();
        var sizes = was.ToDictionary(group => group.Group, group => group.Size);
        var absorbed = ImmutableArray.CreateBuilder<(long, long)>();
        var split = ImmutableArray.CreateBuilder<(long, long, ImmutableArray<FindingId>)>();
        foreach (var (i, parts) in groups.Index())
        {
            if (numbers[i] == 0) numbers[i] = _nextGroup++;
            foreach (var part in parts.Where(part => part.Key != numbers[i]).OrderBy(part => part.Key))
            {
                if (part.Count() == sizes[part.Key]) absorbed.Add((part.Key, numbers[i]));
                else split.Add((part.Key, numbers[i], InOrder([.. part])));
            }
        }

        foreach (var (group, _, _) in was)
        {
            if (_groups.TryGetRoot(group, out var root)) _groups.End(root);
        }

        for (var i = 0; i < components.Count; i++) _groups.Begin(CollectionsMarshal.AsSpan(components[i]), numbers[i]);
        _groups.Tidy();
        return new Regrouping(absorbed.ToImmutable(), split.ToImmutable());
    }

    // Ordered by their first findings.
    private List<List<int>> Components()
    {
        var parent = new int[_nodes.Count];
        for (var i = 0; i < parent.Length; i++) parent[i] = i;
        for (var number = 0; number < _lines.Count; number++)
        {
            if (_lines[number] is not { Joins: true } line) continue;
            var before = -1;
            foreach (var node in line.Findings.All())
            {
                if (before >= 0 && IsLinked(line, before, node)) parent[Top(before)] = Top(node);
                before = node;
            }
        }

        var components = _groups.Groups.ToList().SelectMany(group => _groups.TryGetRoot(group, out var root) ? _groups.NodesAt(root) : []).GroupBy(Top).Select(component => (First: _groups.FirstOf(component), Nodes: component.ToList())).ToList();
        components.Sort((left, right) => TimeLine.Compare(_nodes, left.First, right.First));
        return [.. components.Select(component => component.Nodes)];

        int Top(int node)
        {
            while (parent[node] != node) node = parent[node] = parent[parent[node]];
            return node;
        }
    }

    private void AddLinked(int node, List<int> linked)
    {
        foreach (var number in LinesOf(node))
        {
            if (_lines[number] is not { Joins: true } line) continue;
            var (before, after) = line.Findings.Neighbours(_nodes, node);
            if (IsLinked(line, before, node)) linked.Add(before);
            if (IsLinked(line, node, after)) linked.Add(after);
        }
    }

    private bool IsLinked(KeyLine line, int earlier, int later) => earlier >= 0 && later >= 0 && line.Joins && Apart(earlier, later) <= (ulong)line.Window;

    // Unsigned: the two may be as far apart as numbers go.
    private ulong Apart(int earlier, int later) => unchecked((ulong)(_nodes[later].Time - _nodes[earlier].Time));

    private Link LinkTo(KeyLine line, int node, int other)
    {
        var apart = _nodes[other].Time <= _nodes[node].Time ? Apart(other, node) : Apart(node, other);
        // At the end of its window a link is as strong as the threshold, but for rounding.
        var strength = Math.Clamp(_policy.Strength(line.Key, line.Degree, TimeSpan.FromMilliseconds((long)apart)), LinkPolicy.Threshold, 1);
        return new Link(line.Key, IdOf(other), strength);
    }

    private static ImmutableArray<Link> Ordered(List<Link> links) =>
        [.. links.OrderByDescending(link => link.Strength).ThenBy(link => link.Other.Value, StringComparer.Ordinal).ThenBy(link => link.Key.Kind, StringComparer.Ordinal).ThenBy(link => link.Key.Value, StringComparer.Ordinal)];

    private ImmutableArray<FindingId> InOrder(List<int> nodes)
    {
        nodes.Sort((left, right) => TimeLine.Compare(_nodes, left, right));
        return [.. nodes.Select(IdOf)];
    }

    private ReadOnlySpan<int> LinesOf(int node) => _linesOf.At(_nodes[node].Lines, _nodes[node].LineCount);

    // Null for kinds that do not link.
    private int? NumberOf(LinkKey key)
    {
        if (_byKey.TryGet(key, out var number)) return number;
        if (!_kinds.TryGetValue(key.Kind, out var kind)) return null;
        var window = WindowOf(key, 0);
        if (window < 0) return null;
        if (!_freeLines.TryPop(out number)) number = _lines.Add();
        key = key with { Kind = kind };
        _lines[number] = new KeyLine(key, window);
        _byKey.Add(key, number);
        return number;
    }

    private long WindowOf(LinkKey key, int degree) => _policy.Window(key, degree) is { } window ? Math.Max(0, window.Ticks / TimeSpan.TicksPerMillisecond) : -1;

    private int SubjectOf(string subject)
    {
        var key = new Subject(subject);
        if (!_subjects.TryGet(key, out var number)) _subjects.Add(key, number = _subjects.Count);
        return number;
    }

    private int NewNode(FindingId id, UInt128 number, long time)
    {
        if (!_freeNodes.TryPop(out var node)) node = _nodes.Add();
        _nodes[node] = new PlacedNode { Id = number, Time = time };
        _byId.Add(number, node);
        if (!IsUsual(id)) _oddIds[number] = id;
        return node;
    }

    private void Release(int node)
    {
        _oddIds.Remove(_nodes[node].Id);
        _linesOf.Drop(_nodes[node].Lines, _nodes[node].LineCount);
        _nodes[node].LineCount = 0;
        _freeNodes.Push(node);
    }

    private FindingId IdOf(int node) => IdOf(_nodes[node].Id);

    private FindingId IdOf(UInt128 number) => _oddIds.TryGetValue(number, out var odd) ? odd : new FindingId(number.ToString("x32", CultureInfo.InvariantCulture));

    // Ids are 128 bits in hexadecimal; others, which no watch makes, are kept beside their hash.
    private static UInt128 Number(FindingId id)
    {
        if (IsUsual(id)) return UInt128.Parse(id.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes((id.Value ?? "").AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    private static bool IsUsual(FindingId id) => id.Value is { Length: 32 } value && value.All(char.IsAsciiHexDigitLower);

    private readonly record struct Subject(string Name);
}
