using System.Net;
using Vigie.Store;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Store;

/// <summary>What an administrator sees of the store through the running node.</summary>
[Collection("acceptance")]
public sealed class StoreInNodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_node_stays_up_over_a_damaged_store_says_so_and_goes_on_when_it_is_gone()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("vigie.db", new string('x', 5000));
        await using var node = await RunningNode.StartAsync(dataDirectory: folder.Path, cancellationToken: Token);

        using var notReady = await node.Client.GetAsync(new Uri("/readyz", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        Assert.Contains("is damaged or is not a Vigie store", await notReady.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await node.Client.GetAsync(new Uri("/healthz", UriKind.Relative), Token)).StatusCode);

        File.Move(file, file + ".aside");
        await node.Services.GetRequiredService<Vigie.Store.Store>().WhenOpenAsync(Token);
        Assert.Contains("store: healthy", await node.Client.GetStringAsync(new Uri("/readyz", UriKind.Relative), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_node_stays_up_on_a_disk_that_has_gone_read_only_and_goes_on_when_it_is_writable()
    {
        using var disk = SmallDisk.Mount(megabytes: 16);
        var data = Path.Combine(disk.Folder, "data");
        // An installed node has its socket in a folder of its own, not on the disk that fails.
        const string yaml = "mail:\n  milter:\n    unix: off";
        await (await RunningNode.StartAsync(yaml, data, Token)).DisposeAsync();
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));

        disk.Remount("ro");
        await using var node = await RunningNode.StartAsync(yaml, data, Token);
        using var notReady = await node.Client.GetAsync(new Uri("/readyz", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        Assert.Contains("read-only", await notReady.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        disk.Remount("rw");
        await node.Services.GetRequiredService<Vigie.Store.Store>().WhenOpenAsync(Token);
    }

    [Fact]
    public async Task A_second_node_on_the_same_folder_ends_and_says_why()
    {
        using var folder = new TemporaryFolder();
        await using var node = await RunningNode.StartAsync(dataDirectory: folder.Path, cancellationToken: Token);
        var second = await Assert.ThrowsAsync<StoreUnavailableException>(() => RunningNode.StartAsync(dataDirectory: folder.Path, cancellationToken: Token));
        Assert.Contains("already runs on", second.Message, StringComparison.Ordinal);
        var command = await Commands.CommandLine.RunAsync("up", "--port", "0", "--data", folder.Path);
        Assert.Equal(3, command.ExitCode);
        Assert.Contains("already runs on", command.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_data_has_a_rule_and_every_rule_fits_the_tables()
    {
        await using var node = await RunningNode.StartAsync(cancellationToken: Token);
        var retention = node.Services.GetRequiredService<Retention>();
        Assert.All(RetentionKind.All, kind => Assert.NotEmpty(retention.RulesOf(kind)));
        Assert.Equal(0, await retention.DeleteExpiredAsync(Token));
    }

    [Fact]
    public async Task The_metrics_tell_how_the_store_fares()
    {
        await using var node = await RunningNode.StartAsync(cancellationToken: Token);
        var store = node.Services.GetRequiredService<Vigie.Store.Store>();
        await StoreTests.AddAsync(store, Lane.Mail, "one");
        await store.MeasureAsync(Token);
        var metrics = await node.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
        foreach (var name in (string[])["vigie_store_bytes", "vigie_store_queue_depth", "vigie_store_write_duration", "vigie_store_transaction_items"])
            Assert.Contains(name, metrics, StringComparison.Ordinal);
    }
}
