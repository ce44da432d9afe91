using Vigie.Engine.Events;
using Vigie.Engine.Sigma.Matching;
using Vigie.Operations;
using Vigie.Watches.Logs.Context;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>Matches the events of batches with the rules in use. One thread uses it.</summary>
internal sealed class LogMatching(RuleLibrary library, RuleMutes mutes, FindingFold fold, CorrelationState correlations, LogContexts contexts, LogMetrics metrics, ILogger<LogPipeline> log)
{
    private LoadedRules? _rules;
    private EventRecord _record = null!;
    private RuleMatcher _matcher = null!;

    /// <summary>Matches every event of a batch; what it brings goes into <paramref name="group"/>.</summary>
    public void Match(LogBatch batch, LogGroup group)
    {
        // Whatever happens to it, somebody waits for it.
        group.Batches.Add(batch);
        Adopt(library.Current);
        var events = 0L;
        var findings = group.Findings.Count;
        var before = group.Changes;
        DateTimeOffset? last = null;
        contexts.Begin(batch);
        while (batch.Next(_record))
        {
            events++;
            if (_record.Time is { } time && (last is null || time > last)) last = time;
            contexts.See(_record);
            MatchOne(batch, group);
            contexts.Keep(_record);
        }

        contexts.End();

        if (batch.Position(last) is { } position) group.Positions[position.Name] = position.Position;
        if (batch.Delivery is { } delivery && group.Changes != before) group.Deliveries.Add(delivery);
        correlations.Heard(batch.Source.Name, last, batch.Received);
        batch.Source.Count(events, batch.Bytes, group.Findings.Count - findings, last, batch.Received);
    }

    /// <summary>Adds up what rules cost and brought, for those who ask the rule set.</summary>
    public void Publish() => _matcher?.PublishCounts();

    private void MatchOne(LogBatch batch, LogGroup group)
    {
        try
        {
            foreach (var match in _matcher.Match(_record)) Add(match, batch, group);
        }
        // One event must not stop the others: whatever goes wrong with it is a fault of ours, and is said.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.EventNotMatched(e, batch.Source.Name);
            batch.Source.Report(batch.Origin(_record).Place, new Engine.Formats.LogDiagnostic("event.not-matched", _record.Offset, e.GetType().Name));
        }
    }

    private void Add(RuleMatch match, LogBatch batch, LogGroup group)
    {
        var rule = _rules!.Rules[match.Rule];
        var origin = batch.Origin(_record);
        if (_rules.Correlations.Reads(match.Rule)) correlations.Feed(match.Rule, _record, origin, group);
        if (_rules.Correlations.IsSilenced(match.Rule)) return;

        var finding = LogFindings.Of(rule, match.Condition, _record, origin, batch.Received);
        var muted = mutes.IsMuted(rule.Id);
        var stored = fold.Admit(finding);
        group.Count(rule.Id, finding.LastSeen, stored, muted);
        if (stored) group.Add(finding, muted, contexts.Open(finding, _record));
        else metrics.Folded(1);
    }

    private void Adopt(LoadedRules rules)
    {
        if (ReferenceEquals(rules, _rules)) return;
        _matcher?.PublishCounts();
        _rules = rules;
        _record = new EventRecord(rules.Set.Fields);
        _matcher = rules.Set.CreateMatcher();
        correlations.Adopt(rules);
    }
}
