namespace Vigie.Engine.Sigma.Matching;

/// <summary>A rule that cannot be matched as it stands.</summary>
/// <param name="Rule">The rule's place in <see cref="RuleSet.Rules"/>.</param>
/// <param name="Code">Stable, dotted.</param>
/// <param name="Message">What is wrong, for a person.</param>
public sealed record RuleProblem(int Rule, string Code, Bilingual Message);
