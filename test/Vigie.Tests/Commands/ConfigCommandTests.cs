using System.Text.Json;
using Vigie.Commands;

namespace Vigie.Tests.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_empty_file_is_good()
    {
        var run = await CommandLine.RunAsync("config", "check", _folder.Write("vigie.yaml", ""));
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Every_problem_is_named_with_line_and_key()
    {
        var file = _folder.Write("vigie.yaml", "operations:\n  logLevel: loud\n  stopWithin: 1 year\nconsole:\n  lisen: 127.0.0.1:1\n");
        var run = await CommandLine.RunAsync("config", "check", file);
        Assert.Equal(ExitCodes.Found, run.ExitCode);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(
            lines,
            l => Assert.StartsWith($"{file}:2: operations.logLevel: \"loud\" must be one of", l, StringComparison.Ordinal),
            l => Assert.StartsWith($"{file}:3: operations.stopWithin: ", l, StringComparison.Ordinal),
            l => Assert.StartsWith($"{file}:5: console.lisen: is not a setting", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_carries_the_same_problems()
    {
        var file = _folder.Write("vigie.yaml", "operations:\n  observers: [nowhere]\n");
        var run = await CommandLine.RunAsync("config", "check", file, "--json");
        var problem = Assert.Single(JsonDocument.Parse(run.Output).RootElement.EnumerateArray());
        Assert.Equal(2, problem.GetProperty("line").GetInt32());
        Assert.Equal("operations.observers", problem.GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_missing_file_is_a_problem_and_not_the_defaults()
    {
        var run = await CommandLine.RunAsync("config", "check", _folder.Combine("absent.yaml"));
        Assert.Equal(ExitCodes.Found, run.ExitCode);
        Assert.Contains("cannot be read", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_nobody_knows_is_a_usage_error()
    {
        var run = await CommandLine.RunAsync("conquer");
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("conquer", run.Error, StringComparison.Ordinal);
    }
}
