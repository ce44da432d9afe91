using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs;

/// <summary>One field of an event that a rule asked for and found.</summary>
/// <param name="Field">Its name; empty for a keyword.</param>
/// <param name="Value">The value that passed.</param>
/// <param name="Line">The line of the rule file that asked for it.</param>
/// <param name="Passages">The passages of the value that were asked for; empty where it is the whole value.</param>
internal readonly record struct MatchReason(string Field, string Value, int Line, ImmutableArray<string> Passages);

/// <summary>Which fields made a rule true, so that a person can check it against the event.</summary>
internal static class MatchReasons
{
    private const int Explained = 6;
    private const int ExplainedValue = 160;
    private const int Most = 40;
    private const int MostPassages = 8;

    /// <summary>The values that passed a test of the condition, as the event has them.</summary>
    public static ImmutableArray<MatchReason> Of(SigmaRule rule, int condition, CapturedEvent captured)
    {
        var reasons = new List<MatchReason>();
        Collect(SigmaInterpreter.Evaluate(rule.Conditions[condition], captured), captured, reasons);
        return [.. reasons];
    }

    // What is excluded is true because something is not there: that has no value to show.
    private static void Collect(Explanation explanation, CapturedEvent captured, List<MatchReason> reasons)
    {
        if (!explanation.Holds || reasons.Count >= Most) return;
        switch (explanation.Term)
        {
            case Term.And or Term.Or or Term.Named:
                foreach (var part in explanation.Parts) Collect(part, captured, reasons);
                break;
            case Term.Field field:
                Add(field.Name, field.Line, field.Test, explanation.Values, captured, reasons);
                break;
            case Term.Keyword keyword:
                Add("", keyword.Line, keyword.Test, explanation.Values, captured, reasons);
                break;
        }
    }

    private static void Add(string name, int line, ValueTest test, ImmutableArray<CapturedField> values, CapturedEvent captured, List<MatchReason> reasons)
    {
        foreach (var value in values)
        {
            if (SigmaInterpreter.Found(test, value, captured) is not { } passages) continue;
            var known = reasons.FindIndex(reason => reason.Field == name && reason.Value == value.Value);
            if (known >= 0) reasons[known] = reasons[known] with { Passages = Joined(reasons[known].Passages, passages) };
            else if (reasons.Count < Most) reasons.Add(new MatchReason(name, value.Value, line, [.. passages.Take(MostPassages)]));
        }
    }

    // Where one test asked for the whole value and another for a passage, the passage says more.
    private static ImmutableArray<string> Joined(ImmutableArray<string> passages, IReadOnlyList<string> more) => [.. passages.Concat(more).Distinct(StringComparer.Ordinal).Take(MostPassages)];

    /// <summary>The reasons in one sentence.</summary>
    public static Bilingual Sentence(ImmutableArray<MatchReason> reasons)
    {
        if (reasons.IsEmpty) return new Bilingual("nothing it excludes is in it", "rien de ce qu’elle exclut n’y figure");
        var english = string.Join(", ", reasons.Take(Explained).Select(reason => Text(reason, "line", "“", "”")));
        var french = string.Join(", ", reasons.Take(Explained).Select(reason => Text(reason, "ligne", "« ", " »")));
        var more = reasons.Length - Explained;
        if (more <= 0) return new Bilingual(english, french);
        return new Bilingual(
            string.Create(CultureInfo.InvariantCulture, $"{english}, and {more} more"),
            string.Create(CultureInfo.InvariantCulture, $"{french}, et {more} {(more == 1 ? "autre" : "autres")}"));
    }

    private static string Text(MatchReason reason, string lineWord, string open, string close)
    {
        var value = LogEvidence.Short(reason.Value, ExplainedValue);
        var line = reason.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({lineWord} {reason.Line})") : "";
        return reason.Field.Length == 0 ? $"{open}{value}{close}{line}" : $"{reason.Field} = {open}{value}{close}{line}";
    }
}
