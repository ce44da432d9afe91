using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>The folded values of one event, each folded once, with room around them so that eight bytes can be read at either end.</summary>
internal sealed class FoldedValues
{
    /// <summary>How many bytes before and behind every value may be read.</summary>
    public const int Room = 8;

    // After one huge event the buffer is given back.
    private const int Keep = 1 << 20;

    private byte[] _buffer = new byte[16 * 1024];
    private int _used = Room;
    private Entry[] _entries = new Entry[256];
    private uint _stamp;

    /// <summary>What <see cref="Locate"/> points into.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Forgets the last event.</summary>
    public void Begin()
    {
        if (_buffer.Length > Keep && _used < Keep) _buffer = new byte[16 * 1024];
        _used = Room;
        if (++_stamp != 0) return;
        Array.Clear(_entries);
        _stamp = 1;
    }

    /// <summary>Where the folded value of a field lies in <see cref="Buffer"/>, which this call may replace.</summary>
    public (int Start, int Length) Locate(EventRecord record, int field)
    {
        if (field >= _entries.Length) Array.Resize(ref _entries, Math.Max(field + 1, _entries.Length * 2));
        ref var entry = ref _entries[field];
        if (entry.Stamp != _stamp) entry = new Entry(_stamp, _used, Add(record.Value(field)));
        return (entry.Start, entry.Length);
    }

    /// <summary>The folded value of a field.</summary>
    public ReadOnlySpan<byte> Of(EventRecord record, int field)
    {
        var (start, length) = Locate(record, field);
        return _buffer.AsSpan(start, length);
    }

    private int Add(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        var length = FoldedText.Fold(value, _buffer.AsSpan(_used, _buffer.Length - _used - Room));
        if (length < 0)
        {
            Reserve(CaseFolding.MaxFoldedLength(value.Length));
            length = FoldedText.Fold(value, _buffer.AsSpan(_used, _buffer.Length - _used - Room));
        }

        _used += length + Room;
        return length;
    }

    private void Reserve(int length)
    {
        if (_buffer.Length - _used - Room < length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + length + Room));
    }

    private readonly record struct Entry(uint Stamp, int Start, int Length);
}
