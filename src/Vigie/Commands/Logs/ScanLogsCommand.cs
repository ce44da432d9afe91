using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Vigie.Commands.Rules;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Formats;
using Vigie.Watches.Logs.Reading;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Logs;

/// <summary><c>vigie scan logs</c>: every rule over logs of the past.</summary>
internal static class ScanLogsCommand
{
    private enum Form
    {
        Summary,
        Json,
        Csv,
        Sarif,
        Timeline,
    }

    public static Command Create()
    {
        var rules = new RuleOptions();
        var paths = new Argument<string[]>("PATH") { Description = "Logs: files, and folders with all that lies in them; any format, gzip, zip and tar too.", Arity = ArgumentArity.OneOrMore };
        var since = new Option<string?>("--since") { Description = "Only events from then on: 2026-03-01, 2026-03-01T10:00:00Z, or so long ago: 7d, 12h, 30m.", HelpName = "T" };
        var level = MinLevel();
        var format = FormatOption();
        var forms = new Dictionary<Option<bool>, Form>
        {
            [new Option<bool>("--json") { Description = "Findings as JSON lines." }] = Form.Json,
            [new Option<bool>("--csv") { Description = "Findings as CSV." }] = Form.Csv,
            [new Option<bool>("--sarif") { Description = "Findings as SARIF 2.1.0." }] = Form.Sarif,
            [new Option<bool>("--timeline") { Description = "Findings as lines in the order of time." }] = Form.Timeline,
        };
        var output = new Option<string?>("--output") { Description = "Write the findings to a file; the summary then goes to standard output.", HelpName = "FILE" };
        var stats = new Option<bool>("--stats") { Description = "Also which rules cost the most." };
        var command = new Command("logs", "Match the rules against logs and report what they find. Reads files only; the store is not touched.") { paths, since, level, format, output, stats };
        foreach (var form in forms.Keys) command.Add(form);
        rules.AddTo(command);
        command.Validators.Add(result =>
        {
            if (forms.Keys.Count(result.GetValue) > 1) result.AddError("Only one of --json, --csv, --sarif and --timeline.");
            if (result.GetValue(since) is { } text && !SinceOption.TryRead(text, DateTimeOffset.UtcNow, out _)) result.AddError($"--since: \"{text}\" is neither a time such as 2026-03-01T10:00:00Z nor a length such as 7d.");
        });
        command.SetAction((result, token) => Task.FromResult(Run(
            result,
            rules,
            new Request(
                result.GetValue(paths)!,
                result.GetValue(since) is { } text && SinceOption.TryRead(text, DateTimeOffset.UtcNow, out var from) ? from : null,
                LogHit.LevelOf(result.GetValue(level)!)!.Value,
                result.GetValue(format),
                forms.Where(form => result.GetValue(form.Key)).Select(form => form.Value).FirstOrDefault(),
                result.GetValue(output),
                result.GetValue(stats)),
            token)));
        return command.WithExamples(
            ("vigie scan logs samples/logs", "What the rules find in a folder of logs: a summary. Exit code 1 where something was found."),
            ("vigie scan logs /mnt/evidence --since 2026-03-01 --min-level medium --timeline --output timeline.txt", "What happened since March, in order."),
            ("vigie scan logs Security.evtx --rules ~/sigma/rules --json | jq .rule.id", "Own rules, findings for a program."));
    }

    /// <summary><c>--min-level</c>, the same on every verb that finds something in logs.</summary>
    internal static Option<string> MinLevel()
    {
        var option = new Option<string>("--min-level") { Description = "Leave out rules below this level: informational, low, medium, high, critical.", HelpName = "LEVEL", DefaultValueFactory = _ => "informational" };
        option.AcceptOnlyFromAmong([.. Enum.GetValues<Severity>().Select(LogHit.NameOf)]);
        return option;
    }

    /// <summary><c>--format</c>, the same on every verb that reads logs.</summary>
    internal static Option<string?> FormatOption()
    {
        var option = new Option<string?>("--format") { Description = "Read files as this format instead of recognizing it: " + string.Join(", ", LogFormats.All.Select(format => format.Id)) + ".", HelpName = "FORMAT" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && LogFormats.Find(token.Value) is null) result.AddError($"--format: \"{token.Value}\" is no format that is known.");
        });
        return option;
    }

    private static int Run(ParseResult result, RuleOptions options, Request request, CancellationToken token)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (options.Load(result, request.Stats ? Stopwatch.GetTimestamp : null, token) is not { } rules) return ExitCodes.Usage;
        var missing = new List<ScanProblem>();
        var targets = LogTarget.Under(request.Paths, (path, why) => missing.Add(new ScanProblem(path, why, IsFailure: true)));
        var question = new LogQuestion(rules, request.Since, request.AtLeast, new ReadAs { Format = request.Format });
        var clock = Stopwatch.StartNew();
        ScanSummary summary;
        var file = request.Output is { } path && request.Form != Form.Summary ? new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024) : null;
        using (file)
        using (var page = file is null ? new PagedWriter(output) : null)
        using (var bar = ProgressBar.On(error, "logs"))
        {
            var writer = WriterOf(request.Form, (TextWriter?)file ?? page!, Language.Of(result));
            using (writer as IDisposable)
                summary = new LogScan(question, Environment.ProcessorCount).Run(targets, writer, bar, token);
        }

        foreach (var problem in missing) summary.Note(problem);
        Report(result, request, rules, summary, clock.Elapsed);
        return summary.Failures > 0 ? ExitCodes.Failed : summary.Findings > 0 ? ExitCodes.Found : ExitCodes.Ok;
    }

    // Findings for a program have standard output to themselves; what a person should know besides goes to standard error.
    private static void Report(ParseResult result, Request request, LoadedRules rules, ScanSummary summary, TimeSpan took)
    {
        var language = Language.Of(result);
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var people = request.Form == Form.Summary || request.Output is not null ? output : error;
        var text = new SummaryText(people, language);
        if (request.Form == Form.Summary || request.Output is not null) text.WriteFindings(summary);
        if (people == output) people.WriteLine();
        text.WriteReading(summary, took);
        var failures = rules.Problems.Where(problem => problem.IsError).ToList();
        if (failures.Count > 0)
        {
            error.WriteLine(new Bilingual("Rules that are not used:", "Règles qui ne sont pas utilisées :").In(language));
            foreach (var problem in failures) error.WriteLine("  " + RuleProblemLine.Of(problem, language));
        }

        if (request.Stats) new RuleCosts(rules.Set).Write(people, language, RuleCosts.Most);
    }

    private static IHitWriter WriterOf(Form form, TextWriter output, string language) => form switch
    {
        Form.Json => new JsonHits(output),
        Form.Csv => new CsvHits(output),
        Form.Sarif => new SarifHits(output),
        Form.Timeline => new TimelineHits(output, language),
        _ => new NoHits(),
    };

    private sealed record Request(string[] Paths, DateTimeOffset? Since, Severity AtLeast, string? Format, Form Form, string? Output, bool Stats);

    private sealed class NoHits : IHitWriter
    {
        public void Write(LogHit hit)
        {
        }

        public void End(ScanSummary summary)
        {
        }
    }
}
