using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>Pipelines at work on one rule: the state they share, and what has been applied where.</summary>
internal sealed class PipelineRun(SigmaRule original)
{
    private readonly Dictionary<Term, ImmutableHashSet<string>> _applied = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _appliedToRule = new(StringComparer.Ordinal);

    public SigmaRule Rule { get; set; } = original;

    public Dictionary<string, string> State { get; } = new(StringComparer.Ordinal);

    /// <summary>Why the rule cannot be used; null while it can.</summary>
    public Bilingual? Failure { get; private set; }

    public bool WasApplied(string item) => _appliedToRule.Contains(item);

    public bool WasApplied(string item, Term leaf) => _applied.TryGetValue(leaf, out var items) && items.Contains(item);

    public void Fail(string english, string french) => Failure ??= new Bilingual(english, french);

    public void Run(PipelineItem item)
    {
        if (Failure is not null || !item.Rules.Holds(new RuleContext(Rule, this))) return;
        if (item.Id is not null) _appliedToRule.Add(item.Id);
        item.Transformation.Apply(item, this);
    }

    /// <summary>Rewrites every test whose conditions hold. A test that becomes null is taken out of what it stands in.</summary>
    public void Rewrite(PipelineItem item, Func<Term, Term?> rewrite)
    {
        var conditions = Rule.Conditions.Select(c => Rewrite(c, item, rewrite)).ToList();
        if (conditions.Contains(null))
        {
            Fail("nothing is left of a condition", "il ne reste rien d'une condition");
            return;
        }

        Rule = Rule with { Conditions = [.. conditions.OfType<Term>()] };
    }

    /// <summary>Whether the item's conditions on values and field names hold for a test.</summary>
    public bool Chooses(PipelineItem item, Term leaf)
    {
        var context = new LeafContext(leaf, this);
        return item.Values.Holds(context) && item.Fields.Holds(context);
    }

    private Term? Rewrite(Term term, PipelineItem item, Func<Term, Term?> rewrite)
    {
        switch (term)
        {
            case Term.And and: return Join(and, and.Terms, item, rewrite, Terms.AllOf);
            case Term.Or or: return Join(or, or.Terms, item, rewrite, Terms.AnyOf);
            case Term.Not not:
                var negated = Rewrite(not.Inner, item, rewrite);
                return negated is null ? null : ReferenceEquals(negated, not.Inner) ? not : new Term.Not(negated);
            case Term.Named named:
                var inner = Rewrite(named.Inner, item, rewrite);
                return inner is null ? null : ReferenceEquals(inner, named.Inner) ? named : named with { Inner = inner };
            case Term.Field or Term.Keyword:
                return Chooses(item, term) ? Marked(rewrite(term), term, item.Id) : term;
            default: return term;
        }
    }

    private Term? Join(Term whole, ImmutableArray<Term> parts, PipelineItem item, Func<Term, Term?> rewrite, Func<ImmutableArray<Term>, Term> join)
    {
        var rewritten = parts.Select(t => Rewrite(t, item, rewrite)).ToList();
        if (rewritten.Zip(parts).All(p => ReferenceEquals(p.First, p.Second))) return whole;
        ImmutableArray<Term> left = [.. rewritten.OfType<Term>()];
        return left.IsEmpty ? null : join(left);
    }

    // What has been applied to a test has been applied to what it became.
    private Term? Marked(Term? made, Term from, string? id)
    {
        if (made is null) return null;
        var before = _applied.GetValueOrDefault(from) ?? [];
        var after = id is null ? before : before.Add(id);
        if (after.IsEmpty) return made;
        foreach (var leaf in Terms.Within(made).Where(t => t is Term.Field or Term.Keyword)) _applied[leaf] = after;
        return made;
    }
}
