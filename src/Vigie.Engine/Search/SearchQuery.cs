using System.Collections.Immutable;

namespace Vigie.Engine.Search;

/// <summary>Words that stand one after the other.</summary>
/// <param name="Words">Folded, at least one.</param>
/// <param name="IsBegun">Whether the last of them may go on: <c>army.m</c> finds army.mil.</param>
public sealed record SearchPhrase(ImmutableArray<string> Words, bool IsBegun)
{
    /// <summary>Whether a word of a text is the last word of this phrase, or begins with it where that is allowed.</summary>
    internal bool EndsWith(string word) => IsBegun ? word.StartsWith(Words[^1], StringComparison.Ordinal) : word == Words[^1];
}

/// <summary>
/// What somebody typed into the search box. Blanks part terms, all of which must be there; a term with signs within, such as
/// an address or a path, is a phrase; quotation marks join terms to one. There are no operators: nothing that is typed is an error.
/// </summary>
/// <param name="Phrases">The terms; none where nothing typed has a letter or digit.</param>
public sealed record SearchQuery(ImmutableArray<SearchPhrase> Phrases)
{
    /// <summary>The most characters that are read.</summary>
    public const int MaxLength = 300;

    private const int MaxPhrases = 8;
    private const int MaxWords = 40;

    /// <summary>A single letter at the end would find half of everything: it counts as a word of its own.</summary>
    private const int ShortestBegun = 2;

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => Phrases.IsEmpty;

    /// <summary>Reads what was typed; never fails.</summary>
    public static SearchQuery Parse(string? typed)
    {
        var text = typed ?? "";
        if (text.Length > MaxLength) text = text[..MaxLength];
        var phrases = ImmutableArray.CreateBuilder<SearchPhrase>();
        var left = MaxWords;
        foreach (var (term, isQuoted) in Terms(text))
        {
            if (phrases.Count == MaxPhrases || left == 0) break;
            var words = SearchText.Words(term, left);
            if (words.Count == 0) continue;
            left -= words.Count;
            phrases.Add(new SearchPhrase([.. words.Select(word => word.Text)], !isQuoted && words[^1].Text.Length >= ShortestBegun));
        }

        return new SearchQuery(phrases.ToImmutable());
    }

    /// <summary>Whether every term is in a text.</summary>
    public bool Matches(string text)
    {
        var words = SearchText.Words(text, text.Length);
        return !IsEmpty && Phrases.All(phrase => Places(phrase, words).Any());
    }

    /// <summary>The stretches of a text that terms match, in their order, not touching each other.</summary>
    public IReadOnlyList<(int Start, int End)> Find(string text)
    {
        var words = SearchText.Words(text, text.Length);
        var found = new List<(int Start, int End)>();
        foreach (var (start, end) in Phrases.SelectMany(phrase => Places(phrase, words)).Order())
        {
            if (found.Count > 0 && start < found[^1].End) found[^1] = (found[^1].Start, Math.Max(found[^1].End, end));
            else found.Add((start, end));
        }

        return found;
    }

    private static IEnumerable<(int Start, int End)> Places(SearchPhrase phrase, List<SearchWord> words)
    {
        var last = phrase.Words.Length - 1;
        for (var i = 0; i + last < words.Count; i++)
        {
            var matches = phrase.EndsWith(words[i + last].Text);
            for (var j = 0; matches && j < last; j++) matches = words[i + j].Text == phrase.Words[j];
            if (matches) yield return (words[i].Start, words[i + last].End);
            else if (last == 0 && phrase.IsBegun && phrase.Words[0].Length >= SearchText.MinPart && words[i].Text.Contains(phrase.Words[0], StringComparison.Ordinal)) yield return (words[i].Start, words[i].End);
        }
    }

    private static IEnumerable<(string Term, bool IsQuoted)> Terms(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var isQuoted = text[i] is '"' or '«' or '“';
            var end = i + 1;
            if (isQuoted) while (end < text.Length && text[end] is not ('"' or '»' or '”')) end++;
            else while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            // A quotation that is not closed is still being typed.
            yield return (text[i..Math.Min(end + 1, text.Length)], isQuoted && end < text.Length);
            i = end + 1;
        }
    }
}
