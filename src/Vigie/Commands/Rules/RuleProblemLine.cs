using System.Globalization;
using Vigie.Engine.Sigma;

namespace Vigie.Commands.Rules;

/// <summary>A problem of a rule file as compilers write theirs, so that editors can jump to it: <c>file:line: code: message</c>.</summary>
internal static class RuleProblemLine
{
    public static string Of(SigmaProblem problem, string language) => string.Create(
        CultureInfo.InvariantCulture, $"{TerminalText.Plain(problem.File)}:{problem.Line}: {problem.Code}: {TerminalText.Plain(problem.Message.In(language))}");
}
