namespace Vigie.Engine.Incidents;

/// <summary>
/// Whether a set of nodes that has lost some of its links still holds together. Searches start from every node that lost
/// a link, take turns and join where they meet; when a single one is left, the rest of the set is its part, however large
/// and unseen. What is searched is therefore of the order of the parts that came off, not of the set.
/// </summary>
internal sealed class Separation
{
    private readonly Action<int, List<int>> _linked;
    private readonly Dictionary<int, int> _owner = [];
    private readonly List<int> _joined = [];
    private readonly List<List<int>> _reached = [];
    private readonly List<Queue<int>> _pending = [];

    private Separation(Action<int, List<int>> linked) => _linked = linked;

    /// <summary>The parts that came off, all but one; empty when the set still holds together.</summary>
    /// <param name="seeds">Nodes of the set, at least one in each part there can be.</param>
    /// <param name="linked">Appends the nodes to which one is linked.</param>
    public static List<List<int>> PartsOf(IEnumerable<int> seeds, Action<int, List<int>> linked) => new Separation(linked).Search(seeds);

    private List<List<int>> Search(IEnumerable<int> seeds)
    {
        var turns = new Queue<int>();
        foreach (var seed in seeds)
        {
            if (!_owner.TryAdd(seed, _joined.Count)) continue;
            turns.Enqueue(_joined.Count);
            _joined.Add(_joined.Count);
            _reached.Add([seed]);
            _pending.Add(new Queue<int>([seed]));
        }

        var parts = new List<List<int>>();
        var alive = _joined.Count;
        var neighbours = new List<int>();
        while (alive > 1 && turns.TryDequeue(out var search))
        {
            if (Find(search) != search) continue;
            if (!_pending[search].TryDequeue(out var node))
            {
                parts.Add(_reached[search]);
                alive--;
                continue;
            }

            neighbours.Clear();
            _linked(node, neighbours);
            var current = search;
            foreach (var other in neighbours)
            {
                if (!_owner.TryGetValue(other, out var owner))
                {
                    _owner.Add(other, current);
                    _reached[current].Add(other);
                    _pending[current].Enqueue(other);
                }
                else if (Find(owner) is var met && met != current)
                {
                    current = Join(current, met);
                    alive--;
                }
            }

            // One that was joined to another has that one's turn.
            if (current == search) turns.Enqueue(search);
        }

        return parts;
    }

    private int Join(int one, int other)
    {
        var (into, from) = _reached[one].Count >= _reached[other].Count ? (one, other) : (other, one);
        _joined[from] = into;
        _reached[into].AddRange(_reached[from]);
        foreach (var node in _pending[from]) _pending[into].Enqueue(node);
        _reached[from] = [];
        _pending[from] = new Queue<int>();
        return into;
    }

    private int Find(int search)
    {
        while (_joined[search] != search) search = _joined[search] = _joined[_joined[search]];
        return search;
    }
}
