using System.Text;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Which values are the same: as everywhere in Sigma, case does not matter ("All values are treated as case-insensitive strings").</summary>
internal static class ValueKey
{
    // Nothing is copied of what is lower case already.
    public static string Fold(string value) => Ascii.IsValid(value) ? value.ToLowerInvariant() : CaseFolding.Fold(value);

    /// <summary>Several values as one: no two different lists give the same text.</summary>
    public static string Join(ReadOnlySpan<string> values)
    {
        if (values.Length == 1) return Fold(values[0]);
        var key = new StringBuilder();
        foreach (var value in values)
        {
            var folded = Fold(value);
            key.Append(folded.Length).Append(':').Append(folded).Append('|');
        }

        return key.ToString();
    }
}
