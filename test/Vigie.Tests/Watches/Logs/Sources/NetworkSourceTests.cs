using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Vigie.Tests.Acceptance;
using Vigie.Tests.Store;
using Vigie.Watches.Logs;

namespace Vigie.Tests.Watches.Logs.Sources;

[Collection("acceptance")]
public sealed class NetworkSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public NetworkSourceTests() => SomeLogs.WriteRules(_folder.Combine("data"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_answer_over_http_is_a_receipt_and_the_same_request_again_doubles_nothing()
    {
        await using var node = await StartAsync("name: es, kind: http, listen: \"127.0.0.1:0\"");
        var address = await AddressAsync(node);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(0, 100));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
            Assert.False(json.RootElement.GetProperty("errors").GetBoolean());
            Assert.Equal(100, json.RootElement.GetProperty("items").GetArrayLength());
            Assert.All(json.RootElement.GetProperty("items").EnumerateArray(), item => Assert.Equal(201, item.GetProperty("create").GetProperty("status").GetInt32()));
            // No waiting: what was answered is stored.
            Assert.Equal(SomeLogs.Expected(100), await SomeLogs.FoundAsync(Store(node)));
        }

        Assert.Equal(100, Status(node).Events);
    }

    [Fact]
    public async Task Packed_bodies_are_read_and_bad_items_are_named_one_by_one()
    {
        await using var node = await StartAsync("name: es, kind: http, listen: \"127.0.0.1:0\"");
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(SomeLogs.Bulk(0, 1) + "{\"index\":{}}\n{\"broken\n{\"delete\":{\"_id\":\"1\"}}\n" + SomeLogs.Bulk(10, 1)));
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await _http.PostAsync($"{await AddressAsync(node)}/doors/_bulk", content, Token);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.True(json.RootElement.GetProperty("errors").GetBoolean());
        Assert.Equal([201, 400, 400, 201], json.RootElement.GetProperty("items").EnumerateArray().Select(item => item.EnumerateObject().First().Value.GetProperty("status").GetInt32()));
        Assert.Equal((int[])[0, 10], await SomeLogs.FoundAsync(Store(node)));
    }

    [Fact]
    public async Task What_shippers_ask_first_is_answered()
    {
        await using var node = await StartAsync("name: es, kind: http, listen: \"127.0.0.1:0\"");
        var address = await AddressAsync(node);
        using var root = await _http.GetAsync($"{address}/", Token);
        Assert.Equal("Elasticsearch", root.Headers.GetValues("X-Elastic-Product").Single());
        using var version = JsonDocument.Parse(await root.Content.ReadAsStringAsync(Token));
        Assert.StartsWith("8.", version.RootElement.GetProperty("version").GetProperty("number").GetString(), StringComparison.Ordinal);
        foreach (var path in (string[])["_license", "_xpack", "_cluster/health", "_index_template/filebeat-8.17.0", "_ilm/policy/filebeat", "_data_stream/filebeat-8.17.0"])
        {
            using var answer = await _http.GetAsync($"{address}/{path}", Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{address}/"), Token);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var unknown = await _http.PostAsync($"{address}/doors/_search", new StringContent("{}"), Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Only_who_knows_a_key_may_send_and_nobody_too_much()
    {
        var keys = _folder.Write("keys", "# senders\nweb1:s3cret\n");
        await using var node = await StartAsync($"name: es, kind: http, listen: \"127.0.0.1:0\", keysFile: \"{keys}\", maxRequestBytes: 10kB");
        var address = await AddressAsync(node);
        using var nobody = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(0, 1));
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        foreach (var scheme in (string[])["Basic", "ApiKey"])
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, Convert.ToBase64String("web1:wrong"u8));
            using var wrong = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(0, 1));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, Convert.ToBase64String("web1:s3cret"u8));
            using var right = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(0, 1));
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        }

        using var large = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(0, 1000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var malformed = await PostAsync($"{address}/_bulk", "no json\n");
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
    }

    [Fact]
    public async Task Syslog_over_tcp_is_read_in_both_framings()
    {
        await using var node = await StartAsync("name: tcp, kind: syslog-tcp, format: json, listen: \"127.0.0.1:0\"");
        using (var client = await ConnectAsync(node, "tcp"))
        {
            await client.SendAsync(Encoding.UTF8.GetBytes(SomeLogs.Lines(0, 10)), Token);
            await client.SendAsync(Encoding.UTF8.GetBytes(SomeLogs.Lines(10, 11)), Token);
            client.Shutdown(SocketShutdown.Send);
        }

        await SomeLogs.UntilAsync(async () => (await SomeLogs.FoundAsync(Store(node))).SequenceEqual([0, 10, 20]), "all messages were read");
    }

    [Fact]
    public async Task Syslog_over_udp_is_read_and_equal_messages_are_two()
    {
        await using var node = await StartAsync("name: udp, kind: syslog-udp, format: json, listen: \"127.0.0.1:0\"");
        var address = IPEndPoint.Parse((await AddressAsync(node, "udp")).Split(':', 2)[1]);
        using var client = new UdpClient();
        foreach (var number in (int[])[0, 10, 10]) await client.SendAsync(Encoding.UTF8.GetBytes(SomeLogs.Line(number)), address, Token);
        await SomeLogs.UntilAsync(async () => (await SomeLogs.FoundAsync(Store(node))).SequenceEqual([0, 10, 10]), "all messages were read");
    }

    [Fact]
    public async Task A_muted_rules_findings_are_stored_and_marked()
    {
        await using var node = await StartAsync("name: es, kind: http, listen: \"127.0.0.1:0\"");
        await node.Services.GetRequiredService<Vigie.Watches.Logs.Tables.RuleMutes>().MuteAsync(SomeLogs.Rule, "test", "a known drill", TimeSpan.FromHours(1), Token);
        using var answer = await PostAsync($"{await AddressAsync(node)}/_bulk", SomeLogs.Bulk(0, 20));
        Assert.Equal((int[])[0, 10], await SomeLogs.FoundAsync(Store(node)));
        var findings = node.Services.GetRequiredService<Vigie.Store.Findings>();
        Assert.Empty((await findings.SearchAsync(new Vigie.Store.FindingQuery { Detector = LogFindings.Sigma, Muted = false }, Token)).Items);
        Assert.Equal(2, (await findings.SearchAsync(new Vigie.Store.FindingQuery { Detector = LogFindings.Sigma, Muted = true }, Token)).Items.Count);
    }

    [Fact]
    public async Task Changed_rules_are_used_without_a_restart_and_a_broken_file_costs_only_itself()
    {
        await using var node = await StartAsync("name: es, kind: http, listen: \"127.0.0.1:0\"", reload: "1s");
        var address = await AddressAsync(node);
        _folder.Write("data/rules/bomb.yml", "a: &a [x,x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b]\n");
        _folder.Write("data/rules/slow.yml", """
            title: A door with a long name
            id: 5f3c6d1e-0a47-4a55-9d3c-0d7b1f1f0a09
            logsource: {product: doors}
            detection:
                selection:
                    user|re: '^(u+)+$'
                condition: selection
            level: low
            """);
        _folder.Write("data/rules/opened.yml", """
            title: A door was opened
            id: 5f3c6d1e-0a47-4a55-9d3c-0d7b1f1f0a03
            logsource: {product: doors}
            detection:
                selection:
                    action: opened
                condition: selection
            level: low
            """);
        var library = node.Services.GetRequiredService<Vigie.Watches.Logs.Rules.RuleLibrary>();
        await SomeLogs.UntilAsync(() => Task.FromResult(library.Current.Rules.Length == 3), "the new rules are in use");
        Assert.Contains(library.Current.Problems, problem => problem.File.EndsWith("bomb.yml", StringComparison.Ordinal));
        using var answer = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(0, 20));
        var counts = await node.Services.GetRequiredService<Vigie.Watches.Logs.Tables.LogRuleTable>().LoadAsync(Token);
        Assert.Equal(18, counts["5f3c6d1e-0a47-4a55-9d3c-0d7b1f1f0a03"].Matches);
        Assert.Equal(2, counts[SomeLogs.Rule].Matches);
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_acknowledged_and_afterwards_everything_is_there_once()
    {
        using var disk = SmallDisk.Mount(24);
        var data = Path.Combine(disk.Folder, "data");
        SomeLogs.WriteRules(data);
        await using var node = await RunningNode.StartAsync(SomeLogs.Settings("name: es, kind: http, listen: \"127.0.0.1:0\""), data, Token);
        var address = await AddressAsync(node);
        using (var before = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(0, 100))) Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        var filler = disk.Fill();
        using (var full = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(100, 2000))) Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
        File.Delete(filler);
        await SomeLogs.UntilAsync(async () =>
        {
            using var again = await PostAsync($"{address}/_bulk", SomeLogs.Bulk(100, 2000));
            return again.StatusCode == HttpStatusCode.OK;
        }, "the store works again");
        Assert.Equal(SomeLogs.Expected(2100), await SomeLogs.FoundAsync(Store(node)));
        Assert.Equal(2100, Status(node).Events);
    }

    private Task<RunningNode> StartAsync(string source, string reload = "10s")
    {
        return RunningNode.StartAsync(SomeLogs.Settings(source).Replace("lateness: 0s", $"lateness: 0s\n  reloadEvery: {reload}", StringComparison.Ordinal), _folder.Combine("data"), Token);
    }

    private static async Task<string> AddressAsync(RunningNode node, string name = "es")
    {
        await SomeLogs.UntilAsync(() => Task.FromResult(node.Endpoints.Of($"logs.{name}").Count > 0), "the source listens");
        return node.Endpoints.Of($"logs.{name}")[0];
    }

    private static async Task<Socket> ConnectAsync(RunningNode node, string name)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse((await AddressAsync(node, name)).Split(':', 2)[1]), Token);
        return socket;
    }

    private async Task<HttpResponseMessage> PostAsync(string address, string body) =>
        await _http.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/x-ndjson"), Token);

    private static Vigie.Store.Store Store(RunningNode node) => node.Services.GetRequiredService<Vigie.Store.Store>();

    private static Vigie.Watches.Logs.Tables.LogSourceStatus Status(RunningNode node) => node.Services.GetRequiredService<LogSources>().States[0].Status;
}
