using System.Text.Json;
using Vigie.Commands;

namespace Vigie.Tests.Commands.Eval.Placing;

public sealed class PlacingCommandTests
{
    [Fact]
    public async Task A_small_graph_is_measured_and_every_figure_is_there()
    {
        var ran = await CommandLine.RunAsync("eval", "placing", "--findings", "3000", "--entities", "200", "--json");
        using var document = JsonDocument.Parse(ran.Output);
        Assert.Equal(["placing-p99", "placing-rate", "placing-memory"], document.RootElement.GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("id").GetString()!));
        // Memory is the whole process's, in which other tests let go of theirs meanwhile.
        Assert.All(document.RootElement.GetProperty("figures").EnumerateArray().Take(2), figure => Assert.True(figure.GetProperty("value").GetDouble() > 0));
    }

    [Theory]
    [InlineData("--findings", "0")]
    [InlineData("--entities", "19")]
    [InlineData("--findings", "many")]
    [InlineData("--store", "nonsense")]
    [InlineData("--store", "Database=vigie")]
    public async Task Options_that_make_no_sense_are_refused(string option, string value) =>
        Assert.Equal(ExitCodes.Usage, (await CommandLine.RunAsync("eval", "placing", option, value)).ExitCode);
}
