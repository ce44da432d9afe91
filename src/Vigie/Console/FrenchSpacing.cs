using System.Buffers;

namespace Vigie.Console;

/// <summary>
/// The spaces that French sets before <c>; : ! ? »</c> and after <c>«</c>, made ones at which no line breaks: narrow before
/// <c>; ! ?</c> and within quotation marks, full before a colon. Texts are written with plain spaces; what stands between
/// straight quotation marks is evidence, and stays as it was.
/// </summary>
internal static class FrenchSpacing
{
    private const char Narrow = '\u202f';
    private const char Full = '\u00a0';

    private static readonly SearchValues<char> Marks = SearchValues.Create(";:!?«»");

    /// <summary>The text as it is set.</summary>
    public static string Set(string text)
    {
        if (!text.AsSpan().ContainsAny(Marks)) return text;
        char[]? set = null;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            if (text[i] != ' ' || quoted) continue;
            var space = Between(i > 0 ? text[i - 1] : '\0', i + 1 < text.Length ? text[i + 1] : '\0');
            if (space != ' ') (set ??= text.ToCharArray())[i] = space;
        }

        return set is null ? text : new string(set);
    }

    private static char Between(char before, char after) => after switch
    {
        ';' or '!' or '?' or '»' => Narrow,
        ':' => Full,
        _ => before == '«' ? Narrow : ' ',
    };
}
