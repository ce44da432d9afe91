namespace Vigie.Engine.Sigma.Matching;

/// <summary>A rule that an event fulfils.</summary>
/// <param name="Rule">The rule's place in <see cref="RuleSet.Rules"/>.</param>
/// <param name="Condition">Which of its conditions is true; each is a match of its own.</param>
public readonly record struct RuleMatch(int Rule, int Condition);
