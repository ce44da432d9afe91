using System.Text.Json;
using Vigie.Commands;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Commands;

public sealed class DoctorCommandTests : IDisposable
{
    private static readonly string[] WithoutPostfix = ["--only", "settings", "store", "clock", "node", "milter"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_no_node_runs_it_says_so_and_how_to_start_one()
    {
        var run = await DoctorAsync("--lang", "en");
        Assert.Equal(ExitCodes.Found, run.ExitCode);
        Assert.Contains("fail  node.ready", run.Output, StringComparison.Ordinal);
        Assert.Contains("→ Start it: systemctl start vigie, or vigie up.", run.Output, StringComparison.Ordinal);
        Assert.Contains("there is no such socket", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Around_a_running_node_all_is_well()
    {
        await using var node = await RunningNode.StartAsync("protection:\n  ownDomains: [example.org]\n", _folder.Path, TestContext.Current.CancellationToken);
        var run = await DoctorAsync("--json");
        using var json = JsonDocument.Parse(run.Output);
        var diagnoses = json.RootElement.GetProperty("diagnoses").EnumerateArray().ToDictionary(d => $"{d.GetProperty("name").GetString()} {d.GetProperty("text").GetString()}", d => d.GetProperty("status").GetString());
        Assert.DoesNotContain("fail", diagnoses.Values);
        Assert.Contains(diagnoses, d => d.Key.StartsWith("node.ready", StringComparison.Ordinal) && d.Value == "ok");
        Assert.Contains(diagnoses, d => d.Key.StartsWith("store.opens", StringComparison.Ordinal) && d.Value == "ok");
        Assert.Equal(node.Endpoints.Of("milter").Count, diagnoses.Count(d => d.Key.StartsWith("milter.answers", StringComparison.Ordinal)));
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
    }

    [Fact]
    public async Task A_mistake_in_the_settings_is_told_with_its_line_and_the_rest_is_still_looked_at()
    {
        var run = await DoctorAsync("--lang", "fr", "--settings", _folder.Write("vigie.yaml", "console:\n  lisen: 1\n"));
        Assert.Contains("fail  settings.file", run.Output, StringComparison.Ordinal);
        Assert.Contains("vigie.yaml:2 : console.lisen", run.Output, StringComparison.Ordinal);
        Assert.Contains("→ Corrigez la ligne", run.Output, StringComparison.Ordinal);
        Assert.Contains("clock.runs-forward", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_noticed()
    {
        File.SetLastWriteTimeUtc(_folder.Write("vigie.db-wal", ""), DateTime.UtcNow.AddDays(3));
        var run = await DoctorAsync("--lang", "en");
        Assert.Contains("fail  clock.runs-forward", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_none_is_told_and_left_alone()
    {
        var file = _folder.Write("vigie.db", "this is not a database, and it is long enough to have a header of its own, which is wrong");
        var run = await DoctorAsync("--lang", "en");
        Assert.Contains("fail  store.opens", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("this is not a database", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task<CommandLine> DoctorAsync(params string[] more)
    {
        string[] settings = more.Contains("--settings") ? [] : ["--settings", _folder.Write("empty.yaml", "protection:\n  ownDomains: [example.org]\n")];
        return CommandLine.RunAsync(["doctor", .. WithoutPostfix, "--data", _folder.Path, .. settings, .. more]);
    }
}
