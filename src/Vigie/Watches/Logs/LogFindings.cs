using System.Collections.Immutable;
using Vigie.Engine;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs;

/// <summary>Says in a finding that a rule holds for an event, with what made it true.</summary>
internal static class LogFindings
{
    /// <summary>The detector of rules that look at one event.</summary>
    public const string Sigma = "logs.sigma";

    /// <summary>The finding for a match.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="condition">Which of its conditions is true, from 0.</param>
    /// <param name="record">The event; only read.</param>
    /// <param name="origin">Where it was read.</param>
    /// <param name="received">When it came, for events that do not say when they happened.</param>
    public static Finding Of(SigmaRule rule, int condition, EventRecord record, in LogOrigin origin, DateTimeOffset received)
    {
        var captured = record.Capture(LogEvidence.MaxValueBytes);
        var why = MatchReasons.Of(rule, condition, captured);
        var time = record.Time ?? received;
        return new Finding
        {
            Id = IdOf(rule, condition, record, origin),
            Detector = Sigma,
            Rule = rule.Id,
            RuleVersion = rule.Version,
            Title = new Bilingual(rule.Title, rule.Title),
            Severity = rule.Level,
            FirstSeen = time,
            LastSeen = time,
            Entities = EventEntities.Of(captured),
            Techniques = rule.Techniques,
            Evidence = [LogEvidence.Of(record, captured, origin, why)],
            Explanation = Explain(rule, origin, why),
        };
    }

    /// <summary>The id of <see cref="Of"/>: the same for the same event and rule however the event came.</summary>
    public static FindingId IdOf(SigmaRule rule, int condition, EventRecord record, in LogOrigin origin)
    {
        var identity = EventIdentity.Of(record, origin);
        return condition == 0
            ? FindingId.Of(Sigma, rule.Id, identity)
            : FindingId.Of(Sigma, rule.Id, [.. identity, "condition", FindingId.Part(condition)]);
    }

    private static Bilingual Explain(SigmaRule rule, in LogOrigin origin, ImmutableArray<MatchReason> why)
    {
        var where = $"{rule.File}:{rule.Line}";
        var reasons = MatchReasons.Sentence(why);
        return new Bilingual(
            $"An event of {origin.Place} fulfils the rule \"{rule.Title}\" ({where}): {reasons.English}. {FalsePositives(rule, "Known harmless causes")}".TrimEnd(),
            $"Un événement de {origin.Place} remplit la règle « {rule.Title} » ({where}) : {reasons.French}. {FalsePositives(rule, "Causes anodines connues")}".TrimEnd());
    }

    private static string FalsePositives(SigmaRule rule, string heading)
    {
        const int shown = 3;
        var known = rule.FalsePositives.Where(text => !string.Equals(text, "unknown", StringComparison.OrdinalIgnoreCase)).Take(shown).ToList();
        return known.Count == 0 ? "" : $"{heading}: {string.Join("; ", known.Select(text => LogEvidence.Short(text, 120)))}.";
    }
}
