using System.Text;
using System.Text.RegularExpressions;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Says which correlation rule replaces a condition with a pipe (<c>selection | count() by user &gt; 5</c>), a syntax that the
/// specification gave up ("Expression of Relationships In The Condition of Sigma Rules").
/// </summary>
internal static partial class LegacyAggregation
{
    /// <summary>The replacement as YAML text, or null when there is none to be had.</summary>
    public static string? Replace(string condition, string? timeframe, string ruleReference)
    {
        var pipe = condition.IndexOf('|', StringComparison.Ordinal);
        var search = condition[..pipe].Trim();
        var aggregation = condition[(pipe + 1)..].Trim();
        if (aggregation.StartsWith("near ", StringComparison.OrdinalIgnoreCase)) return Near(search, aggregation[5..], timeframe);
        var match = Aggregation().Match(aggregation);
        if (!match.Success) return null;
        var field = match.Groups["field"].Value;
        var type = match.Groups["function"].Value.ToLowerInvariant() switch
        {
            "count" => field.Length == 0 ? "event_count" : "value_count",
            "sum" => "value_sum",
            "avg" => "value_avg",
            _ => null,
        };
        if (type is null) return null;
        var text = Begin(type, [ruleReference]);
        GroupBy(text, match.Groups["by"].Value);
        text.Append("    timespan: ").Append(timeframe ?? "1h").Append('\n').Append("    condition:\n");
        if (field.Length > 0) text.Append("        field: ").Append(field).Append('\n');
        text.Append("        ").Append(Comparison(match.Groups["operator"].Value)).Append(": ").Append(match.Groups["number"].Value).Append('\n');
        return text.ToString();
    }

    private static string Near(string search, string others, string? timeframe)
    {
        var by = By().Match(others);
        if (by.Success) others = others[..by.Index];
        var names = Names().Split(others).Select(n => n.Trim()).Where(n => n.Length > 0).Prepend(search);
        var text = Begin("temporal", names.Select(n => $"<the name of a rule with the detection '{n}'>"));
        GroupBy(text, by.Success ? by.Groups[1].Value : "");
        return text.Append("    timespan: ").Append(timeframe ?? "1h").Append('\n').ToString();
    }

    private static StringBuilder Begin(string type, IEnumerable<string> rules)
    {
        var text = new StringBuilder("correlation:\n    type: ").Append(type).Append("\n    rules:\n");
        foreach (var rule in rules) text.Append("        - ").Append(rule).Append('\n');
        return text;
    }

    private static void GroupBy(StringBuilder text, string fields)
    {
        if (fields.Trim().Length == 0) return;
        text.Append("    group-by:\n");
        foreach (var field in fields.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) text.Append("        - ").Append(field).Append('\n');
    }

    private static string Comparison(string written) => written switch
    {
        ">" => "gt",
        ">=" => "gte",
        "<" => "lt",
        "<=" => "lte",
        _ => "eq",
    };

    [GeneratedRegex(@"^(?<function>[A-Za-z]+)\s*\(\s*(?<field>[^)\s]*)\s*\)\s*(?:by\s+(?<by>[^<>=]+?))?\s*(?<operator><=|>=|==|=|<|>)\s*(?<number>\d+)\s*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Aggregation();

    [GeneratedRegex(@"\bby\s+(.+)$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex By();

    [GeneratedRegex(@"\b(?:and|not|within)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
