using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Tells, from the bytes of an event as they stand in the log, whether a keyword may be among its values: one pass over
/// everything at once, without finding, decoding or folding values. Sees three bytes of each keyword, by nibbles, in eight
/// buckets ("Teddy", after Geoffrey Langdale's algorithm in Hyperscan), then compares the rest.
/// May say yes where there is no keyword (in a name, across two values), never no where there is one: what an escape or
/// another case of a letter can hide is looked for like a keyword.
/// </summary>
internal sealed class KeywordFilter
{
    private const int Seen = KeywordNeedle.Seen;
    private const int Buckets = 8;
    private const int MaxKeywords = 512;

    // Bytes that text formats escape now and then; they are not compared. \u00XX of all others is looked for.
    private static readonly System.Buffers.SearchValues<byte> Unreliable =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => b is < 0x20 or > 0x7E || "\"\\/'<>&+=`".Contains((char)b)).Select(b => (byte)b)]);

    private static ReadOnlySpan<byte> LongS => "\u017F"u8;

    private readonly Vector128<byte>[] _low = new Vector128<byte>[Seen];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Seen];
    private readonly byte[] _lowBits = new byte[Seen * 16];
    private readonly byte[] _highBits = new byte[Seen * 16];
    private readonly int[] _heads;
    private readonly Entry[] _entries;
    private readonly int _slotShift;

    private KeywordFilter(List<KeywordNeedle> needles)
    {
        var buckets = KeywordBuckets.Divide(needles, Buckets);
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            foreach (var needle in buckets[bucket])
            {
                for (var i = 0; i < Seen; i++) Mark(i, needle, (byte)(1 << bucket));
            }
        }

        var bits = BitOperations.Log2((uint)needles.Count) + 3;
        _slotShift = 32 - bits;
        _heads = new int[1 << bits];
        _entries = new Entry[needles.Count + 1];
        for (var i = 0; i < needles.Count; i++)
        {
            var needle = needles[i];
            if (needle.Bytes.Length < Seen) continue;
            var key = KeyOf(needle.Bytes[needle.Offset], needle.Bytes[needle.Offset + 1], needle.Bytes[needle.Offset + 2]);
            _entries[i + 1] = new Entry(key, _heads[Slot(key)], needle);
            _heads[Slot(key)] = i + 1;
        }

        for (var i = 0; i < Seen; i++)
        {
            _low[i] = Vector128.Create(_lowBits.AsSpan(i * 16, 16));
            _high[i] = Vector128.Create(_highBits.AsSpan(i * 16, 16));
        }
    }

    /// <summary>A filter for these folded literals; null when there are too many of them or one has no three bytes that can be relied on.</summary>
    public static KeywordFilter? Of(IReadOnlyCollection<byte[]> literals)
    {
        if (literals.Count > MaxKeywords) return null;
        var needles = Disguises();
        foreach (var literal in literals)
        {
            if (NeedleOf(literal) is not { } needle) return null;
            needles.Add(needle);
        }

        return new KeywordFilter(needles);
    }

    /// <summary>Whether a keyword may be in the text.</summary>
    public bool MayHold(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (Avx512BW.IsSupported && SeeWidest(text, ref at)) return true;
        if (Avx2.IsSupported)
        {
            if (SeeWide(text, ref at)) return true;
        }
        else if (Vector128.IsHardwareAccelerated && SeeNarrow(text, ref at))
        {
            return true;
        }

        // What is left when the text is too short for a vector; otherwise the last vector overlapped the one before.
        for (; at <= text.Length - Seen; at++)
        {
            var buckets = Bits(0, text[at]) & Bits(1, text[at + 1]) & Bits(2, text[at + 2]);
            if (buckets != 0 && Holds(text, at)) return true;
        }

        return text.EndsWith(LongS);
    }

    private bool SeeWidest(ReadOnlySpan<byte> text, ref int at)
    {
        var nibble = Vector512.Create((byte)0x0F);
        var (low0, low1, low2) = (Four(_low[0]), Four(_low[1]), Four(_low[2]));
        var (high0, high1, high2) = (Four(_high[0]), Four(_high[1]), Four(_high[2]));
        ref var start = ref MemoryMarshal.GetReference(text);
        var last = text.Length - Vector512<byte>.Count - (Seen - 1);
        for (; at <= last; at = Next(at, last, Vector512<byte>.Count))
        {
            var v0 = Vector512.LoadUnsafe(ref start, (nuint)at);
            var v1 = Vector512.LoadUnsafe(ref start, (nuint)at + 1);
            var v2 = Vector512.LoadUnsafe(ref start, (nuint)at + 2);
            var seen = Avx512BW.Shuffle(low0, v0 & nibble) & Avx512BW.Shuffle(high0, (v0.AsUInt16() >> 4).AsByte() & nibble)
                & Avx512BW.Shuffle(low1, v1 & nibble) & Avx512BW.Shuffle(high1, (v1.AsUInt16() >> 4).AsByte() & nibble)
                & Avx512BW.Shuffle(low2, v2 & nibble) & Avx512BW.Shuffle(high2, (v2.AsUInt16() >> 4).AsByte() & nibble);
            if (seen != Vector512<byte>.Zero && HoldsOne(text, at, ~Vector512.Equals(seen, Vector512<byte>.Zero).ExtractMostSignificantBits())) return true;
        }

        return false;
    }

    private static Vector512<byte> Four(Vector128<byte> part) => Vector512.Create(Vector256.Create(part, part), Vector256.Create(part, part));

    private bool SeeWide(ReadOnlySpan<byte> text, ref int at)
    {
        var nibble = Vector256.Create((byte)0x0F);
        var (low0, low1, low2) = (Vector256.Create(_low[0], _low[0]), Vector256.Create(_low[1], _low[1]), Vector256.Create(_low[2], _low[2]));
        var (high0, high1, high2) = (Vector256.Create(_high[0], _high[0]), Vector256.Create(_high[1], _high[1]), Vector256.Create(_high[2], _high[2]));
        ref var start = ref MemoryMarshal.GetReference(text);
        var last = text.Length - Vector256<byte>.Count - (Seen - 1);
        for (; at <= last; at = Next(at, last, Vector256<byte>.Count))
        {
            var v0 = Vector256.LoadUnsafe(ref start, (nuint)at);
            var v1 = Vector256.LoadUnsafe(ref start, (nuint)at + 1);
            var v2 = Vector256.LoadUnsafe(ref start, (nuint)at + 2);
            var seen = Avx2.Shuffle(low0, v0 & nibble) & Avx2.Shuffle(high0, (v0.AsUInt16() >> 4).AsByte() & nibble)
                & Avx2.Shuffle(low1, v1 & nibble) & Avx2.Shuffle(high1, (v1.AsUInt16() >> 4).AsByte() & nibble)
                & Avx2.Shuffle(low2, v2 & nibble) & Avx2.Shuffle(high2, (v2.AsUInt16() >> 4).AsByte() & nibble);
            if (seen != Vector256<byte>.Zero && HoldsOne(text, at, ~Vector256.Equals(seen, Vector256<byte>.Zero).ExtractMostSignificantBits())) return true;
        }

        return false;
    }

    private bool SeeNarrow(ReadOnlySpan<byte> text, ref int at)
    {
        var nibble = Vector128.Create((byte)0x0F);
        ref var start = ref MemoryMarshal.GetReference(text);
        var last = text.Length - Vector128<byte>.Count - (Seen - 1);
        for (; at <= last; at = Next(at, last, Vector128<byte>.Count))
        {
            var seen = Vector128<byte>.AllBitsSet;
            for (var i = 0; i < Seen; i++)
            {
                var v = Vector128.LoadUnsafe(ref start, (nuint)(at + i));
                seen &= Vector128.Shuffle(_low[i], v & nibble) & Vector128.Shuffle(_high[i], (v >> 4) & nibble);
            }

            if (seen != Vector128<byte>.Zero && HoldsOne(text, at, ~Vector128.Equals(seen, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF)) return true;
        }

        return false;
    }

    // The last vector ends where the text does; behind it there is nothing left.
    private static int Next(int at, int last, int step) => at == last ? last + step : Math.Min(at + step, last);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HoldsOne(ReadOnlySpan<byte> text, int at, ulong places)
    {
        for (; places != 0; places &= places - 1)
        {
            if (Holds(text, at + BitOperations.TrailingZeroCount(places))) return true;
        }

        return false;
    }

    // Most of what looks like one of the needles by its nibbles has not the bytes of any.
    private bool Holds(ReadOnlySpan<byte> text, int at)
    {
        var key = KeyOf(text[at], text[at + 1], text[at + 2]);
        for (var i = _heads[Slot(key)]; i != 0; i = _entries[i].Next)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Key != key) continue;
            var needle = entry.Needle;
            var start = at - needle.Offset;
            if (start < 0 || start + needle.Bytes.Length > text.Length) continue;
            if (EqualsFolded(text.Slice(start, needle.Bytes.Length), needle.Bytes) && (!needle.IsEscape || HidesSomething(text[(start + needle.Bytes.Length)..]))) return true;
        }

        return text[at..].StartsWith(LongS);
    }

    private int Slot(uint key) => (int)((key * 0x9E3779B1) >> _slotShift);

    // Folds letters, and some other bytes with them, which does no harm: the rest is compared in full.
    private static uint KeyOf(byte a, byte b, byte c) => (a | ((uint)b << 8) | ((uint)c << 16)) | 0x202020;

    // Ascii.EqualsIgnoreCase knows nothing beyond ASCII, and two of the needles lie there.
    private static bool EqualsFolded(ReadOnlySpan<byte> text, byte[] folded)
    {
        for (var i = 0; i < folded.Length; i++)
        {
            var b = text[i];
            if ((uint)(b - 'A') <= 'Z' - 'A') b |= 0x20;
            if (b != folded[i]) return false;
        }

        return true;
    }

    // What follows "\u00" is an ASCII character that could have been compared.
    private static bool HidesSomething(ReadOnlySpan<byte> hex) =>
        hex.Length >= 2 && System.Buffers.Text.Utf8Parser.TryParse(hex[..2], out byte value, out var used, 'x') && used == 2 && !Unreliable.Contains(value);

    private int Bits(int i, byte b) => _lowBits[(i * 16) + (b & 15)] & _highBits[(i * 16) + (b >> 4)];

    private void Mark(int i, in KeywordNeedle needle, byte bucket)
    {
        for (var b = 0; b < 256; b++)
        {
            if (!needle.Takes(i, (byte)b)) continue;
            _lowBits[(i * 16) + (b & 15)] |= bucket;
            _highBits[(i * 16) + (b >> 4)] |= bucket;
        }
    }

    private static KeywordNeedle? NeedleOf(byte[] literal)
    {
        var (best, bestCost) = (default(KeywordNeedle), int.MaxValue);
        for (var start = 0; start < literal.Length;)
        {
            var length = literal.AsSpan(start).IndexOfAny(Unreliable);
            if (length < 0) length = literal.Length - start;
            for (var at = 0; at <= length - Seen; at++)
            {
                var cost = KeywordBuckets.Weight(literal[start + at]) + KeywordBuckets.Weight(literal[start + at + 1]) + KeywordBuckets.Weight(literal[start + at + 2]);
                if (cost >= bestCost) continue;
                bestCost = cost;
                best = new KeywordNeedle(literal.AsSpan(start, length).ToArray(), at, false);
            }

            start += length + 1;
        }

        return best.Bytes is null ? null : best;
    }

    // U+212A and U+017F fold to k and s, and like everything else they may be escaped.
    private static List<KeywordNeedle> Disguises() =>
    [
        new KeywordNeedle("\\u00"u8.ToArray(), 0, true),
        new KeywordNeedle("\\u212a"u8.ToArray(), 0, false),
        new KeywordNeedle("\\u017f"u8.ToArray(), 0, false),
        new KeywordNeedle("\u212A"u8.ToArray(), 0, false),
        new KeywordNeedle(LongS.ToArray(), 0, false),
    ];

    private readonly record struct Entry(uint Key, int Next, KeywordNeedle Needle);
}
