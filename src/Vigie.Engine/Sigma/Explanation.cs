using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma;

/// <summary>Why a rule did or did not hold for an event.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="SourceApplies">Whether the event is of the log source the rule looks at.</param>
/// <param name="Conditions">One explanation per condition of the rule.</param>
public sealed record RuleExplanation(SigmaRule Rule, bool SourceApplies, ImmutableArray<Explanation> Conditions)
{
    /// <summary>Whether the rule fires: the log source applies and one condition holds.</summary>
    public bool Matches => SourceApplies && Conditions.Any(c => c.Holds);
}

/// <summary>The truth of one term for one event, and what it rests on.</summary>
/// <param name="Term">The term.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Parts">The terms in it; every one is evaluated, also where the first would have been enough.</param>
/// <param name="Values">
/// The values that were looked at: all of a field; of a keyword those that passed. Empty when the event has no such field.
/// </param>
/// <param name="Why">A sentence for a person; for terms that hold others, how many of them do.</param>
public sealed record Explanation(Term Term, bool Holds, ImmutableArray<Explanation> Parts, ImmutableArray<CapturedField> Values, Bilingual Why);
