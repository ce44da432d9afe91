using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Makes the regular expressions of rules into ones that cannot hang: without backtracking where the expression allows it (time linear in
/// the text) and short enough to be run so, else with a time limit. Case is that of the invariant culture.
/// </summary>
public static class SigmaRegex
{
    /// <summary>The most characters an expression may have.</summary>
    public const int MaxLength = 8192;

    /// <summary>
    /// How long one search with backtracking may take; then the text counts as not matching. Long, because a machine that is
    /// busy or cold must not change what is found; searches without backtracking have no limit, their time is linear.
    /// </summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(2);

    // Without backtracking a repetition counted to 1000 is a thousand states; with it, one loop and a length known beforehand.
    private const int MostCounted = 32;

    /// <summary>The expression, ready to search.</summary>
    /// <param name="test">What the rule asks for.</param>
    /// <param name="limit">How long one search with backtracking may take; <see cref="Limit"/> where it is left out.</param>
    /// <exception cref="ArgumentException">It is malformed; <see cref="Check"/> says so beforehand.</exception>
    public static Regex Create(ValueTest.Regex test, TimeSpan? limit = null)
    {
        var options = Options(test);
        try
        {
            if (!CountsFar(test.Pattern)) return new Regex(test.Pattern, options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            // Look-around, back references and the like need backtracking.
        }

        return new Regex(test.Pattern, options, limit ?? Limit);
    }

    /// <summary>Whether the expression keeps to what can run without backtracking, which is more than the specification's flavor.</summary>
    public static bool IsRegular(ValueTest.Regex test)
    {
        try
        {
            _ = new Regex(test.Pattern, Options(test) | RegexOptions.NonBacktracking);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>What is wrong with the expression, or null when it is well formed.</summary>
    public static string? Check(ValueTest.Regex test)
    {
        if (test.Pattern.Length > MaxLength) return $"longer than {MaxLength} characters";
        try
        {
            _ = new Regex(test.Pattern, Options(test), Limit);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    /// <summary>Whether the expression finds something; false when it takes longer than <see cref="Limit"/>.</summary>
    public static bool IsMatch(Regex regex, ReadOnlySpan<char> text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // Taking what is no repetition for one costs nothing but the guarantee of linear time, and the limit still holds.
    private static bool CountsFar(ReadOnlySpan<char> pattern)
    {
        for (var open = pattern.IndexOf('{'); open >= 0; open = pattern.IndexOf('{'))
        {
            pattern = pattern[(open + 1)..];
            var digits = pattern.IndexOfAnyExceptInRange('0', '9');
            if (digits > 0 && (!int.TryParse(pattern[..digits], out var count) || count > MostCounted)) return true;
            if (digits >= 0 && digits + 1 < pattern.Length && pattern[digits] == ',')
            {
                var most = pattern[(digits + 1)..];
                var end = most.IndexOfAnyExceptInRange('0', '9');
                if (end > 0 && (!int.TryParse(most[..end], out count) || count > MostCounted)) return true;
            }
        }

        return false;
    }

    private static RegexOptions Options(ValueTest.Regex test) =>
        RegexOptions.CultureInvariant
        | (test.IgnoreCase ? RegexOptions.IgnoreCase : 0)
        | (test.MultiLine ? RegexOptions.Multiline : 0)
        | (test.SingleLine ? RegexOptions.Singleline : 0);
}
