using System.Collections.Frozen;

namespace Vigie.Engine.Lookalikes;

/// <summary>
/// Answers, for any name, which protected names it imitates, without enumerating imitations: hashes of what a slip
/// leaves unchanged lead to the few protected names it can have come from, and <see cref="Comparison"/> judges those.
/// Immutable and safe to share between threads.
/// </summary>
/// <remarks>
/// What is hashed of each name: the head (all but the top-level domain) and the head less one character, which any
/// single edit has in common with it (Mor and Fraenkel, 1982); for doubled letters, the same of the head with runs
/// shortened; the name without its suffix; the skeleton of what it looks like; the keys of what it sounds like; the
/// labels joined; and the brand within.
/// </remarks>
public sealed class LookalikeIndex
{
    private readonly ProtectedName[] _names;
    private readonly NameShape?[] _shapes;
    private readonly FrozenDictionary<string, int> _exact;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly HashTable _table;
    private readonly int _longestHead;
    private readonly int _mostLabels;

    private LookalikeIndex(ProtectedName[] names)
    {
        _names = names;
        _shapes = [.. names.Select(name => NameShape.Of(name.Domain))];
        _exact = names.Select((name, id) => KeyValuePair.Create(name.Domain, id)).ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _exact.GetAlternateLookup<ReadOnlySpan<char>>();
        var builder = new HashTable.Builder();
        for (var id = 0; id < _shapes.Length; id++)
        {
            if (_shapes[id] is not { } shape) continue;
            NameKeys.OfTarget(shape, new TargetKeys(builder, id));
            _longestHead = Math.Max(_longestHead, shape.HeadLength);
            _mostLabels = Math.Max(_mostLabels, shape.Head.Count('.') + 1);
        }

        _table = builder.Build();
    }

    /// <summary>How many names are protected.</summary>
    public int Count => _names.Length;

    /// <summary>
    /// Builds an index. Domains are normalized here; what is no domain name is left out; of several entries for one
    /// domain the first counts.
    /// </summary>
    public static LookalikeIndex Build(IEnumerable<ProtectedName> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var known = new Dictionary<string, ProtectedName>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (DomainNames.TryNormalize(name.Domain, out var ascii, out _)) known.TryAdd(ascii, ascii == name.Domain ? name : name with { Domain = ascii });
        }

        return new LookalikeIndex([.. known.Values]);
    }

    /// <summary>Whether a name is protected, or lies beneath a protected one.</summary>
    public bool IsProtected(string asciiDomain)
    {
        ArgumentNullException.ThrowIfNull(asciiDomain);
        for (var start = 0; ;)
        {
            if (_lookup.ContainsKey(asciiDomain.AsSpan(start))) return true;
            var dot = asciiDomain.IndexOf('.', start);
            if (dot < 0) return false;
            start = dot + 1;
        }
    }

    /// <summary>
    /// The protected names that <paramref name="asciiDomain"/> imitates, likeliest first; empty for protected names, what
    /// lies beneath them, and what is no domain name.
    /// </summary>
    /// <param name="asciiDomain">The name in lower-case A-labels.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<Imitation> Find(string asciiDomain, int limit = 5)
    {
        ArgumentNullException.ThrowIfNull(asciiDomain);
        if (limit <= 0 || _names.Length == 0 || asciiDomain.Length > DomainNames.MaxLength || IsProtected(asciiDomain)) return [];
        var search = new Search(this);
        for (var start = 0; NameShape.Of(start == 0 ? asciiDomain : asciiDomain[start..]) is { } suspect;)
        {
            search.From(suspect, start);
            start = asciiDomain.IndexOf('.', start) + 1;
        }

        return search.Best(asciiDomain, limit);
    }

    private readonly struct TargetKeys(HashTable.Builder builder, int id) : IKeySink
    {
        public void Take(ulong key) => builder.Add(key, id);
    }

    private readonly struct SuspectKeys(HashTable table, List<int> found) : IKeySink
    {
        public void Take(ulong key) => table.Find(key, found);
    }

    private sealed class Search(LookalikeIndex index)
    {
        private readonly List<int> _found = [];
        private readonly Dictionary<int, (Slip Slip, NameShape Suspect, int Start)> _best = [];

        public void From(NameShape suspect, int start)
        {
            _found.Clear();
            var keys = new SuspectKeys(index._table, _found);
            var labels = suspect.Head.Count('.') + 1;
            if (suspect.HeadLength <= index._longestHead + 2 && labels <= index._mostLabels + 1) NameKeys.OfSuspect(suspect, keys);
            NameKeys.OfJoined(suspect, keys);
            if (start == 0) NameKeys.OfParts(suspect.Brand, keys);
            Beginnings(suspect);
            _found.Sort();
            for (var i = 0; i < _found.Count; i++)
            {
                if (i == 0 || _found[i] != _found[i - 1]) Compare(_found[i], suspect, start);
            }
        }

        public List<Imitation> Best(string domain, int limit)
        {
            if (_best.Count == 0) return [];
            var imitations = _best.Select(row => new Imitation(index._names[row.Key], domain, row.Value.Slip.Family, row.Value.Slip.Likelihood)
            {
                Start = row.Value.Start,
                Resemblance = Resemblance.Of(index._shapes[row.Key]!, row.Value.Suspect),
            }).ToList();
            imitations.Sort(BestFirst);
            return imitations.Count > limit ? imitations.GetRange(0, limit) : imitations;
        }

        // army.mil.example.com: a protected name that somebody else's begins with.
        private void Beginnings(NameShape suspect)
        {
            for (var dot = suspect.Ascii.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = suspect.Ascii.IndexOf('.', dot + 1))
            {
                if (index._lookup.TryGetValue(suspect.Ascii.AsSpan(0, dot), out var id)) _found.Add(id);
            }
        }

        private void Compare(int id, NameShape suspect, int start)
        {
            if (index._shapes[id] is not { } target) return;
            var slip = Comparison.Of(target, suspect, SlipModel.Default);
            if (!slip.Applies) return;
            if (!_best.TryGetValue(id, out var known) || slip.Likelihood > known.Slip.Likelihood) _best[id] = (slip, suspect, start);
        }

        private static int BestFirst(Imitation left, Imitation right)
        {
            var order = right.Likelihood.CompareTo(left.Likelihood);
            if (order == 0) order = right.Resemblance.CompareTo(left.Resemblance);
            return order != 0 ? order : string.CompareOrdinal(left.Target.Domain, right.Target.Domain);
        }
    }
}
