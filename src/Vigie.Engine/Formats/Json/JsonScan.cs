using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vigie.Engine.Formats.Json;

/// <summary>Finds the ends of JSON tokens, 64 bytes at a time.</summary>
internal static class JsonScan
{
    /// <summary>The bytes at hand end before the token does.</summary>
    public const int Incomplete = -1;

    /// <summary>A raw line feed stands in a string: the line was cut (RFC 8259 §7 forbids it, and every writer escapes it).</summary>
    public const int RawLineFeed = -2;

    private static readonly SearchValues<byte> Space = SearchValues.Create(" \n\r\t"u8);

    private static readonly ushort ColonQuote = BitConverter.IsLittleEndian ? (ushort)(':' | ('"' << 8)) : (ushort)((':' << 8) | '"');

    private const ulong EvenBits = 0x5555_5555_5555_5555;

    /// <summary>The closing quote of a string, or <see cref="Incomplete"/> or <see cref="RawLineFeed"/>.</summary>
    /// <param name="buffer">May be read beyond <paramref name="end"/>.</param>
    /// <param name="start">The first byte after the opening quote.</param>
    /// <param name="end">One past the last byte that counts.</param>
    /// <param name="escaped">Whether there is a backslash in the string.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StringEnd(byte[] buffer, int start, int end, out bool escaped)
    {
        if (start <= buffer.Length - 64)
        {
            Masks(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), start), out var quotes, out var slashes, out var lines);
            var stops = quotes | lines;
            // The usual string: it ends within 64 bytes, and no backslash comes before its end.
            var first = stops & (0 - stops);
            if (stops != 0 && (slashes & (first - 1)) == 0)
            {
                escaped = false;
                var at = start + BitOperations.TrailingZeroCount(stops);
                return at >= end ? Incomplete : (lines & first) != 0 ? RawLineFeed : at;
            }
        }

        return LongStringEnd(buffer, start, end, out escaped);
    }

    /// <summary>Whether a colon and a string of less than 64 bytes stand there, with nothing between them.</summary>
    /// <param name="buffer">Where the document lies.</param>
    /// <param name="at">Where the colon should be.</param>
    /// <param name="end">One past the last byte that counts.</param>
    /// <param name="close">The string's closing quote.</param>
    /// <param name="escaped">Whether there is a backslash in the string.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMember(byte[] buffer, int at, int end, out int close, out bool escaped)
    {
        close = 0;
        escaped = false;
        if (at > end - 66) return false;
        ref var colon = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), at);
        if (Unsafe.ReadUnaligned<ushort>(ref colon) != ColonQuote) return false;
        Masks(ref Unsafe.Add(ref colon, 2), out var quotes, out var slashes, out var lines);
        if ((slashes & UpToLowest(quotes)) != 0)
        {
            var carry = 0UL;
            quotes &= ~Escaped(slashes, ref carry);
            escaped = true;
        }

        if (quotes == 0 || (lines & UpToLowest(quotes)) != 0) return false;
        close = at + 2 + BitOperations.TrailingZeroCount(quotes);
        return true;
    }

    /// <summary>The first byte from <paramref name="at"/> that is no white space (RFC 8259 §2); <paramref name="end"/> when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(byte[] buffer, int at, int end) =>
        (uint)at < (uint)end && buffer[at] > ' ' ? at : SkipSpaces(buffer, at, end);

    private static int SkipSpaces(byte[] buffer, int at, int end)
    {
        // Few at first, as between the members of a line; many where a document is indented.
        var few = Math.Min(end, at + 4);
        while (at < few && IsSpace(buffer[at])) at++;
        if (at < few || at >= end) return at;
        var further = buffer.AsSpan(at, end - at).IndexOfAnyExcept(Space);
        return further < 0 ? end : at + further;
    }

    /// <summary>Whether a byte is white space between tokens.</summary>
    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private static int LongStringEnd(byte[] buffer, int start, int end, out bool escaped)
    {
        ref var origin = ref MemoryMarshal.GetArrayDataReference(buffer);
        var at = start;
        var carry = 0UL;
        var anySlash = false;
        for (; at <= buffer.Length - 64 && at < end; at += 64)
        {
            Masks(ref Unsafe.Add(ref origin, at), out var quotes, out var slashes, out var lines);
            if ((quotes | lines) == 0)
            {
                // Of a piece without quotes only matters whether its last backslash escapes what follows.
                var run = BitOperations.LeadingZeroCount(~slashes);
                if (run < 64) carry = (ulong)run & 1;
                anySlash |= slashes != 0;
                continue;
            }

            quotes &= ~Escaped(slashes, ref carry);
            var stops = quotes | lines;
            if (stops == 0)
            {
                anySlash |= slashes != 0;
                continue;
            }

            var first = stops & (0 - stops);
            escaped = anySlash || (slashes & (first - 1)) != 0;
            at += BitOperations.TrailingZeroCount(stops);
            return at >= end ? Incomplete : (lines & first) != 0 ? RawLineFeed : at;
        }

        escaped = anySlash;
        return Tail(buffer, at, end, carry != 0, ref escaped);
    }

    // The last bytes of the buffer, one by one.
    private static int Tail(byte[] buffer, int at, int end, bool afterSlash, ref bool escaped)
    {
        for (; at < end; at++)
        {
            var b = buffer[at];
            if (b == '\n') return RawLineFeed;
            if (afterSlash)
            {
                afterSlash = false;
                continue;
            }

            if (b == '"') return at;
            if (b != '\\') continue;
            escaped = afterSlash = true;
        }

        return Incomplete;
    }

    // Which bytes follow a backslash that is not itself escaped: runs of backslashes are told by whether they begin on
    // an even or an odd bit and where an addition carries them to ("Parsing gigabytes of JSON per second", Langdale and Lemire 2019, §3.1.1).
    private static ulong Escaped(ulong slashes, ref ulong carry)
    {
        slashes &= ~carry;
        var follows = (slashes << 1) | carry;
        var oddStarts = slashes & ~EvenBits & ~follows;
        var sum = unchecked(oddStarts + slashes);
        carry = sum < oddStarts ? 1UL : 0UL;
        return (EvenBits ^ (sum << 1)) & follows;
    }

    // All bits when there is none.
    private static ulong UpToLowest(ulong bits) => bits ^ (bits - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Masks(ref byte at, out ulong quotes, out ulong slashes, out ulong lines)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var bytes = Vector512.LoadUnsafe(ref at);
            quotes = Vector512.Equals(bytes, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            slashes = Vector512.Equals(bytes, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();
            lines = Vector512.Equals(bytes, Vector512.Create((byte)'\n')).ExtractMostSignificantBits();
            return;
        }

        var low = Vector256.LoadUnsafe(ref at);
        var high = Vector256.LoadUnsafe(ref at, 32);
        quotes = Mask(low, high, (byte)'"');
        slashes = Mask(low, high, (byte)'\\');
        lines = Mask(low, high, (byte)'\n');
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> low, Vector256<byte> high, byte wanted)
    {
        var all = Vector256.Create(wanted);
        return Vector256.Equals(low, all).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high, all).ExtractMostSignificantBits() << 32);
    }
}
