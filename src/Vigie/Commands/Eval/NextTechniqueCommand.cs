using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Commands.Train;
using Vigie.Engine.Attack;

namespace Vigie.Commands.Eval;

/// <summary><c>vigie eval next-technique</c>: how well the later half of campaigns and groups is foretold.</summary>
internal static class NextTechniqueCommand
{
    private const string DefaultFile = "attack/enterprise-attack.jsonl.gz";
    private const double Least = 0.30;
    private const double LeastRatio = 1.1;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = $"The file of ATT&CK, or the folder of the evaluation data with {DefaultFile} (default: $VIGIE_DATA, else shared/data beside the checkout).", HelpName = "PATH" };
        var json = new Option<bool>("--json") { Description = "Everything measured as one JSON document." };
        var command = new Command("next-technique", "Measure how well the later half of campaigns and groups is foretold from the earlier.") { data, json };
        command.SetAction((result, token) => RunAsync(result, result.GetValue(data), result.GetValue(json), token));
        return command.WithExamples(
            ("vigie eval next-technique", "The whole table, in about half a minute. Exit code 1 when a target is missed, 3 when data is absent."),
            ("vigie eval next-technique --data enterprise-attack.json", "The same over another release of ATT&CK."));
    }

    private static async Task<int> RunAsync(ParseResult result, string? named, bool json, CancellationToken ct)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var data = EvaluationData.Locate(File.Exists(named) ? Path.GetDirectoryName(Path.GetFullPath(named)) : named);
        if (data.Find(File.Exists(named) ? Path.GetFileName(named) : DefaultFile) is not { } path)
        {
            await error.WriteLineAsync($"absent: {Path.Combine(data.Root, DefaultFile)}");
            return ExitCodes.Failed;
        }

        var file = AttackFile.Read(path, ct);
        TrainCommand.WriteProblems(error, file);
        if (file.Knowledge is not { } knowledge) return ExitCodes.Failed;
        var training = new NextTechniqueTraining(knowledge);
        if (training.Cases == 0)
        {
            await error.WriteLineAsync($"{path}: no campaign or group with at least two techniques");
            return ExitCodes.Failed;
        }

        var figures = Figures(training, training.Measure(null, ct), knowledge);
        if (json) await output.WriteLineAsync(JsonSerializer.Serialize(new { evaluation = "next-technique", source = file.Source, knowledge.Modified, figures }, JsonOutput.Options));
        else await EvaluationText.WriteAsync(output, figures);
        return figures.Any(figure => figure.Met == false) ? ExitCodes.Found : ExitCodes.Ok;
    }

    private static List<Figure> Figures(NextTechniqueTraining training, NextTechniqueMeasure measure, AttackKnowledge knowledge)
    {
        var all = measure.Scores[0];
        var of = $"{training.Cases} campaigns and groups, {all.Hidden} techniques held back";
        var ratio = all.Baseline > 0 ? all.Recall / all.Baseline : double.PositiveInfinity;
        return
        [
            Figure.AtLeast(
                "recall", $"recall in the top {NextTechniqueTraining.Named}, one case left out, its twins too", of, Number(all.Recall), all.Recall, Least, $"≥ {Number(Least)}",
                [.. measure.Scores.Select(score => new FigureRow(score.Name, $"{Number(score.Recall)}, most frequent {Number(score.Baseline)}", $"{score.Cases} cases, {score.Hidden} held back"))]),
            Figure.Reported("baseline", $"the same of the {NextTechniqueTraining.Named} most frequent techniques among later tactics", of, Number(all.Baseline), all.Baseline),
            Figure.AtLeast("ratio", "recall beside the most frequent", of, ratio.ToString("0.00", CultureInfo.InvariantCulture), ratio, LeastRatio, "≥ 1.10"),
            Figure.Reported(
                "likely", "share shown beside the techniques named, and how many of them were held back", of, $"{Number(measure.Likely)}, {Number(measure.Found)}", measure.Likely - measure.Found),
            Figure.Reported(
                "parameters", "parameters, chosen without the case they are used for", $"{knowledge.Cases.Length} campaigns and groups", $"{measure.Chosen.Count} sets", measure.Chosen.Count,
                [.. measure.Chosen.Select(chosen => new FigureRow($"penalty {chosen.Parameters.RidgePenalty}, frontier {chosen.Parameters.FrontierHalf}", $"{chosen.Cases} cases"))]),
        ];
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
