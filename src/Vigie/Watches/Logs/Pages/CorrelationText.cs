using System.Globalization;
using System.Text.Json;
using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Sigma.Correlation;

namespace Vigie.Watches.Logs.Pages;

/// <summary>Says what a correlation asks.</summary>
internal static class CorrelationText
{
    /// <summary>What it does with the events of its rules.</summary>
    public static Bilingual KindOf(CorrelationRule correlation) => correlation.Type switch
    {
        CorrelationType.EventCount => new("counts events", "compte les événements"),
        CorrelationType.ValueCount => new("counts different values", "compte les valeurs différentes"),
        CorrelationType.Temporal => new("rules that match together", "règles qui se déclenchent ensemble"),
        CorrelationType.TemporalOrdered => new("rules that match in order", "règles qui se déclenchent dans l’ordre"),
        CorrelationType.ValueSum => new("adds up numbers", "additionne des nombres"),
        CorrelationType.ValueAverage => new("takes the mean of numbers", "fait la moyenne de nombres"),
        _ when correlation.Percentile is null => new("looks at the share of a value", "regarde la part d’une valeur"),
        _ => new("takes a percentile of numbers", "prend un centile de nombres"),
    };

    /// <summary>What it does, and in what time.</summary>
    public static Bilingual KindWithin(CorrelationRule correlation, Viewer viewer)
    {
        var (kind, length) = (KindOf(correlation), LengthOf(correlation, viewer));
        return new Bilingual($"{kind.English} within {length}", $"{kind.French} en {length}");
    }

    /// <summary>So many of the rules are correlations.</summary>
    public static string OfThem(int count, Viewer viewer) => viewer.Count(count, "correlation", "correlations", "corrélation", "corrélations");

    /// <summary>The name its kind has in the rule.</summary>
    public static string NameOf(CorrelationType type) => type == CorrelationType.ValueAverage ? "value_avg" : JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString());

    /// <summary>When it comes true.</summary>
    /// <param name="correlation">The correlation.</param>
    /// <param name="culture">How numbers are written.</param>
    public static Bilingual ConditionOf(CorrelationRule correlation, CultureInfo culture)
    {
        var fields = string.Join(" + ", correlation.ValueFields);
        var bounds = Bounds(correlation, culture);
        Bilingual Of(string english, string french) => new($"{english} {bounds.English}", $"{french} {bounds.French}");
        return correlation.Type switch
        {
            CorrelationType.EventCount => Of("number of events", "nombre d’événements"),
            CorrelationType.ValueCount => Of($"number of different values of {fields}", $"nombre de valeurs différentes de {fields}"),
            CorrelationType.ValueSum => Of($"sum of {fields}", $"somme de {fields}"),
            CorrelationType.ValueAverage => Of($"mean of {fields}", $"moyenne de {fields}"),
            CorrelationType.ValuePercentile when correlation.Percentile is { } percentile =>
                Of($"percentile {percentile.ToString("0.###", culture)} of {fields}", $"centile {percentile.ToString("0.###", culture)} de {fields}"),
            CorrelationType.ValuePercentile => Of($"share of a value of {fields}, in percent,", $"part d’une valeur de {fields}, en pour cent,"),
            _ when correlation.Expression is { } expression => Same(Words(expression)),
            CorrelationType.TemporalOrdered when correlation.Bounds.IsEmpty => new("each of its rules matches, in their order", "chacune de ses règles se déclenche, dans leur ordre"),
            _ when correlation.Bounds.IsEmpty => new("each of its rules matches", "chacune de ses règles se déclenche"),
            _ => Of("number of its rules that match", "nombre de ses règles qui se déclenchent"),
        };
    }

    /// <summary>How long its window is, exactly.</summary>
    public static string LengthOf(CorrelationRule correlation, Viewer viewer) => (long)correlation.Timespan.TotalSeconds switch
    {
        var seconds when seconds % 86_400 == 0 => viewer.Count(seconds / 86_400, "day", "days", "jour", "jours"),
        var seconds when seconds % 3600 == 0 => viewer.Count(seconds / 3600, "hour", "hours", "heure", "heures"),
        var seconds when seconds % 60 == 0 => viewer.Count(seconds / 60, "minute", "minutes", "minute", "minutes"),
        var seconds => viewer.Count(seconds, "second", "seconds", "seconde", "secondes"),
    };

    /// <summary>The fields whose values keep its events apart, as one text; empty where all are one.</summary>
    public static string GroupOf(CorrelationRule correlation) => string.Join(", ", correlation.GroupBy);

    /// <summary>What a search finds it by, beside its title, id and tags.</summary>
    public static string SearchedBy(CorrelationRule correlation) =>
        string.Join(' ', (IEnumerable<string>)["correlation corrélation", NameOf(correlation.Type), .. correlation.GroupBy, .. correlation.ValueFields]);

    private static Bilingual Bounds(CorrelationRule correlation, CultureInfo culture)
    {
        var bounds = correlation.Bounds.Select(bound => bound.ToString(culture)).ToList();
        return new Bilingual(string.Join(" and ", bounds), string.Join(" et ", bounds));
    }

    // As the rule language writes it: these are its words.
    private static string Words(TemporalExpression expression) => expression switch
    {
        TemporalExpression.And and => string.Join(" and ", and.Terms.Select(Inner)),
        TemporalExpression.Or or => string.Join(" or ", or.Terms.Select(Inner)),
        TemporalExpression.Not not => $"not {Inner(not.Inner)}",
        TemporalExpression.Rule rule => rule.Reference,
        TemporalExpression.Of of => $"{(of.All ? "all" : "1")} of {(of.Pattern == "*" ? "them" : of.Pattern)}",
        _ => expression.ToString(),
    };

    private static string Inner(TemporalExpression expression) => expression is TemporalExpression.And or TemporalExpression.Or ? $"({Words(expression)})" : Words(expression);

    private static Bilingual Same(string text) => new(text, text);
}
