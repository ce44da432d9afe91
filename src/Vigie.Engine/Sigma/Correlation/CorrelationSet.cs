using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>
/// Correlation rules with everything they refer to resolved, ready for <see cref="CorrelationEngine"/>. Immutable. What cannot
/// run is left out and reported in <see cref="Problems"/>.
/// </summary>
public sealed class CorrelationSet
{
    private readonly CorrelationSource?[] _sources;
    private readonly bool[] _silenced;

    internal CorrelationSet(CorrelationSource?[] sources, ImmutableArray<CorrelationPlan> plans, ImmutableArray<SilencedRule> silenced, ImmutableArray<SigmaProblem> problems)
    {
        _sources = sources;
        Plans = plans;
        Silenced = silenced;
        Problems = problems;
        Correlations = [.. plans.Select(p => p.Rule)];
        RequiredFields = [.. sources.OfType<CorrelationSource>().SelectMany(s => s.Fields).Distinct(StringComparer.Ordinal)];
        _silenced = new bool[sources.Length];
        foreach (var rule in silenced.Where(s => s.Rule >= 0)) _silenced[rule.Rule] = true;
    }

    /// <summary>No correlation.</summary>
    public static CorrelationSet Empty { get; } = Create([], []);

    /// <summary>The correlations that run, what others are built on first.</summary>
    public ImmutableArray<CorrelationRule> Correlations { get; }

    /// <summary>The fields that must have slots in the catalog: group keys, what aliases stand for, values.</summary>
    public ImmutableArray<string> RequiredFields { get; }

    /// <summary>Rules and correlations that are no findings of their own, because a correlation is built on them and has no <c>generate: true</c>.</summary>
    public ImmutableArray<SilencedRule> Silenced { get; }

    /// <summary>What cannot run and why, and what is doubtful.</summary>
    public ImmutableArray<SigmaProblem> Problems { get; }

    internal ImmutableArray<CorrelationPlan> Plans { get; }

    internal IReadOnlyList<CorrelationSource?> Sources => _sources;

    /// <summary>Resolves correlations against the rules that are loaded.</summary>
    /// <param name="rules">The rules; a rule's place here is the number by which the engine is told of its matches.</param>
    /// <param name="correlations">The correlations, in any order.</param>
    /// <param name="fieldOf">
    /// Where pipelines have renamed fields: what a rule (by its place) calls a field of the Sigma taxonomy; see
    /// <see cref="Pipelines.PipelineSet.FieldOf"/>. Null: nothing was renamed.
    /// </param>
    public static CorrelationSet Create(IReadOnlyList<SigmaRule> rules, IEnumerable<CorrelationRule> correlations, Func<int, string, string>? fieldOf = null) =>
        new CorrelationResolver(rules, [.. correlations], [], fieldOf).Resolve();

    /// <summary>Reads correlation documents and resolves them; what is wrong with a document is among the problems too.</summary>
    /// <param name="rules">As for <see cref="Create"/>.</param>
    /// <param name="documents">As <see cref="SigmaReader"/> hands them on.</param>
    /// <param name="fieldOf">As for <see cref="Create"/>.</param>
    public static CorrelationSet Read(IReadOnlyList<SigmaRule> rules, IEnumerable<SigmaDocument> documents, Func<int, string, string>? fieldOf = null)
    {
        var problems = new List<SigmaProblem>();
        var correlations = documents.Select(d => CorrelationReader.Read(d, problems)).OfType<CorrelationRule>().ToImmutableArray();
        return new CorrelationResolver(rules, correlations, problems, fieldOf).Resolve();
    }

    /// <summary>Whether a correlation reads the matches of a rule: whether the engine needs to be told of them.</summary>
    public bool Reads(int rule) => (uint)rule < (uint)_sources.Length && _sources[rule] is not null;

    /// <summary>The ids of the rules and correlations that a correlation of the set counts, in its order.</summary>
    public ImmutableArray<string> CountedBy(CorrelationRule correlation) =>
        Plans.FirstOrDefault(plan => ReferenceEquals(plan.Rule, correlation)) is { } plan ? [.. plan.Slots.Select(slot => slot.Source.Id)] : [];

    /// <summary>The correlations that count a rule or another correlation, by its id.</summary>
    public ImmutableArray<CorrelationRule> Counting(string id) =>
        [.. Plans.Where(plan => plan.Slots.Any(slot => string.Equals(slot.Source.Id, id, StringComparison.OrdinalIgnoreCase))).Select(plan => plan.Rule)];

    /// <summary>Whether a rule's matches are no findings of their own.</summary>
    public bool IsSilenced(int rule) => (uint)rule < (uint)_silenced.Length && _silenced[rule];

    /// <summary>Whether a correlation's matches are no findings of their own, because another correlation is built on it.</summary>
    public bool IsSilenced(CorrelationRule correlation) =>
        Silenced.Any(s => s.Rule < 0 && string.Equals(s.Id, correlation.Id, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A rule that speaks only through correlations (specification, "Generate").</summary>
/// <param name="Rule">Its place in the rules; -1 for a correlation.</param>
/// <param name="Id">Its id.</param>
/// <param name="Correlation">The correlation because of which.</param>
public readonly record struct SilencedRule(int Rule, string Id, CorrelationRule Correlation);
