using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>Puts terms together.</summary>
public static class Terms
{
    /// <summary>True when one is; the term itself when there is only one.</summary>
    public static Term AnyOf(ImmutableArray<Term> terms) => terms.Length == 1 ? terms[0] : new Term.Or(terms);

    /// <summary>True when all are; the term itself when there is only one.</summary>
    public static Term AllOf(ImmutableArray<Term> terms) => terms.Length == 1 ? terms[0] : new Term.And(terms);

    /// <summary>The term and all that are in it.</summary>
    public static IEnumerable<Term> Within(Term term)
    {
        yield return term;
        var inner = term switch
        {
            Term.And and => and.Terms,
            Term.Or or => or.Terms,
            Term.Not not => [not.Inner],
            Term.Named named => [named.Inner],
            _ => [],
        };
        foreach (var part in inner)
        {
            foreach (var one in Within(part)) yield return one;
        }
    }
}
