namespace Vigie.Engine;

/// <summary>A sentence for people, in the two languages every part of Vigie speaks.</summary>
/// <param name="English">The sentence in English; never empty.</param>
/// <param name="French">The same sentence in French; never empty.</param>
public readonly record struct Bilingual(string English, string French)
{
    /// <summary>The sentence in the language of <paramref name="twoLetterCode"/> (ISO 639-1); English unless it is <c>fr</c>.</summary>
    public string In(string twoLetterCode) =>
        string.Equals(twoLetterCode, "fr", StringComparison.OrdinalIgnoreCase) ? French : English;

    /// <inheritdoc/>
    public override string ToString() => English;
}
