using System.Data;
using System.Text;
using Dapper;

namespace Vigie.Store;

/// <summary>
/// Makes every text that is written one that both engines take: PostgreSQL refuses NUL, and UTF-8 has no lone
/// surrogates. Mail and logs contain both, and what a stranger sends must not make a write fail.
/// </summary>
internal sealed class PortableText : SqlMapper.TypeHandler<string>
{
    private const char Replacement = '\uFFFD';

    /// <summary>Puts the replacement in the way of every string parameter; also maps <c>first_seen</c> to <c>FirstSeen</c>.</summary>
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(string));
        SqlMapper.AddTypeHandler(new PortableText());
    }

    public override void SetValue(IDbDataParameter parameter, string? value)
    {
        parameter.DbType = DbType.String;
        parameter.Value = value is null ? DBNull.Value : Clean(value);
    }

    public override string? Parse(object value) => value as string ?? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The text with NUL and lone surrogates replaced by U+FFFD; the same object where there are none.</summary>
    public static string Clean(string text)
    {
        var first = FirstBad(text);
        if (first < 0) return text;

        var clean = new StringBuilder(text);
        for (var i = first; i < clean.Length; i++)
        {
            if (char.IsHighSurrogate(clean[i]) && i + 1 < clean.Length && char.IsLowSurrogate(clean[i + 1])) i++;
            else if (clean[i] == '\0' || char.IsSurrogate(clean[i])) clean[i] = Replacement;
        }

        return clean.ToString();
    }

    private static int FirstBad(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') is var surrogate and >= 0 ? surrogate : text.Length; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return text.IndexOf('\0', 0, i) is var nul and >= 0 ? nul : i;
        }

        return text.IndexOf('\0', StringComparison.Ordinal);
    }
}
