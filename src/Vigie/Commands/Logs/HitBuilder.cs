using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs;

namespace Vigie.Commands.Logs;

/// <summary>Makes the output finding of a match, with the id the node would give it.</summary>
internal static class HitBuilder
{
    // The names under which logs number their records: Windows, winlogbeat, CloudTrail, Kubernetes audit, Okta.
    private static readonly string[] RecordNames = ["EventRecordID", "winlog.record_id", "eventID", "auditID", "uuid"];
    private const int MaxValue = 4096;

    /// <summary>The finding.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="match">Which of its conditions holds.</param>
    /// <param name="record">The event; only read.</param>
    /// <param name="captured">A copy of the event.</param>
    /// <param name="origin">Where the event comes from, for its id.</param>
    /// <param name="format">The format it was read as.</param>
    /// <param name="isPlain">See <see cref="HitPlace.IsPlain"/>.</param>
    public static LogHit Of(SigmaRule rule, RuleMatch match, EventRecord record, CapturedEvent captured, in LogOrigin origin, string format, bool isPlain)
    {
        var entities = EventEntities.Of(captured);
        return new LogHit
        {
            Id = LogFindings.IdOf(rule, match.Condition, record, origin),
            RuleId = rule.Id,
            Titles = rule.Titles,
            Level = rule.Level,
            RuleVersion = rule.Version,
            RuleFile = rule.File,
            Techniques = rule.Techniques,
            Time = record.Time,
            Host = HostOf(entities),
            Place = new HitPlace(origin.Place, format, record.Offset, RecordOf(captured), isPlain),
            Entities = entities,
            Matched = Matched(rule, match, captured),
        };
    }

    /// <summary>The first host among entities.</summary>
    public static string? HostOf(ImmutableArray<Entity> entities) => entities.Where(entity => entity.Kind == EntityKinds.Host).Select(entity => entity.Value).FirstOrDefault();

    private static string? RecordOf(CapturedEvent captured) =>
        RecordNames.Select(name => captured.Named(name).Select(field => field.Value).FirstOrDefault(value => value.Length > 0)).FirstOrDefault(value => value is not null);

    private static ImmutableArray<KeyValuePair<string, string>> Matched(SigmaRule rule, RuleMatch match, CapturedEvent captured) =>
        [.. MatchReasons.Of(rule, match.Condition, captured).Select(reason => KeyValuePair.Create(
            reason.Field.Length == 0 ? "keyword" : reason.Field, reason.Value.Length <= MaxValue ? reason.Value : reason.Value[..MaxValue]))];
}
