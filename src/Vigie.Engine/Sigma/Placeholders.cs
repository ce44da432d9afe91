using System.Collections.Immutable;
using System.Text;

namespace Vigie.Engine.Sigma;

/// <summary>Replaces <c>%name%</c> in values with <c>expand</c> (specification, "Placeholders"): every combination of the placeholders' values.</summary>
internal sealed class Placeholders(ImmutableDictionary<string, ImmutableArray<string>> values)
{
    /// <summary>The most values one value may become.</summary>
    public const int MaxValues = 10_000;

    /// <summary>The most characters they may have together.</summary>
    public const int MaxLength = 8_000_000;

    /// <summary>What <paramref name="written"/> becomes.</summary>
    /// <param name="written">The value as the rule has it.</param>
    /// <param name="convert">Makes a placeholder's value fit its surroundings.</param>
    /// <param name="missing">The first placeholder that has no value; then the result is empty.</param>
    public List<string> Expand(string written, Func<string, string> convert, out string? missing)
    {
        missing = null;
        List<string> made = [""];
        foreach (var (text, name) in Split(written))
        {
            if (name is null)
            {
                made = made.ConvertAll(begun => begun + text);
                continue;
            }

            if (!values.TryGetValue(name, out var replacements) || replacements.Length == 0)
            {
                missing = name;
                return [];
            }

            if ((long)made.Count * replacements.Length > MaxValues)
                throw new SigmaValueException("value.too-many", new Bilingual($"its placeholders make more than {MaxValues} values", $"ses paramètres donnent plus de {MaxValues} valeurs"));
            if ((long)made.Count * replacements.Length * (written.Length + replacements.Max(r => r.Length)) > MaxLength)
                throw new SigmaValueException("value.too-many", new Bilingual("its placeholders make it too long", "ses paramètres la rendent trop longue"));
            made = [.. made.SelectMany(begun => replacements.Select(r => begun + convert(r)))];
        }

        return made;
    }

    private static IEnumerable<(string Text, string? Name)> Split(string written)
    {
        var text = new StringBuilder();
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] == '\\' && i + 1 < written.Length && written[i + 1] is '%' or '\\')
            {
                // An escaped percent sign loses its backslash, everything else keeps it for the reading of wildcards.
                if (written[++i] == '\\') text.Append('\\');
                text.Append(written[i]);
            }
            else if (written[i] == '%' && NameAt(written, i) is { } name)
            {
                yield return (text.ToString(), null);
                text.Clear();
                yield return ("", name);
                i += name.Length + 1;
            }
            else
            {
                text.Append(written[i]);
            }
        }

        yield return (text.ToString(), null);
    }

    private static string? NameAt(string written, int percent)
    {
        var end = written.IndexOf('%', percent + 1);
        if (end <= percent + 1) return null;
        var name = written[(percent + 1)..end];
        return name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') ? name : null;
    }
}
