using System.Numerics;

namespace Vigie.Engine.Lookalikes;

/// <summary>
/// Many ids for each 64-bit key, packed: the ids of one bucket stand beside each other with 32 bits of their key. A
/// false match costs a comparison and nothing else.
/// </summary>
internal sealed class HashTable
{
    private readonly int[] _starts;
    private readonly ulong[] _entries;
    private readonly int _shift;

    private HashTable(int[] starts, ulong[] entries, int shift)
    {
        _starts = starts;
        _entries = entries;
        _shift = shift;
    }

    /// <summary>Adds the ids of <paramref name="key"/> to <paramref name="found"/>.</summary>
    public void Find(ulong key, List<int> found)
    {
        var bucket = (int)(key >> _shift);
        var end = _starts[bucket + 1];
        for (var at = _starts[bucket]; at < end; at++)
        {
            if ((uint)_entries[at] == (uint)key) found.Add((int)(_entries[at] >> 32));
        }
    }

    /// <summary>Collects keys and packs them.</summary>
    public sealed class Builder
    {
        private readonly List<(ulong Key, int Id)> _rows = [];

        /// <summary>Says that <paramref name="id"/> is to be found under <paramref name="key"/>.</summary>
        public void Add(ulong key, int id) => _rows.Add((key, id));

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
                entries.Add((ulong)_rows[i].Id << 32 | (uint)_rows[i].Key);
                starts[(int)(_rows[i].Key >> shift) + 1]++;
            }

            for (var bucket = 1; bucket < starts.Length; bucket++) starts[bucket] += starts[bucket - 1];
            return new HashTable(starts, [.. entries], shift);
        }
    }
}
