namespace Vigie.Engine;

/// <summary>A sentence for people, in the two languages every part of Vigie speaks.</summary>
/// <param name="English">The sentence in English; never empty.</param>
/// <param name="French">The same sentence in French; never empty.</param>
public readonly record struct Bilingual(string English, string French)
{
    /// <summary>The sentence in the language of <paramref name="twoLetterCode"/> (ISO 639-1); English unless it is <c>fr</c>.</summary>
    public string In(string twoLetterCode) =>
        string.Equals(twoLetterCode, "fr", StringComparison.OrdinalIgnoreCase) ? French : English;

    /// <summary>A phrase as a sentence of its own: with a capital letter and a full stop.</summary>
    public Bilingual AsSentence() => new(Sentence(English), Sentence(French));

    private static string Sentence(string phrase) =>
        phrase.Length == 0 ? phrase : string.Concat(char.ToUpperInvariant(phrase[0]).ToString(), phrase.AsSpan(1), phrase[^1] is '.' or '!' or '?' ? "" : ".");

    /// <inheritdoc/>
    public override string ToString() => English;
}
