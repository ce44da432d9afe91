using Vigie.Operations;

namespace Vigie.Tests.Operations;

public sealed class NodeEndpointsTests
{
    [Fact]
    public async Task Sources_that_bind_at_once_leave_a_whole_file_with_all_of_them()
    {
        using var folder = new TemporaryFolder();
        using var endpoints = new NodeEndpoints(Settings.Load(null, folder.Path, out _)!);
        var token = TestContext.Current.CancellationToken;
        endpoints.Announce("console", "http://127.0.0.1:1");
        await endpoints.WriteAsync(token);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => endpoints.AnnounceLateAsync($"logs.{i}", new string('a', i * 50), token), token)));
        var written = NodeEndpoints.Read(folder.Path);
        Assert.Equal(61, written.Count);
        Assert.All(Enumerable.Range(0, 60), i => Assert.Equal(i * 50, written[$"logs.{i}"].Single().Length));
        endpoints.Remove();
        Assert.Empty(NodeEndpoints.Read(folder.Path));
    }

    [Fact]
    public async Task A_source_that_binds_while_the_file_is_first_written_is_in_it()
    {
        var token = TestContext.Current.CancellationToken;
        for (var i = 0; i < 100; i++)
        {
            using var folder = new TemporaryFolder();
            using var endpoints = new NodeEndpoints(Settings.Load(null, folder.Path, out _)!);
            endpoints.Announce("console", "http://127.0.0.1:1");
            await Task.WhenAll(Task.Run(() => endpoints.WriteAsync(token), token), Task.Run(() => endpoints.AnnounceLateAsync("logs.es", "http://127.0.0.1:2", token), token));
            Assert.Equal(["console", "logs.es"], NodeEndpoints.Read(folder.Path).Keys.Order(StringComparer.Ordinal));
        }
    }
}
