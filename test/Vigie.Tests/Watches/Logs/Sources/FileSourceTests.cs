using System.IO.Compression;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Watches.Logs.Sources;

[Collection("acceptance")]
public sealed class FileSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.Combine("logs", "app.log");

    public FileSourceTests()
    {
        Directory.CreateDirectory(_folder.Combine("logs"));
        SomeLogs.WriteRules(_folder.Combine("data"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_growing_file_is_read_as_it_grows_half_lines_wait_for_their_rest()
    {
        await using var node = await StartAsync();
        await AppendAsync(SomeLogs.Lines(0, 15));
        await FoundAsync(node, 15);
        var half = SomeLogs.Line(20);
        await AppendAsync(SomeLogs.Lines(15, 5) + half[..30]);
        await Task.Delay(700, TestContext.Current.CancellationToken);
        await FoundAsync(node, 15);
        await AppendAsync(half[30..] + "\n" + SomeLogs.Lines(21, 20));
        await FoundAsync(node, 41);
    }

    [Fact]
    public async Task A_renamed_file_is_read_to_its_end_and_the_new_one_from_its_start()
    {
        await using var node = await StartAsync();
        await AppendAsync(SomeLogs.Lines(0, 11));
        await FoundAsync(node, 11);
        // Written between the last look and the rename, and after it through the handle that is still open.
        await using (var writer = new StreamWriter(new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)))
        {
            await writer.WriteAsync(SomeLogs.Lines(11, 20));
            await writer.FlushAsync(TestContext.Current.CancellationToken);
            File.Move(Log, Log + ".1");
            await AppendAsync(SomeLogs.Lines(41, 20));
            await writer.WriteAsync(SomeLogs.Lines(31, 10));
        }

        await FoundAsync(node, 61);
    }

    [Fact]
    public async Task A_truncated_copy_gives_what_was_not_read_before_the_truncation()
    {
        await AppendAsync(SomeLogs.Lines(0, 30));
        var data = _folder.Combine("data");
        await using (var node = await StartAsync()) await FoundAsync(node, 30);
        await AppendAsync(SomeLogs.Lines(30, 30));
        File.Copy(Log, Log + ".1");
        await File.WriteAllTextAsync(Log, "", TestContext.Current.CancellationToken);
        await AppendAsync(SomeLogs.Lines(60, 30));
        await using (var node = await StartAsync())
        {
            await FoundAsync(node, 90);
            await AppendAsync(SomeLogs.Lines(90, 30));
            await FoundAsync(node, 120);
        }

        Assert.True(Directory.Exists(data));
    }

    [Fact]
    public async Task Packed_after_its_rotation_a_file_is_neither_lost_nor_read_twice()
    {
        await AppendAsync(SomeLogs.Lines(0, 30));
        await using (var node = await StartAsync()) await FoundAsync(node, 30);
        await AppendAsync(SomeLogs.Lines(30, 30));
        await PackAsync(Log, Log + ".1.gz");
        await AppendAsync(SomeLogs.Lines(60, 30));
        await using (var node = await StartAsync())
        {
            await FoundAsync(node, 90);
            Assert.Equal(90, await EventsAsync(node));
        }
    }

    [Fact]
    public async Task Files_with_the_same_beginning_are_different_files()
    {
        var heading = SomeLogs.Line(1) + "\n";
        await AppendAsync(heading + SomeLogs.Lines(0, 10));
        await File.WriteAllTextAsync(_folder.Combine("logs", "app.log-other"), heading + SomeLogs.Lines(10, 10), TestContext.Current.CancellationToken);
        await using var node = await StartAsync();
        await FoundAsync(node, 20);
    }

    [Fact]
    public async Task Cut_interleaved_and_binary_lines_cost_only_themselves()
    {
        var noise = new byte[3000];
        new Random(3).NextBytes(noise);
        await AppendAsync(SomeLogs.Lines(0, 10) + "{\"@timestamp\":\"2026-03-01T08:00\n" + SomeLogs.Line(5)[..40] + "\n");
        await using (var file = new FileStream(Log, FileMode.Append)) file.Write([.. noise, (byte)'\n']);
        await AppendAsync(SomeLogs.Lines(10, 20));
        await using var node = await StartAsync();
        await SomeLogs.UntilAsync(async () => (await SomeLogs.FoundAsync(Store(node))).Contains(20), "what follows the noise is found");
        Assert.Contains(0, await SomeLogs.FoundAsync(Store(node)));
    }

    [Fact]
    public async Task Starting_at_the_end_leaves_out_what_was_there()
    {
        await AppendAsync(SomeLogs.Lines(0, 20));
        await using var node = await StartAsync(", fromEnd: true");
        await SomeLogs.UntilAsync(async () => await PositionsAsync(node) > 0 || await EventsAsync(node) == 0, "the file was seen");
        await Task.Delay(1200, TestContext.Current.CancellationToken);
        await AppendAsync(SomeLogs.Lines(20, 11));
        await SomeLogs.UntilAsync(async () => (await SomeLogs.FoundAsync(Store(node))).SequenceEqual([20, 30]), "only what is new is found");
    }

    [Fact]
    public async Task Correlations_are_the_same_whether_the_node_was_restarted_between_or_not()
    {
        await AppendAsync(SomeLogs.Lines(0, 2000));
        string[] whole;
        await using (var node = await StartAsync())
        {
            await FoundAsync(node, 2000);
            await SomeLogs.UntilAsync(async () => (await SomeLogs.CorrelatedAsync(Store(node))).Length >= 19, "correlations came true");
            await Task.Delay(4000, TestContext.Current.CancellationToken);
            whole = await SomeLogs.CorrelatedAsync(Store(node));
        }

        Directory.Delete(_folder.Combine("data"), recursive: true);
        SomeLogs.WriteRules(_folder.Combine("data"));
        File.Delete(Log);
        for (var part = 0; part < 4; part++)
        {
            await AppendAsync(SomeLogs.Lines(part * 500 + (part == 0 ? 0 : 33), part is 0 ? 533 : part == 3 ? 467 : 500));
            await using var node = await StartAsync();
            await FoundAsync(node, part == 3 ? 2000 : part * 500 + 533);
            if (part < 3) continue;
            await SomeLogs.UntilAsync(async () => (await SomeLogs.CorrelatedAsync(Store(node))).Length >= whole.Length, "correlations came true again");
            Assert.Equal(whole, await SomeLogs.CorrelatedAsync(Store(node)));
        }
    }

    private Task<RunningNode> StartAsync(string more = "") =>
        RunningNode.StartAsync(SomeLogs.Settings($"name: app, kind: files, format: json, paths: \"{Log}*\"{more}"), _folder.Combine("data"), TestContext.Current.CancellationToken);

    private static Vigie.Store.Store Store(RunningNode node) => node.Services.GetRequiredService<Vigie.Store.Store>();

    private static async Task FoundAsync(RunningNode node, int count)
    {
        var expected = SomeLogs.Expected(count);
        int[] found = [];
        for (var i = 0; i < 400 && !found.SequenceEqual(expected); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            found = await SomeLogs.FoundAsync(Store(node));
        }

        Assert.Equal(expected, found);
    }

    private static async Task<long> EventsAsync(RunningNode node)
    {
        await Task.CompletedTask;
        return node.Services.GetRequiredService<Vigie.Watches.Logs.LogSources>().States[0].Status.Events;
    }

    private static Task<long> PositionsAsync(RunningNode node) => Store(node).ReadAsync(
        (connection, _) => Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT count(*) FROM position WHERE source LIKE 'logs.file:%'"), TestContext.Current.CancellationToken);

    private Task AppendAsync(string text) => File.AppendAllTextAsync(Log, text, TestContext.Current.CancellationToken);

    private static async Task PackAsync(string from, string to)
    {
        await using (var source = File.OpenRead(from))
        await using (var packed = new GZipStream(File.Create(to), CompressionLevel.Fastest)) await source.CopyToAsync(packed, TestContext.Current.CancellationToken);
        File.Delete(from);
    }
}
