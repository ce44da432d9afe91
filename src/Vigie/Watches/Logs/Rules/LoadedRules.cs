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
    private readonly Dictionary<string, SigmaRule> _byId = Set.Rules.ToDictionary(rule => rule.Id, StringComparer.OrdinalIgnoreCase);

    /// <summary>No rules.</summary>
    public static LoadedRules None { get; } = new(RuleSet.Compile([]), CorrelationSet.Empty, [], 0, "");

    /// <summary>The rules; a match names its rule by the place here.</summary>
    public ImmutableArray<SigmaRule> Rules => Set.Rules;

    /// <summary>The rule with an id, or null.</summary>
    public SigmaRule? Find(string id) => _byId.GetValueOrDefault(id);
}
