using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Watches.Logs;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Logs;

/// <summary>Makes the output findings of correlations, and knows where the events they counted lie.</summary>
internal sealed class CorrelationHits(LoadedRules rules)
{
    // Places are for people only: of more events the earliest told are forgotten.
    private const int MostPlaces = 200_000;

    private readonly Dictionary<string, HitPlace> _places = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Remembers where an event lies.</summary>
    public void Remember(string identity, HitPlace place)
    {
        if (!_places.ContainsKey(identity)) _order.Enqueue(identity);
        _places[identity] = place;
        if (_order.Count > MostPlaces) _places.Remove(_order.Dequeue());
    }

    /// <summary>The finding, with the id the node would give it.</summary>
    public LogHit Of(CorrelationMatch match)
    {
        var finding = LogFindings.Of(match, rules);
        var place = match.Events.Select(e => _places.GetValueOrDefault(e.Identity)).LastOrDefault(found => found is not null);
        return new LogHit
        {
            Id = finding.Id,
            RuleId = match.Rule.Id,
            Titles = match.Rule.Titles,
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
        string N(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
        return [.. match.Group, new("events", N(match.Count)), new("value", N(match.Value)), new("from", LogHit.Text(match.First)!), .. match.Values.Take(20).Select(value => KeyValuePair.Create("values", value))];
    }
}
