namespace Vigie.Engine.Lookalikes;

/// <summary>Plurals that change two letters; those of one letter are single edits.</summary>
internal static class Plurals
{
    /// <summary>Whether one text is the other with <c>es</c> added, or with <c>ies</c> for <c>y</c>.</summary>
    public static bool AreOfTwo(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        return left.Length < right.Length ? Makes(left, right) : Makes(right, left);
    }

    /// <summary>The texts that <see cref="AreOfTwo"/> pairs with this one.</summary>
    public static IEnumerable<string> OfTwo(string text)
    {
        yield return text + "es";
        if (text.EndsWith("es", StringComparison.Ordinal) && text.Length > 3) yield return text[..^2];
        if (text.EndsWith("ies", StringComparison.Ordinal) && text.Length > 4) yield return text[..^3] + "y";
        if (text.EndsWith('y') && text.Length > 1) yield return text[..^1] + "ies";
    }

    private static bool Makes(ReadOnlySpan<char> singular, ReadOnlySpan<char> plural) => AddsEs(singular, plural) || AddsIes(singular, plural);

    private static bool AddsEs(ReadOnlySpan<char> singular, ReadOnlySpan<char> plural) =>
        plural.Length == singular.Length + 2 && plural.EndsWith("es", StringComparison.Ordinal) && plural.StartsWith(singular, StringComparison.Ordinal);

    private static bool AddsIes(ReadOnlySpan<char> singular, ReadOnlySpan<char> plural) =>
        plural.Length == singular.Length + 2 && singular.EndsWith("y", StringComparison.Ordinal) && plural.EndsWith("ies", StringComparison.Ordinal)
        && plural[..^3].SequenceEqual(singular[..^1]);
}
