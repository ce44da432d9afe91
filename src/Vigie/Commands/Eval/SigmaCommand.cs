using System.CommandLine;
using System.Text.Json;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval;

/// <summary><c>vigie eval sigma</c> and <c>vigie eval evtx-samples</c>: the log watch over public rules and public logs.</summary>
internal static class SigmaCommand
{
    public static Command CreateSigma()
    {
        var options = new Options();
        var command = new Command("sigma", "Measure whether the public rules compile, and whether each fires on the log recorded for it.");
        options.AddTo(command);
        command.SetAction((result, token) => options.RunAsync(result, "sigma", (data, rules, error) => new SigmaEvaluation(rules, data, error, token).Run(), token));
        return command.WithExamples(
            ("vigie eval sigma", "The whole table. Exit code 1 when a target is missed, 3 when data is absent."),
            ("vigie eval sigma --rules ~/sigma --json", "Other rules over the same logs, for a program to read."));
    }

    public static Command CreateSigmaSpeed()
    {
        var options = new Options();
        var command = new Command("sigma-speed", "Measure how fast all rules are matched over recorded logs, and what that takes of memory.");
        options.AddTo(command);
        command.SetAction((result, token) => options.RunAsync(result, "sigma-speed", (data, rules, error) => new SigmaSpeedEvaluation(rules, data, error, token).Run(), token));
        return command.WithExamples(
            ("vigie eval sigma-speed", "The whole table, in about a minute. Exit code 1 when a target is missed, 3 when data is absent."),
            ("vigie eval sigma-speed --json", "The same for a program to read."));
    }

    public static Command CreateEvtxSamples()
    {
        var options = new Options();
        var own = new Option<string?>("--own") { Description = "Folder of our own rules (default: those that come with the program).", HelpName = "FOLDER" };
        var command = new Command("evtx-samples", "Measure in how many event logs of known attacks the public rules find something, and what our own rules add.") { own };
        options.AddTo(command);
        command.SetAction((result, token) => options.RunAsync(
            result,
            "evtx-samples",
            (data, rules, error) =>
            {
                var folder = result.GetValue(own) ?? Path.Combine(AppContext.BaseDirectory, "rules", "sigma");
                var ours = RuleLoader.Load(new RuleSelection { Paths = [folder], Optional = [folder] }, token);
                using var bar = ProgressBar.On(error, "evtx-attack-samples");
                return new EvtxSamplesEvaluation(rules, ours, data, bar, token).Run();
            },
            token));
        return command.WithExamples(("vigie eval evtx-samples", "The whole table, with the files in which nothing was found."));
    }

    /// <summary>What all evaluations over rules ask for, and how they report.</summary>
    internal sealed class Options
    {
        private readonly Option<string?> _data = new("--data") { Description = "Folder of the evaluation data (default: $VIGIE_DATA, else shared/data beside the checkout).", HelpName = "FOLDER" };
        private readonly Option<string[]> _rules = new("--rules") { Description = "Rule files and folders (default: every folder of public rules in the data).", HelpName = "PATH" };
        private readonly Option<bool> _json = new("--json") { Description = "Everything measured as one JSON document." };

        public void AddTo(Command command)
        {
            command.Add(_data);
            command.Add(_rules);
            command.Add(_json);
        }

        public async Task<int> RunAsync(ParseResult result, string name, Func<EvaluationData, LoadedRules, TextWriter, IReadOnlyList<Figure>> measure, CancellationToken token)
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var data = EvaluationData.Locate(result.GetValue(_data));
            var paths = result.GetValue(_rules) is { Length: > 0 } named ? named : SigmaEvaluation.PublicRules(data);
            if (paths.Count == 0) data.Find("sigma/rules");
            var rules = RuleLoader.Load(new RuleSelection { Paths = [.. paths] }, token);
            var figures = paths.Count == 0 ? [] : measure(data, rules, error);
            if (result.GetValue(_json)) await output.WriteLineAsync(JsonSerializer.Serialize(new { evaluation = name, absent = data.Absent, figures }, JsonOutput.Options));
            else await EvaluationText.WriteAsync(output, figures);
            foreach (var absent in data.Absent) await error.WriteLineAsync($"absent: {Path.Combine(data.Root, absent)}");
            if (data.Absent.Count > 0) return ExitCodes.Failed;
            return figures.Any(figure => figure.Met == false) ? ExitCodes.Found : ExitCodes.Ok;
        }
    }
}
