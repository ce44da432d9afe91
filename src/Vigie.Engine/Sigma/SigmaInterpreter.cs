using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma;

/// <summary>
/// Evaluates rules the slow and plain way, each term against the copied event, and keeps what it found. It explains a rule to a person, and
/// what it says is what a rule means: the matcher is tested against it.
/// </summary>
public static class SigmaInterpreter
{
    // One expression serves as long as its rule lives.
    private static readonly ConditionalWeakTable<ValueTest.Regex, Regex> Expressions = [];
    private static readonly ConditionalWeakTable<TextPattern, PatternSigns> FoldedPatterns = [];
    private static readonly ConditionalWeakTable<TextPattern, PatternSigns> CasedPatterns = [];

    [ThreadStatic]
    private static string? _lastText;
    [ThreadStatic]
    private static string? _lastFolded;

    /// <summary>The truth of a rule for an event, term by term.</summary>
    public static RuleExplanation Evaluate(SigmaRule rule, CapturedEvent @event) =>
        new(rule, @event.Class.Covers(rule.Source), [.. rule.Conditions.Select(c => Evaluate(c, @event))]);

    /// <summary>The truth of a term for an event.</summary>
    public static Explanation Evaluate(Term term, CapturedEvent @event) => term switch
    {
        Term.And and => Joined(term, [.. and.Terms.Select(t => Evaluate(t, @event))], static parts => parts.All(p => p.Holds)),
        Term.Or or => Joined(term, [.. or.Terms.Select(t => Evaluate(t, @event))], static parts => parts.Any(p => p.Holds)),
        Term.Not not => Negated(not, Evaluate(not.Inner, @event)),
        Term.Named named => Named(named, Evaluate(named.Inner, @event)),
        Term.Field field => Field(field, @event),
        Term.Keyword keyword => Keyword(keyword, @event),
        Term.Constant constant => new Explanation(term, constant.Value, [], [], new Bilingual(constant.Why, constant.Why)),
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };

    /// <summary>
    /// What a test found in a value: the passages that a pattern asks for, or what a regular expression matches, as the value has them.
    /// Empty where the test is about the whole value; null where the value does not pass.
    /// </summary>
    /// <param name="test">What is asked.</param>
    /// <param name="value">A value of <paramref name="event"/>.</param>
    /// <param name="event">The event, for tests that compare with another field.</param>
    public static IReadOnlyList<string>? Found(ValueTest test, CapturedField value, CapturedEvent @event) => test switch
    {
        ValueTest.Exists or ValueTest.Null => [],
        _ when !Passes(value, test, @event) => null,
        ValueTest.Text text => FoundPassages.Of(text.Pattern, text.Cased, value.Value),
        ValueTest.Regex regex => FoundPassages.Of(Expressions.GetValue(regex, static test => SigmaRegex.Create(test)), value.Value),
        _ => [],
    };

    private static Explanation Joined(Term term, ImmutableArray<Explanation> parts, Func<ImmutableArray<Explanation>, bool> join)
    {
        var holding = parts.Count(p => p.Holds);
        return new Explanation(term, join(parts), parts, [], new Bilingual($"{holding} of {parts.Length} hold", $"{holding} sur {parts.Length} sont vrais"));
    }

    private static Explanation Negated(Term.Not term, Explanation inner) => new(term, !inner.Holds, [inner], [], inner.Holds
        ? new Bilingual("excluded, because the inner term holds", "exclu, car le terme intérieur est vrai")
        : new Bilingual("the inner term does not hold", "le terme intérieur est faux"));

    private static Explanation Named(Term.Named term, Explanation inner) => new(term, inner.Holds, [inner], [], inner.Holds
        ? new Bilingual($"the detection '{term.Name}' holds", $"la détection « {term.Name} » est vraie")
        : new Bilingual($"the detection '{term.Name}' does not hold", $"la détection « {term.Name} » est fausse"));

    private static Explanation Field(Term.Field term, CapturedEvent @event)
    {
        var values = @event.Named(term.Name).ToImmutableArray();
        var isThere = values.Length > 0 || IsContainer(term.Name, @event);
        var holds = term.Test switch
        {
            ValueTest.Exists exists => isThere == exists.Expected,
            ValueTest.Null => !isThere || values.Any(v => v.Kind == FieldKind.Null),
            _ => values.Any(v => Passes(v, term.Test, @event)),
        };
        var why = isThere
            ? holds ? new Bilingual("a value passes", "une valeur convient") : new Bilingual("no value passes", "aucune valeur ne convient")
            : new Bilingual($"the event has no field '{term.Name}'", $"l'événement n'a pas de champ « {term.Name} »");
        return new Explanation(term, holds, [], values, why);
    }

    private static Explanation Keyword(Term.Keyword term, CapturedEvent @event)
    {
        var passing = @event.Fields.Where(v => v.Kind is not (FieldKind.Object or FieldKind.Array) && Passes(v, term.Test, @event)).ToImmutableArray();
        return new Explanation(term, passing.Length > 0, [], passing, passing.Length > 0
            ? new Bilingual($"found in '{passing[0].Name}'", $"trouvé dans « {passing[0].Name} »")
            : new Bilingual("no value of the event has it", "aucune valeur de l'événement ne l'a"));
    }

    // A captured event has the values of its containers, but of the containers only those that are read by name.
    private static bool IsContainer(string name, CapturedEvent @event) =>
        @event.Fields.Any(f => f.Name.Length > name.Length && f.Name[name.Length] == '.' && f.Name.StartsWith(name, StringComparison.Ordinal));

    private static bool Passes(CapturedField field, ValueTest test, CapturedEvent @event)
    {
        if (field.Kind == FieldKind.Null) return false;
        return test switch
        {
            ValueTest.Text text => Matches(text.Pattern, text.Cased, field.Value),
            ValueTest.Regex regex => SigmaRegex.IsMatch(Expressions.GetValue(regex, static test => SigmaRegex.Create(test)), field.Value),
            ValueTest.Cidr cidr => FieldAddress.IsIn(Encoding.UTF8.GetBytes(field.Value), cidr),
            ValueTest.Number number => FieldNumber.TryParse(field.Value, out var value) && FieldNumber.Holds(value, number.Comparison, number.Value),
            ValueTest.Date date => FieldDate.TryPart(field.Value, date.Part, out var part) && FieldNumber.Holds(part, date.Comparison, date.Value),
            ValueTest.FieldReference reference => @event.Named(reference.Other).Any(other => other.Kind != FieldKind.Null && Compares(field.Value, reference, other.Value)),
            _ => throw new ArgumentOutOfRangeException(nameof(test)),
        };
    }

    private static bool Compares(string value, ValueTest.FieldReference reference, string other)
    {
        if (!reference.Cased) (value, other) = (CaseFolding.Fold(value), CaseFolding.Fold(other));
        return reference.Match switch
        {
            ReferenceMatch.Equals => string.Equals(value, other, StringComparison.Ordinal),
            ReferenceMatch.StartsWith => value.StartsWith(other, StringComparison.Ordinal),
            ReferenceMatch.EndsWith => value.EndsWith(other, StringComparison.Ordinal),
            _ => value.Contains(other, StringComparison.Ordinal),
        };
    }

    /// <summary>Whether a text matches a pattern as a whole.</summary>
    public static bool Matches(TextPattern pattern, bool cased, string text)
    {
        var read = (cased ? CasedPatterns : FoldedPatterns).GetValue(pattern, cased ? static p => new PatternSigns(p, cased: true) : static p => new PatternSigns(p, cased: false));
        if (!cased) text = Folded(text);
        // Most values do not hold the literals at all; only the others are walked sign by sign.
        return read.Literals.All(literal => text.Contains(literal, StringComparison.Ordinal)) && Matches(read.Signs, [.. text.EnumerateRunes()]);
    }

    // The terms of a rule ask for the same value one after the other.
    private static string Folded(string text)
    {
        if (!ReferenceEquals(_lastText, text)) (_lastText, _lastFolded) = (text, CaseFolding.Fold(text));
        return _lastFolded!;
    }

    // Only the last many-wildcard ever needs to give: an earlier one that took more could not help what follows.
    private static bool Matches(ImmutableArray<(PatternPartKind Kind, Rune Rune)> signs, Rune[] text)
    {
        int sign = 0, at = 0, star = -1, resume = 0;
        while (at < text.Length)
        {
            if (sign < signs.Length && signs[sign].Kind == PatternPartKind.AnyMany)
            {
                star = sign++;
                resume = at;
            }
            else if (sign < signs.Length && (signs[sign].Kind == PatternPartKind.AnyOne || signs[sign].Rune == text[at]))
            {
                sign++;
                at++;
            }
            else if (star >= 0)
            {
                sign = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        return signs.Skip(sign).All(s => s.Kind == PatternPartKind.AnyMany);
    }

    /// <summary>A pattern taken apart: its signs in turn, and the literals that every text it matches holds.</summary>
    private sealed class PatternSigns
    {
        public PatternSigns(TextPattern pattern, bool cased)
        {
            Literals = [.. pattern.Parts.Where(part => part.Kind == PatternPartKind.Literal).Select(part => cased ? part.Literal : CaseFolding.Fold(part.Literal))];
            var literals = Literals.GetEnumerator();
            var signs = ImmutableArray.CreateBuilder<(PatternPartKind Kind, Rune Rune)>();
            foreach (var part in pattern.Parts)
            {
                if (part.Kind != PatternPartKind.Literal)
                {
                    signs.Add((part.Kind, default));
                    continue;
                }

                literals.MoveNext();
                foreach (var rune in literals.Current.EnumerateRunes()) signs.Add((PatternPartKind.Literal, rune));
            }

            Signs = signs.ToImmutable();
        }

        public ImmutableArray<string> Literals { get; }

        public ImmutableArray<(PatternPartKind Kind, Rune Rune)> Signs { get; }
    }
}
