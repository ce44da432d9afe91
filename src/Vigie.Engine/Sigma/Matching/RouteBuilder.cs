using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Matching;

/// <summary>Makes routes. Not safe for several threads; the set calls it under its lock.</summary>
internal sealed class RouteBuilder(ImmutableArray<SigmaRule> rules, FieldCatalog fields, RegexTally tally)
{
    // The same expression is built once, for whatever routes need it.
    private readonly Dictionary<ValueTest.Regex, RegexSearch> _regexes = [];

    private readonly Dictionary<string, KeywordFilter?> _filters = new(StringComparer.Ordinal);

    /// <summary>The route of these rules, given by their places in the set.</summary>
    public Route Build(IReadOnlyList<int> chosen)
    {
        var atoms = new AtomTable(fields, Regex);
        var conditions = new List<(int Rule, int Condition, Expression Expression)>();
        foreach (var rule in chosen)
        {
            for (var i = 0; i < rules[rule].Conditions.Length; i++)
            {
                var expression = atoms.Express(rules[rule].Conditions[i]);
                if (expression.Kind != ExpressionKind.False) conditions.Add((rule, i, expression));
            }
        }

        return conditions.Count == 0 ? Route.Empty : Assemble(conditions, atoms);
    }

    private Route Assemble(List<(int Rule, int Condition, Expression Expression)> conditions, AtomTable atoms)
    {
        var writer = new NodeWriter(atoms);
        var triggers = new Triggers(atoms);
        var units = new Unit[conditions.Count];
        for (var i = 0; i < units.Length; i++)
        {
            var (rule, condition, expression) = conditions[i];
            units[i] = new Unit(rule, condition, writer.Write(expression));
            triggers.Add(i, expression);
        }

        var (starts, triggered) = triggers.ByAtom();
        var keywords = atoms.KeywordSearch();
        return new Route
        {
            Units = units,
            Nodes = writer.ToArray(),
            Atoms = [.. atoms.All.Select(a => a.Test)],
            Lookups = atoms.Lookups(triggers),
            Keywords = keywords,
            KeywordFilter = keywords is null ? null : Filter(keywords),
            TriggerStarts = starts,
            Triggered = triggered,
            Always = triggers.Always(),
        };
    }

    // Most routes of a product share its keywords.
    private KeywordFilter? Filter(LiteralSearch keywords)
    {
        if (!_filters.TryGetValue(keywords.Key, out var filter)) _filters.Add(keywords.Key, filter = keywords.Filter());
        return filter;
    }

    private RegexSearch Regex(ValueTest.Regex test)
    {
        if (!_regexes.TryGetValue(test, out var search)) _regexes.Add(test, search = new RegexSearch(test, tally));
        return search;
    }
}
