using System.CommandLine;
using System.Globalization;
using Vigie.Engine.Attack;
using Vigie.Incidents.Next;
using Vigie.Operations;

namespace Vigie.Commands.Train;

/// <summary><c>vigie train</c>: makes models from data the user has.</summary>
internal static class TrainCommand
{
    /// <summary>Cases with fewer techniques teach nothing about what follows what.</summary>
    private const int FewestCases = 10;

    public static Command Create() => new("train", "Train a model from data you have.") { NextTechnique() };

    private static Command NextTechnique()
    {
        var options = new SettingsOptions();
        var from = new Option<string>("--from") { Description = "ATT&CK as a STIX bundle (enterprise-attack.json) or JSON lines of STIX objects; plain or gzip.", HelpName = "FILE", Required = true };
        var to = new Option<string?>("--out") { Description = "Where to write the model (default: models/next-technique.json of the data folder, where the node looks for it).", HelpName = "FILE" };
        var command = new Command("next-technique", "Learn from ATT&CK's campaigns and groups which techniques follow which.") { from, to };
        options.AddTo(command);
        command.SetAction((result, token) => Task.FromResult(Run(result, options, result.GetValue(from)!, result.GetValue(to), token)));
        return command.WithExamples(
            ("vigie train next-technique --from enterprise-attack.json", "Train from MITRE's bundle; a running node uses the model at once."),
            ("vigie train next-technique --from enterprise-attack.jsonl.gz --out model.json", "The same from JSON lines, into a file of your choice."));
    }

    private static int Run(ParseResult result, SettingsOptions options, string from, string? to, CancellationToken ct)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (to is null)
        {
            if (options.Load(result) is not { } settings) return ExitCodes.Usage;
            to = NextTechniqueModel.FileIn(settings.DataDirectory);
        }

        var file = AttackFile.Read(from, ct);
        WriteProblems(error, file);
        if (file.Knowledge is not { } knowledge) return ExitCodes.Failed;
        var training = new NextTechniqueTraining(knowledge);
        if (training.Cases < FewestCases)
        {
            error.WriteLine($"{from}: only {training.Cases} campaigns and groups with at least two techniques; at least {FewestCases} are needed");
            return ExitCodes.Failed;
        }

        var parameters = training.Choose(ct);
        var model = new NextTechniqueModel
        {
            Format = NextTechniqueModel.CurrentFormat,
            Program = $"vigie {NodeMetrics.Version}",
            TrainedAt = TimeProvider.System.GetUtcNow(),
            Source = file.Source,
            Licence = $"{knowledge.Copyright} {NextTechniqueModel.Attribution}".Trim(),
            Parameters = parameters,
            Measured = training.Measure(parameters, ct).Scores,
            Knowledge = knowledge,
        };
        model.Write(to);
        Report(output, model, to);
        return ExitCodes.Ok;
    }

    /// <summary>What is wrong with the file; at most as many lines as the reader keeps.</summary>
    internal static void WriteProblems(TextWriter error, AttackFile file)
    {
        foreach (var problem in file.Problems) error.WriteLine(problem);
        if (file.ProblemCount > file.Problems.Count) error.WriteLine($"and {file.ProblemCount - file.Problems.Count} more");
    }

    private static void Report(TextWriter output, NextTechniqueModel model, string to)
    {
        var knowledge = model.Knowledge;
        var all = model.Measured[0];
        string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
        output.WriteLine($"read       {model.Source.Objects} objects of {model.Source.Name} (sha256 {model.Source.Sha256[..16]}…), last changed {knowledge.Modified ?? "at an unknown time"}");
        output.WriteLine($"learned    {knowledge.Cases.Count(one => one.IsCampaign)} campaigns, {knowledge.Cases.Count(one => !one.IsCampaign)} groups, {knowledge.Techniques.Length} techniques, {knowledge.Mitigations.Length} mitigations, {knowledge.Detections.Length} detections");
        output.WriteLine($"recall     {Share(all.Recall)} in the top {NextTechniqueTraining.Named} of {all.Cases} cases left out, most frequent techniques {Share(all.Baseline)}");
        output.WriteLine($"written to {to}");
    }
}
