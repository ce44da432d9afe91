namespace Vigie.Engine.Sigma.Matching;

/// <summary>What a rule has cost and brought so far.</summary>
/// <param name="Evaluated">How many events it was evaluated for; all others were ruled out by what its literals need.</param>
/// <param name="Matched">How many of them fulfilled it.</param>
/// <param name="Cost">Ticks of <see cref="RuleSetOptions.Clock"/> spent evaluating it; 0 without a clock.</param>
public readonly record struct RuleCount(long Evaluated, long Matched, long Cost);
