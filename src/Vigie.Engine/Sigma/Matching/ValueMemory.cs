using System.Runtime.InteropServices;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Remembers what a literal search found in a value. Logs say the same things again and again (programs, users, hosts),
/// and comparing a value with the one remembered is far cheaper than decoding, folding and searching it once more.
/// Of fixed size: what is new takes the place of what is oldest.
/// </summary>
internal sealed class ValueMemory
{
    /// <summary>Longer values are searched each time.</summary>
    public const int MaxValue = 2048;

    private const int MaxFound = ushort.MaxValue / 8;
    private const int EntryBits = 14;
    private const int RingSize = 1 << 21;

    private static int _searches;

    private readonly Entry[] _entries = new Entry[1 << EntryBits];
    private readonly byte[] _ring = new byte[RingSize];
    private long _head;

    /// <summary>A number no other search of the process has.</summary>
    public static int NewSearch() => Interlocked.Increment(ref _searches);

    /// <summary>Looks a value up.</summary>
    /// <param name="search">Which search.</param>
    /// <param name="kind">How the value is to be read.</param>
    /// <param name="value">Its bytes as they stand in the log.</param>
    /// <param name="key">What <see cref="Store"/> wants to know.</param>
    /// <param name="found">The atoms that the search found in it.</param>
    public bool TryRecall(int search, FieldKind kind, ReadOnlySpan<byte> value, out ulong key, out ReadOnlySpan<int> found)
    {
        key = Hash(value, ((ulong)(uint)search << 8) | (byte)kind);
        ref readonly var entry = ref _entries[key >> (64 - EntryBits)];
        found = default;
        if (entry.Key != key || entry.Search != search || entry.Kind != kind || entry.Length != value.Length || _head - entry.Position > RingSize) return false;
        var stored = _ring.AsSpan((int)(entry.Position & (RingSize - 1)));
        var atoms = entry.Found * sizeof(int);
        if (!stored.Slice(atoms, value.Length).SequenceEqual(value)) return false;
        found = MemoryMarshal.Cast<byte, int>(stored[..atoms]);
        return true;
    }

    /// <summary>Remembers what was found in a value.</summary>
    public void Store(int search, FieldKind kind, ReadOnlySpan<byte> value, ulong key, ReadOnlySpan<int> found)
    {
        if (found.Length > MaxFound) return;
        var atoms = MemoryMarshal.AsBytes(found);
        var size = (atoms.Length + value.Length + 3) & ~3;
        // No entry lies across the end of the ring.
        var room = RingSize - (int)(_head & (RingSize - 1));
        if (room < size) _head += room;
        var target = _ring.AsSpan((int)(_head & (RingSize - 1)), size);
        atoms.CopyTo(target);
        value.CopyTo(target[atoms.Length..]);
        _entries[key >> (64 - EntryBits)] = new Entry(key, _head, search, (ushort)value.Length, (ushort)found.Length, kind);
        _head += size;
    }

    private static ulong Hash(ReadOnlySpan<byte> value, ulong seed)
    {
        var hash = seed ^ ((ulong)value.Length * 0xA0761D6478BD642F);
        while (value.Length >= 16)
        {
            hash = Mix(MemoryMarshal.Read<ulong>(value) ^ hash, MemoryMarshal.Read<ulong>(value[8..]) ^ 0xE7037ED1A0B428DB);
            value = value[16..];
        }

        var (a, b) = (0ul, 0ul);
        if (value.Length >= 8)
        {
            a = MemoryMarshal.Read<ulong>(value);
            b = MemoryMarshal.Read<ulong>(value[^8..]);
        }
        else if (value.Length >= 4)
        {
            a = MemoryMarshal.Read<uint>(value);
            b = MemoryMarshal.Read<uint>(value[^4..]);
        }
        else if (value.Length > 0)
        {
            a = value[0] | ((ulong)value[value.Length / 2] << 8) | ((ulong)value[^1] << 16);
        }

        return Mix(a ^ hash ^ 0x8EBC6AF09C88C6E3, b ^ 0x589965CC75374CC3);
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    // What stands in the ring at Position: the atoms, then the value. Overwritten once the head is a ring's length further.
    private readonly record struct Entry(ulong Key, long Position, int Search, ushort Length, ushort Found, FieldKind Kind);
}
