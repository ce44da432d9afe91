using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Sigma.Linting;

/// <summary>Finds conditions that no event fulfils, that every event fulfils, and detections that nothing uses.</summary>
internal static class LogicLint
{
    private static readonly CapturedEvent Nothing = new(null, EventClass.Unknown, []);

    public static void Check(SigmaRule rule, List<SigmaProblem> problems)
    {
        foreach (var name in rule.UnusedDetections)
            Report(false, FirstLine(rule.Detections.First(d => d.Key == name).Value) ?? rule.Line, "condition.unused", new Bilingual($"No condition uses the detection '{name}'.", $"Aucune condition n'utilise la détection « {name} »."));
        if (rule.MissingPlaceholders.Length > 0) return;
        foreach (var condition in rule.Conditions)
        {
            var line = FirstLine(condition) ?? rule.Line;
            if (Contradiction(condition) is { } found) Report(found.IsCertain, found.Line, "condition.never", found.Why);
            else if (SigmaInterpreter.Evaluate(condition, Nothing).Holds)
                Report(false, line, "condition.always", new Bilingual("The rule fires for every event of its log source that has none of its fields.", "La règle se déclenche pour tout événement de sa source qui n'a aucun de ses champs."));
        }

        foreach (var field in rule.Conditions.SelectMany(Terms.Within).OfType<Term.Field>())
        {
            if (field.Test is ValueTest.Date date && !Possible(date))
                Report(false, field.Line, "value.impossible", new Bilingual($"No date has such a {date.Part}.", $"Aucune date n'a un tel {date.Part}."));
        }

        void Report(bool isError, int line, string code, Bilingual why) => problems.Add(new SigmaProblem(rule.File, line, code, why, isError));
    }

    private static bool Possible(ValueTest.Date date)
    {
        var (least, most) = date.Part switch
        {
            DatePart.Minute => (0, 59),
            DatePart.Hour => (0, 23),
            DatePart.Day => (1, 31),
            DatePart.Week => (1, 53),
            DatePart.Month => (1, 12),
            _ => (1, 9999),
        };
        return FieldNumber.Holds(least, date.Comparison, date.Value) || FieldNumber.Holds(most, date.Comparison, date.Value) || (date.Comparison == Comparison.Equal && date.Value >= least && date.Value <= most);
    }

    private static int? FirstLine(Term term) => Terms.Within(term).Select(t => t switch
    {
        Term.Field field => field.Line,
        Term.Keyword keyword => keyword.Line,
        _ => (int?)null,
    }).FirstOrDefault(line => line is not null);

    // Only what all events contradict: a conjunction is looked at, a disjunction when each of its sides is impossible.
    private static Finding? Contradiction(Term term)
    {
        while (term is Term.Named named) term = named.Inner;
        if (term is Term.Or any)
        {
            var sides = any.Terms.Select(Contradiction).ToList();
            return sides.TrueForAll(s => s is not null) ? sides[0] : null;
        }

        if (term is not Term.And) return null;
        var parts = Conjuncts(term, isTrue: true).ToList();
        return parts.Where(p => p.IsTrue).Select(p => Contradiction(p.Term)).FirstOrDefault(found => found is not null)
            ?? Opposites(parts) ?? Fields(parts);
    }

    /// <summary>What must hold, or must not, for all of a term to hold.</summary>
    private static IEnumerable<(Term Term, bool IsTrue)> Conjuncts(Term term, bool isTrue) => term switch
    {
        Term.Named named => Conjuncts(named.Inner, isTrue),
        Term.Not not => Conjuncts(not.Inner, !isTrue),
        Term.And all when isTrue => all.Terms.SelectMany(t => Conjuncts(t, true)),
        Term.Or any when !isTrue => any.Terms.SelectMany(t => Conjuncts(t, false)),
        _ => [(term, isTrue)],
    };

    private static Finding? Opposites(List<(Term Term, bool IsTrue)> parts)
    {
        var refused = parts.Where(p => !p.IsTrue).Select(p => TermKey.Of(p.Term)).ToHashSet(StringComparer.Ordinal);
        if (refused.Count == 0) return null;
        foreach (var (term, isTrue) in parts)
        {
            if (!isTrue || !Refused(term)) continue;
            return new Finding(true, FirstLine(term) ?? 1, new Bilingual("Never true: the same is asked for and excluded.", "Jamais vrai : la même chose est exigée et exclue."));
        }

        return null;

        // A choice is refused when every one of its sides is.
        bool Refused(Term term) => refused.Contains(TermKey.Of(term)) || (term is Term.Or any && any.Terms.All(Refused));
    }

    private static Finding? Fields(List<(Term Term, bool IsTrue)> parts)
    {
        var tests = parts.Where(p => p.IsTrue).Select(p => (p.Term, Tests: TestsOf(p.Term))).Where(p => p.Tests is not null).ToList();
        foreach (var group in tests.GroupBy(t => t.Tests!.Value.Field, StringComparer.Ordinal))
        {
            var sets = group.Select(g => g.Tests!.Value.Tests).ToList();
            if (sets.Count < 2) continue;
            var line = FirstLine(group.Last().Term) ?? 1;
            var missing = sets.Any(s => s.All(t => t is ValueTest.Exists { Expected: false }));
            var valued = sets.Any(s => s.All(t => t is not (ValueTest.Exists { Expected: false } or ValueTest.Null)));
            if (missing && valued) return new Finding(true, line, new Bilingual($"Never true: '{group.Key}' must be missing and have a value.", $"Jamais vrai : « {group.Key} » doit manquer et avoir une valeur."));
            if (Empty(sets)) return new Finding(false, line, new Bilingual($"No single value of '{group.Key}' fulfils all that is asked of it.", $"Aucune valeur de « {group.Key} » ne remplit tout ce qui en est exigé."));
        }

        return null;
    }

    // A field's tests when a part asks nothing but one of several things of one field.
    private static (string Field, ImmutableArray<ValueTest> Tests)? TestsOf(Term term) => term switch
    {
        Term.Field field => (field.Name, [field.Test]),
        Term.Or any when any.Terms.All(t => t is Term.Field) && any.Terms.Select(t => ((Term.Field)t).Name).Distinct(StringComparer.Ordinal).Count() == 1 =>
            (((Term.Field)any.Terms[0]).Name, [.. any.Terms.Select(t => ((Term.Field)t).Test)]),
        _ => null,
    };

    private static bool Empty(List<ImmutableArray<ValueTest>> sets)
    {
        if (sets.Any(s => s.All(t => t is ValueTest.Null)) && sets.Any(s => s.All(t => t is ValueTest.Text or ValueTest.Regex or ValueTest.Number or ValueTest.Cidr))) return true;
        if (sets.Find(s => s.All(t => t is ValueTest.Text { Pattern.IsLiteral: true })) is { IsDefault: false } literals)
        {
            var others = sets.Where(s => s != literals && s.All(t => t is ValueTest.Text)).ToList();
            return others.Count > 0 && !literals.Any(l => others.TrueForAll(o => o.Any(t => Passes((ValueTest.Text)t, (ValueTest.Text)l))));
        }

        var numbers = sets.Where(s => s is [ValueTest.Number]).Select(s => (ValueTest.Number)s[0]).ToList();
        var low = numbers.Where(n => n.Comparison is Comparison.Greater or Comparison.GreaterOrEqual).Select(n => n.Value).DefaultIfEmpty(decimal.MinValue).Max();
        var high = numbers.Where(n => n.Comparison is Comparison.Less or Comparison.LessOrEqual).Select(n => n.Value).DefaultIfEmpty(decimal.MaxValue).Min();
        return low > high;
    }

    private static bool Passes(ValueTest.Text test, ValueTest.Text literal) =>
        SigmaInterpreter.Matches(test.Pattern, test.Cased && literal.Cased, literal.Pattern.Parts.Length == 0 ? "" : literal.Pattern.Parts[0].Literal);

    private sealed record Finding(bool IsCertain, int Line, Bilingual Why);
}
