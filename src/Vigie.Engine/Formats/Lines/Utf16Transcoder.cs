using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Vigie.Engine.Formats.Lines;

/// <summary>
/// Turns UTF-16 that arrives in pieces into UTF-8. Pieces may end within a character or a byte pair; what is no character becomes U+FFFD.
/// Not safe for use by several threads.
/// </summary>
/// <param name="encoding">One of the UTF-16 encodings; the byte order mark, if any, must have been taken off.</param>
public sealed class Utf16Transcoder(TextEncoding encoding)
{
    private readonly char[] _units = new char[2048];

    /// <summary>The most bytes that <see cref="Transcode"/> writes for a piece.</summary>
    public static int MaxBytes(int pieceLength) => (pieceLength / 2 + 2) * 3;

    /// <summary>Transcodes as much as can be.</summary>
    /// <param name="piece">The bytes at hand.</param>
    /// <param name="target">Takes UTF-8; when it is full, the rest of the piece is left.</param>
    /// <param name="isFinal">Whether nothing follows the piece: half a character then becomes U+FFFD.</param>
    /// <param name="consumed">The bytes done with; what remains, at most three bytes when the target was large enough, must be given again with what follows.</param>
    /// <returns>The bytes written.</returns>
    public int Transcode(ReadOnlySpan<byte> piece, Span<byte> target, bool isFinal, out int consumed)
    {
        consumed = 0;
        var written = 0;
        while (piece.Length - consumed >= 2)
        {
            var rest = piece[consumed..];
            var count = Math.Min(rest.Length / 2, _units.Length);
            Load(rest[..(count * 2)]);
            var isLast = isFinal && count * 2 >= rest.Length - 1;
            var status = Utf8.FromUtf16(_units.AsSpan(0, count), target[written..], out var read, out var bytes, replaceInvalidSequences: true, isFinalBlock: isLast);
            consumed += read * 2;
            written += bytes;
            if (status == OperationStatus.DestinationTooSmall || read == 0) return written;
        }

        if (isFinal && piece.Length - consumed == 1 && target.Length - written >= 3)
        {
            "\uFFFD"u8.CopyTo(target[written..]);
            written += 3;
            consumed++;
        }

        return written;
    }

    private void Load(ReadOnlySpan<byte> bytes)
    {
        var units = MemoryMarshal.Cast<byte, ushort>(bytes);
        var target = MemoryMarshal.Cast<char, ushort>(_units.AsSpan(0, units.Length));
        if (encoding == TextEncoding.Utf16BigEndian) BinaryPrimitives.ReverseEndianness(units, target);
        else units.CopyTo(target);
    }
}
