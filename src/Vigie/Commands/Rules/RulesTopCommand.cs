using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Commands.Logs;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Watches.Logs.Reading;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Commands.Rules;

/// <summary><c>vigie rules top</c>: which rules cost the most, and which fire the most.</summary>
internal static class RulesTopCommand
{
    public static Command Create()
    {
        var rules = new RuleOptions();
        var paths = new Argument<string[]>("PATH") { Description = "Logs to measure with; without any, what the node has counted in its store.", Arity = ArgumentArity.ZeroOrMore };
        var limit = new Option<int>("--limit") { Description = "At most so many rules.", HelpName = "N", DefaultValueFactory = _ => RuleCosts.Most }.Within(1, int.MaxValue);
        var json = new Option<bool>("--json") { Description = "The same as a JSON list." };
        var command = new Command("top", "Show which rules cost the most time over logs, or, without logs, which have fired the most in the running node.") { paths, limit, json };
        rules.AddTo(command);
        command.SetAction((result, token) => result.GetValue(paths) is { Length: > 0 } logs
            ? Task.FromResult(Measure(result, rules, logs, result.GetValue(limit), result.GetValue(json), token))
            : FromStoreAsync(result, rules, result.GetValue(limit), result.GetValue(json), token));
        return command.WithExamples(
            ("vigie rules top samples/logs", "Time, evaluations and matches of each rule over these logs."),
            ("vigie rules top --limit 10", "The ten rules that fired the most since the node has its store."));
    }

    private static int Measure(ParseResult result, RuleOptions options, string[] paths, int limit, bool json, CancellationToken token)
    {
        if (options.Load(result, Stopwatch.GetTimestamp, token) is not { } rules) return ExitCodes.Usage;
        var (output, error, language) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, Language.Of(result));
        var failed = false;
        var targets = LogTarget.Under(paths, (path, why) =>
        {
            error.WriteLine($"{path}: {why}");
            failed = true;
        });
        var clock = Stopwatch.StartNew();
        ScanSummary summary;
        using (var bar = ProgressBar.On(error, "logs"))
            summary = new LogScan(new LogQuestion(rules, null, Severity.Informational, new ReadAs()), Environment.ProcessorCount).Run(targets, new Uncounted(), bar, token);
        var costs = new RuleCosts(rules.Set);
        if (json) output.WriteLine(JsonSerializer.Serialize(costs.Dearest.Take(limit).Select(row => new { row.Rule.Id, row.Rule.Title, row.Count.Evaluated, row.Count.Matched, Milliseconds = RuleCosts.Milliseconds(row.Count) }), JsonOutput.Options));
        else costs.Write(output, language, limit);
        new SummaryText(error, language).WriteReading(summary, clock.Elapsed);
        return failed || summary.Failures > 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static async Task<int> FromStoreAsync(ParseResult result, RuleOptions options, int limit, bool json, CancellationToken token)
    {
        if (options.Settings.Load(result) is not { } settings) return ExitCodes.Usage;
        var (output, language) = (result.InvocationConfiguration.Output, Language.Of(result));
        await using var store = await Store.Store.OpenAsync(settings.Store, TimeProvider.System, NullLoggerFactory.Instance, token);
        var counts = (await new LogRuleTable(store).LoadAsync(token)).Values.OrderByDescending(count => count.Matches).ThenBy(count => count.Rule, StringComparer.Ordinal).Take(limit).ToList();
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(counts, JsonOutput.Options));
            return ExitCodes.Ok;
        }

        if (counts.Count == 0)
        {
            await output.WriteLineAsync(new Bilingual("No rule has fired yet.", "Aucune règle ne s’est encore déclenchée.").In(language));
            return ExitCodes.Ok;
        }

        var titles = options.Select(result) is { } selection ? RuleLoader.Load(selection, token) : LoadedRules.None;
        var culture = CultureInfo.GetCultureInfo(language);
        await output.WriteLineAsync(new Bilingual($"{"matches",12}  {"findings",10}  {"last fired",-17}  rule", $"{"remplie",12}  {"constats",10}  {"dernière fois",-17}  règle").In(language));
        foreach (var count in counts)
            await output.WriteLineAsync(string.Create(culture, $"{count.Matches,12:N0}  {count.Findings,10:N0}  {count.LastFired.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),-17}  {TerminalText.Plain(titles.Find(count.Rule)?.Title ?? count.Rule, 100)}"));
        return ExitCodes.Ok;
    }

    private sealed class Uncounted : IHitWriter
    {
        public void Write(LogHit hit)
        {
        }

        public void End(ScanSummary summary)
        {
        }
    }
}
