using System.CommandLine;

namespace Vigie.Commands.Eval;

/// <summary><c>vigie eval evtx</c> and <c>vigie eval evtx-fuzz</c>: how fast event logs are read, and whether damage harms the reader.</summary>
internal static class EvtxCommand
{
    public static Command CreateEvtx()
    {
        var options = new SigmaCommand.Options();
        var megabytes = new Option<int>("--megabytes") { Description = "How much is read per measurement, by repeating the logs in memory.", HelpName = "N", DefaultValueFactory = _ => 1000 }.Within(1, int.MaxValue);
        var command = new Command("evtx", "Measure how fast event logs are read and matched, and how many of their records.") { megabytes };
        options.AddTo(command);
        command.SetAction((result, token) => options.RunAsync(
            result,
            "evtx",
            (data, rules, error) => new EvtxEvaluation(rules, data, result.GetValue(megabytes), error, token).Run(),
            token));
        return command.WithExamples(
            ("vigie eval evtx", "The whole table over 1 GB. Exit code 1 when a target is missed, 3 when data is absent."),
            ("vigie eval evtx --megabytes 100 --json", "A shorter run, for a program to read."));
    }

    public static Command CreateFuzz()
    {
        var data = new Option<string?>("--data") { Description = "Folder of the evaluation data (default: $VIGIE_DATA, else shared/data beside the checkout).", HelpName = "FOLDER" };
        var cases = new Option<long>("--cases") { Description = "How many damaged logs are read.", HelpName = "N", DefaultValueFactory = _ => 1_000_000 }.Within(1, long.MaxValue);
        var first = new Option<long>("--first") { Description = "Number of the first case; with --cases 1 a single case is read again.", HelpName = "N" }.Within(0, long.MaxValue);
        var seed = new Option<int>("--seed") { Description = "Other seeds damage in other places.", HelpName = "N", DefaultValueFactory = _ => 1 }.Within(int.MinValue, int.MaxValue);
        var command = new Command("evtx-fuzz", "Damage event logs in a million ways and read them: the reader must not throw, stop or grow.") { data, cases, first, seed };
        command.SetAction(async (result, token) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            var corpus = EvtxCorpus.Load(EvaluationData.Locate(result.GetValue(data)));
            if (corpus.Files.Count == 0)
            {
                await error.WriteLineAsync($"absent: {string.Join(", ", corpus.Absent)}");
                return ExitCodes.Failed;
            }

            using var bar = ProgressBar.On(error, "evtx-fuzz");
            var report = new EvtxFuzz(corpus, result.GetValue(seed)).Run(result.GetValue(first), result.GetValue(cases), bar, token);
            await report.WriteAsync(output);
            return report.Failures.Count > 0 ? ExitCodes.Found : ExitCodes.Ok;
        });
        return command.WithExamples(
            ("vigie eval evtx-fuzz --cases 1000000", "A million damaged logs. Exit code 1 when one of them harmed the reader."),
            ("vigie eval evtx-fuzz --seed 7 --first 4711 --cases 1", "One case again, for instance under a debugger."));
    }
}
