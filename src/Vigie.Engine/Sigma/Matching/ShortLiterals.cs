using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>Literals of one to three bytes that may stand anywhere in a value: found by their first two bytes.</summary>
internal sealed class ShortLiterals
{
    private const int Pair = 2;

    private readonly (byte Byte, int Literal)[] _single;
    private readonly ulong[] _bitmap = new ulong[65536 / 64];
    private readonly Dictionary<ushort, int[]> _byPair = [];

    public ShortLiterals(IReadOnlyList<(byte[] Bytes, int Literal)> literals)
    {
        _single = [.. literals.Where(l => l.Bytes.Length < Pair).Select(l => (l.Bytes[0], l.Literal))];
        foreach (var group in literals.Where(l => l.Bytes.Length >= Pair).GroupBy(l => MemoryMarshal.Read<ushort>(l.Bytes)))
        {
            _bitmap[group.Key >> 6] |= 1ul << (group.Key & 63);
            _byPair.Add(group.Key, [.. group.Select(l => l.Literal)]);
        }
    }

    /// <summary>Walks over the literals that may be in the value, each with its place.</summary>
    public void Search(ReadOnlySpan<byte> value, LiteralSearch search, in LiteralSearch.Place place)
    {
        foreach (var (single, literal) in _single)
        {
            var at = value.IndexOf(single);
            if (at >= 0) search.VerifyAt(literal, at, place);
        }

        if (_byPair.Count == 0) return;
        ref var start = ref MemoryMarshal.GetReference(value);
        ref var bitmap = ref MemoryMarshal.GetArrayDataReference(_bitmap);
        for (var at = 0; at <= value.Length - Pair; at++)
        {
            var pair = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, at));
            if ((Unsafe.Add(ref bitmap, pair >> 6) & (1ul << (pair & 63))) == 0) continue;
            foreach (var literal in _byPair[pair]) search.VerifyAt(literal, at, place);
        }
    }
}
