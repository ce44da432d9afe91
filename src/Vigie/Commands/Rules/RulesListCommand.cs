using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Commands.Logs;
using Vigie.Engine;
using Vigie.Engine.Sigma;
using Vigie.Watches.Logs.Explaining;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules list</c>: the rules the node would use, and those it could not.</summary>
internal static class RulesListCommand
{
    public static Command Create()
    {
        var rules = new RuleOptions();
        var text = new Argument<string?>("TEXT") { Description = "Only rules with this in their title, id, tags, log source or file.", Arity = ArgumentArity.ZeroOrOne };
        var level = ScanLogsCommand.MinLevel();
        var json = new Option<bool>("--json") { Description = "The same as a JSON list." };
        var command = new Command("list", "List the rules the node would use: level, id, log source, title. What cannot be used goes to standard error.") { text, level, json };
        rules.AddTo(command);
        command.SetAction((result, token) => Task.FromResult(Run(result, rules, result.GetValue(text), result.GetValue(level)!, result.GetValue(json), token)));
        return command.WithExamples(
            ("vigie rules list", "Every rule, by level."),
            ("vigie rules list powershell --min-level high", "The grave ones about PowerShell."),
            ("vigie rules list --rules ~/sigma/rules --json", "What a folder holds, for a program."));
    }

    private static int Run(ParseResult result, RuleOptions options, string? text, string level, bool json, CancellationToken token)
    {
        if (options.Load(result, null, token) is not { } loaded) return ExitCodes.Usage;
        var (output, error, language) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, Language.Of(result));
        var least = LogHit.LevelOf(level)!.Value;
        var rules = loaded.Rules.Where(rule => rule.Level >= least && (text is null || Haystack(rule).Contains(text, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(rule => rule.Level).ThenBy(rule => rule.Title, StringComparer.Ordinal).ThenBy(rule => rule.Id, StringComparer.Ordinal).ToList();
        using (var page = new PagedWriter(output))
        {
            if (json) page.WriteLine(JsonSerializer.Serialize(rules.Select(Row), JsonOutput.Options));
            else foreach (var rule in rules) page.WriteLine($"{LogHit.NameOf(rule.Level),-13}  {TerminalText.Plain(rule.Id, 40),-36}  {TerminalText.Plain(TermText.SourceOf(rule.Source), 40),-32}  {TerminalText.Plain(rule.Title, 120)}");
        }

        foreach (var problem in loaded.Problems.Where(problem => problem.IsError)) error.WriteLine(RuleProblemLine.Of(problem, language));
        var culture = CultureInfo.GetCultureInfo(language);
        error.WriteLine(new Bilingual(
            string.Create(culture, $"{rules.Count:N0} of {loaded.Rules.Length:N0} rules; {loaded.Problems.Count(problem => problem.IsError):N0} problems."),
            string.Create(culture, $"{rules.Count:N0} règles sur {loaded.Rules.Length:N0} ; {loaded.Problems.Count(problem => problem.IsError):N0} problèmes.")).In(language));
        return ExitCodes.Ok;
    }

    private static string Haystack(SigmaRule rule) => string.Join('\n', rule.Title, rule.Id, rule.File, TermText.SourceOf(rule.Source), string.Join(' ', rule.Tags));

    private static object Row(SigmaRule rule) => new
    {
        rule.Id,
        rule.Title,
        Level = LogHit.NameOf(rule.Level),
        rule.Status,
        rule.Source.Product,
        rule.Source.Category,
        rule.Source.Service,
        rule.Techniques,
        rule.Tags,
        rule.File,
        rule.Line,
        rule.Version,
    };
}
