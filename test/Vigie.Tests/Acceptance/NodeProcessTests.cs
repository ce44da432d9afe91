using Vigie.Commands;

namespace Vigie.Tests.Acceptance;

[Collection("acceptance")]
public sealed class NodeProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sigterm_ends_the_node_in_order()
    {
        await using var node = await NodeProcess.StartAsync(_folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(node.EndpointsOf("console")[0], node.Output + await ConsoleLineAsync(node), StringComparison.Ordinal);

        Assert.Contains("observe", node.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Ok, await node.SignalAsync(PosixSignals.Terminate, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(_folder.Combine("run", "endpoints.json")), "a stopped node must not be looked for");
    }

    // The file is written just before the lines are printed.
    private static async Task<string> ConsoleLineAsync(NodeProcess node)
    {
        for (var i = 0; i < 1500 && !node.Output.Contains("observe", StringComparison.Ordinal); i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        return node.Output;
    }
}
