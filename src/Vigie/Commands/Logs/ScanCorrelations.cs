using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs;
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
    // Places are for people only; beyond this many a correlation names the last file that is remembered.
    private const int MostPlaces = 200_000;

    private readonly CorrelationEngine _engine = new(rules.Correlations, CorrelationOptions.Whole);
    private readonly Dictionary<string, HitPlace> _places = new(StringComparer.Ordinal);

    /// <summary>What a match brings to correlations; null where none reads it.</summary>
    public static CorrelatedMatch? Of(LoadedRules rules, int rule, EventRecord record, CapturedEvent captured, in LogOrigin origin, HitPlace place)
    {
        if (!rules.Correlations.Reads(rule)) return null;
        var needed = rules.Correlations.RequiredFields;
        var reduced = captured with { Fields = [.. captured.Fields.Where(field => needed.Contains(field.Name))] };
        return new CorrelatedMatch(rule, reduced, FindingId.Of("logs.event", "", EventIdentity.Of(record, origin)).Value, place);
    }

    /// <summary>Takes a match in.</summary>
    public void Add(CorrelatedMatch match)
    {
        if (_places.Count < MostPlaces) _places[match.Identity] = match.Place;
        _engine.Observe(match.Rule, match.Event, match.Identity);
    }

    /// <summary>What has come true, in the order of the engine.</summary>
    public IEnumerable<LogHit> Conclude(Severity atLeast)
    {
        _engine.Complete();
        foreach (var match in _engine.Take())
        {
            if (match.Rule.Level < atLeast || rules.Correlations.IsSilenced(match.Rule)) continue;
            yield return HitOf(match);
        }
    }

    private LogHit HitOf(CorrelationMatch match)
    {
        var finding = LogFindings.Of(match, rules);
        var place = match.Events.Select(e => _places.GetValueOrDefault(e.Identity)).LastOrDefault(found => found is not null);
        return new LogHit
        {
            Id = finding.Id,
            RuleId = match.Rule.Id,
            Title = match.Rule.Title,
            Level = match.Rule.Level,
            RuleVersion = match.Rule.Version,
            RuleFile = match.Rule.File,
            Techniques = match.Rule.Techniques,
            Time = match.Last,
            Host = HitBuilder.HostOf(finding.Entities),
            Place = place ?? new HitPlace("", "", 0, null, IsPlain: false),
            Entities = finding.Entities,
            Matched = Matched(match),
        };
    }

    private static ImmutableArray<KeyValuePair<string, string>> Matched(CorrelationMatch match)
    {
        string N(IFormattable number) => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
        return [.. match.Group, new("events", N(match.Count)), new("value", N(match.Value)), new("from", LogHit.Text(match.First)!), .. match.Values.Take(20).Select(value => KeyValuePair.Create("values", value))];
    }
}
