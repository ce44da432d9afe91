using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma.Correlation;

namespace Vigie.Engine.Sigma.Filters;

/// <summary>Reads filter documents.</summary>
public static class SigmaFilterReader
{
    /// <summary>The filter, or null when it cannot be used; what is wrong goes to <paramref name="problems"/>. Never throws.</summary>
    public static SigmaFilter? Read(SigmaDocument document, SigmaReaderOptions options, ICollection<SigmaProblem> problems)
    {
        var sink = new ProblemSink(document.File, problems);
        var header = SigmaHeader.Read(document.Body, document.File, document.Version);
        if (document.Body["filter"] is not SigmaMap section)
        {
            sink.Error(document.Line, "filter.not-a-map", "'filter' must be a map: rules, selections, condition.", "« filter » doit être une table : rules, sélections, condition.");
            return null;
        }

        var source = ReadSource(document, sink);
        var (rules, isAny) = ReadRules(section, sink);
        var detections = SigmaDetections.Read(section, document.File, header.Name ?? header.Id, options, problems, "rules");
        if (detections is null || sink.HasErrors) return null;
        if (detections.MissingPlaceholders.Length > 0)
        {
            sink.Error(section.Line, "filter.no-value", $"The placeholder %{detections.MissingPlaceholders[0]}% has no value; until it has one, the filter leaves nothing out.", $"Le paramètre %{detections.MissingPlaceholders[0]}% n'a pas de valeur ; d'ici là, le filtre n'écarte rien.");
        }

        if (detections.Conditions.Length > 1) sink.Error(section.Line, "filter.conditions", "A filter has one condition.", "Un filtre a une seule condition.");
        if (sink.HasErrors) return null;
        return new SigmaFilter
        {
            Id = header.Id,
            Title = header.Title,
            Description = header.Description,
            Source = source,
            Rules = rules,
            Any = isAny,
            LeftOut = LeftOut(detections.Conditions[0]),
            File = document.File,
            Line = document.Line,
            Version = document.Version,
        };
    }

    // The specification's own example names what is left out ("condition: selection", for administrators whose events are harmless);
    // its reference implementation and their documentation name what is kept ("condition: not selection"). Only one reading of a condition
    // makes it a filter: one that has nothing to say about an event that none of its selections describes.
    private static Term LeftOut(Term condition) => HoldsWithoutSelections(condition) ? condition is Term.Not not ? not.Inner : new Term.Not(condition) : condition;

    private static bool HoldsWithoutSelections(Term term) => term switch
    {
        Term.And and => and.Terms.All(HoldsWithoutSelections),
        Term.Or or => or.Terms.Any(HoldsWithoutSelections),
        Term.Not not => !HoldsWithoutSelections(not.Inner),
        _ => false,
    };

    private static LogSource ReadSource(SigmaDocument document, ProblemSink sink)
    {
        if (document.Body["logsource"] is SigmaMap source) return new LogSource(Text(source, "product"), Text(source, "category"), Text(source, "service"));
        sink.Error(document.Line, "filter.logsource-missing", "A filter needs a 'logsource': that of the rules it is for.", "Un filtre doit avoir un « logsource » : celui des règles auxquelles il s'applique.");
        return default;
    }

    private static string? Text(SigmaMap map, string key) => map[key]?.Text is { Length: > 0 } text ? text.Trim() : null;

    private static (ImmutableArray<RuleReference> Rules, bool Any) ReadRules(SigmaMap section, ProblemSink sink)
    {
        switch (section["rules"])
        {
            case SigmaScalar { IsNull: false } one when one.Value.ToLowerInvariant() is "any" or "all": return ([], true);
            case SigmaScalar { IsNull: false } one: return ([new RuleReference(one.Value, one.Line)], false);
            case SigmaList { Items.Length: > 0 } list when list.Items.All(i => i.Text is { Length: > 0 }):
                return ([.. list.Items.Select(i => new RuleReference(i.Text!, i.Line))], false);
            case SigmaList { Items.Length: 0 }: return ([], true);
            default:
                sink.Error(section.Line, "filter.rules-missing", "A filter needs 'rules': the ids or names of the rules it is for, or 'any'.", "Un filtre doit citer des « rules » : les identifiants ou noms des règles auxquelles il s'applique, ou « any ».");
                return ([], false);
        }
    }
}
