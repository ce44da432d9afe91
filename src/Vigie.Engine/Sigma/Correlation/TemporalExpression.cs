using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// The condition of a temporal correlation as a sentence over rule names: <c>rule_a and not rule_b</c>
/// (extended temporal conditions, specification 2.2).
/// </summary>
public abstract record TemporalExpression
{
    private TemporalExpression()
    {
    }

    /// <summary>Both or all hold.</summary>
    public sealed record And(ImmutableArray<TemporalExpression> Terms) : TemporalExpression;

    /// <summary>At least one holds.</summary>
    public sealed record Or(ImmutableArray<TemporalExpression> Terms) : TemporalExpression;

    /// <summary>It does not hold.</summary>
    public sealed record Not(TemporalExpression Inner) : TemporalExpression;

    /// <summary>The rule matched within the time frame.</summary>
    public sealed record Rule(string Reference) : TemporalExpression;

    /// <summary><c>1 of recon_*</c>, <c>all of them</c>.</summary>
    /// <param name="All">All of them, or one.</param>
    /// <param name="Pattern">With <c>*</c> for any text; <c>*</c> alone for <c>them</c>.</param>
    public sealed record Of(bool All, string Pattern) : TemporalExpression;

    /// <summary>Whether something in it must be absent, so that only a complete window can be judged.</summary>
    public bool HasNegation => this switch
    {
        And and => and.Terms.Any(t => t.HasNegation),
        Or or => or.Terms.Any(t => t.HasNegation),
        Not => true,
        _ => false,
    };

    /// <summary>The references in the order they are first written.</summary>
    public IEnumerable<string> References => this switch
    {
        And and => and.Terms.SelectMany(t => t.References).Distinct(StringComparer.Ordinal),
        Or or => or.Terms.SelectMany(t => t.References).Distinct(StringComparer.Ordinal),
        Not not => not.Inner.References,
        Rule rule => [rule.Reference],
        _ => [],
    };
}
