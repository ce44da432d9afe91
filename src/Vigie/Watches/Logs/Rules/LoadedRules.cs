using System.Collections.Immutable;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Watches.Logs.Rules;

/// <summary>Rules that were read and compiled together; immutable, replaced as a whole.</summary>
/// <param name="Set">The compiled rules.</param>
/// <param name="Correlations">The correlations, resolved against the rules.</param>
/// <param name="Problems">What is wrong with the files, each with its file and line: nothing is left out in silence.</param>
/// <param name="Files">How many files were read.</param>
/// <param name="Fingerprint">Changes when a file does.</param>
internal sealed record LoadedRules(RuleSet Set, CorrelationSet Correlations, ImmutableArray<SigmaProblem> Problems, int Files, string Fingerprint)
{
    private readonly Dictionary<string, SigmaHeader> _byId = ByIdOf(Set, Correlations);
    private readonly HashSet<string> _onlyCounted = Correlations.Silenced.Select(silenced => silenced.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>No rules.</summary>
    public static LoadedRules None { get; } = new(RuleSet.Compile([]), CorrelationSet.Empty, [], 0, "");

    /// <summary>The rules; a match names its rule by the place here.</summary>
    public ImmutableArray<SigmaRule> Rules => Set.Rules;

    /// <summary>Everything that can raise a finding: the rules, then the correlations.</summary>
    public IEnumerable<SigmaHeader> All => [.. Rules, .. Correlations.Correlations];

    /// <summary>The rule or correlation with an id, or null; of both the rule.</summary>
    public SigmaHeader? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether what a rule or correlation matches is only counted by correlations, and no finding of its own.</summary>
    public bool IsOnlyCounted(SigmaHeader rule) => _onlyCounted.Contains(rule.Id);

    private static Dictionary<string, SigmaHeader> ByIdOf(RuleSet set, CorrelationSet correlations)
    {
        var byId = set.Rules.ToDictionary(rule => rule.Id, rule => (SigmaHeader)rule, StringComparer.OrdinalIgnoreCase);
        foreach (var correlation in correlations.Correlations) byId.TryAdd(correlation.Id, correlation);
        return byId;
    }
}
