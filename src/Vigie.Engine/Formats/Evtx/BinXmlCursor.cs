using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Vigie.Engine.Formats.Evtx;

/// <summary>Reads binary XML forward within a chunk. A read past the end gives zeros and sets <see cref="Failed"/>: nothing throws.</summary>
internal ref struct BinXmlCursor(ReadOnlySpan<byte> chunk, int position, int end)
{
    private readonly ReadOnlySpan<byte> _chunk = chunk;
    private readonly int _end = Math.Min(end, chunk.Length);

    public int Position { get; private set; } = position;

    public bool Failed { get; private set; } = position < 0 || position > Math.Min(end, chunk.Length);

    public readonly int Remaining => Failed ? 0 : _end - Position;

    public readonly byte Peek => Remaining > 0 ? _chunk[Position] : (byte)0;

    public byte Byte() => Take(1) ? _chunk[Position - 1] : (byte)0;

    public ushort UInt16() => Take(2) ? BinaryPrimitives.ReadUInt16LittleEndian(_chunk[(Position - 2)..]) : (ushort)0;

    public uint UInt32() => Take(4) ? BinaryPrimitives.ReadUInt32LittleEndian(_chunk[(Position - 4)..]) : 0;

    public void Skip(uint count)
    {
        if (count > int.MaxValue || !Take((int)count)) Failed = true;
    }

    /// <summary>The UTF-16 text of so many characters; empty when the chunk ends before.</summary>
    public ReadOnlySpan<char> Text(int characters) =>
        Take(characters * 2) ? MemoryMarshal.Cast<byte, char>(_chunk.Slice(Position - (characters * 2), characters * 2)) : default;

    private bool Take(int count)
    {
        if (Failed || _end - Position < count)
        {
            Failed = true;
            return false;
        }

        Position += count;
        return true;
    }
}
