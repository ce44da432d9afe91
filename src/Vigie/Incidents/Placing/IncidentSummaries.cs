using System.Collections.Immutable;
using System.Text.Json;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Incidents.Desk;

namespace Vigie.Incidents.Placing;

/// <summary>Turns what is known of an incident into its row: name, score, whom it is about.</summary>
internal sealed class IncidentSummaries(RulePrecision precision, IncidentsSettings settings)
{
    // What an analyst looks for first; a process id says little by itself.
    private static readonly string[] Interest =
    [
        EntityKinds.Host, EntityKinds.User, EntityKinds.Mailbox, EntityKinds.Resource, EntityKinds.Domain, EntityKinds.Ip, EntityKinds.FileHash, EntityKinds.Url, EntityKinds.QueueId, EntityKinds.Process,
    ];

    /// <summary>What the row says.</summary>
    public IncidentSummary Of(IncidentFacts facts)
    {
        var score = ScoreOf(facts);
        return new IncidentSummary(
            IncidentTitle.Of(facts, IncidentTitle.LeadOf(facts, precision.Of)),
            facts.FirstSeen,
            facts.LastSeen,
            facts.Severity,
            score.Value,
            IncidentJson.Of(score.Terms),
            facts.Count,
            facts.Rules.Count,
            facts.Rules.Count == 1 && facts.Rules.Keys.Single() is var (detector, rule) ? $"{detector} {rule}" : null,
            JsonSerializer.Serialize(facts.WatchNames),
            JsonSerializer.Serialize(facts.Techniques),
            IncidentJson.Of(AboutOf(facts)));
    }

    /// <summary>The score, with its terms.</summary>
    public IncidentScore ScoreOf(IncidentFacts facts)
    {
        var (hosts, accounts, watches) = (
            Number(facts, EntityKinds.Host, EntityKinds.Mailbox, EntityKinds.Resource), Number(facts, EntityKinds.User), facts.WatchNames.Count);
        var input = new ScoreInput(
            [.. facts.Rules.OrderBy(rule => rule.Key.Detector, StringComparer.Ordinal).ThenBy(rule => rule.Key.Rule, StringComparer.Ordinal).Select(rule => new RuleEvidence(
                rule.Key.Detector, rule.Key.Rule, rule.Value.Severity, rule.Value.Confidence, precision.Of(rule.Key.Detector, rule.Key.Rule, rule.Value.Severity), rule.Value.Count,
                precision.VotesOf(rule.Key.Detector, rule.Key.Rule).Total, IncidentTitle.Quoted(rule.Value.Lead)))],
            [.. facts.Techniques],
            ImportanceOf(facts.Entities.Keys),
            hosts,
            accounts,
            watches);
        return IncidentScore.Of(input);
    }

    /// <summary>The importance of the most important of these; 1 where none is named in the settings.</summary>
    public double ImportanceOf(IEnumerable<Entity> entities)
    {
        if (settings.Assets.IsEmpty) return 1;
        var named = from entity in entities from asset in settings.Assets where asset.Matches(entity) select asset.Importance;
        return named.DefaultIfEmpty(1).Max();
    }

    private static int Number(IncidentFacts facts, params ReadOnlySpan<string> kinds)
    {
        var number = 0;
        foreach (var entity in facts.Entities.Keys)
        {
            if (kinds.Contains(entity.Kind)) number++;
        }

        return number;
    }

    private static ImmutableArray<IncidentEntity> AboutOf(IncidentFacts facts) =>
    [
        .. facts.Entities
            .Where(pair => pair.Key.Kind != EntityKinds.User || LinkKeys.AccountOf(pair.Key.Value) is not null)
            .OrderBy(pair => Array.IndexOf(Interest, pair.Key.Kind) is >= 0 and var place ? place / 3 : Interest.Length)
            .ThenByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Kind, StringComparer.Ordinal).ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
            .Take(Incident.MaxAbout).Select(pair => new IncidentEntity(pair.Key, pair.Value)),
    ];
}
