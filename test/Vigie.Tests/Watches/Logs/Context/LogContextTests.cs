using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Store;
using Vigie.Tests.Acceptance;

namespace Vigie.Tests.Watches.Logs.Context;

[Collection("acceptance")]
public sealed class LogContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Log => _folder.Combine("logs", "app.log");

    public LogContextTests()
    {
        Directory.CreateDirectory(_folder.Combine("logs"));
        SomeLogs.WriteRules(_folder.Combine("data"));
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_events_before_and_after_are_kept_in_order_each_once_and_over_a_restart_and_a_rotation()
    {
        await using (var node = await FilesAsync())
        {
            await AppendAsync(SomeLogs.Lines(0, 45));
            await UntilAsync(node, 40, context => context.After.Count == 4);
            Assert.Equal(Around(Run(10, 10), Run(21, 10)), Around(await ReadAsync(node, 20)));
            Assert.Equal(Around(Run(0, 0), Run(1, 10)), Around(await ReadAsync(node, 0)));
            Assert.Null((await ReadAsync(node, 20))!.AwaitsUntil);
            Assert.NotNull((await ReadAsync(node, 40))!.AwaitsUntil);
        }

        File.Move(Log, Log + ".1");
        await AppendAsync(SomeLogs.Lines(45, 30));
        await using (var node = await FilesAsync())
        {
            await UntilAsync(node, 40, context => context.After.Count == 10);
            Assert.Equal(Around(Run(30, 10), Run(41, 10)), Around(await ReadAsync(node, 40)));
            await UntilAsync(node, 70, context => context.After.Count == 4);
            // Shared: an event stands there once, however many findings it surrounds.
            Assert.Equal(75, await CountAsync(node, "SELECT count(*) FROM context_event"));
        }
    }

    [Fact]
    public async Task The_same_delivery_again_changes_nothing_and_machines_are_told_apart()
    {
        await using var node = await HttpAsync();
        var body = string.Concat(Enumerable.Range(0, 60).Select(i => "{\"create\":{}}\n" + SomeLogs.Line(i).Replace("\"user\"", $"\"hostname\":\"h{i / 10 % 2}\",\"user\"", StringComparison.Ordinal) + "\n"));
        await PostAsync(node, body);
        await UntilAsync(node, 20, context => context.After.Count == 10);
        var first = Around(await ReadAsync(node, 20));
        Assert.Equal(Around(Run(0, 10), Run(21, 9).Append(40)), first);
        Assert.Equal("h0", (await ReadAsync(node, 20))!.Host);
        var events = await CountAsync(node, "SELECT count(*) FROM context_event");
        await PostAsync(node, body);
        await PostAsync(node, body + SomeLogs.Bulk(1000, 3));
        Assert.Equal(first, Around(await ReadAsync(node, 20)));
        Assert.True(await CountAsync(node, "SELECT count(*) FROM context_event") <= events * 2 + 3);
    }

    [Fact]
    public async Task Long_events_are_cut_at_a_character_and_hostile_bytes_do_no_harm()
    {
        await using var node = await FilesAsync();
        var noise = new byte[700];
        new Random(5).NextBytes(noise);
        await AppendAsync(SomeLogs.Line(1).Replace("\"user\":", $"\"text\":\"{new string('é', 5000)}\",\"user\":", StringComparison.Ordinal) + "\n");
        await AppendAsync(SomeLogs.Line(2).Replace("\"user\":\"u0\"", "\"user\":\"\u0000<script>\u202e\",\"hostname\":\"\u0000\"", StringComparison.Ordinal) + "\n");
        await using (var file = new FileStream(Log, FileMode.Append)) file.Write([.. noise.Where(b => b != '\n'), (byte)'\n']);
        await AppendAsync(SomeLogs.Lines(10, 1));
        await UntilAsync(node, 10, context => context.Before.Count > 0);
        var cut = (await ReadAsync(node, 10))!.Before[0];
        Assert.True(Encoding.UTF8.GetByteCount(cut.Copy) is > 3990 and <= 4000, "cut to the bound");
        Assert.DoesNotContain('\uFFFD', cut.Copy);
        Assert.Equal(Encoding.UTF8.GetByteCount(SomeLogs.Line(1)) + 10_010 - Encoding.UTF8.GetByteCount(cut.Copy), cut.Cut);
        Assert.All((await ReadAsync(node, 10))!.Before, kept => Assert.DoesNotContain('\0', kept.Copy));
    }

    [Fact]
    public async Task Of_a_correlation_the_events_that_took_part_are_kept()
    {
        await using var node = await FilesAsync();
        await AppendAsync(SomeLogs.Lines(0, 100));
        await AppendAsync(SomeLogs.Lines(200_000, 1));
        await SomeLogs.UntilAsync(async () => (await SomeLogs.CorrelatedAsync(Store(node))).Length > 0, "the correlation comes true");
        var id = (await SomeLogs.CorrelatedAsync(Store(node)))[0];
        var context = await node.Services.GetRequiredService<FindingContexts>().ReadAsync(new FindingId(id), Token);
        Assert.Equal(Run(0, 10).Select(i => i * 10).Where(i => i < 70).Take(5), context!.Parts.Select(Number).Take(5));
        Assert.Equal(0, context.Missing);
    }

    [Fact]
    public async Task Event_logs_are_kept_by_their_fields()
    {
        var evtx = Directory.EnumerateFiles(ExternalData.Require("logs/evtx-attack-samples"), "*.evtx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(file => new FileInfo(file).Length is > 60_000 and < 1_200_000);
        File.WriteAllText(_folder.Combine("data", "rules", "any.yml"), "title: Any record\nid: 5f3c6d1e-0a47-4a55-9d3c-0d7b1f1f0a77\nlogsource: {product: windows}\ndetection:\n  s:\n    EventRecordID|exists: true\n  condition: s\nlevel: medium\n");
        File.Copy(evtx, _folder.Combine("logs", "x.evtx"));
        await using var node = await RunningNode.StartAsync(SomeLogs.Settings($"name: app, kind: files, paths: \"{_folder.Combine("logs")}\"").Replace(", product: doors", "", StringComparison.Ordinal), _folder.Combine("data"), Token);
        await SomeLogs.UntilAsync(async () => await CountAsync(node, "SELECT count(*) FROM context_event") > 0, "there are events around findings");
        var copies = await Store(node).ReadAsync((connection, _) => connection.QueryAsync<string>("SELECT copy FROM context_event"), Token);
        Assert.All(copies, copy => Assert.Contains("\"EventRecordID\":", copy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_finding_that_is_deleted_takes_its_context_along_and_may_be_gone_when_events_still_come()
    {
        await using var node = await FilesAsync();
        await AppendAsync(SomeLogs.Lines(0, 3));
        await UntilAsync(node, 0, context => context.After.Count == 2);
        await Store(node).WriteAsync(Lane.Background, tx => tx.Connection!.Execute("DELETE FROM finding", null, tx), Token);
        Assert.Equal(0, await CountAsync(node, "SELECT count(*) FROM finding_context"));
        await AppendAsync(SomeLogs.Lines(3, 20));
        await UntilAsync(node, 20, context => context.After.Count == 2);
        Assert.Null(await ReadAsync(node, 0));
    }

    [Fact]
    public async Task What_follows_is_waited_for_no_longer_than_the_settings_say()
    {
        await using var node = await StartAsync(Files, "wait: 1s");
        await AppendAsync(SomeLogs.Lines(0, 3));
        await UntilAsync(node, 0, context => context is { After.Count: 2, AwaitsUntil: null });
        await AppendAsync(SomeLogs.Lines(3, 20));
        await UntilAsync(node, 20, context => context.Before.Count == 10);
        Assert.Equal(Around([], Run(1, 2)), Around(await ReadAsync(node, 0)));
    }

    [Fact]
    public async Task When_too_much_was_stored_in_an_hour_findings_say_that_nothing_more_is_kept()
    {
        await using var node = await StartAsync(Files, "hourlyBytes: 0");
        await AppendAsync(SomeLogs.Lines(0, 30));
        await UntilAsync(node, 20, context => context.Missing == 20);
        Assert.Equal(" | ", Around(await ReadAsync(node, 20)));
        Assert.Equal(0, await CountAsync(node, "SELECT count(*) FROM context_event"));
    }

    private static int[] Run(int from, int count) => [.. Enumerable.Range(from, count)];

    private static string Around(FindingContext? context) => Around(context!.Before.Select(Number), context.After.Select(Number));

    private static string Around(IEnumerable<int> before, IEnumerable<int> after) => $"{string.Join(' ', before)} | {string.Join(' ', after)}";

    private static int Number(ContextEvent kept) => SomeLogs.Number(kept.Copy);

    private string Files => $"name: app, kind: files, format: json, paths: \"{Log}*\"";

    private Task<RunningNode> FilesAsync() => StartAsync(Files);

    private Task<RunningNode> HttpAsync() => StartAsync("name: es, kind: http, listen: \"127.0.0.1:0\"");

    private Task<RunningNode> StartAsync(string source, string context = "") =>
        RunningNode.StartAsync($"{SomeLogs.Settings(source)}\n  context: {{ {context} }}\n", _folder.Combine("data"), Token);

    private async Task PostAsync(RunningNode node, string body)
    {
        await SomeLogs.UntilAsync(() => Task.FromResult(node.Endpoints.Of("logs.es").Count > 0), "the source listens");
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await _http.PostAsync(new Uri($"{node.Endpoints.Of("logs.es")[0]}/_bulk"), content, Token);
        answer.EnsureSuccessStatusCode();
    }

    private Task AppendAsync(string text) => File.AppendAllTextAsync(Log, text, Token);

    private static Vigie.Store.Store Store(RunningNode node) => node.Services.GetRequiredService<Vigie.Store.Store>();

    private static Task<long> CountAsync(RunningNode node, string sql) => Store(node).ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>(sql), Token);

    private static async Task UntilAsync(RunningNode node, int number, Func<FindingContext, bool> condition) => await SomeLogs.UntilAsync(
        async () => await ReadAsync(node, number) is { } context && condition(context), string.Create(CultureInfo.InvariantCulture, $"the context of {number} is there"));

    private static async Task<FindingContext?> ReadAsync(RunningNode node, int number)
    {
        var ids = await Store(node).ReadAsync(
            (connection, _) => connection.QueryAsync<string>(
                "SELECT f.id FROM finding f JOIN finding_evidence e ON e.finding_id = f.id WHERE f.rule = @Rule AND e.copy LIKE @number",
                new { SomeLogs.Rule, number = $"%\"number\":{number},%" }),
            Token);
        return ids.FirstOrDefault() is { } id ? await node.Services.GetRequiredService<FindingContexts>().ReadAsync(new FindingId(id), Token) : null;
    }
}
