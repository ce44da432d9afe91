using System.Text;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Pipelines;

namespace Vigie.Watches.Logs.Rules;

/// <summary>The pipelines of a selection, and rules as they make them.</summary>
internal sealed class RulePipelines
{
    private readonly PipelineSet _pipelines;

    private RulePipelines(PipelineSet pipelines) => _pipelines = pipelines;

    /// <summary>Reads the files of a selection. One that cannot be read is a problem; rules then run without it, and may look at fields that are not there.</summary>
    public static RulePipelines Load(RuleSelection selection, List<SigmaProblem> problems)
    {
        var pipelines = new List<SigmaPipeline>();
        foreach (var file in selection.Pipelines)
        {
            try
            {
                pipelines.AddRange(SigmaPipelineReader.Read(File.ReadAllText(file, Encoding.UTF8), file, problems));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(new SigmaProblem(file, 1, "file.not-read", new Bilingual($"It is not read: {e.Message}", $"Il n'est pas lu : {e.Message}"), IsError: true));
            }
        }

        return new RulePipelines(new PipelineSet(pipelines));
    }

    /// <summary>The selection with the values that pipelines give placeholders; those of the settings stay.</summary>
    public RuleSelection Extend(RuleSelection selection) => selection with
    {
        Placeholders = _pipelines.With(selection.ReaderOptions).Placeholders.ToDictionary(p => p.Key, p => (IReadOnlyList<string>)p.Value, StringComparer.Ordinal),
    };

    /// <summary>The rules as the pipelines make them, without those they refuse; and the correlations over them.</summary>
    /// <param name="read">The rules as read and filtered: filters are written in the names that rules are written in.</param>
    /// <param name="correlations">The correlations as read.</param>
    /// <param name="problems">Gets what was refused.</param>
    public (List<SigmaRule> Rules, CorrelationSet Correlations) Apply(List<SigmaRule> read, IEnumerable<CorrelationRule> correlations, List<SigmaProblem> problems)
    {
        if (_pipelines.Pipelines.IsEmpty) return (read, CorrelationSet.Create(read, correlations));
        var rules = new List<SigmaRule>(read.Count);
        var originals = new List<SigmaRule>(read.Count);
        foreach (var rule in read)
        {
            if (_pipelines.Apply(rule, out var problem) is { } applied)
            {
                rules.Add(applied);
                originals.Add(rule);
            }
            else
            {
                problems.Add(problem!);
            }
        }

        return (rules, CorrelationSet.Create(rules, correlations, (rule, field) => _pipelines.FieldOf(originals[rule], field)));
    }
}
