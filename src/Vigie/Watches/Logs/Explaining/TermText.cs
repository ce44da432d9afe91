using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs.Explaining;

/// <summary>Says what a term asks, in the words of the rule language.</summary>
internal static class TermText
{
    private const int MaxPattern = 300;

    /// <summary>What a term asks.</summary>
    public static Bilingual Of(Term term) => term switch
    {
        Term.And => new("all of", "tous parmi"),
        Term.Or => new("one of", "l’un parmi"),
        Term.Not => new("not", "non"),
        Term.Named named => Same(named.Name),
        Term.Field field => Of(field.Name, field.Test),
        Term.Keyword keyword => Joined(new("any field", "tout champ"), Of(keyword.Test)),
        Term.Constant constant => constant.Value ? new("always", "toujours") : new("never", "jamais"),
        _ => Same(term.GetType().Name),
    };

    /// <summary>A log source as one text: the terms it names, in the specification's order.</summary>
    public static string SourceOf(LogSource source) =>
        string.Join('/', ((string?[])[source.Product, source.Category, source.Service]).Where(term => term is not null)) is { Length: > 0 } text ? text : "-";

    /// <summary>The log sources of an event as one text, in the same order.</summary>
    public static Bilingual SourceOf(EventClass events) =>
        string.Join('/', ((IEnumerable<string>[])[events.Products, events.Categories, events.Services]).Where(terms => terms.Any()).Select(terms => string.Join('+', terms))) is { Length: > 0 } text
            ? Same(text)
            : new("of no log source that is known", "d’aucune source connue");

    private static Bilingual Of(string field, ValueTest test) => Joined(Same(field), Of(test));

    private static Bilingual Of(ValueTest test) => test switch
    {
        ValueTest.Text text => Same(Of(text)),
        ValueTest.Regex regex => Same($"re{(regex.IgnoreCase ? "|i" : "")}{(regex.MultiLine ? "|m" : "")}{(regex.SingleLine ? "|s" : "")} /{Short(regex.Pattern)}/"),
        ValueTest.Cidr cidr => Same($"cidr {cidr.Written}"),
        ValueTest.Number number => Same(string.Create(CultureInfo.InvariantCulture, $"{Sign(number.Comparison)} {number.Value}")),
        ValueTest.FieldReference reference => Same($"fieldref{Modifier(reference.Match)} {reference.Other}"),
        ValueTest.Date date => Same(string.Create(CultureInfo.InvariantCulture, $"{date.Part.ToString().ToLowerInvariant()} {Sign(date.Comparison)} {date.Value}")),
        ValueTest.Null => new("has no value", "n’a pas de valeur"),
        ValueTest.Exists exists => exists.Expected ? new("is there", "est présent") : new("is not there", "est absent"),
        _ => Same(test.GetType().Name),
    };

    private static string Of(ValueTest.Text test)
    {
        var parts = test.Pattern.Parts;
        var cased = test.Cased ? "|cased" : "";
        var starts = parts.Length > 0 && parts[0].Kind == PatternPartKind.AnyMany;
        var ends = parts.Length > 1 && parts[^1].Kind == PatternPartKind.AnyMany;
        var inner = parts[(starts ? 1 : 0)..(ends ? parts.Length - 1 : parts.Length)];
        var modifier = (starts, ends) switch
        {
            (true, true) => "contains",
            (true, false) => "endswith",
            (false, true) => "startswith",
            _ => "=",
        };
        if (inner.IsEmpty && starts) return "= *" + cased;
        return $"{modifier}{cased} '{Short(string.Concat(inner.Select(Of)))}'";
    }

    private static string Of(PatternPart part) => part.Kind switch
    {
        PatternPartKind.AnyMany => "*",
        PatternPartKind.AnyOne => "?",
        _ => part.Literal,
    };

    private static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        _ => "=",
    };

    private static string Modifier(ReferenceMatch match) => match == ReferenceMatch.Equals ? "" : "|" + match.ToString().ToLowerInvariant();

    private static string Short(string text) => text.Length <= MaxPattern ? text : text[..MaxPattern] + "…";

    private static Bilingual Same(string text) => new(text, text);

    private static Bilingual Joined(Bilingual first, Bilingual second) => new($"{first.English} {second.English}", $"{first.French} {second.French}");
}
