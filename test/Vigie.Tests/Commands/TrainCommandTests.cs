using System.IO.Compression;
using System.Text.Json;
using Vigie.Commands;
using Vigie.Incidents.Next;
using Vigie.Tests.Attack;

namespace Vigie.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Writes_a_model_with_its_papers_from_a_packed_file()
    {
        var file = Path.Combine(_folder.Path, "attack.jsonl.gz");
        await using (var packed = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        await using (var writer = new StreamWriter(packed)) await writer.WriteAsync(StixText.ThreeWays().Lines());
        var run = await CommandLine.RunAsync("train", "next-technique", "--from", file, "--data", _folder.Path);
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Error);
        Assert.Contains("9 campaigns, 9 groups", run.Output, StringComparison.Ordinal);

        var model = NextTechniqueModel.Read(NextTechniqueModel.FileIn(_folder.Path));
        Assert.Equal("attack.jsonl.gz", model.Source.Name);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))), model.Source.Sha256);
        Assert.StartsWith("Copyright nobody. ATT&CK®", model.Licence, StringComparison.Ordinal);
        Assert.Equal("2024-05-01", model.Knowledge.Modified);
        Assert.Equal(18, model.Measured[0].Cases);
        Assert.False(File.Exists(NextTechniqueModel.FileIn(_folder.Path) + ".partial"));
        var loaded = new LoadedNextTechniques(model);
        Assert.Equal(["T3001", "T3011"], loaded.Predictor.Predict(["T1001", "T2001", "T2011"], 2).Next.Select(next => next.Technique.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Says_where_a_file_is_wrong_and_writes_nothing()
    {
        var file = Path.Combine(_folder.Path, "attack.json");
        var model = Path.Combine(_folder.Path, "model.json");
        await File.WriteAllTextAsync(file, StixText.ThreeWays().Lines() + "\n{\"type\":", TestContext.Current.CancellationToken);
        var run = await CommandLine.RunAsync("train", "next-technique", "--from", file, "--out", model);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains($"{file}:{StixText.ThreeWays().Objects.Count + 1}: the object that begins on line", run.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, new StixText().Technique("T1", "execution").Case("G1", false, "T1").Lines(), TestContext.Current.CancellationToken);
        run = await CommandLine.RunAsync("train", "next-technique", "--from", file, "--out", model);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("only 0 campaigns and groups", run.Error, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(file, [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], TestContext.Current.CancellationToken);
        run = await CommandLine.RunAsync("train", "next-technique", "--from", file, "--out", model);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.False(File.Exists(model));
        Assert.Equal(ExitCodes.Failed, (await CommandLine.RunAsync("train", "next-technique", "--from", file + ".absent", "--out", model)).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await CommandLine.RunAsync("train", "next-technique")).ExitCode);
    }

    [Fact]
    public async Task Says_that_a_file_is_cut_off_or_empty_or_none()
    {
        var whole = Path.Combine(_folder.Path, "attack.jsonl.gz");
        await using (var packed = new GZipStream(File.Create(whole), CompressionLevel.Fastest))
        await using (var writer = new StreamWriter(packed)) await writer.WriteAsync(StixText.ThreeWays().Lines());
        var cut = Path.Combine(_folder.Path, "cut.jsonl.gz");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken))[..^20], TestContext.Current.CancellationToken);
        Assert.Contains("the gzip file is cut off", await ErrorOfAsync(cut), StringComparison.Ordinal);
        Assert.Contains("the file is empty", await ErrorOfAsync(_folder.Write("empty.json", "")), StringComparison.Ordinal);
        Assert.Contains("is a folder", await ErrorOfAsync(_folder.Path), StringComparison.Ordinal);
    }

    private async Task<string> ErrorOfAsync(string file)
    {
        var run = await CommandLine.RunAsync("train", "next-technique", "--from", file, "--out", Path.Combine(_folder.Path, "model.json"));
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        return run.Error;
    }

    [Fact]
    public async Task The_evaluation_reports_every_figure_and_its_target()
    {
        var file = Path.Combine(_folder.Path, "attack.json");
        await File.WriteAllTextAsync(file, StixText.ThreeWays().Bundle(), TestContext.Current.CancellationToken);
        var run = await CommandLine.RunAsync("eval", "next-technique", "--data", file, "--json");
        using var document = JsonDocument.Parse(run.Output);
        var figures = document.RootElement.GetProperty("figures").EnumerateArray().ToDictionary(figure => figure.GetProperty("id").GetString()!, figure => figure.GetProperty("value").GetDouble());
        Assert.Equal(1, figures["recall"]);
        Assert.Equal(figures["recall"] / figures["baseline"], figures["ratio"], 9);
        Assert.Equal(figures["ratio"] >= 1.1 ? ExitCodes.Ok : ExitCodes.Found, run.ExitCode);
        Assert.Equal(ExitCodes.Failed, (await CommandLine.RunAsync("eval", "next-technique", "--data", Path.Combine(_folder.Path, "none"))).ExitCode);
    }
}
