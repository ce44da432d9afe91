namespace Vigie.Engine.Incidents;

/// <summary>
/// Which findings are one group. Nodes point to sets; sets that were joined are trees with a root that knows the group
/// (union-find), so joining takes constant time. Nodes that leave point to a new set and nothing else changes; what they
/// leave behind in the tree is cleared by <see cref="Tidy"/>.
/// </summary>
internal sealed class GroupSets(Paged<PlacedNode> nodes)
{
    private readonly Dictionary<long, int> _roots = [];
    private Paged<Set> _sets = new();

    public int Count => _roots.Count;

    public IEnumerable<long> Groups => _roots.Keys;

    public bool TryGetRoot(long group, out int root) => _roots.TryGetValue(group, out root);

    /// <summary>The root of a node's group.</summary>
    public int RootOf(int node)
    {
        var set = nodes[node].Set;
        while (_sets[set].Parent >= 0)
        {
            ref var here = ref _sets[set];
            if (_sets[here.Parent].Parent >= 0) here.Parent = _sets[here.Parent].Parent;
            set = here.Parent;
        }

        return nodes[node].Set = set;
    }

    public long GroupOf(int node) => _sets[RootOf(node)].Group;

    /// <summary>The number of the group at a root.</summary>
    public long GroupAt(int root) => _sets[root].Group;

    public int SizeAt(int root) => -_sets[root].Parent;

    /// <summary>The earliest node of the group at a root.</summary>
    public int FirstAt(int root) => _sets[root].First;

    /// <summary>The nodes of the group at a root, which must not change meanwhile.</summary>
    public IEnumerable<int> NodesAt(int root)
    {
        var first = _sets[root].First;
        var node = first;
        do
        {
            yield return node;
            node = nodes[node].Next;
        }
        while (node != first);
    }

    /// <summary>Makes nodes that are in no group a group; its number must be free.</summary>
    public int Begin(ReadOnlySpan<int> members, long group)
    {
        var set = Begin(members);
        _sets[set].Group = group;
        _roots.Add(group, set);
        return set;
    }

    /// <summary>Puts a node that is in no group into one.</summary>
    public void Add(int node, int root) => Unite(root, Begin([node]));

    /// <summary>Makes two groups one under the older number.</summary>
    public int Join(int one, int other)
    {
        if (one == other) return one;
        var group = Math.Min(_sets[one].Group, _sets[other].Group);
        _roots.Remove(_sets[one].Group);
        _roots.Remove(_sets[other].Group);
        var root = Unite(one, other);
        _sets[root].Group = group;
        _roots[group] = root;
        return root;
    }

    /// <summary>Takes nodes out of the group at a root. Takes time in proportion to them, unless the first is among them and others remain.</summary>
    public void Leave(int root, IReadOnlyCollection<int> leaving)
    {
        var lost = _sets[root].First;
        ref var set = ref _sets[root];
        if (leaving.Count == -set.Parent)
        {
            _roots.Remove(set.Group);
            return;
        }

        set.Parent += leaving.Count;
        var remaining = -1;
        var gone = leaving as IReadOnlySet<int> ?? leaving.ToHashSet();
        foreach (var node in leaving)
        {
            ref var here = ref nodes[node];
            nodes[here.Previous].Next = here.Next;
            nodes[here.Next].Previous = here.Previous;
            if (!gone.Contains(here.Next)) remaining = here.Next;
        }

        if (!gone.Contains(lost)) return;
        set.First = remaining;
        set.First = FirstOf(NodesAt(root));
    }

    /// <summary>Forgets a group and leaves its nodes in none.</summary>
    public void End(int root) => _roots.Remove(_sets[root].Group);

    /// <summary>Gives every group one set and lets go of all others. Reads everything.</summary>
    public void Tidy()
    {
        var old = (Roots: _roots.ToArray(), Sets: _sets);
        _sets = new Paged<Set>();
        foreach (var (group, root) in old.Roots)
        {
            var set = _sets.Add();
            _sets[set] = old.Sets[root];
            var first = _sets[set].First;
            for (var node = first; ;)
            {
                nodes[node].Set = set;
                node = nodes[node].Next;
                if (node == first) break;
            }

            _roots[group] = set;
        }
    }

    public int FirstOf(IEnumerable<int> members) => members.Aggregate((first, node) => TimeLine.Compare(nodes, node, first) < 0 ? node : first);

    private int Begin(ReadOnlySpan<int> members)
    {
        var set = _sets.Add();
        var first = members[0];
        for (var i = 0; i < members.Length; i++)
        {
            ref var node = ref nodes[members[i]];
            node.Set = set;
            node.Next = members[i + 1 == members.Length ? 0 : i + 1];
            node.Previous = members[i == 0 ? members.Length - 1 : i - 1];
            if (TimeLine.Compare(nodes, members[i], first) < 0) first = members[i];
        }

        _sets[set] = new Set { Parent = -members.Length, First = first };
        return set;
    }

    // The smaller tree goes below the larger one's root.
    private int Unite(int one, int other)
    {
        var (into, from) = _sets[one].Parent <= _sets[other].Parent ? (one, other) : (other, one);
        ref var large = ref _sets[into];
        ref var small = ref _sets[from];
        large.Parent += small.Parent;
        small.Parent = into;
        ref var ours = ref nodes[large.First];
        ref var theirs = ref nodes[small.First];
        nodes[ours.Next].Previous = small.First;
        nodes[theirs.Next].Previous = large.First;
        (ours.Next, theirs.Next) = (theirs.Next, ours.Next);
        if (TimeLine.Compare(nodes, small.First, large.First) < 0) large.First = small.First;
        return into;
    }

    private struct Set
    {
        /// <summary>The set it was joined to; at a root the negated number of nodes.</summary>
        public int Parent;

        /// <summary>The earliest node; valid at a root.</summary>
        public int First;

        /// <summary>The group's number; valid at a root.</summary>
        public long Group;
    }
}
