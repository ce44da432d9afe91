using System.Buffers.Binary;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>A record's place in its chunk.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Id">Its number.</param>
/// <param name="Written">When it was written, a FILETIME.</param>
/// <param name="IsBeyond">Whether it lies beyond the end of records that the chunk states.</param>
/// <param name="Gap">When positive: there is no record here, but so many bytes before the next one, which <see cref="Start"/> is of.</param>
internal readonly record struct EvtxFound(int Start, int Length, ulong Id, long Written, bool IsBeyond, int Gap);

/// <summary>Walks the records of one chunk; where they do not follow each other, looks for the next.</summary>
internal sealed class EvtxRecords
{
    /// <summary>Magic, size, number, time.</summary>
    public const int HeaderSize = 24;

    /// <summary>The size again.</summary>
    public const int FooterSize = 4;

    private LogDiagnostic? _doubt;
    private ulong _highest;
    private int _next;
    private int _end;

    /// <summary>Whether there is a chunk.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How many bytes of the chunk there are.</summary>
    public int Limit { get; private set; }

    /// <summary>Begins a record.</summary>
    public static ReadOnlySpan<byte> Magic => [0x2A, 0x2A, 0x00, 0x00];

    /// <summary>Begins a chunk.</summary>
    /// <param name="chunk">Its bytes.</param>
    /// <param name="first">Where the first record is.</param>
    /// <param name="end">Where the last one ends, as far as is known.</param>
    /// <param name="doubt">What is doubtful about it, to be told with the first event.</param>
    public void Open(ReadOnlySpan<byte> chunk, int first, int end, LogDiagnostic? doubt)
    {
        IsOpen = true;
        Limit = chunk.Length;
        _next = Math.Min(first, Limit);
        _end = end;
        _doubt = doubt;
        _highest = 0;
    }

    /// <summary>The chunk is done.</summary>
    public void Close() => IsOpen = false;

    /// <summary>What is doubtful about the chunk, once.</summary>
    public LogDiagnostic? TakeDoubt()
    {
        var doubt = _doubt;
        _doubt = null;
        return doubt;
    }

    /// <summary>The next record of the chunk, or the gap before it.</summary>
    public bool TryNext(ReadOnlySpan<byte> chunk, out EvtxFound found)
    {
        if (_next >= _end) return TryBeyond(chunk, out found);
        if (!TryAt(chunk, _next, out found))
        {
            var gapStart = _next;
            if (!TrySearch(chunk, _next + 1, out found)) return Tail(chunk, out found);
            _next = found.Start;
            if (HasContent(chunk[gapStart..found.Start]))
            {
                found = found with { Gap = found.Start - gapStart };
                return true;
            }
        }

        _next += found.Length;
        _highest = Math.Max(_highest, found.Id);
        return true;
    }

    // What lies behind the last record is memory nobody cleared, often with records of other logs in it. Only one that
    // goes on where the last ended, with the next number, was written to this log and cut off from its header.
    private bool TryBeyond(ReadOnlySpan<byte> chunk, out EvtxFound found)
    {
        if (_end == 0 || !TryAt(chunk, _next, out found) || found.Id != _highest + 1)
        {
            found = default;
            return false;
        }

        found = found with { IsBeyond = true };
        _next += found.Length;
        _highest++;
        return true;
    }

    private static bool HasContent(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) >= 0;

    // Nothing but the rest; it is a gap when the chunk says there are records.
    private bool Tail(ReadOnlySpan<byte> chunk, out EvtxFound found)
    {
        var gap = HasContent(chunk[_next.._end]) ? _end - _next : 0;
        found = new EvtxFound(_end, 0, 0, 0, false, gap);
        _next = Limit;
        return gap > 0;
    }

    private bool TrySearch(ReadOnlySpan<byte> chunk, int from, out EvtxFound found)
    {
        found = default;
        while (from < _end && chunk[from.._end].IndexOf(Magic) is >= 0 and var at)
        {
            from += at;
            if (TryAt(chunk, from, out found)) return true;
            from++;
        }

        return false;
    }

    // The size stands at both ends of a record; where they differ, the record reaches to the next one.
    private bool TryAt(ReadOnlySpan<byte> chunk, int start, out EvtxFound found)
    {
        found = default;
        if (start > chunk.Length - HeaderSize - FooterSize || !chunk[start..].StartsWith(Magic)) return false;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(start + 4)..]);
        var fits = size >= HeaderSize + FooterSize && size <= chunk.Length - start
            && BinaryPrimitives.ReadUInt32LittleEndian(chunk[(start + (int)size - FooterSize)..]) == size;
        if (!fits && start >= _end) return false;
        var length = fits ? (int)size : Reach(chunk, start);
        found = new EvtxFound(start, length, BinaryPrimitives.ReadUInt64LittleEndian(chunk[(start + 8)..]), BinaryPrimitives.ReadInt64LittleEndian(chunk[(start + 16)..]), false, 0);
        return true;
    }

    private static int Reach(ReadOnlySpan<byte> chunk, int start)
    {
        var next = chunk[(start + HeaderSize)..].IndexOf(Magic);
        return next < FooterSize ? chunk.Length - start : next + HeaderSize;
    }
}
