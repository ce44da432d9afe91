using System.Buffers;
using System.Buffers.Binary;

namespace Vigie.Watches.Mail.Milter;

/// <summary>What <see cref="PacketReader.Read"/> found at the front of the bytes.</summary>
internal enum PacketStatus
{
    Whole,
    Incomplete,
    Empty,
    TooLong,
}

/// <summary>Cuts the byte stream into packets: a length of 4 bytes, most significant first, that counts command and data.</summary>
internal static class PacketReader
{
    public const int LengthBytes = 4;

    /// <summary>Takes one packet off the front of <paramref name="buffer"/> where it is there whole.</summary>
    /// <param name="buffer">The bytes received; moved past the packet.</param>
    /// <param name="maxData">Most bytes of data in a packet; a longer one is refused as soon as its length is known.</param>
    /// <param name="command">The packet's first byte.</param>
    /// <param name="data">The rest, valid as long as the buffer.</param>
    public static PacketStatus Read(ref ReadOnlySequence<byte> buffer, int maxData, out MilterCommand command, out ReadOnlySequence<byte> data)
    {
        command = default;
        data = default;
        if (buffer.Length < LengthBytes) return PacketStatus.Incomplete;

        Span<byte> prefix = stackalloc byte[LengthBytes];
        buffer.Slice(0, LengthBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length == 0) return PacketStatus.Empty;
        if (length > (uint)maxData + 1) return PacketStatus.TooLong;
        if (buffer.Length < LengthBytes + length) return PacketStatus.Incomplete;

        var packet = buffer.Slice(LengthBytes, length);
        command = (MilterCommand)packet.FirstSpan[0];
        data = packet.Slice(1);
        buffer = buffer.Slice(packet.End);
        return PacketStatus.Whole;
    }
}
