using System.Buffers;
using System.Collections.Frozen;
using Vigie.Engine;

namespace Vigie.Console;

/// <summary>
/// Which words of a French page are English, so that a screen reader says them as such (WCAG 2.2 §3.1.2). Rules have a title in one
/// language, which for imported ones is English: it stands in both halves of a <see cref="Bilingual"/>, alone or with words of ours
/// behind it ("… on WEB-02", "… sur WEB-02"). Names of people and machines belong to no language; what a French colleague wrote is French.
/// </summary>
internal static class EnglishWords
{
    // A single word may be a name.
    private const int FewestWords = 2;

    private static readonly SearchValues<char> FrenchLetters = SearchValues.Create("àâæçéèêëîïôœùûÿÀÂÆÇÉÈÊËÎÏÔŒÙÛŸ«»");

    // As they are written within a sentence; "DES" is a cipher.
    private static readonly FrozenSet<string> FrenchWords = FrozenSet.Create(
        StringComparer.Ordinal, "au", "aux", "avec", "ce", "ces", "dans", "de", "depuis", "des", "du", "et", "hors", "la", "le", "les", "par", "pour", "qui", "sa", "sans", "ses", "sous", "sur", "un", "une", "vers");

    /// <summary>How many characters at the beginning of the French text are English; 0 for none.</summary>
    public static int Count(Bilingual text)
    {
        var length = text.English.AsSpan().CommonPrefixLength(text.French);
        if (length < text.English.Length || length < text.French.Length) length = Math.Max(0, text.French.AsSpan(0, length).LastIndexOf(' '));
        var shared = text.French.AsSpan(0, length).TrimEnd(" ,:;–");
        return IsEnglish(shared) ? shared.Length : 0;
    }

    private static bool IsEnglish(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny(FrenchLetters)) return false;
        var known = FrenchWords.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (known.Contains(word) || IsElided(word)) return false;
            if (word.IndexOfAnyInRange('a', 'z') >= 0 || word.IndexOfAnyInRange('A', 'Z') >= 0) words++;
        }

        return words >= FewestWords;
    }

    // d’un, l’hôte, qu’il
    private static bool IsElided(ReadOnlySpan<char> word) =>
        word.IndexOfAny('\'', '’') is > 0 and < 3 and var at && at + 1 < word.Length && char.IsLetter(word[at + 1]) && word[0] is 'c' or 'd' or 'l' or 'n' or 'q' or 's' or 'C' or 'D' or 'L' or 'N' or 'Q' or 'S';
}
