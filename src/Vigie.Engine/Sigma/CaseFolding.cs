using System.Text;

namespace Vigie.Engine.Sigma;

/// <summary>
/// What "case-insensitive" means in rules: two texts are equal when their folds are. A character folds to the lower case of its
/// upper case, each of the simple mappings of Unicode without a language: <c>Σ</c>, <c>σ</c> and <c>ς</c> are one, <c>É</c> and <c>é</c>
/// are one, <c>ß</c> and <c>ss</c> are not (that would be full folding, which changes lengths and that no log store does).
/// The interpreter, the matcher and the linter all use this.
/// </summary>
public static class CaseFolding
{
    /// <summary>The fold of one character.</summary>
    public static Rune Fold(Rune rune)
    {
        if (rune.IsAscii) return (uint)(rune.Value - 'A') <= 'Z' - 'A' ? new Rune(rune.Value | 0x20) : rune;
        return Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
    }

    /// <summary>The fold of a text.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes()) folded.Append(units[..Fold(rune).EncodeToUtf16(units)]);
        return folded.ToString();
    }

    /// <summary>How long the fold of so many bytes of UTF-8 can become: two bytes can fold to three, one byte that is no UTF-8 becomes three.</summary>
    public static int MaxFoldedLength(int utf8Length) => checked(utf8Length * 3);

    /// <summary>Folds UTF-8; what is no UTF-8 becomes U+FFFD as it does when text is made of it.</summary>
    /// <param name="source">The text.</param>
    /// <param name="target">At least <see cref="MaxFoldedLength"/> long; must not overlap.</param>
    /// <returns>The bytes written.</returns>
    public static int FoldUtf8(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var read = 0;
        var written = 0;
        while (read < source.Length)
        {
            var unit = source[read];
            if (unit < 0x80)
            {
                target[written++] = (uint)(unit - 'A') <= 'Z' - 'A' ? (byte)(unit | 0x20) : unit;
                read++;
                continue;
            }

            _ = Rune.DecodeFromUtf8(source[read..], out var rune, out var taken);
            read += taken;
            written += Fold(rune).EncodeToUtf8(target[written..]);
        }

        return written;
    }
}
