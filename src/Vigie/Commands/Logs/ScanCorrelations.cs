using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Pipeline;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Logs;

/// <summary>A rule's match that correlations count.</summary>
/// <param name="Rule">The rule's place in the set.</param>
/// <param name="Event">What correlations need of the event.</param>
/// <param name="Identity">The event's identity, as the node tells it.</param>
/// <param name="Place">Where it lies.</param>
internal sealed record CorrelatedMatch(int Rule, CapturedEvent Event, string Identity, HitPlace Place);

/// <summary>
/// Correlations over everything that is scanned: they are judged at the end, in the order in which the events happened,
/// whatever files they came from. One thread uses it.
/// </summary>
internal sealed class ScanCorrelations(LoadedRules rules)
{
    private readonly CorrelationEngine _engine = new(rules.Correlations, CorrelationOptions.Whole);
    private readonly CorrelationHits _hits = new(rules);

    /// <summary>What a match brings to correlations; null where none reads it.</summary>
    public static CorrelatedMatch? Of(LoadedRules rules, int rule, EventRecord record, CapturedEvent captured, in LogOrigin origin, HitPlace place)
    {
        if (!rules.Correlations.Reads(rule)) return null;
        var needed = rules.Correlations.RequiredFields;
        var reduced = captured with { Fields = [.. captured.Fields.Where(field => needed.Contains(field.Name))] };
        return new CorrelatedMatch(rule, reduced, LiveCorrelations.IdentityOf(record, origin), place);
    }

    /// <summary>Takes a match in.</summary>
    public void Add(CorrelatedMatch match)
    {
        _hits.Remember(match.Identity, match.Place);
        _engine.Observe(match.Rule, match.Event, match.Identity);
    }

    /// <summary>What has come true, in the order of the engine.</summary>
    public IEnumerable<LogHit> Conclude(Severity atLeast)
    {
        _engine.Complete();
        foreach (var match in _engine.Take())
        {
            if (match.Rule.Level < atLeast || rules.Correlations.IsSilenced(match.Rule)) continue;
            yield return _hits.Of(match);
        }
    }
}
