using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma;

/// <summary>Where in a value lies what a test asked for, so that a person need not search for it.</summary>
internal static class FoundPassages
{
    /// <summary>The literals of a pattern as a value that matches it has them; empty where the pattern is about the whole value.</summary>
    public static IReadOnlyList<string> Of(TextPattern pattern, bool cased, string value)
    {
        if (pattern.Parts.All(part => part.Kind != PatternPartKind.AnyMany)) return [];
        // Of letters alone: folding that changes the length (CaseFolding) cannot be pointed at and leaves the whole value.
        var comparison = cased ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var found = new List<string>();
        var at = 0;
        for (var i = 0; i < pattern.Parts.Length; i++)
        {
            if (pattern.Parts[i] is not { Kind: PatternPartKind.Literal, Literal: var literal }) continue;
            var place = i > 0 && i == pattern.Parts.Length - 1 && value.EndsWith(literal, comparison) ? value.Length - literal.Length : value.IndexOf(literal, at, comparison);
            if (place < 0) return [];
            found.Add(value.Substring(place, literal.Length));
            at = place + literal.Length;
        }

        return found.Sum(passage => passage.Length) < value.Length ? found : [];
    }

    /// <summary>What a regular expression matches first in a value; empty where that is all of it or nothing.</summary>
    public static IReadOnlyList<string> Of(Regex regex, string value)
    {
        try
        {
            return regex.Match(value) is { Success: true, Length: > 0 } match && match.Length < value.Length ? [match.Value] : [];
        }
        catch (RegexMatchTimeoutException)
        {
            return [];
        }
    }
}
