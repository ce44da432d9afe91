using System.Collections.Frozen;
using System.Runtime.InteropServices;

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
    // "4" written as "quatre".
    private const int LongestGain = 5;

    private readonly ProtectedName[] _names;
    private readonly NameShape?[] _shapes;
    private readonly FrozenDictionary<string, int> _exact;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly HashTable _table;

    // The protected names that are public suffixes themselves (gov.ml). What remains of a suspect when only its suffix
    // is left can imitate no other, and short as it is would resemble many.
    private readonly HashTable _suffixes;
    private readonly int _longestHead;
    private readonly int _mostLabels;

    private LookalikeIndex(ProtectedName[] names)
    {
        _names = names;
        _shapes = [.. names.Select(name => NameShape.Of(name.Domain))];
        _exact = names.Select((name, id) => KeyValuePair.Create(name.Domain, id)).ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _exact.GetAlternateLookup<ReadOnlySpan<char>>();
        var builder = new HashTable.Builder();
        var suffixes = new HashTable.Builder();
        for (var id = 0; id < _shapes.Length; id++)
        {
            if (_shapes[id] is not { } shape) continue;
            NameKeys.OfTarget(shape, new TargetKeys(builder, id, TagSet.Of(shape.Tld)));
            if (shape.IsSuffix) NameKeys.OfTarget(shape, new TargetKeys(suffixes, id, TagSet.Of(shape.Tld)));
            _longestHead = Math.Max(_longestHead, shape.HeadLength);
            _mostLabels = Math.Max(_mostLabels, shape.Head.Count('.') + 1);
        }

        _table = builder.Build();
        _suffixes = suffixes.Build();
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

        if (known.Count > HashTable.Capacity) throw new ArgumentException($"An index holds at most {HashTable.Capacity} names.", nameof(names));
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
        var search = _spare ?? new Search();
        _spare = null;
        search.Begin(this);
        for (var start = 0; NameShape.Of(start == 0 ? asciiDomain : asciiDomain[start..]) is { } suspect;)
        {
            search.From(suspect, start);
            start = asciiDomain.IndexOf('.', start) + 1;
        }

        var best = search.Best(asciiDomain, limit);
        _spare = search;
        return best;
    }

    private readonly struct TargetKeys(HashTable.Builder builder, int id, byte tag) : IKeySink
    {
        public void Take(ulong key, KeyKind kind, bool anyTop) => builder.Add(key, id, tag);
    }

    private readonly struct SuspectKeys(HashTable table, TagSet near, List<ulong> found) : IKeySink
    {
        public void Take(ulong key, KeyKind kind, bool anyTop) => table.Find(key, kind, anyTop ? TagSet.All : near, found);
    }

    // A thread's lists, kept between its searches.
    [ThreadStatic]
    private static Search? _spare;

    private sealed class Search
    {
        private LookalikeIndex _index = null!;
        private readonly List<ulong> _found = [];
        private readonly List<(int Id, Slip Slip, NameShape Suspect, int Start)> _best = [];

        private int _earlier;

        public void Begin(LookalikeIndex index)
        {
            _index = index;
            _best.Clear();
        }

        public void From(NameShape suspect, int start)
        {
            _found.Clear();
            _earlier = _best.Count;
            var keys = new SuspectKeys(start > 0 && suspect.IsSuffix ? _index._suffixes : _index._table, SuffixModel.NearTags(suspect.Tld), _found);
            var labels = suspect.Head.Count('.') + 1;
            if (suspect.HeadLength <= _index._longestHead + LongestGain && labels <= _index._mostLabels + 1) NameKeys.OfSuspect(suspect, keys);
            NameKeys.OfStem(suspect, keys);
            if (suspect.Label == 0) NameKeys.OfParts(suspect.Brand, keys);
            Beginnings(suspect);
            if (_found.Count > 1) _found.Sort();
            for (var i = 0; i < _found.Count;)
            {
                var (id, kinds) = HashTable.Unpack(_found[i]);
                while (++i < _found.Count && HashTable.Unpack(_found[i]) is var (next, kind) && next == id) kinds |= kind;
                Compare(id, kinds, suspect, start);
            }
        }

        public List<Imitation> Best(string domain, int limit)
        {
            if (_best.Count == 0) return [];
            _best.Sort(BestFirst);
            if (_best.Count > limit) _best.RemoveRange(limit, _best.Count - limit);
            return _best.ConvertAll(row => new Imitation(_index._names[row.Id], domain, row.Slip.Family, row.Slip.Likelihood)
            {
                Start = row.Start,
            });
        }

        // army.mil.example.com: a protected name that somebody else's begins with.
        private void Beginnings(NameShape suspect)
        {
            for (var dot = suspect.Ascii.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = suspect.Ascii.IndexOf('.', dot + 1))
            {
                if (_index._lookup.TryGetValue(suspect.Ascii.AsSpan(0, dot), out var id)) _found.Add(HashTable.Pack(id, KeyKind.Beginning));
            }
        }

        private void Compare(int id, KeyKind kinds, NameShape suspect, int start)
        {
            // The longest part of the suspect that imitates the name counts: what stands before it was meant as it is.
            if (IsKnown(id) || _index._shapes[id] is not { } target) return;
            var slip = Comparison.Of(target, suspect, kinds, SlipModel.Default);
            if (slip.Applies) _best.Add((id, slip, suspect, start));
        }

        // Of one start the ids are distinct: only those of longer parts can be known.
        private bool IsKnown(int id)
        {
            foreach (var row in CollectionsMarshal.AsSpan(_best)[.._earlier])
            {
                if (row.Id == id) return true;
            }

            return false;
        }

        // Of equally likely targets the shortest: the organisation before its departments.
        private int BestFirst((int Id, Slip Slip, NameShape Suspect, int Start) left, (int Id, Slip Slip, NameShape Suspect, int Start) right)
        {
            var order = right.Slip.Likelihood.CompareTo(left.Slip.Likelihood);
            if (order != 0) return order;
            string first = _index._names[left.Id].Domain, second = _index._names[right.Id].Domain;
            order = first.Length.CompareTo(second.Length);
            return order != 0 ? order : string.CompareOrdinal(first, second);
        }
    }
}
