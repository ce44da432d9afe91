using System.Collections.Immutable;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Reads the <c>detection</c> of a rule (and the <c>filter</c> of a filter, which has the same form) into terms.
/// </summary>
/// <param name="Conditions">One term per condition; empty when something was wrong.</param>
/// <param name="Detections">Every detection by name, in its order, used or not.</param>
/// <param name="Unused">The detections no condition reaches.</param>
/// <param name="MissingPlaceholders">Placeholders that had no value; the conditions are then never true.</param>
public sealed record SigmaDetections(
    ImmutableArray<Term> Conditions,
    ImmutableArray<KeyValuePair<string, Term>> Detections,
    ImmutableArray<string> Unused,
    ImmutableArray<string> MissingPlaceholders)
{
    /// <summary>Reads the detections under <paramref name="detection"/>.</summary>
    /// <param name="detection">The map with the detections and <c>condition</c>.</param>
    /// <param name="file">The file, for the problems.</param>
    /// <param name="reference">What a correlation may call the rule: its name, id or title.</param>
    /// <param name="options">The placeholders.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="ignored">Keys that are no detections: <c>rules</c> in a filter.</param>
    /// <returns>Null when there was an error.</returns>
    public static SigmaDetections? Read(SigmaMap detection, string file, string reference, SigmaReaderOptions options, ICollection<SigmaProblem> problems, params ReadOnlySpan<string> ignored)
    {
        var sink = new ProblemSink(file, problems);
        var lowering = new ValueLowering(sink, options);
        var named = ImmutableArray.CreateBuilder<KeyValuePair<string, Term>>();
        foreach (var (name, value, line) in detection.Entries)
        {
            if (name is "condition" or "timeframe" || ignored.Contains(name)) continue;
            if (Detection(name, value, line, sink, lowering) is { } term) named.Add(new(name, term));
        }

        if (sink.HasErrors) return null;
        var detections = named.DrainToImmutable();
        var used = new HashSet<string>(StringComparer.Ordinal);
        var conditions = ReadConditions(detection, detections, reference, used, sink);
        if (sink.HasErrors) return null;
        var missing = lowering.Missing.Distinct(StringComparer.Ordinal).ToImmutableArray();
        // A filter whose placeholder has no value must not let everything through: the whole rule waits for the value.
        if (missing.Length > 0) conditions = [.. conditions.Select(c => new Term.And([new Term.Constant(false, $"the placeholder %{missing[0]}% has no value"), c]))];
        return new SigmaDetections(conditions, detections, [.. detections.Select(d => d.Key).Where(n => !used.Contains(n))], missing);
    }

    private static ImmutableArray<Term> ReadConditions(SigmaMap detection, ImmutableArray<KeyValuePair<string, Term>> detections, string reference, HashSet<string> used, ProblemSink sink)
    {
        var written = detection["condition"];
        if (written is null)
        {
            sink.Error(detection.Line, "condition.missing", "The detection has no condition.", "La détection n'a pas de condition.");
            return [];
        }

        var conditions = ImmutableArray.CreateBuilder<Term>();
        var timeframe = detection["timeframe"]?.Text;
        var isAggregated = false;
        var parser = new ConditionParser(detections, used);
        foreach (var item in written is SigmaList list ? list.Items : [written])
        {
            if (item.Text is not { } text)
            {
                sink.Error(item.Line, "condition.syntax", "A condition is a text.", "Une condition est un texte.");
                continue;
            }

            if (text.Contains('|', StringComparison.Ordinal))
            {
                isAggregated = true;
                RefuseAggregation(text, timeframe, reference, item.Line, sink);
                continue;
            }

            try
            {
                conditions.Add(parser.Parse(text));
            }
            catch (SigmaValueException e)
            {
                sink.Error(item.Line, e.Code, $"Condition: {e.Why.English}.", $"Condition : {e.Why.French}.");
            }
        }

        if (conditions.Count == 0 && !sink.HasErrors) sink.Error(written.Line, "condition.empty", "The list of conditions is empty.", "La liste de conditions est vide.");
        if (timeframe is not null && !isAggregated)
            sink.Warning(detection["timeframe"]!.Line, "condition.timeframe", "'timeframe' belongs to the old aggregation and does nothing; a correlation rule has 'timespan'.", "« timeframe » relève de l'ancienne agrégation et n'a pas d'effet ; une règle de corrélation a « timespan ».");
        return conditions.DrainToImmutable();
    }

    private static void RefuseAggregation(string condition, string? timeframe, string reference, int line, ProblemSink sink)
    {
        var replacement = LegacyAggregation.Replace(condition, timeframe, reference);
        if (replacement is null)
        {
            sink.Error(line, "condition.aggregation", "Aggregation behind a pipe is no longer part of Sigma; write a correlation rule.", "L'agrégation après une barre verticale ne fait plus partie de Sigma ; écrire une règle de corrélation.");
            return;
        }

        var search = condition[..condition.IndexOf('|', StringComparison.Ordinal)].Trim();
        sink.Error(line, "condition.aggregation",
            $"Aggregation behind a pipe is no longer part of Sigma. Give this rule 'condition: {search}' and add a document with this correlation:\n{replacement}",
            $"L'agrégation après une barre verticale ne fait plus partie de Sigma. Donner à cette règle « condition: {search} » et ajouter un document avec cette corrélation :\n{replacement}");
    }

    private static Term? Detection(string name, SigmaNode value, int line, ProblemSink sink, ValueLowering lowering)
    {
        switch (value)
        {
            case SigmaMap map when map.Entries.Length > 0:
                return Map(map, sink, lowering);
            case SigmaList list when list.Items.Length > 0:
                var terms = ImmutableArray.CreateBuilder<Term>(list.Items.Length);
                foreach (var item in list.Items)
                {
                    var term = item is SigmaMap { Entries.Length: > 0 } one ? Map(one, sink, lowering) : Keyword(name, item, sink, lowering);
                    if (term is not null) terms.Add(term);
                }

                return terms.Count > 0 ? Terms.AnyOf(terms.DrainToImmutable()) : null;
            case SigmaScalar { IsNull: false }:
                return Keyword(name, value, sink, lowering);
            default:
                sink.Error(line, "detection.empty", $"The detection '{name}' is empty.", $"La détection « {name} » est vide.");
                return null;
        }
    }

    private static Term? Keyword(string name, SigmaNode item, ProblemSink sink, ValueLowering lowering)
    {
        if (item is SigmaScalar) return lowering.Lower("", ModifierChain.Read([], out _)!, item, item.Line);
        sink.Error(item.Line, "detection.nested", $"'{name}' is a list; its items are texts or maps of fields, none empty.", $"« {name} » est une liste ; ses éléments sont des textes ou des tables de champs, aucun vide.");
        return null;
    }

    private static Term? Map(SigmaMap map, ProblemSink sink, ValueLowering lowering)
    {
        var terms = ImmutableArray.CreateBuilder<Term>(map.Entries.Length);
        foreach (var (key, value, line) in map.Entries)
        {
            var words = key.Split('|');
            var chain = ModifierChain.Read(words.AsSpan(1), out var problem);
            if (chain is null)
            {
                sink.Error(line, "modifier.invalid", $"'{key}': {problem.English}.", $"« {key} » : {problem.French}.");
                continue;
            }

            if (words[0].Length == 0 && words.Length == 1)
            {
                sink.Error(line, "detection.no-field", "A field's name is missing.", "Il manque un nom de champ.");
                continue;
            }

            if (lowering.Lower(words[0], chain, value, line) is { } term) terms.Add(term);
        }

        return terms.Count == map.Entries.Length ? Terms.AllOf(terms.DrainToImmutable()) : null;
    }
}
