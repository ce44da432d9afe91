using System.Globalization;

namespace Vigie.Engine.Sigma;

/// <summary>When the text of a field counts as a number for <c>lt</c>, <c>lte</c>, <c>gt</c> and <c>gte</c>.</summary>
public static class FieldNumber
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads decimal notation with an optional sign, point and exponent, without blanks; up to about 7.9e28 on both sides of zero.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out decimal value) => decimal.TryParse(utf8, Style, CultureInfo.InvariantCulture, out value);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out decimal)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value) => decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out value);

    /// <summary>Whether <paramref name="left"/> compares so with <paramref name="right"/>.</summary>
    public static bool Holds(decimal left, Comparison comparison, decimal right) => comparison switch
    {
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        Comparison.GreaterOrEqual => left >= right,
        _ => left == right,
    };
}
