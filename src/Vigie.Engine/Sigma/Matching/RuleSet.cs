using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>
/// Rules compiled to be matched together. Immutable and safe for any number of threads; each makes a
/// <see cref="RuleMatcher"/> of its own. What is needed for a class of events is built when the first such event comes.
/// </summary>
public sealed class RuleSet
{
    private readonly Lock _gate = new();
    private readonly (LogSource Source, int[] Rules)[] _bySource;
    private readonly RouteBuilder _builder;
    private readonly RegexTally _tally;
    private readonly RuleTotals _totals;
    private volatile Route?[] _routes = [];

    private RuleSet(ImmutableArray<SigmaRule> rules, RuleSetOptions options)
    {
        Rules = rules;
        Clock = options.Clock;
        _tally = new RegexTally();
        _totals = new RuleTotals(rules.Length);
        var fields = new RuleFields();
        var problems = ImmutableArray.CreateBuilder<RuleProblem>();
        for (var i = 0; i < rules.Length; i++)
        {
            if (!fields.TryAdd(rules[i])) problems.Add(TooDeep(i));
        }

        Problems = problems.ToImmutable();
        Fields = new FieldCatalog(fields.Names.Concat(EventFields.Always).Concat(options.Fields));
        var refused = Problems.Select(p => p.Rule).ToHashSet();
        _bySource = [.. Enumerable.Range(0, rules.Length).Where(i => !refused.Contains(i)).GroupBy(i => rules[i].Source).Select(g => (g.Key, g.ToArray()))];
        _builder = new RouteBuilder(rules, Fields, _tally);
    }

    /// <summary>The rules; a match names its rule by the place here.</summary>
    public ImmutableArray<SigmaRule> Rules { get; }

    /// <summary>Every field that a rule or the flow itself reads (<see cref="EventFields.Always"/>), or that was asked for: the catalog of the records to be matched.</summary>
    public FieldCatalog Fields { get; }

    /// <summary>Rules that match nothing because they cannot be compiled.</summary>
    public ImmutableArray<RuleProblem> Problems { get; }

    /// <summary>How many searches of regular expressions were given up because they took too long.</summary>
    public long RegexTimeouts => _tally.Timeouts;

    internal Func<long>? Clock { get; }

    /// <summary>Compiles rules. Takes a small part of the time that reading them took; never throws because of a rule.</summary>
    public static RuleSet Compile(IEnumerable<SigmaRule> rules, RuleSetOptions? options = null) => new([.. rules], options ?? RuleSetOptions.Default);

    /// <summary>Makes a matcher for the use of one thread at a time.</summary>
    public RuleMatcher CreateMatcher() => new(this);

    /// <summary>What the rule at a place has cost and brought, as far as matchers have published it.</summary>
    public RuleCount CountOf(int rule) => _totals.Of(rule);

    internal RuleTotals Totals => _totals;

    internal Route RouteOf(EventClass events)
    {
        var routes = _routes;
        return (uint)events.Id < (uint)routes.Length && routes[events.Id] is { } route ? route : Build(events);
    }

    private Route Build(EventClass events)
    {
        lock (_gate)
        {
            if (events.Id < _routes.Length && _routes[events.Id] is { } known) return known;
            var rules = _bySource.Where(g => events.Covers(g.Source)).SelectMany(g => g.Rules).Order().ToArray();
            var route = rules.Length == 0 ? Route.Empty : _builder.Build(rules);
            var routes = new Route?[Math.Max(_routes.Length, events.Id + 1)];
            _routes.CopyTo(routes, 0);
            routes[events.Id] = route;
            _routes = routes;
            return route;
        }
    }

    private static RuleProblem TooDeep(int rule) => new(rule, "sigma.too-deep", new Bilingual(
        "The condition is nested more than 200 deep.", "La condition est imbriquée sur plus de 200 niveaux."));
}
