using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Watches.Logs;

/// <summary>Says in a finding that a rule holds for an event, with what made it true.</summary>
internal static class LogFindings
{
    /// <summary>The detector of rules that look at one event.</summary>
    public const string Sigma = "logs.sigma";

    /// <summary>The detector of rules that look at several events.</summary>
    public const string Correlation = "logs.sigma-correlation";

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
            Title = rule.Titles,
            Severity = rule.Level,
            FirstSeen = time,
            LastSeen = time,
            Entities = EventEntities.Of(captured),
            Techniques = rule.Techniques,
            Evidence = [LogEvidence.Of(record, captured, origin, why)],
            Explanation = Explain(rule, origin, why),
        };
    }

    /// <summary>The finding for a correlation that came true.</summary>
    /// <param name="match">What came true.</param>
    /// <param name="rules">The rules it was built on, for their titles.</param>
    public static Finding Of(CorrelationMatch match, LoadedRules rules) => new()
    {
        Id = FindingId.Of(Correlation, match.Rule.Id, match.Id),
        Detector = Correlation,
        Rule = match.Rule.Id,
        RuleVersion = match.Rule.Version,
        Title = match.Rule.Titles,
        Severity = match.Rule.Level,
        FirstSeen = match.First,
        LastSeen = match.Last,
        Entities = EventEntities.Of(new CapturedEvent(match.First, EventClass.Unknown, [.. match.Group.Select(pair => new CapturedField(pair.Key, FieldKind.String, pair.Value))])),
        Techniques = match.Rule.Techniques,
        Evidence = [LogEvidence.Of(match, rules)],
        Explanation = Explain(match),
    };

    /// <summary>The id of what <see cref="Of(SigmaRule, int, EventRecord, in LogOrigin, DateTimeOffset)"/> gives the same for the same event and rule however the event came.</summary>
    public static FindingId IdOf(SigmaRule rule, int condition, EventRecord record, in LogOrigin origin)
    {
        var identity = EventIdentity.Of(record, origin);
        return condition == 0
            ? FindingId.Of(Sigma, rule.Id, identity)
            : FindingId.Of(Sigma, rule.Id, [.. identity, "condition", FindingId.Part(condition)]);
    }

    private static Bilingual Explain(SigmaRule rule, in LogOrigin origin, ImmutableArray<MatchReason> why)
    {
        var where = PlaceOf(rule.File, rule.Line);
        var (reasons, harmless) = (MatchReasons.Sentence(why), FalsePositives(rule));
        return new Bilingual(
            $"An event of {origin.Place} fulfils the rule “{rule.Title}” ({where}): {reasons.English}. {harmless.English}".TrimEnd(),
            $"Un événement de {origin.Place} remplit la règle « {rule.Titles.French} » ({where}) : {reasons.French}. {harmless.French}".TrimEnd());
    }

    // The folder is the same for all; the rule's page has it.
    private static string PlaceOf(string file, int line) => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}:{line}");

    private static Bilingual FalsePositives(SigmaRule rule)
    {
        const int shown = 3;
        var known = rule.HarmlessCauses.Where(cause => !string.Equals(cause.English, "unknown", StringComparison.OrdinalIgnoreCase)).Take(shown).ToList();
        return known.Count == 0 ? new Bilingual("", "") : new Bilingual(
            $"Known harmless causes: {string.Join("; ", known.Select(cause => LogEvidence.Short(cause.English, 120)))}.",
            $"Causes anodines connues : {string.Join(" ; ", known.Select(cause => LogEvidence.Short(cause.French, 120)))}.");
    }

    private static Bilingual Explain(CorrelationMatch match)
    {
        string Group(string open, string close) => string.Join(", ", match.Group.Select(pair => $"{pair.Key} = {open}{LogEvidence.Short(pair.Value, 120)}{close}"));
        var group = match.Group.IsEmpty ? new Bilingual("", "") : new Bilingual($"; in all of them {Group("“", "”")}", $" ; dans tous, {Group("« ", " »")}");
        // Of counted events the value is their number, which is said already.
        var value = match.Value == match.Count ? null : match.Value.ToString("0.###", CultureInfo.InvariantCulture);
        var (first, last) = (match.First.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), match.Last.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        var count = match.Count.ToString(CultureInfo.InvariantCulture);
        var place = PlaceOf(match.Rule.File, match.Rule.Line);
        return new Bilingual(
            $"{count} events from {first} to {last} UTC fulfil the correlation “{match.Rule.Title}” ({place}){group.English}.{(value is null ? "" : $" The value it judges is {value}.")}",
            $"{count} événements du {first} au {last} UTC remplissent la corrélation « {match.Rule.Titles.French} » ({place}){group.French}.{(value is null ? "" : $" La valeur jugée est {value}.")}");
    }
}
