using System.Collections.Immutable;

namespace Vigie.Engine.Sigma.Correlation;

/// <summary>Reads a correlation document into a <see cref="CorrelationRule"/>; what it refers to is looked up later, by <see cref="CorrelationSet"/>.</summary>
public sealed class CorrelationReader
{
    private static readonly string[] Known =
        ["type", "rules", "aliases", "group-by", "timespan", "condition", "generate", "window"];

    private readonly SigmaDocument _document;
    private readonly SigmaMap _section;
    private readonly ICollection<SigmaProblem> _problems;
    private bool _failed;

    private CorrelationReader(SigmaDocument document, SigmaMap section, ICollection<SigmaProblem> problems)
    {
        _document = document;
        _section = section;
        _problems = problems;
    }

    /// <summary>The rule, or null when it cannot be used; what is wrong goes to <paramref name="problems"/>. Never throws.</summary>
    public static CorrelationRule? Read(SigmaDocument document, ICollection<SigmaProblem> problems)
    {
        if (document.Body["correlation"] is not SigmaMap section)
        {
            problems.Add(new SigmaProblem(document.File, document.Line, "correlation.not-a-map", new Bilingual(
                "'correlation' must be a map of keys and values.", "« correlation » doit être une table de clés et de valeurs."), true));
            return null;
        }

        return new CorrelationReader(document, section, problems).Read();
    }

    private CorrelationRule? Read()
    {
        var header = SigmaHeader.Read(_document.Body, _document.File, _document.Version);
        foreach (var entry in _section.Entries)
        {
            if (!Known.Contains(entry.Name, StringComparer.Ordinal)) Warn(entry.Line, "correlation.unknown-key", $"'{entry.Name}' is no attribute of a correlation.", $"« {entry.Name} » n'est pas un attribut d'une corrélation.");
        }

        var type = ReadType();
        var condition = new CorrelationConditionReader(_section["condition"], type, Line("condition"), Error, Warn).Read();
        var rules = ReadRules(condition.Expression);
        var timespan = ReadTimespan();
        var rule = new CorrelationRule(header)
        {
            Type = type ?? default,
            Rules = rules,
            GroupBy = ReadGroupBy(),
            Aliases = ReadAliases(),
            Timespan = timespan,
            Window = ReadWindow(),
            Bounds = condition.Bounds,
            ValueFields = condition.Fields,
            Percentile = condition.Percentile,
            Expression = condition.Expression,
            Generate = ReadGenerate(),
        };
        return _failed ? null : rule;
    }

    private CorrelationType? ReadType()
    {
        CorrelationType? type = _section["type"]?.Text switch
        {
            "event_count" => CorrelationType.EventCount,
            "value_count" => CorrelationType.ValueCount,
            "temporal" or "temporal_extended" => CorrelationType.Temporal,
            "temporal_ordered" or "ordered" or "temporal_ordered_extended" => CorrelationType.TemporalOrdered,
            "value_sum" => CorrelationType.ValueSum,
            "value_avg" => CorrelationType.ValueAverage,
            "value_percentile" => CorrelationType.ValuePercentile,
            _ => null,
        };
        if (type is null)
        {
            var written = _section["type"]?.Text ?? "";
            Error(Line("type"), "correlation.type-unknown",
                $"'{written}' is no correlation type; known are event_count, value_count, temporal, temporal_ordered, value_sum, value_avg and value_percentile.",
                $"« {written} » n'est pas un type de corrélation ; sont connus event_count, value_count, temporal, temporal_ordered, value_sum, value_avg et value_percentile.");
        }

        return type;
    }

    private ImmutableArray<RuleReference> ReadRules(TemporalExpression? expression)
    {
        var node = _section["rules"];
        var rules = ImmutableArray.CreateBuilder<RuleReference>();
        foreach (var item in Scalars(node, "rules"))
        {
            if (rules.Any(r => string.Equals(r.Text, item.Value, StringComparison.Ordinal))) Warn(item.Line, "correlation.rule-twice", $"'{item.Value}' is listed twice.", $"« {item.Value} » est cité deux fois.");
            else rules.Add(new RuleReference(item.Value, item.Line));
        }

        // The reference implementation takes the rules of an extended condition from the condition where none are listed.
        if (node is null && expression is not null) rules.AddRange(expression.References.Select(r => new RuleReference(r, Line("condition"))));
        if (rules.Count == 0) Error(Line("rules"), "correlation.rules-missing", "A correlation needs 'rules': the ids or names of the rules it is about.", "Une corrélation doit citer des « rules » : les identifiants ou noms des règles dont elle traite.");
        return rules.ToImmutable();
    }

    private TimeSpan ReadTimespan()
    {
        var written = _section["timespan"]?.Text;
        if (written is null) Error(Line("timespan"), "correlation.timespan-missing", "A correlation needs a 'timespan', such as 10m.", "Une corrélation doit avoir un « timespan », par exemple 10m.");
        else if (CorrelationTimespan.TryParse(written, out var timespan)) return timespan;
        else
        {
            Error(Line("timespan"), "correlation.timespan-invalid",
                $"'{written}' is no timespan: write a whole number and one of s, m, h, d, w, M, y (1h30 is 90m), ten years at most.",
                $"« {written} » n'est pas une durée : écrivez un nombre entier et une lettre parmi s, m, h, d, w, M, y (1h30 s'écrit 90m), dix ans au plus.");
        }

        return TimeSpan.FromSeconds(1);
    }

    private ImmutableArray<string> ReadGroupBy()
    {
        if (_section["group-by"] is null)
        {
            Warn(_section.Line, "correlation.group-by-missing",
                "There is no 'group-by', which the specification requires: all events are counted together. Write 'group-by: []' where that is meant.",
                "Il n'y a pas de « group-by », que la spécification exige : tous les événements sont comptés ensemble. Écrivez « group-by: [] » si c'est voulu.");
        }

        return [.. Scalars(_section["group-by"], "group-by").Select(s => s.Value).Distinct(StringComparer.Ordinal)];
    }

    private ImmutableArray<FieldAlias> ReadAliases()
    {
        if (_section["aliases"] is null or SigmaScalar { IsNull: true }) return [];
        if (_section["aliases"] is not SigmaMap map)
        {
            Error(Line("aliases"), "correlation.aliases-invalid", "'aliases' must be a map: alias, rule, field.", "« aliases » doit être une table : alias, règle, champ.");
            return [];
        }

        var aliases = ImmutableArray.CreateBuilder<FieldAlias>();
        foreach (var entry in map.Entries)
        {
            var fields = ImmutableArray.CreateBuilder<AliasedField>();
            foreach (var (rule, value, line) in entry.Value is SigmaMap rules ? rules.Entries : [])
            {
                if (value.Text is { Length: > 0 } field) fields.Add(new AliasedField(rule, field, line));
                else Error(line, "correlation.aliases-invalid", $"The alias '{entry.Name}' must name one field for the rule '{rule}'.", $"L'alias « {entry.Name} » doit citer un champ pour la règle « {rule} ».");
            }

            if (entry.Value is not SigmaMap) Error(entry.Line, "correlation.aliases-invalid", $"The alias '{entry.Name}' must be a map of rules to fields.", $"L'alias « {entry.Name} » doit être une table de règles vers des champs.");
            aliases.Add(new FieldAlias(entry.Name, fields.ToImmutable(), entry.Line));
        }

        return aliases.ToImmutable();
    }

    private WindowKind ReadWindow()
    {
        var written = _section["window"]?.Text;
        if (written is null or "sliding") return WindowKind.Sliding;
        if (written != "tumbling") Error(Line("window"), "correlation.window-unknown", $"'{written}' is no kind of window; known are sliding and tumbling.", $"« {written} » n'est pas une sorte de fenêtre ; sont connues sliding et tumbling.");
        return WindowKind.Tumbling;
    }

    // The specification puts it beside 'correlation', the reference implementation inside of it: both are read.
    private bool ReadGenerate()
    {
        var node = _section["generate"] ?? _document.Body["generate"];
        if (node is null) return false;
        if (node is SigmaScalar { Boolean: { } generate }) return generate;
        Error(node.Line, "correlation.generate-invalid", "'generate' must be true or false.", "« generate » doit valoir true ou false.");
        return false;
    }

    private IEnumerable<SigmaScalar> Scalars(SigmaNode? node, string key)
    {
        switch (node)
        {
            case null or SigmaScalar { IsNull: true }: yield break;
            case SigmaScalar scalar: yield return scalar; break;
            case SigmaList list:
                foreach (var item in list.Items)
                {
                    if (item is SigmaScalar { IsNull: false, Value.Length: > 0 } scalar) yield return scalar;
                    else Error(item.Line, "correlation.list-invalid", $"'{key}' must be a list of plain values.", $"« {key} » doit être une liste de valeurs simples.");
                }

                break;
            default:
                Error(node.Line, "correlation.list-invalid", $"'{key}' must be a list of plain values.", $"« {key} » doit être une liste de valeurs simples.");
                break;
        }
    }

    private int Line(string key)
    {
        foreach (var entry in _section.Entries)
        {
            if (string.Equals(entry.Name, key, StringComparison.Ordinal)) return entry.Line;
        }

        return _section.Line;
    }

    private void Error(int line, string code, string english, string french)
    {
        _failed = true;
        _problems.Add(new SigmaProblem(_document.File, line, code, new Bilingual(english, french), true));
    }

    private void Warn(int line, string code, string english, string french) =>
        _problems.Add(new SigmaProblem(_document.File, line, code, new Bilingual(english, french), false));
}
