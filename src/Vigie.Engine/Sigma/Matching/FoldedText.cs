using System.Buffers;
using System.Text;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>Case folding of UTF-8; bytes that are no UTF-8 become U+FFFD, as they do when a value is read as text.</summary>
internal static class FoldedText
{
    /// <summary>The most bytes folding makes of one: an invalid byte becomes U+FFFD.</summary>
    public const int Growth = 3;

    /// <summary>Folds into <paramref name="target"/>, which must have <see cref="Growth"/> times the room unless the value is ASCII.</summary>
    /// <returns>The bytes written, or -1 when there is not enough room.</returns>
    public static int Fold(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var status = Ascii.ToLower(value, target, out var written);
        if (status == OperationStatus.Done) return written;
        if (target.Length < value.Length * Growth) return -1;
        for (var rest = value[written..]; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var taken);
            written += Rune.ToLowerInvariant(rune).EncodeToUtf8(target[written..]);
            rest = rest[taken..];
        }

        return written;
    }

    /// <summary>A folded copy.</summary>
    public static byte[] Of(ReadOnlySpan<byte> value)
    {
        var target = new byte[value.Length * Growth];
        return target[..Fold(value, target)];
    }
}
