using System.CommandLine;
using System.Text.Json;
using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary><c>vigie eval</c>: measures what is claimed, on data nobody here wrote.</summary>
internal static class EvalCommand
{
    public static Command Create() => new("eval", "Measure what is claimed, on data that is not part of the project.")
    {
        Lookalikes(),
        SigmaCommand.CreateSigma(),
        SigmaCommand.CreateSigmaSpeed(),
        SigmaCommand.CreateEvtxSamples(),
        EvtxCommand.CreateEvtx(),
        EvtxCommand.CreateFuzz(),
        Replay.IncidentsCommand.Create(),
        Placing.PlacingCommand.Create(),
        NextTechniqueCommand.Create(),
    };

    private static Command Lookalikes()
    {
        var data = new Option<string?>("--data") { Description = "Folder of the evaluation data (default: $VIGIE_DATA, else shared/data beside the checkout).", HelpName = "FOLDER" };
        var packs = new Option<string?>("--packs") { Description = "Folder of the packs (default: the one that comes with the program).", HelpName = "FOLDER" };
        var json = new Option<bool>("--json") { Description = "Everything measured as one JSON document." };
        var command = new Command("lookalikes", "Measure the look-alike guard: packs, false alarms, disputed domains, speed.") { data, packs, json };
        command.SetAction((result, token) => RunAsync(result, result.GetValue(data), result.GetValue(packs), result.GetValue(json), token));
        command.WithExamples(
            ("vigie eval lookalikes", "The whole table. Exit code 1 when a target is missed, 3 when data is absent."),
            ("vigie eval lookalikes --data /srv/data --json", "The same for a program to read."));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string? dataFolder, string? packFolder, bool json, CancellationToken ct)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var library = PackLibrary.Load(packFolder ?? PackLibrary.DefaultDirectory);
        foreach (var problem in library.Problems) await error.WriteLineAsync(problem.ToString());
        if (library.Problems.Count > 0) return ExitCodes.Usage;

        var data = EvaluationData.Locate(dataFolder);
        var evaluation = new LookalikesEvaluation(library.Packs, data, error, ct);
        var figures = evaluation.Run();
        if (json) await output.WriteLineAsync(Json(figures, data));
        else await EvaluationText.WriteAsync(output, figures);

        foreach (var absent in data.Absent) await error.WriteLineAsync($"absent: {Path.Combine(data.Root, absent)}");
        if (data.Absent.Count > 0) return ExitCodes.Failed;
        return figures.Any(f => f.Met == false) ? ExitCodes.Found : ExitCodes.Ok;
    }

    private static string Json(IReadOnlyList<Figure> figures, EvaluationData data) => JsonSerializer.Serialize(
        new { evaluation = "lookalikes", model = ImitationJudge.ModelVersion, absent = data.Absent, figures }, JsonOutput.Options);
}
