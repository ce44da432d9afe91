using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval.Replay;

/// <summary>A finding and the replay it belongs to: what is true of it.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Replay">The place of its replay in the plan; negative for noise.</param>
internal sealed record TrueFinding(Finding Finding, int Replay);

/// <summary>Reads, renames, shifts and judges replays, several at once.</summary>
internal static class JudgedReplays
{
    /// <summary>The findings of all replays, as if their events had come interleaved, in the order of time.</summary>
    public static IReadOnlyList<TrueFinding> Of(IReadOnlyList<RecordedAttack> attacks, IReadOnlyList<AttackReplay> plan, LoadedRules rules, IProgress<double> progress, CancellationToken token)
    {
        var judged = new ReplayedFindings[plan.Count];
        var done = 0;
        Parallel.For(
            0,
            plan.Count,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = token },
            () => (Matcher: rules.Set.CreateMatcher(), Record: new EventRecord(rules.Set.Fields)),
            (i, _, mine) =>
            {
                judged[i] = ReplayedFindings.Of(attacks[plan[i].Attack], plan[i], rules, mine.Matcher, mine.Record, token);
                progress.Report((double)Interlocked.Increment(ref done) / plan.Count);
                return mine;
            },
            static _ => { });
        return
        [
            .. judged.SelectMany((replay, i) => replay.Findings.Select(finding => new TrueFinding(finding, i)))
                .Concat(Correlations(judged, rules))
                // A log may hold an event twice; the store keeps its finding once.
                .DistinctBy(finding => finding.Finding.Id)
                .OrderBy(finding => finding.Finding.LastSeen).ThenBy(finding => finding.Finding.Id.Value, StringComparer.Ordinal),
        ];
    }

    // Correlations see the events of all replays together, as they would in a node.
    private static IEnumerable<TrueFinding> Correlations(ReplayedFindings[] judged, LoadedRules rules)
    {
        var engine = new CorrelationEngine(rules.Correlations, CorrelationOptions.Whole);
        var replayOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < judged.Length; i++)
        {
            foreach (var match in judged[i].Correlated)
            {
                replayOf[match.Identity] = i;
                engine.Observe(match.Rule, match.Event, match.Identity);
            }
        }

        engine.Complete();
        foreach (var match in engine.Take())
        {
            if (rules.Correlations.IsSilenced(match.Rule)) continue;
            var most = match.Events.GroupBy(e => replayOf.GetValueOrDefault(e.Identity, -1)).OrderByDescending(g => g.Count()).FirstOrDefault();
            if (most is { Key: >= 0 }) yield return new TrueFinding(LogFindings.Of(match, rules) with { Evidence = [] }, most.Key);
        }
    }
}
