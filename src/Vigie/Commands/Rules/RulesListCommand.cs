using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Commands.Logs;
using Vigie.Engine;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
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
        var all = loaded.Rules.Select(Listed.Of).Concat(loaded.Correlations.Correlations.Select(Listed.Of)).ToList();
        var rules = all.Where(rule => rule.Level >= least && (text is null || rule.Says(text)))
            .OrderByDescending(rule => rule.Level).ThenBy(rule => rule.Titles.English, StringComparer.Ordinal).ThenBy(rule => rule.Id, StringComparer.Ordinal).ToList();
        using (var page = new PagedWriter(output))
        {
            if (json) page.WriteLine(JsonSerializer.Serialize(rules.Select(rule => rule.ToRow()), JsonOutput.Options));
            else foreach (var rule in rules) page.WriteLine($"{LogHit.NameOf(rule.Level),-13}  {TerminalText.Plain(rule.Id, 40),-36}  {TerminalText.Plain(rule.LooksAt, 40),-32}  {TerminalText.Plain(rule.Titles.In(language), 120)}");
        }

        foreach (var problem in loaded.Problems.Where(problem => problem.IsError)) error.WriteLine(RuleProblemLine.Of(problem, language));
        var culture = CultureInfo.GetCultureInfo(language);
        error.WriteLine(new Bilingual(
            string.Create(culture, $"{rules.Count:N0} of {all.Count:N0} rules; {loaded.Problems.Count(problem => problem.IsError):N0} problems."),
            string.Create(culture, $"{rules.Count:N0} règles sur {all.Count:N0} ; {loaded.Problems.Count(problem => problem.IsError):N0} problèmes.")).In(language));
        return ExitCodes.Ok;
    }

    /// <summary>A detection rule or a correlation, as far as a list shows it.</summary>
    private sealed record Listed(string Id, Bilingual Titles, Severity Level, string? Status, LogSource Source, string LooksAt, ImmutableArray<string> Techniques, ImmutableArray<string> Tags, string File, int Line, string Version)
    {
        public static Listed Of(SigmaRule rule) =>
            new(rule.Id, rule.Titles, rule.Level, rule.Status, rule.Source, TermText.SourceOf(rule.Source), rule.Techniques, rule.Tags, rule.File, rule.Line, rule.Version);

        public static Listed Of(CorrelationRule rule) =>
            new(rule.Id, rule.Titles, rule.Level, rule.Status, default, $"correlation {JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.Type.ToString())}", rule.Techniques, rule.Tags, rule.File, rule.Line, rule.Version);

        public bool Says(string text) => string.Join('\n', Titles.English, Titles.French, Id, File, LooksAt, string.Join(' ', Tags)).Contains(text, StringComparison.OrdinalIgnoreCase);

        public object ToRow() => new
        {
            Id,
            Title = Titles.English,
            Level = LogHit.NameOf(Level),
            Status,
            Source.Product,
            Source.Category,
            Source.Service,
            LooksAt,
            Techniques,
            Tags,
            File,
            Line,
            Version,
        };
    }
}
