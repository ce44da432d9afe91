using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Commands.Logs;
using Vigie.Engine;
using Vigie.Engine.Attack;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules coverage</c>: which ATT&amp;CK techniques the rules look for.</summary>
internal static class RulesCoverageCommand
{
    public static Command Create()
    {
        var rules = new RuleOptions();
        var level = ScanLogsCommand.MinLevel();
        var navigator = new Option<string?>("--navigator") { Description = "Write a layer for MITRE's ATT&CK Navigator (format 4.5) to a file; - is standard output.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Techniques and how many rules look for each, as JSON." };
        var command = new Command("coverage", "Show how many techniques of each ATT&CK tactic some rule looks for.") { level, navigator, json };
        rules.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(navigator) == "-") result.AddError("Only one of --json and --navigator -.");
        });
        command.SetAction((result, token) => Task.FromResult(Run(result, rules, result.GetValue(level)!, result.GetValue(navigator), result.GetValue(json), token)));
        return command.WithExamples(
            ("vigie rules coverage", "Techniques covered, tactic by tactic."),
            ("vigie rules coverage --min-level high --navigator layer.json", "A layer to open in the ATT&CK Navigator."));
    }

    private static int Run(ParseResult result, RuleOptions options, string level, string? navigator, bool json, CancellationToken token)
    {
        if (options.Load(result, null, token) is not { } loaded) return ExitCodes.Usage;
        var (output, language) = (result.InvocationConfiguration.Output, Language.Of(result));
        var least = LogHit.LevelOf(level)!.Value;
        var rules = loaded.Rules.Where(rule => rule.Level >= least).Select(rule => (rule.Title, rule.Techniques.AsEnumerable()))
            .Concat(loaded.Correlations.Correlations.Where(rule => rule.Level >= least).Select(rule => (rule.Title, rule.Techniques.AsEnumerable()))).ToList();
        var coverage = RuleCoverage.Of(rules);
        if (navigator is not null)
        {
            var layer = NavigatorLayer.Write("Vigie", string.Create(CultureInfo.InvariantCulture, $"{rules.Count} rules of level {level} or above"), coverage);
            if (navigator == "-")
            {
                output.Write(layer);
                return ExitCodes.Ok;
            }

            File.WriteAllText(navigator, layer);
        }

        if (json) output.WriteLine(JsonSerializer.Serialize(coverage, JsonOutput.Options));
        else Write(output, rules.Count, coverage, language);
        return ExitCodes.Ok;
    }

    private static void Write(TextWriter output, int rules, IReadOnlyList<TechniqueCoverage> coverage, string language)
    {
        const int width = 30;
        var culture = CultureInfo.GetCultureInfo(language);
        foreach (var (tactic, covered, all) in RuleCoverage.ByTactic(coverage))
        {
            var filled = covered * width / all;
            output.WriteLine(string.Create(culture, $"{tactic.Name,-22}  [{new string('#', filled)}{new string(' ', width - filled)}]  {covered,3:N0} / {all,3:N0}"));
        }

        var matrix = AttackMatrix.Enterprise;
        var unknown = coverage.Where(technique => matrix.Find(technique.Technique) is null).Select(technique => technique.Technique).ToList();
        output.WriteLine();
        output.WriteLine(new Bilingual(
            string.Create(culture, $"{rules:N0} rules look for {coverage.Count - unknown.Count:N0} of {matrix.Techniques.Length:N0} techniques and sub-techniques."),
            string.Create(culture, $"{rules:N0} règles cherchent {coverage.Count - unknown.Count:N0} des {matrix.Techniques.Length:N0} techniques et sous-techniques.")).In(language));
        if (unknown.Count > 0)
            output.WriteLine(new Bilingual($"Not in this version of ATT&CK (revoked, or mistyped): {string.Join(", ", unknown)}", $"Absentes de cette version d’ATT&CK (retirées, ou mal écrites) : {string.Join(", ", unknown)}").In(language));
    }
}
