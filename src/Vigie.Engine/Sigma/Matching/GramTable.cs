using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Literals that may stand anywhere in a value. Each is represented by one of its four-byte grams, the one that the
/// fewest others contain; the value is walked once, every gram is looked up in a bitmap that is nearly always empty there,
/// and only then in the table and in the value itself. The walk takes the same time for ten literals and for ten thousand.
/// </summary>
internal sealed class GramTable
{
    /// <summary>The shortest literal that has a gram.</summary>
    public const int GramLength = 4;

    private const int BitsPerGram = 16;

    private readonly uint[] _bitmap;
    private readonly int _bitmapShift;
    private readonly int[] _heads;
    private readonly int _headShift;
    private readonly Entry[] _entries;

    public GramTable(IReadOnlyList<(byte[] Bytes, int Literal)> literals)
    {
        var chosen = Choose(literals);
        var grams = chosen.Select(c => c.Gram).Distinct().Count();
        var bitmapBits = Math.Clamp(BitOperations.Log2((uint)(grams * BitsPerGram)) + 1, 10, 24);
        _bitmap = new uint[1 << (bitmapBits - 5)];
        _bitmapShift = 32 - bitmapBits;
        var headBits = Math.Max(4, BitOperations.Log2((uint)grams) + 2);
        _heads = new int[1 << headBits];
        _headShift = 32 - headBits;
        _entries = new Entry[literals.Count + 1];
        for (var i = 0; i < chosen.Length; i++)
        {
            var (gram, offset) = chosen[i];
            var bit = Hash(gram) >> _bitmapShift;
            _bitmap[bit >> 5] |= 1u << (int)(bit & 31);
            ref var head = ref _heads[Hash(gram) >> _headShift];
            _entries[i + 1] = new Entry(gram, offset, literals[i].Literal, head);
            head = i + 1;
        }
    }

    /// <summary>Walks over the literals whose gram is in the value, each with the place where it would begin.</summary>
    public void Search(ReadOnlySpan<byte> value, LiteralSearch search, in LiteralSearch.Place place)
    {
        ref var start = ref MemoryMarshal.GetReference(value);
        ref var bitmap = ref MemoryMarshal.GetArrayDataReference(_bitmap);
        var shift = _bitmapShift;
        for (var at = 0; at <= value.Length - GramLength; at++)
        {
            var gram = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at));
            var bit = Hash(gram) >> shift;
            if ((Unsafe.Add(ref bitmap, bit >> 5) & (1u << (int)(bit & 31))) != 0) Visit(gram, at, search, place);
        }
    }

    private void Visit(uint gram, int at, LiteralSearch search, in LiteralSearch.Place place)
    {
        for (var i = _heads[Hash(gram) >> _headShift]; i != 0; i = _entries[i].Next)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Gram == gram) search.VerifyAt(entry.Literal, at - entry.Offset, place);
        }
    }

    private static (uint Gram, int Offset)[] Choose(IReadOnlyList<(byte[] Bytes, int Literal)> literals)
    {
        var counts = new Dictionary<uint, int>();
        foreach (var (bytes, _) in literals)
        {
            for (var at = 0; at <= bytes.Length - GramLength; at++) CollectionsMarshal.GetValueRefOrAddDefault(counts, Gram(bytes, at), out _)++;
        }

        var chosen = new (uint, int)[literals.Count];
        for (var i = 0; i < chosen.Length; i++)
        {
            var bytes = literals[i].Bytes;
            var best = 0;
            for (var at = 1; at <= bytes.Length - GramLength; at++)
            {
                if (counts[Gram(bytes, at)] < counts[Gram(bytes, best)]) best = at;
            }

            chosen[i] = (Gram(bytes, best), best);
        }

        return chosen;
    }

    // As the machine reads it, so that values need no swapping.
    private static uint Gram(byte[] bytes, int at) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    private static uint Hash(uint gram) => gram * 0x9E3779B1;

    private readonly record struct Entry(uint Gram, int Offset, int Literal, int Next);
}
