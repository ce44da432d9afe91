using System.Text;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Which rows of values are the same, missing values included.</summary>
internal static class RowKey
{
    public static string Of(ReadOnlySpan<string?> row)
    {
        var key = new StringBuilder();
        foreach (var value in row)
        {
            if (value is null) key.Append('-');
            else key.Append(value.Length).Append(':').Append(ValueKey.Fold(value));
            key.Append('|');
        }

        return key.ToString();
    }
}
