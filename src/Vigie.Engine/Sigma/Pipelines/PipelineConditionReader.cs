using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma.Correlation;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>Reads the three kinds of conditions of a pipeline's item.</summary>
internal sealed class PipelineConditionReader(Parameters item, ProblemSink sink)
{
    public ConditionGroup<RuleContext> Rules() => Group("rule", "rule_conditions", Rule);

    public ConditionGroup<LeafContext> Values() => Group("detection_item", "detection_item_conditions", Value);

    public ConditionGroup<LeafContext> Fields() => Group("field_name", "field_name_conditions", Field);

    private ConditionGroup<TContext> Group<TContext>(string kind, string key, Func<Parameters, string, Func<TContext, bool>?> read)
    {
        var any = item.Text($"{kind}_cond_op") switch
        {
            null or "and" => false,
            "or" => true,
            var other => Wrong(item.Line, "pipeline.condition-op", $"'{kind}_cond_op' is and or or, not '{other}'.", $"« {kind}_cond_op » vaut and ou or, et non « {other} »."),
        };
        var negated = item.Flag($"{kind}_cond_not");
        var written = item.Text($"{kind}_cond_expr");
        var conditions = ImmutableArray.CreateBuilder<NamedCondition<TContext>>();
        foreach (var (name, node) in Conditions(item.Node(key)))
        {
            if (node is not SigmaMap map)
            {
                Wrong(node.Line, "pipeline.condition", "A condition is a map with 'type'.", "Une condition est une table avec « type ».");
                continue;
            }

            var parameters = new Parameters(map, sink);
            var type = parameters.Text("type") ?? "";
            if (read(parameters, type) is { } holds) conditions.Add(new NamedCondition<TContext>(name, holds));
            else Wrong(map.Line, "pipeline.condition-unknown", $"There is no condition '{type}' among {key}.", $"Il n'y a pas de condition « {type} » parmi {key}.");
            parameters.WarnOfOthers(type);
        }

        return new ConditionGroup<TContext>(conditions.ToImmutable(), any, negated, written is null ? null : Expression(written, conditions.Select(c => c.Name).ToList()));
    }

    private IEnumerable<(string Name, SigmaNode Node)> Conditions(SigmaNode? node)
    {
        switch (node)
        {
            case null: return [];
            case SigmaList list: return list.Items.Select(i => ("", i));
            case SigmaMap map: return map.Entries.Select(e => (e.Name, e.Value));
            default:
                Wrong(node.Line, "pipeline.condition", "Conditions are a list, or a map of names to conditions.", "Les conditions forment une liste, ou une table de noms vers des conditions.");
                return [];
        }
    }

    private TemporalExpression? Expression(string written, List<string> names)
    {
        var expression = TemporalExpressionParser.Parse(written, out var error);
        if (expression is null) Wrong(item.Line, "pipeline.expression", $"The expression cannot be read: {error}.", $"L'expression ne peut pas être lue : {error}.");
        var unknown = expression?.References.FirstOrDefault(r => !names.Contains(r, StringComparer.Ordinal));
        if (unknown is not null) Wrong(item.Line, "pipeline.expression", $"The expression names '{unknown}', which is no condition.", $"L'expression cite « {unknown} », qui n'est pas une condition.");
        return unknown is null ? expression : null;
    }

    private Func<RuleContext, bool>? Rule(Parameters p, string type)
    {
        switch (type)
        {
            case "logsource":
                var source = new LogSource(p.Text("product"), p.Text("category"), p.Text("service"));
                return c => Agrees(source.Product, c.Rule.Source.Product) && Agrees(source.Category, c.Rule.Source.Category) && Agrees(source.Service, c.Rule.Source.Service);
            case "contains_detection_item":
                var (named, value) = (p.NeededText("field"), p.Text("value"));
                return c => Leaves(c.Rule).Any(l => l.Name == named && IsValue(l.Test, value));
            case "contains_field":
                var field = p.NeededText("field");
                return c => Leaves(c.Rule).Any(l => l.Name == field);
            case "tag":
                var tag = p.NeededText("tag");
                return c => c.Rule.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);
            case "rule_attribute": return Attribute(p);
            case "processing_item_applied":
                var id = p.NeededText("processing_item_id");
                return c => c.Run.WasApplied(id);
            case "processing_state":
                var state = State(p);
                return c => state(c.Run);
            case "is_sigma_rule": return _ => true;
            case "is_sigma_correlation_rule": return _ => false;
            default: return null;
        }
    }

    private Func<LeafContext, bool>? Value(Parameters p, string type)
    {
        switch (type)
        {
            case "match_string":
                _ = p.Text("cond");
                var negate = p.Flag("negate");
                var pattern = PipelineRegex.Of(p.NeededText("pattern"), p.Line, sink);

                // As in the reference implementation the beginning must match.
                return c => c.Test is ValueTest.Text text && pattern is not null && pattern.Match(text.Pattern.ToString()) is { Success: true, Index: 0 } != negate;
            case "match_value":
                var value = p.NeededText("value");
                return c => IsValue(c.Test, value);
            case "contains_wildcard":
                _ = p.Text("cond");
                return c => c.Test is ValueTest.Text { Pattern.IsLiteral: false };
            case "is_null":
                _ = p.Text("cond");
                return c => c.Test is ValueTest.Null;
            case "processing_item_applied" or "processing_state": return Applied(p, type);
            default: return null;
        }
    }

    private Func<LeafContext, bool>? Field(Parameters p, string type)
    {
        switch (type)
        {
            case "include_fields" or "exclude_fields":
                var fields = p.NeededTexts("fields");
                var isRegex = (p.Text("match_type") ?? p.Text("mode")) is "re" or "regex";
                var patterns = isRegex ? fields.Select(f => PipelineRegex.Of(f, p.Line, sink)).OfType<Regex>().ToList() : [];
                var including = type == "include_fields";
                return c => c.Field is { } name && including == (isRegex ? patterns.Exists(r => r.Match(name) is { Success: true, Index: 0 }) : fields.Contains(name));
            case "processing_item_applied" or "processing_state": return Applied(p, type);
            default: return null;
        }
    }

    private Func<LeafContext, bool> Applied(Parameters p, string type)
    {
        if (type == "processing_state")
        {
            var state = State(p);
            return c => state(c.Run);
        }

        var id = p.NeededText("processing_item_id");
        return c => c.Run.WasApplied(id, c.Leaf);
    }

    private Func<PipelineRun, bool> State(Parameters p)
    {
        var key = p.NeededText("key");
        var value = p.Text("val") ?? p.NeededText("value");
        var equal = p.Text("op") switch
        {
            null or "eq" => true,
            "ne" => false,
            var other => Wrong(p.Line, "pipeline.condition-op", $"'op' is eq or ne, not '{other}'.", $"« op » vaut eq ou ne, et non « {other} »."),
        };
        return run => run.State.TryGetValue(key, out var found) && string.Equals(found, value, StringComparison.Ordinal) == equal;
    }

    private Func<RuleContext, bool>? Attribute(Parameters p)
    {
        var value = p.NeededText("value");
        var op = p.Text("op") ?? "eq";
        var attribute = p.NeededText("attribute");
        if (attribute == "level" && SigmaHeader.LevelOf(value) is { } level) return c => Compares(c.Rule.Level.CompareTo(level), op);
        Func<SigmaRule, IEnumerable<string>>? values = attribute switch
        {
            "id" => r => [r.Id],
            "name" => r => r.Name is null ? [] : [r.Name],
            "title" => r => [r.Title],
            "status" => r => r.Status is null ? [] : [r.Status],
            "author" => r => [r.Author],
            "date" => r => [r.Date],
            "tags" => r => r.Tags,
            _ => null,
        };
        if (values is not null && op is "eq" or "ne" or "gt" or "gte" or "lt" or "lte" or "in") return c => values!(c.Rule).Any(v => Compares(string.Compare(v, value, StringComparison.OrdinalIgnoreCase), op == "in" ? "eq" : op));
        Wrong(p.Line, "pipeline.attribute", "'attribute' is id, name, title, status, level, author, date or tags; 'op' is eq, ne, gt, gte, lt or lte.", "« attribute » vaut id, name, title, status, level, author, date ou tags ; « op » vaut eq, ne, gt, gte, lt ou lte.");
        return _ => false;
    }

    private static bool Compares(int order, string op) => op switch
    {
        "ne" => order != 0,
        "gt" => order > 0,
        "gte" => order >= 0,
        "lt" => order < 0,
        "lte" => order <= 0,
        _ => order == 0,
    };

    private static bool IsValue(ValueTest test, string? value) => test switch
    {
        ValueTest.Text text => value is not null && string.Equals(text.Pattern.ToString(), value, StringComparison.OrdinalIgnoreCase),
        ValueTest.Number number => FieldNumber.TryParse(value, out var wanted) && number.Value == wanted,
        ValueTest.Null => value is null,
        _ => false,
    };

    private static IEnumerable<Term.Field> Leaves(SigmaRule rule) => rule.Conditions.SelectMany(Terms.Within).OfType<Term.Field>();

    private static bool Agrees(string? wanted, string? found) => wanted is null || string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase);

    private bool Wrong(int line, string code, string english, string french)
    {
        sink.Error(line, code, english, french);
        return false;
    }
}
