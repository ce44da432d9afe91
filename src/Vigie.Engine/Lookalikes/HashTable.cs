using System.Numerics;

namespace Vigie.Engine.Lookalikes;

/// <summary>
/// Many ids for each 64-bit key, packed: the entries of one bucket stand beside each other, each an id (24 bits), the tag
/// of its name's top-level domain (8 bits) and half of its key (32 bits). A false match costs a comparison and nothing else.
/// </summary>
internal sealed class HashTable
{
    /// <summary>How many ids there can be.</summary>
    public const int Capacity = 1 << 24;

    private readonly int[] _starts;
    private readonly ulong[] _entries;
    private readonly int _shift;

    // One bit in sixteen is set: nearly every key that is not there ends here, in a table that stays in the cache.
    private readonly ulong[] _present;
    private readonly int _presentShift;

    private HashTable(int[] starts, ulong[] entries, int shift)
    {
        _starts = starts;
        _entries = entries;
        _shift = shift;
        _presentShift = shift - 4;
        _present = new ulong[1 << (64 - _presentShift - 6)];
    }

    /// <summary>Adds to <paramref name="found"/> the ids of <paramref name="key"/> whose tag is among <paramref name="tags"/>, packed with the kind of key.</summary>
    public void Find(ulong key, KeyKind kind, TagSet tags, List<ulong> found)
    {
        var bit = key >> _presentShift;
        if ((_present[bit >> 6] & 1UL << (int)(bit & 63)) == 0) return;
        var bucket = (int)(key >> _shift);
        var end = _starts[bucket + 1];
        for (var at = _starts[bucket]; at < end; at++)
        {
            var entry = _entries[at];
            if ((uint)entry == (uint)key && tags.Contains((byte)(entry >> 32))) found.Add(Pack((int)(entry >> 40), kind));
        }
    }

    /// <summary>An id with a kind of key, in the order of ids.</summary>
    public static ulong Pack(int id, KeyKind kind) => (ulong)id << 8 | (byte)kind;

    /// <summary>What <see cref="Pack"/> made one of.</summary>
    public static (int Id, KeyKind Kind) Unpack(ulong packed) => ((int)(packed >> 8), (KeyKind)(byte)packed);

    private void Mark(ulong key)
    {
        var bit = key >> _presentShift;
        _present[bit >> 6] |= 1UL << (int)(bit & 63);
    }

    /// <summary>Collects keys and packs them.</summary>
    public sealed class Builder
    {
        private readonly List<(ulong Key, uint Value)> _rows = [];

        /// <summary>Says that <paramref name="id"/>, whose top-level domain has <paramref name="tag"/>, is to be found under <paramref name="key"/>.</summary>
        public void Add(ulong key, int id, byte tag) => _rows.Add((key, (uint)id << 8 | tag));

        /// <summary>Packs what was added; a repeated row is kept once.</summary>
        public HashTable Build()
        {
            var bits = Math.Max(4, BitOperations.Log2((uint)_rows.Count + 1));
            var shift = 64 - bits;
            _rows.Sort();
            var starts = new int[(1 << bits) + 1];
            var entries = new List<ulong>(_rows.Count);
            for (var i = 0; i < _rows.Count; i++)
            {
                if (i > 0 && _rows[i] == _rows[i - 1]) continue;
                entries.Add((ulong)_rows[i].Value << 32 | (uint)_rows[i].Key);
                starts[(int)(_rows[i].Key >> shift) + 1]++;
            }

            for (var bucket = 1; bucket < starts.Length; bucket++) starts[bucket] += starts[bucket - 1];
            var table = new HashTable(starts, [.. entries], shift);
            foreach (var (key, _) in _rows) table.Mark(key);
            return table;
        }
    }
}

/// <summary>A set of the one-byte tags that top-level domains are sorted into.</summary>
internal sealed class TagSet
{
    private readonly bool[] _tags = new bool[256];

    /// <summary>The set that contains every tag.</summary>
    public static TagSet All { get; } = new(Enumerable.Range(0, 256).Select(tag => (byte)tag));

    public TagSet(IEnumerable<byte> tags)
    {
        foreach (var tag in tags) _tags[tag] = true;
    }

    public bool Contains(byte tag) => _tags[tag];

    /// <summary>The tag of a top-level domain.</summary>
    public static byte Of(ReadOnlySpan<char> tld)
    {
        var hash = 2166136261u;
        foreach (var c in tld) hash = (hash ^ c) * 16777619;
        return (byte)(hash ^ hash >> 8 ^ hash >> 16);
    }
}
