using System.Globalization;
using System.Text;

namespace Vigie.Engine.Search;

/// <summary>A word of a text as it is compared: lower case, without accents.</summary>
/// <param name="Text">The folded word: letters and digits only, at most <see cref="SearchText.MaxWord"/> characters.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where it ends, exclusive.</param>
public readonly record struct SearchWord(string Text, int Start, int End);

/// <summary>
/// Takes texts apart for searching. Words are runs of letters and digits; everything else parts them, so that addresses,
/// domains and paths are phrases of words and are found whole and by part. Ideographs stand alone, since no blanks part them.
/// </summary>
public static class SearchText
{
    /// <summary>The longest word, in characters; what follows is left out. A SHA-512 in hexadecimal digits fits.</summary>
    public const int MaxWord = 128;

    /// <summary>The shortest piece of a word by which it is found from within.</summary>
    public const int MinPart = 3;

    private const int LongestWithParts = 40;

    /// <summary>The words of a text in their order, at most <paramref name="most"/>.</summary>
    public static List<SearchWord> Words(string text, int most)
    {
        var words = new List<SearchWord>();
        var word = new StringBuilder();
        var start = 0;
        for (var i = 0; i < text.Length && words.Count < most;)
        {
            // A lone surrogate is no character: it parts words.
            var valid = Rune.TryGetRuneAt(text, i, out var rune);
            var length = valid ? rune.Utf16SequenceLength : 1;
            if (valid && IsMark(rune) && word.Length > 0)
            {
                i += length;
                continue;
            }

            if (!valid || !Rune.IsLetterOrDigit(rune))
            {
                End(i);
            }
            else
            {
                var stands = IsIdeograph(rune);
                if (stands) End(i);
                if (word.Length == 0) start = i;
                if (word.Length < MaxWord) Fold(rune, word);
                if (stands) End(i + length);
            }

            i += length;
        }

        End(text.Length);
        return words;

        void End(int at)
        {
            if (word.Length == 0) return;
            if (words.Count < most) words.Add(new SearchWord(word.Length <= MaxWord ? word.ToString() : word.ToString(0, MaxWord), start, at));
            word.Clear();
        }
    }

    /// <summary>
    /// What a word ends with, down to <see cref="MinPart"/> characters: a search for the beginning of one of these finds
    /// what lies within the word. None for hashes and other words too long to be read.
    /// </summary>
    public static IEnumerable<string> Parts(string word)
    {
        if (word.Length > LongestWithParts || (word.Length >= 32 && word.All(char.IsAsciiHexDigit))) yield break;
        for (var i = 1; i <= word.Length - MinPart; i++)
        {
            if (!char.IsLowSurrogate(word[i])) yield return word[i..];
        }
    }

    private static void Fold(Rune rune, StringBuilder word)
    {
        if (rune.IsAscii)
        {
            word.Append(char.ToLowerInvariant((char)rune.Value));
            return;
        }

        switch (rune.Value)
        {
            case 'œ' or 'Œ': word.Append("oe"); return;
            case 'æ' or 'Æ': word.Append("ae"); return;
            case 'ß' or 'ẞ': word.Append("ss"); return;
            case 'ø' or 'Ø': word.Append('o'); return;
            case 'ł' or 'Ł': word.Append('l'); return;
            case 'đ' or 'Đ': word.Append('d'); return;
            case 'ı': word.Append('i'); return;
        }

        // Compatibility decomposition: fullwidth and mathematical letters are the plain ones a reader sees.
        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(part)) word.Append(Rune.ToLowerInvariant(part).ToString());
        }
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsIdeograph(Rune rune) => rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
