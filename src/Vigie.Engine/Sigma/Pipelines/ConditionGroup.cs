using System.Collections.Immutable;
using Vigie.Engine.Sigma.Correlation;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>Conditions of one kind, joined by <c>and</c> or <c>or</c>, or by an expression over their names, perhaps negated. None at all hold.</summary>
internal sealed record ConditionGroup<TContext>(ImmutableArray<NamedCondition<TContext>> Conditions, bool Any, bool Negated, TemporalExpression? Expression)
{
    public static ConditionGroup<TContext> None { get; } = new([], false, false, null);

    public bool IsEmpty => Conditions.IsEmpty;

    public bool Holds(TContext context)
    {
        if (IsEmpty) return true;
        var holds = Expression is not null ? Holds(Expression, context)
            : Any ? Conditions.Any(c => c.Holds(context)) : Conditions.All(c => c.Holds(context));
        return holds != Negated;
    }

    private bool Holds(TemporalExpression expression, TContext context) => expression switch
    {
        TemporalExpression.And and => and.Terms.All(t => Holds(t, context)),
        TemporalExpression.Or or => or.Terms.Any(t => Holds(t, context)),
        TemporalExpression.Not not => !Holds(not.Inner, context),
        TemporalExpression.Rule named => Conditions.First(c => c.Name == named.Reference).Holds(context),
        TemporalExpression.Of { All: true } all => Conditions.Where(c => Glob.Matches(all.Pattern, c.Name)).All(c => c.Holds(context)),
        TemporalExpression.Of one => Conditions.Where(c => Glob.Matches(one.Pattern, c.Name)).Any(c => c.Holds(context)),
        _ => false,
    };
}

/// <summary>A condition with the name an expression may call it by; empty in lists.</summary>
internal sealed record NamedCondition<TContext>(string Name, Func<TContext, bool> Holds);

/// <summary>What a rule condition may look at.</summary>
internal sealed record RuleContext(SigmaRule Rule, PipelineRun Run);

/// <summary>What conditions of detection items and field names may look at: one test of one value.</summary>
/// <param name="Leaf">A <see cref="Term.Field"/> or <see cref="Term.Keyword"/>.</param>
/// <param name="Run">The run, for its state.</param>
internal sealed record LeafContext(Term Leaf, PipelineRun Run)
{
    /// <summary>The field's name; null for keywords.</summary>
    public string? Field => (Leaf as Term.Field)?.Name;

    public ValueTest Test => Leaf is Term.Field ofField ? ofField.Test : ((Term.Keyword)Leaf).Test;
}
