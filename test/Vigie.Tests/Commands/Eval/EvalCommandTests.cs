using System.Text.Json;
using Vigie.Commands;

namespace Vigie.Tests.Commands.Eval;

public sealed class EvalCommandTests
{
    [Fact]
    public async Task Absent_data_is_named_and_answered_with_its_own_exit_code()
    {
        using var folder = new TemporaryFolder();
        Pack(folder, "small");

        var run = await CommandLine.RunAsync("eval", "lookalikes", "--data", folder.Combine("none"), "--packs", folder.Combine("packs"), "--json");

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("misp_tranco10k.json", run.Error, StringComparison.Ordinal);
        Assert.Contains("udrp_disputed.csv", run.Error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Contains("domains/misp_tranco10k.json", document.RootElement.GetProperty("absent").EnumerateArray().Select(a => a.GetString()));
        Assert.Contains(document.RootElement.GetProperty("figures").EnumerateArray(), f => f.GetProperty("id").GetString() == "pack-candidates");
    }

    [Fact]
    public async Task A_broken_pack_stops_the_evaluation_with_its_line()
    {
        using var folder = new TemporaryFolder();
        folder.Write("packs/broken.yaml", "id: broken\n");

        var run = await CommandLine.RunAsync("eval", "lookalikes", "--packs", folder.Combine("packs"));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("broken.yaml:1: names:", run.Error, StringComparison.Ordinal);
    }

    private static void Pack(TemporaryFolder folder, string id) => folder.Write($"packs/{id}.yaml", $$"""
        id: {{id}}
        version: "2026.11"
        title: { en: Title, fr: Titre }
        sources: [ "https://source.example/" ]
        licence: Facts.
        names:
          savethechildren.org: Save the Children
        """);
}
