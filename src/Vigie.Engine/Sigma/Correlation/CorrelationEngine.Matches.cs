using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Sigma.Correlation;

/// <content>How what came true is told.</content>
public sealed partial class CorrelationEngine
{
    // A character that stands in no log: values that are counted together stay apart.
    private const char ValueSeparator = '\u001F';

    private CorrelationMatch MatchOf(GroupState state, Firing firing)
    {
        var rule = state.Plan.Rule;
        return new CorrelationMatch
        {
            Id = FindingId.Of(Detector, rule.Id, state.Key, firing.Anchor).Value,
            Rule = rule,
            Group = [.. rule.GroupBy.Zip(state.Values, KeyValuePair.Create)],
            First = new DateTimeOffset(firing.First, TimeSpan.Zero),
            Last = new DateTimeOffset(firing.Last, TimeSpan.Zero),
            Count = firing.Count,
            Value = firing.Value,
            Values = [.. Bounded(firing.Values).Select(v => v.Replace(ValueSeparator.ToString(), ", ", StringComparison.Ordinal))],
            Events = EventsOf(state.Plan, firing),
        };
    }

    private ImmutableArray<CorrelatedEvent> EventsOf(CorrelationPlan plan, Firing firing)
    {
        var events = new List<CorrelatedEvent>();
        foreach (var member in Bounded(firing.Members))
        {
            if (member.Parts.Length > 0) events.AddRange(member.Parts);
            else events.Add(new CorrelatedEvent(plan.Slots[member.Slot].Source.Id, member.Identity, new DateTimeOffset(member.Ticks, TimeSpan.Zero)));
        }

        return [.. Bounded([.. events.Distinct().OrderBy(e => e.Time).ThenBy(e => e.Identity, StringComparer.Ordinal).ThenBy(e => e.Rule, StringComparer.Ordinal)])];
    }

    private IEnumerable<T> Bounded<T>(IReadOnlyList<T> all)
    {
        if (all.Count <= _options.MaxContributors) return all;
        var last = _options.MaxContributors / 2;
        return all.Take(_options.MaxContributors - last).Concat(all.Skip(all.Count - last));
    }
}
