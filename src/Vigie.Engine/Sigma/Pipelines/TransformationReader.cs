using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Pipelines;

/// <summary>Reads one transformation of a pipeline by its type.</summary>
internal sealed class TransformationReader(Parameters parameters, Reading reading, bool hasConditions)
{
    private static readonly string[] OfQueries =
        ["query_expression_placeholders", "set_custom_attribute", "regex", "case", "hashes_fields", "strict_field_mapping_failure", "custom_field_mapping"];

    /// <summary>The transformation, or null after an error, which is reported.</summary>
    public PipelineTransformation? Read(string type) => type switch
    {
        "field_name_mapping" => Mapping(),
        "field_name_prefix_mapping" => PrefixMapping(),
        "field_name_prefix" => Affix(parameters.NeededText("prefix"), static (affix, name) => affix + name),
        "field_name_suffix" => Affix(parameters.NeededText("suffix"), static (affix, name) => name + affix),
        "field_name_transform" => Transform(),
        "drop_detection_item" => new DropItems(),
        "add_condition" => Condition(),
        "change_logsource" => Source(),
        "replace_string" => ReplaceString(),
        "map_string" => MapString(),
        "set_value" => SetValue(),
        "convert_type" => ConvertType(),
        "value_placeholders" or "wildcard_placeholders" => Placeholders(type == "wildcard_placeholders"),
        "add_field" => Shown(parameters.NeededTexts("field"), static (old, named) => [.. old.Concat(named).Distinct(StringComparer.Ordinal)]),
        "remove_field" => Shown(parameters.NeededTexts("field"), static (old, named) => [.. old.Except(named, StringComparer.Ordinal)]),
        "set_field" => Shown(parameters.NeededTexts("fields"), static (_, named) => named),
        "set_state" => new SetState(parameters.NeededText("key"), parameters.Text("val") ?? parameters.NeededText("value")),
        "rule_failure" => new FailRule(parameters.NeededText("message")),
        "detection_item_failure" => new FailItem(parameters.NeededText("message")),
        _ => Unknown(type),
    };

    private PipelineTransformation? Unknown(string type)
    {
        if (OfQueries.Contains(type, StringComparer.Ordinal))
        {
            Error("pipeline.type-unsupported", $"The transformation '{type}' has no meaning for rules that run natively, or is not supported; take it out.", $"La transformation « {type} » n'a pas de sens pour des règles exécutées nativement, ou n'est pas prise en charge ; la retirer.");
        }
        else
        {
            Error("pipeline.type-unknown", $"There is no transformation '{type}'.", $"Il n'y a pas de transformation « {type} ».");
        }

        return null;
    }

    private RenameFields Mapping()
    {
        var mapping = parameters.NeededMapping("mapping", StringComparer.Ordinal);
        return new RenameFields(name => mapping.TryGetValue(name, out var names) ? names : null);
    }

    private RenameFields PrefixMapping()
    {
        var mapping = parameters.NeededMapping("mapping", StringComparer.Ordinal).OrderByDescending(m => m.Key.Length).ToList();
        return new RenameFields(name =>
        {
            foreach (var (prefix, others) in mapping)
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal)) return [.. others.Select(o => o + name[prefix.Length..])];
            }

            return null;
        });
    }

    private static RenameFields Affix(string affix, Func<string, string, string> join) => new(name => [join(affix, name)]);

    private RenameFields? Transform()
    {
        Func<string, string>? transform = parameters.NeededText("transform_func") switch
        {
            "lower" => static name => name.ToLowerInvariant(),
            "upper" => static name => name.ToUpperInvariant(),
            "snake_case" => Snake,
            _ => null,
        };
        var exceptions = parameters.Has("mapping") ? parameters.NeededMapping("mapping", StringComparer.Ordinal) : ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        if (transform is not null) return new RenameFields(name => exceptions.TryGetValue(name, out var names) ? names : [transform(name)]);
        Error("pipeline.transform-unknown", "'transform_func' is lower, upper or snake_case.", "« transform_func » vaut lower, upper ou snake_case.");
        return null;
    }

    private static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var begins = i > 0 && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1]) || (i + 1 < name.Length && char.IsUpper(name[i - 1]) && char.IsLower(name[i + 1])));
            if (begins) snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }

    // Read by the same reader as rules, so that modifiers, lists and wildcards mean the same.
    private AddCondition? Condition()
    {
        var negated = parameters.Flag("negated");
        var isTemplate = parameters.Flag("template");
        var name = parameters.Text("name") ?? "pipeline";
        if (parameters.Node("conditions") is not SigmaMap { Entries.Length: > 0 } conditions)
        {
            _ = parameters.NeededMapping("conditions", StringComparer.Ordinal);
            return null;
        }

        if (ReadCondition(conditions, name, negated, reading.Problems) is not { } term)
        {
            Error("pipeline.condition", "The condition cannot be read; see above.", "La condition ne peut pas être lue ; voir ci-dessus.");
            return null;
        }

        if (!isTemplate) return new AddCondition(_ => term);
        return new AddCondition(source => ReadCondition((SigmaMap)Filled(conditions, source), name, negated, []) ?? term);
    }

    private Term? ReadCondition(SigmaMap conditions, string name, bool negated, ICollection<SigmaProblem> problems)
    {
        var condition = new SigmaScalar(negated ? "not item" : "item", true, conditions.Line);
        var detection = new SigmaMap([new SigmaEntry("item", conditions, conditions.Line), new SigmaEntry("condition", condition, conditions.Line)], conditions.Line);
        var read = SigmaDetections.Read(detection, reading.File, name, SigmaReaderOptions.None, problems);
        return read?.Conditions.Length == 1 && read.MissingPlaceholders.IsEmpty ? Renamed(read.Conditions[0], name) : null;
    }

    private static Term Renamed(Term term, string name) => term switch
    {
        Term.Named named => named with { Name = name },
        Term.Not not => new Term.Not(Renamed(not.Inner, name)),
        _ => term,
    };

    private static SigmaNode Filled(SigmaNode node, LogSource source) => node switch
    {
        SigmaMap map => new SigmaMap([.. map.Entries.Select(e => e with { Value = Filled(e.Value, source) })], map.Line),
        SigmaList list => new SigmaList([.. list.Items.Select(i => Filled(i, source))], list.Line),
        SigmaScalar scalar => new SigmaScalar(
            scalar.Value.Replace("$category", source.Category, StringComparison.Ordinal).Replace("$product", source.Product, StringComparison.Ordinal).Replace("$service", source.Service, StringComparison.Ordinal),
            scalar.IsPlain, scalar.Line),
        _ => node,
    };

    private ChangeLogSource Source()
    {
        var source = new LogSource(parameters.Text("product"), parameters.Text("category"), parameters.Text("service"));
        if (source == default) Error("pipeline.parameter-missing", "'change_logsource' needs a product, category or service.", "« change_logsource » demande product, category ou service.");
        return new ChangeLogSource(source);
    }

    private ReplaceTests ReplaceString()
    {
        var pattern = PipelineRegex.Of(parameters.NeededText("regex"), parameters.Line, reading.Sink);

        // Pipelines for pySigma write \1, .NET writes $1.
        var replacement = Regex.Replace((parameters.Text("replacement") ?? "").Replace("$", "$$", StringComparison.Ordinal), @"\\(\d)", "$${$1}", RegexOptions.NonBacktracking);
        var literalsOnly = parameters.Flag("skip_special");
        _ = parameters.Flag("interpret_special");
        return new ReplaceTests(test => test is not ValueTest.Text text || pattern is null ? null : [text with { Pattern = literalsOnly ? OnlyLiterals(text.Pattern) : TextPattern.Parse(pattern.Replace(text.Pattern.ToString(), replacement)) }]);

        TextPattern OnlyLiterals(TextPattern written) =>
            TextPattern.Of(written.Parts.Select(p => p.Kind == PatternPartKind.Literal ? PatternPart.Of(pattern.Replace(p.Literal, replacement)) : p));
    }

    private ReplaceTests MapString()
    {
        var mapping = parameters.NeededMapping("mapping", StringComparer.Ordinal);
        return new ReplaceTests(test => test is ValueTest.Text text && mapping.TryGetValue(text.Pattern.ToString(), out var values)
            ? [.. values.Select(v => (ValueTest)(text with { Pattern = TextPattern.Parse(v) }))]
            : null);
    }

    private ReplaceTests SetValue()
    {
        if (!parameters.Has("value")) Error("pipeline.parameter-missing", "'value' is missing; for no value write null.", "« value » manque ; pour aucune valeur écrire null.");
        var kind = parameters.Text("force_type");
        if (kind is not (null or "str" or "num")) Error("pipeline.force-type", "'force_type' is str or num.", "« force_type » vaut str ou num.");
        ValueTest test = parameters.Text("value") is not { } value ? new ValueTest.Null()
            : kind == "num" && Number(value) is { } number ? new ValueTest.Number(Comparison.Equal, number)
            : new ValueTest.Text(TextPattern.Parse(value), Cased: false);
        return new ReplaceTests(_ => [test]);
    }

    private ReplaceTests? ConvertType()
    {
        switch (parameters.NeededText("target_type"))
        {
            case "num":
                return new ReplaceTests(test => test is ValueTest.Text { Pattern.IsLiteral: true } text && Number(text.Pattern.ToString()) is { } number ? [new ValueTest.Number(Comparison.Equal, number)] : null);
            case "str":
                return new ReplaceTests(test => test is ValueTest.Number { Comparison: Comparison.Equal } number ? [new ValueTest.Text(TextPattern.Literal(number.Value.ToString(CultureInfo.InvariantCulture)), Cased: false)] : null);
            default:
                Error("pipeline.target-type", "'target_type' is str or num.", "« target_type » vaut str ou num.");
                return null;
        }
    }

    private static decimal? Number(string text) => FieldNumber.TryParse(text, out var number) ? number : null;

    private GivePlaceholders Placeholders(bool asWildcards)
    {
        var include = parameters.Texts("include");
        var exclude = parameters.Texts("exclude");
        if (hasConditions) Error("pipeline.placeholder-conditions", "Placeholders get their values where rules are read, before any condition could be judged.", "Les paramètres reçoivent leurs valeurs à la lecture des règles, avant qu'une condition puisse être jugée.");
        if (asWildcards && include.IsEmpty) Error("pipeline.parameter-missing", "'wildcard_placeholders' needs 'include': the names of the placeholders that may be anything.", "« wildcard_placeholders » demande « include » : les noms des paramètres qui peuvent être n'importe quoi.");
        foreach (var name in asWildcards ? include : reading.Vars.Keys.Where(n => include.IsEmpty || include.Contains(n)))
        {
            if (!exclude.Contains(name)) reading.Placeholders[name] = asWildcards ? ["*"] : reading.Vars[name];
        }

        foreach (var name in asWildcards ? [] : include.Where(n => !reading.Vars.ContainsKey(n)))
            Error("pipeline.vars-missing", $"'vars' has no value for the placeholder '{name}'.", $"« vars » n'a pas de valeur pour le paramètre « {name} ».");
        return new GivePlaceholders();
    }

    private static ChangeShownFields Shown(ImmutableArray<string> named, Func<ImmutableArray<string>, ImmutableArray<string>, ImmutableArray<string>> change) =>
        new(old => change(old, named));

    private void Error(string code, string english, string french) => reading.Sink.Error(parameters.Line, code, english, french);
}
