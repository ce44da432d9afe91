using System.Buffers;
using System.Text;

namespace Vigie.Engine.Sigma.Matching;

/// <summary><see cref="CaseFolding"/> at speed: nearly every value is ASCII.</summary>
internal static class FoldedText
{
    /// <summary>Folds into <paramref name="target"/>, which must have <see cref="CaseFolding.MaxFoldedLength"/> of room unless the value is ASCII.</summary>
    /// <returns>The bytes written, or -1 when there is not enough room.</returns>
    public static int Fold(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var status = Ascii.ToLower(value, target, out var written);
        if (status == OperationStatus.Done) return written;
        if (target.Length < CaseFolding.MaxFoldedLength(value.Length)) return -1;
        return written + CaseFolding.FoldUtf8(value[written..], target[written..]);
    }

    /// <summary>A folded copy.</summary>
    public static byte[] Of(ReadOnlySpan<byte> value)
    {
        var target = new byte[CaseFolding.MaxFoldedLength(value.Length)];
        return target[..Fold(value, target)];
    }
}
