using System.Diagnostics;
using System.Globalization;
using Vigie.Commands.Logs;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Commands.Rules;

/// <summary>Which rules cost the most time and which fire the most, from the counters of a set that was used.</summary>
internal sealed class RuleCosts(RuleSet set)
{
    /// <summary>How many rules are listed where nobody says.</summary>
    public const int Most = 20;

    /// <summary>The rules that were evaluated at all, dearest first.</summary>
    public IReadOnlyList<(SigmaRule Rule, RuleCount Count)> Dearest =>
        [.. Enumerable.Range(0, set.Rules.Length).Select(i => (Rule: set.Rules[i], Count: set.CountOf(i))).Where(row => row.Count.Evaluated > 0)
            .OrderByDescending(row => row.Count.Cost).ThenByDescending(row => row.Count.Evaluated).ThenBy(row => row.Rule.Id, StringComparer.Ordinal)];

    /// <summary>Milliseconds of a count.</summary>
    public static double Milliseconds(RuleCount count) => 1000.0 * count.Cost / Stopwatch.Frequency;

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter output, string language, int most)
    {
        var rows = Dearest;
        var culture = CultureInfo.GetCultureInfo(language);
        output.WriteLine();
        output.WriteLine(new Bilingual($"{"ms",10}  {"evaluated",12}  {"matched",10}  level          rule", $"{"ms",10}  {"évaluée",12}  {"remplie",10}  niveau         règle").In(language));
        foreach (var (rule, count) in rows.Take(most))
            output.WriteLine(string.Create(culture, $"{Milliseconds(count),10:N2}  {count.Evaluated,12:N0}  {count.Matched,10:N0}  {LogHit.NameOf(rule.Level),-13}  {TerminalText.Plain(rule.Title, 100)}"));
        output.WriteLine(new Bilingual(
            string.Create(culture, $"{rows.Count:N0} of {set.Rules.Length:N0} rules were evaluated at all; the others were ruled out by what their literals need."),
            string.Create(culture, $"{rows.Count:N0} règles sur {set.Rules.Length:N0} ont été évaluées ; les autres étaient exclues par leurs littéraux.")).In(language));
    }
}
