namespace Vigie.Engine.Lookalikes;

/// <summary>Plurals that change two letters; those of one letter are single edits.</summary>
internal static class Plurals
{
    /// <summary>Whether one text is the other with <c>es</c> added, or with <c>ies</c> for <c>y</c>.</summary>
    public static bool AreOfTwo(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        return left.Length < right.Length ? Makes(left, right) : Makes(right, left);
    }

    /// <summary>Whether <see cref="OfTwo"/> gives anything.</summary>
    public static bool HasTwo(ReadOnlySpan<char> text) => TakesEs(text) || (text.Length > 0 && text[^1] == 'y');

    /// <summary>The texts that <see cref="AreOfTwo"/> pairs with this one.</summary>
    public static IEnumerable<string> OfTwo(string text)
    {
        if (TakesEs(text)) yield return text + "es";
        if (text.EndsWith("es", StringComparison.Ordinal) && TakesEs(text.AsSpan(0, text.Length - 2))) yield return text[..^2];
        if (text.EndsWith("ies", StringComparison.Ordinal) && text.Length > 3) yield return text[..^3] + "y";
        if (text.EndsWith('y') && text.Length > 1) yield return text[..^1] + "ies";
    }

    private static bool Makes(ReadOnlySpan<char> singular, ReadOnlySpan<char> plural) => AddsEs(singular, plural) || AddsIes(singular, plural);

    private static bool AddsEs(ReadOnlySpan<char> singular, ReadOnlySpan<char> plural) =>
        plural.Length == singular.Length + 2 && TakesEs(singular) && plural.EndsWith("es", StringComparison.Ordinal) && plural.StartsWith(singular, StringComparison.Ordinal);

    private static bool TakesEs(ReadOnlySpan<char> singular) => singular.Length > 0 && singular[^1] is ('s' or 'x' or 'z' or 'h' or 'o');

    private static bool AddsIes(ReadOnlySpan<char> singular, ReadOnlySpan<char> plural) =>
        plural.Length == singular.Length + 2 && singular.EndsWith("y", StringComparison.Ordinal) && plural.EndsWith("ies", StringComparison.Ordinal)
        && singular.Length > 1 && plural[..^3].SequenceEqual(singular[..^1]);
}
