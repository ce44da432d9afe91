using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Matching;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Reading;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval.Replay;

/// <summary>One replay of a recorded attack: which, as whom, and when.</summary>
/// <param name="Attack">Its place among the attacks.</param>
/// <param name="Number">Its place among the replays of that attack.</param>
/// <param name="People">See <see cref="Disguise"/>.</param>
/// <param name="Session">See <see cref="Disguise"/>.</param>
/// <param name="Shift">By how much its times are moved.</param>
internal sealed record AttackReplay(int Attack, int Number, string People, string Session, TimeSpan Shift);

/// <summary>A match that correlations count, with the replay it comes from.</summary>
internal sealed record ReplayedMatch(int Rule, CapturedEvent Event, string Identity);

/// <summary>What the rules find in a replay.</summary>
/// <param name="Findings">All findings, without their evidence.</param>
/// <param name="Correlated">What correlations count.</param>
internal sealed record ReplayedFindings(IReadOnlyList<Finding> Findings, IReadOnlyList<ReplayedMatch> Correlated)
{
    /// <summary>Reads and judges a recorded attack in its disguise, as the node would.</summary>
    /// <param name="attack">The attack.</param>
    /// <param name="replay">How it is replayed.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="matcher">For the use of this thread.</param>
    /// <param name="record">For the use of this thread.</param>
    /// <param name="token">Ends it early.</param>
    public static ReplayedFindings Of(RecordedAttack attack, AttackReplay replay, LoadedRules rules, RuleMatcher matcher, EventRecord record, CancellationToken token)
    {
        var findings = new List<Finding>();
        var correlated = new List<ReplayedMatch>();
        foreach (var content in new LogContents(new ContentLimits(), static (_, _) => { }).Open(attack.Path))
        {
            var bytes = new HeadStream(content.Bytes, 1, total: null);
            var disguise = new Disguise(attack.Names, replay.People, replay.Session, replay.Shift, isJson: bytes.Head() is [(byte)'{' or (byte)'[', ..]);
            using var disguised = new DisguisedStream(bytes, disguise);
            using var reader = new ContentReader(content with { Name = $"{attack.Name}#{replay.Number}", Bytes = disguised }, new ReadAs(), static _ => { });
            while (reader.Read(record))
            {
                token.ThrowIfCancellationRequested();
                foreach (var match in matcher.Match(record)) Add(match, reader.Origin("replay"));
            }
        }

        return new ReplayedFindings(findings, correlated);

        void Add(RuleMatch match, in LogOrigin origin)
        {
            if (rules.Correlations.Reads(match.Rule))
            {
                var captured = record.Capture(LogEvidence.MaxValueBytes);
                correlated.Add(new ReplayedMatch(
                    match.Rule,
                    captured with { Fields = [.. captured.Fields.Where(field => rules.Correlations.RequiredFields.Contains(field.Name))] },
                    FindingId.Of("logs.event", "", EventIdentity.Of(record, origin)).Value));
            }

            if (rules.Correlations.IsSilenced(match.Rule)) return;
            findings.Add(LogFindings.Of(rules.Rules[match.Rule], match.Condition, record, origin, attack.First + replay.Shift) with { Evidence = [] });
        }
    }
}
