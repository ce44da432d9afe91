using System.Numerics;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Literals that must stand at one end of a value (or be all of it), found by the eight bytes at that end; shorter ones by
/// their own bytes and their length. One look-up answers for all literals of at least eight bytes, one more for each
/// shorter length that occurs.
/// </summary>
internal sealed class AnchorTable
{
    private const int Whole = 8;

    private readonly int[] _heads;
    private readonly Entry[] _entries;
    private readonly int _shift;
    private readonly uint _shortLengths;
    private readonly bool _hasLong;

    private AnchorTable(IReadOnlyList<(ulong Key, int Literal, int Length)> entries)
    {
        var bits = Math.Max(4, BitOperations.Log2((uint)entries.Count) + 2);
        _shift = 64 - bits;
        _heads = new int[1 << bits];
        _entries = new Entry[entries.Count + 1];
        for (var i = 0; i < entries.Count; i++)
        {
            var (key, literal, length) = entries[i];
            ref var head = ref _heads[Bucket(key)];
            _entries[i + 1] = new Entry(key, literal, head);
            head = i + 1;
            if (length < Whole) _shortLengths |= 1u << length;
            else _hasLong = true;
        }
    }

    public static AnchorTable OfStarts(IReadOnlyList<(byte[] Bytes, int Literal)> literals) =>
        new([.. literals.Select(l => (KeyOf(Start(l.Bytes), l.Bytes.Length), l.Literal, l.Bytes.Length))]);

    public static AnchorTable OfEnds(IReadOnlyList<(byte[] Bytes, int Literal)> literals) =>
        new([.. literals.Select(l => (KeyOf(End(l.Bytes), l.Bytes.Length), l.Literal, l.Bytes.Length))]);

    public static AnchorTable OfWholes(IReadOnlyList<(byte[] Bytes, int Literal)> literals) =>
        new([.. literals.Select(l => (WholeKey(Start(l.Bytes), End(l.Bytes), l.Bytes.Length), l.Literal, l.Bytes.Length))]);

    /// <summary>Walks over the literals that may stand at the start, given the value's first eight bytes (what lies behind a shorter value is ignored).</summary>
    public void AtStart(ulong first, int length, LiteralSearch search, in LiteralSearch.Place place)
    {
        for (var lengths = _shortLengths; lengths != 0; lengths &= lengths - 1)
        {
            var wanted = BitOperations.TrailingZeroCount(lengths);
            if (wanted > length) break;
            Visit(KeyOf(wanted == 0 ? 0 : first & (ulong.MaxValue >> (64 - (wanted * 8))), wanted), search, place);
        }

        if (_hasLong && length >= Whole) Visit(first, search, place);
    }

    /// <summary>The same for the end, given the value's last eight bytes.</summary>
    public void AtEnd(ulong last, int length, LiteralSearch search, in LiteralSearch.Place place)
    {
        for (var lengths = _shortLengths; lengths != 0; lengths &= lengths - 1)
        {
            var wanted = BitOperations.TrailingZeroCount(lengths);
            if (wanted > length) break;
            Visit(KeyOf(wanted == 0 ? 0 : last >> (64 - (wanted * 8)), wanted), search, place);
        }

        if (_hasLong && length >= Whole) Visit(last, search, place);
    }

    /// <summary>The same for literals that are the whole value.</summary>
    public void AtBoth(ulong first, ulong last, int length, LiteralSearch search, in LiteralSearch.Place place)
    {
        if (length >= Whole ? !_hasLong : (_shortLengths & (1u << length)) == 0) return;
        if (length < Whole) first = length == 0 ? 0 : first & (ulong.MaxValue >> (64 - (length * 8)));
        Visit(WholeKey(first, last, length), search, place);
    }

    private void Visit(ulong key, LiteralSearch search, in LiteralSearch.Place place)
    {
        for (var i = _heads[Bucket(key)]; i != 0; i = _entries[i].Next)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Key == key) search.Verify(entry.Literal, place);
        }
    }

    private int Bucket(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> _shift);

    private static ulong KeyOf(ulong bytes, int length) => length < Whole ? bytes | ((ulong)length << 56) : bytes;

    private static ulong WholeKey(ulong first, ulong last, int length) =>
        length < Whole ? KeyOf(first, length) : ((first * 0xC2B2AE3D27D4EB4F) ^ BitOperations.RotateLeft(last, 29)) + (ulong)length;

    // Little-endian: a shorter literal fills the low bytes.
    private static ulong Start(ReadOnlySpan<byte> bytes)
    {
        var key = 0ul;
        for (var i = Math.Min(bytes.Length, Whole) - 1; i >= 0; i--) key = (key << 8) | bytes[i];
        return key;
    }

    private static ulong End(ReadOnlySpan<byte> bytes) => Start(bytes[Math.Max(0, bytes.Length - Whole)..]);

    private readonly record struct Entry(ulong Key, int Literal, int Next);
}
