using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Sigma;

namespace Vigie.Watches.Logs.Explaining;

/// <summary>One term of an explanation, as a line of an indented tree.</summary>
/// <param name="Depth">How far in, from 0.</param>
/// <param name="Holds">Whether the term holds; null for a line that only says how many more there are.</param>
/// <param name="Text">What it asks.</param>
/// <param name="RuleLine">The line of the rule file that asks it; 0 where the term is no single value.</param>
/// <param name="Values">The values that were looked at.</param>
/// <param name="Why">What came of it.</param>
internal sealed record ExplanationLine(int Depth, bool? Holds, Bilingual Text, int RuleLine, IReadOnlyList<string> Values, Bilingual Why)
{
    // Lists of hundreds of values are common in rules; those that hold are what a reader wants to see.
    private const int MostParts = 12;
    private const int ShownOfMany = 3;

    /// <summary>The lines of an explanation, outermost first.</summary>
    /// <param name="explanation">Of one condition.</param>
    /// <param name="whole">Whether long lists of terms are given in full.</param>
    public static IReadOnlyList<ExplanationLine> Of(Explanation explanation, bool whole)
    {
        var lines = new List<ExplanationLine>();
        Add(explanation, 0, whole, lines);
        return lines;
    }

    private static void Add(Explanation explanation, int depth, bool whole, List<ExplanationLine> lines)
    {
        var line = explanation.Term switch
        {
            Term.Field field => field.Line,
            Term.Keyword keyword => keyword.Line,
            _ => 0,
        };
        lines.Add(new ExplanationLine(depth, explanation.Holds, TermText.Of(explanation.Term), line, [.. explanation.Values.Select(Shown)], explanation.Why));
        var parts = explanation.Parts.AsEnumerable();
        var hidden = 0;
        if (!whole && explanation.Parts.Length > MostParts)
        {
            // Of a list that must hold as a whole, those that fail are what a reader wants to see.
            var telling = explanation.Term is Term.And ? explanation.Parts.Where(part => !part.Holds) : explanation.Parts.Where(part => part.Holds);
            var shown = telling.Take(MostParts).ToList();
            if (shown.Count == 0) shown = [.. explanation.Parts.Take(ShownOfMany)];
            hidden = explanation.Parts.Length - shown.Count;
            parts = shown;
        }

        foreach (var part in parts) Add(part, depth + 1, whole, lines);
        if (hidden > 0) lines.Add(More(depth + 1, hidden, explanation));
    }

    private static ExplanationLine More(int depth, int hidden, Explanation explanation)
    {
        var holding = explanation.Parts.Count(part => part.Holds);
        return new ExplanationLine(depth, null, new Bilingual(
            string.Create(CultureInfo.InvariantCulture, $"… and {hidden} more; {holding} of {explanation.Parts.Length} hold"),
            string.Create(CultureInfo.InvariantCulture, $"… et {hidden} de plus ; {holding} sur {explanation.Parts.Length} sont vrais")), 0, [], default);
    }

    private static string Shown(Engine.Events.CapturedField field) => field.Kind == Engine.Events.FieldKind.Null ? "null" : field.Value;
}
