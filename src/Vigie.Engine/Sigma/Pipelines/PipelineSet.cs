using System.Collections.Immutable;
using Vigie.Engine.Sigma.Filters;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>Pipelines one after the other, in order of priority. Immutable; safe for several threads.</summary>
public sealed class PipelineSet
{
    private readonly ImmutableArray<SigmaPipeline> _pipelines;

    /// <summary>Orders pipelines by priority; those of the same priority stay in the order given.</summary>
    public PipelineSet(IEnumerable<SigmaPipeline> pipelines) => _pipelines = [.. pipelines.OrderBy(p => p.Priority)];

    /// <summary>No pipeline: rules stay what they are.</summary>
    public static PipelineSet None { get; } = new([]);

    /// <summary>The pipelines in the order they are applied in.</summary>
    public ImmutableArray<SigmaPipeline> Pipelines => _pipelines;

    /// <summary>The reader's options with the values that pipelines give placeholders; what the options already have stays.</summary>
    public SigmaReaderOptions With(SigmaReaderOptions options)
    {
        var placeholders = options.Placeholders;
        foreach (var (name, values) in _pipelines.SelectMany(p => p.Placeholders).Where(p => !options.Placeholders.ContainsKey(p.Key))) placeholders = placeholders.SetItem(name, values);
        return options with { Placeholders = placeholders };
    }

    /// <summary>The rule as the pipelines make it, or null and why it is refused. The same object when they change nothing.</summary>
    public SigmaRule? Apply(SigmaRule rule, out SigmaProblem? problem)
    {
        problem = null;
        var run = new PipelineRun(rule);
        var changed = new List<string>();
        foreach (var pipeline in _pipelines)
        {
            var before = run.Rule;
            foreach (var item in pipeline.Items) run.Run(item);
            if (run.Failure is { } why)
            {
                problem = new SigmaProblem(rule.File, rule.Line, "pipeline.refused", new Bilingual(
                    $"The pipeline '{pipeline.Name}' refuses the rule: {why.English}.", $"Le pipeline « {pipeline.Name} » refuse la règle : {why.French}."), true);
                return null;
            }

            if (!Same(before, run.Rule)) changed.Add(pipeline.Version);
        }

        return changed.Count == 0 ? rule : run.Rule with { Version = FilterSet.VersionOf(rule, changed) };
    }

    /// <summary>
    /// What a field of a rule's events is called after the pipelines; of several names the first. Correlations group by fields of the
    /// events of several rules, each of which the pipelines may treat differently.
    /// </summary>
    /// <param name="rule">The rule as read, before pipelines.</param>
    /// <param name="field">The field's name in the Sigma taxonomy.</param>
    public string FieldOf(SigmaRule rule, string field)
    {
        // Line 0 is in no file: the question is recognized by it.
        var asked = rule with { Conditions = [.. rule.Conditions, new Term.Field(field, new ValueTest.Exists(true), 0)] };
        return Apply(asked, out _) is { } applied && applied.Conditions.Length == asked.Conditions.Length
            ? Terms.Within(applied.Conditions[^1]).OfType<Term.Field>().FirstOrDefault(f => f.Line == 0)?.Name ?? field
            : field;
    }

    private static bool Same(SigmaRule before, SigmaRule after) =>
        before.Source == after.Source && before.Fields.SequenceEqual(after.Fields, StringComparer.Ordinal) &&
        before.Conditions.Length == after.Conditions.Length && before.Conditions.Zip(after.Conditions).All(p => ReferenceEquals(p.First, p.Second));
}
