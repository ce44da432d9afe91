using System.Globalization;
using Vigie.Engine;
using Vigie.Watches.Logs.Explaining;

namespace Vigie.Commands.Rules;

/// <summary>Lines of an explanation for a terminal.</summary>
internal static class ExplanationText
{
    private const int MostValues = 5;

    /// <summary>A mark, what is asked, the line of the rule that asks it, and the values that were looked at.</summary>
    public static string Of(ExplanationLine line, string language)
    {
        var text = new string(' ', 2 * line.Depth + 2) + (line.Holds is { } holds ? Mark(holds) + " " : "  ") + TerminalText.Plain(line.Text.In(language));
        if (line.RuleLine > 0) text += string.Create(CultureInfo.InvariantCulture, $"  [{new Bilingual("line", "ligne").In(language)} {line.RuleLine}]");
        if (line.Values.Count > 0) text += "  ← " + string.Join(" | ", line.Values.Take(MostValues).Select(value => TerminalText.Plain(value, 200)));
        else if (line.RuleLine > 0) text += $"  ({TerminalText.Plain(line.Why.In(language))})";
        return text;
    }

    /// <summary>Whether something holds, as one sign.</summary>
    public static string Mark(bool holds) => holds ? "✓" : "✗";
}
