using System.Text;

namespace Vigie.Engine.Sigma.Linting;

/// <summary>A text for each term, the same for terms that mean the same: without names, lines, order and repetition.</summary>
internal static class TermKey
{
    public static string Of(Term term) => term switch
    {
        Term.Named named => Of(named.Inner),
        Term.And and => Join('&', and.Terms.SelectMany(t => Flatten<Term.And>(t, static a => a.Terms))),
        Term.Or or => Join('|', or.Terms.SelectMany(t => Flatten<Term.Or>(t, static o => o.Terms))),
        Term.Not { Inner: var inner } => $"!({Of(inner)})",
        Term.Field field => $"{field.Name}~{Test(field.Test)}",
        Term.Keyword keyword => $"~{Test(keyword.Test)}",
        _ => term.ToString(),
    };

    private static IEnumerable<Term> Flatten<T>(Term term, Func<T, IEnumerable<Term>> inner)
        where T : Term
    {
        while (term is Term.Named named) term = named.Inner;
        return term is T group ? inner(group).SelectMany(t => Flatten(t, inner)) : [term];
    }

    private static string Join(char with, IEnumerable<Term> terms)
    {
        var keys = terms.Select(Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return keys.Count == 1 ? keys[0] : new StringBuilder("(").AppendJoin(with, keys).Append(')').ToString();
    }

    private static string Test(ValueTest test) => test is ValueTest.Text text ? $"{text.Cased}:{(text.Cased ? text.Pattern.ToString() : CaseFolding.Fold(text.Pattern.ToString()))}" : test.ToString();
}
