using System.Globalization;
using Vigie.Engine.Sigma;

namespace Vigie.Commands.Eval;

/// <summary>
/// Makes many rules of few: copies that look at the same events and fields for other texts of the same kind. Of each text
/// about one letter in six is another one; numbers, expressions and networks stay as they are.
/// </summary>
internal static class RuleCopies
{
    private const int Letters = 26;
    private const int LettersPerChange = 6;
    private const int ShortestChanged = 3;

    /// <summary>The rules, and <paramref name="times"/> - 1 changed copies of each.</summary>
    public static IEnumerable<SigmaRule> Of(IReadOnlyCollection<SigmaRule> rules, int times)
    {
        foreach (var rule in rules) yield return rule;
        for (var copy = 1; copy < times; copy++)
        {
            var random = new Random(copy);
            foreach (var rule in rules)
            {
                var suffix = copy.ToString(CultureInfo.InvariantCulture);
                yield return rule with { Id = $"{rule.Id}-{suffix}", Title = $"{rule.Title} {suffix}", Conditions = [.. rule.Conditions.Select(term => Changed(term, random))] };
            }
        }
    }

    private static Term Changed(Term term, Random random) => term switch
    {
        Term.And and => new Term.And([.. and.Terms.Select(inner => Changed(inner, random))]),
        Term.Or or => new Term.Or([.. or.Terms.Select(inner => Changed(inner, random))]),
        Term.Not not => new Term.Not(Changed(not.Inner, random)),
        Term.Named named => named with { Inner = Changed(named.Inner, random) },
        Term.Field field => field with { Test = Changed(field.Test, random) },
        Term.Keyword keyword => keyword with { Test = Changed(keyword.Test, random) },
        _ => term,
    };

    private static ValueTest Changed(ValueTest test, Random random) => test is ValueTest.Text text
        ? text with { Pattern = new TextPattern([.. text.Pattern.Parts.Select(part => part.Kind == PatternPartKind.Literal ? PatternPart.Of(Changed(part.Literal, random)) : part)]) }
        : test;

    private static string Changed(string literal, Random random)
    {
        var letters = Enumerable.Range(0, literal.Length).Where(i => char.IsAsciiLetter(literal[i])).ToArray();
        if (letters.Length < ShortestChanged) return literal;
        var changed = literal.ToCharArray();
        for (var i = 0; i <= letters.Length / LettersPerChange; i++) changed[letters[random.Next(letters.Length)]] = (char)('a' + random.Next(Letters));
        return new string(changed);
    }
}
