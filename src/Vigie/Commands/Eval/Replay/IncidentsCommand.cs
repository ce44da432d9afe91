using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Commands.Eval.Replay;

/// <summary><c>vigie eval incidents</c>: whether what belongs together is put together.</summary>
internal static class IncidentsCommand
{
    private const string Recorded = "logs/mordor";

    public static Command Create()
    {
        var data = new Option<string[]>("--data") { Description = "Folders or files of recorded attacks, one file an attack; or the folder of the evaluation data (default: $VIGIE_DATA, else shared/data beside the checkout).", HelpName = "FOLDER" };
        var rules = new Option<string[]>("--rules") { Description = "Rule files and folders (default: every folder of public rules in the evaluation data, and our own).", HelpName = "PATH" };
        var replays = new Option<int>("--replays") { Description = "How often each attack is replayed, each time under other names.", DefaultValueFactory = _ => 3, HelpName = "N" }.Within(1, 50);
        var overlap = new Option<double>("--overlap") { Description = "All replays begin within so many hours.", DefaultValueFactory = _ => 1, HelpName = "HOURS" }.Within(0.0, 24 * 365);
        var seed = new Option<int>("--seed") { Description = "Decides names and times.", DefaultValueFactory = _ => 4, HelpName = "N" }.Within(int.MinValue, int.MaxValue);
        var json = new Option<bool>("--json") { Description = "Everything measured as one JSON document." };
        var command = new Command("incidents", "Measure whether the findings of recorded attacks become one incident each, replayed several times and interleaved.") { data, rules, replays, overlap, seed, json };
        command.SetAction((result, token) => RunAsync(
            result,
            new Request(result.GetValue(data) ?? [], result.GetValue(rules) ?? [], new ReplayOptions(result.GetValue(replays), TimeSpan.FromHours(result.GetValue(overlap)), result.GetValue(seed)), result.GetValue(json)),
            token));
        return command.WithExamples(
            ("vigie eval incidents", "The whole table. Exit code 1 when a target is missed, 3 when data is absent."),
            ("vigie eval incidents --data ~/Security-Datasets/datasets/atomic --replays 2 --json", "Other recorded attacks, for a program to read."));
    }

    private static async Task<int> RunAsync(ParseResult result, Request request, CancellationToken token)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var (data, folders) = Sources(request.Data);
        var files = FilesOf(folders);
        var paths = request.Rules.Length > 0 ? request.Rules : [.. SigmaEvaluation.PublicRules(data), Path.Combine(AppContext.BaseDirectory, "rules", "sigma")];
        if (request.Rules.Length == 0 && paths.Length == 1) data.Find("sigma/rules");
        foreach (var folder in folders.Where(_ => files.Count == 0)) data.Find(Path.GetRelativePath(data.Root, folder));
        IReadOnlyList<Figure> figures = [];
        if (files.Count > 0)
        {
            var rules = RuleLoader.Load(new RuleSelection { Paths = [.. paths], Optional = [.. paths] }, token);
            using var bar = ProgressBar.On(error, "incidents");
            var attacks = files.Select(file => RecordedAttack.Read(file, token)).OfType<RecordedAttack>().ToList();
            figures = new IncidentsEvaluation(rules, attacks, string.Join(", ", folders.Select(Path.GetFileName)), request.Options, bar, token).Run();
            if (figures.Count == 0)
            {
                await error.WriteLineAsync(attacks.Count == 0
                    ? $"{string.Join(", ", folders)}: no event with a time could be read there"
                    : $"{string.Join(", ", folders)}: no rule finds anything of level medium or higher there, so there is nothing to measure");
                return ExitCodes.Failed;
            }
        }

        figures = [.. figures, Cost()];
        if (request.Json) await output.WriteLineAsync(JsonSerializer.Serialize(new { evaluation = "incidents", absent = data.Absent, figures }, JsonOutput.Options));
        else await EvaluationText.WriteAsync(output, figures);
        foreach (var absent in data.Absent) await error.WriteLineAsync($"absent: {Path.GetFullPath(absent, data.Root)}");
        if (data.Absent.Count > 0) return ExitCodes.Failed;
        return figures.Any(figure => figure.Met == false) ? ExitCodes.Found : ExitCodes.Ok;
    }

    // A folder of the evaluation data holds recorded attacks in its own place; any other folder is recorded attacks itself.
    private static (EvaluationData Data, IReadOnlyList<string> Folders) Sources(string[] named)
    {
        if (named is [var only] && Directory.Exists(Path.Combine(only, Recorded))) return (EvaluationData.Locate(only), [Path.Combine(only, Recorded)]);
        var data = EvaluationData.Locate(null);
        return (data, named.Length > 0 ? [.. named.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))] : [Path.Combine(data.Root, Recorded)]);
    }

    private static List<string> FilesOf(IReadOnlyList<string> folders)
    {
        var files = new List<string>();
        foreach (var folder in folders)
        {
            if (Directory.Exists(folder)) files.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsLog).Order(StringComparer.Ordinal));
            else if (File.Exists(folder)) files.Add(folder);
        }

        return files;
    }

    // Data comes with licences and descriptions beside it.
    private static bool IsLog(string path) => Path.GetExtension(path) is not ("" or ".md" or ".txt" or ".yml" or ".yaml" or ".png" or ".svg" or ".py" or ".cap" or ".pcap" or ".pcapng");

    private static Figure Cost()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var memory = process.PeakWorkingSet64 / (1024.0 * 1024);
        var seconds = Environment.CpuUsage.TotalTime.TotalSeconds;
        return Figure.Reported("cost", "What this took", "processor time and peak memory of the process", string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s, {memory:0} MB"), seconds);
    }

    private sealed record Request(string[] Data, string[] Rules, ReplayOptions Options, bool Json);
}
