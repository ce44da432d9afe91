using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>What a score is computed from.</summary>
/// <param name="Rules">One entry for each rule that spoke, with how often.</param>
/// <param name="Techniques">ATT&amp;CK techniques of all findings.</param>
/// <param name="Importance">The importance of the most important asset concerned, 1 where none is named in the settings; in [0.5, 2].</param>
/// <param name="Hosts">How many hosts, mailboxes and resources it is about.</param>
/// <param name="Accounts">How many accounts.</param>
/// <param name="Watches">How many watches saw it.</param>
public sealed record ScoreInput(ImmutableArray<RuleEvidence> Rules, ImmutableArray<string> Techniques, double Importance, int Hosts, int Accounts, int Watches);

/// <summary>What one rule said within an incident.</summary>
/// <param name="Detector">Whose rule.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">The gravest of its findings.</param>
/// <param name="Confidence">The highest calibrated confidence; null where none was given.</param>
/// <param name="Precision">How often it was right, from verdicts and a prior; in (0, 1).</param>
/// <param name="Count">How many findings.</param>
public sealed record RuleEvidence(string Detector, string Rule, Severity Severity, double? Confidence, double Precision, int Count);

/// <summary>One summand of a score, with what it stands for.</summary>
/// <param name="Name">A stable name: <c>evidence</c>, <c>importance</c>, <c>progress</c>, <c>spread</c>.</param>
/// <param name="Points">What it contributes, may be negative.</param>
/// <param name="Why">In words, with the figures it was computed from.</param>
public sealed record ScoreTerm(string Name, double Points, Bilingual Why);

/// <summary>A score from 0 to 100 and the terms that add up to it.</summary>
public sealed record IncidentScore(double Value, ImmutableArray<ScoreTerm> Terms);
