using System.CommandLine;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules</c>: everything about detection rules that is not running them.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Check, explain, test, list and take in detection rules.")
    {
        RulesListCommand.Create(),
        RulesCheckCommand.Create(),
        RulesTopCommand.Create(),
        RulesCoverageCommand.Create(),
        RulesAddCommand.Create(),
        RulesExplainCommand.Create(),
        RulesTestCommand.Create(),
    };
}
