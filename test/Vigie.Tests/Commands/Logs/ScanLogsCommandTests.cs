using System.IO.Compression;
using System.Text.Json;
using Vigie.Commands;

namespace Vigie.Tests.Commands.Logs;

public sealed class ScanLogsCommandTests : IDisposable
{
    private readonly LogCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public async Task Sums_up_by_severity_rule_and_host()
    {
        var run = await _case.RunAsync("scan", "logs", _case.Logs);
        Assert.Equal(ExitCodes.Found, run.ExitCode);
        Assert.Matches(@"(?m)^ +1  critical\n +2  high\n +3  low$", run.Output);
        Assert.Matches(@"(?m)^high +2 +1  2026-03-10 10:00Z  2026-03-12 10:00Z  Somebody asks who he is$", run.Output);
        Assert.Matches(@"(?m)^ +- +2 +- +- +-  ws-07$", run.Output);
        Assert.Contains("6 findings in 5 events of 2 files", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Says_so_where_nothing_is_found()
    {
        var run = await _case.RunAsync("scan", "logs", _case.Write("quiet.jsonl", LogCase.Process("2026-03-12T10:00:00Z", 9, "notepad.exe")));
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains("Nothing was found.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_findings_with_all_that_a_program_needs()
    {
        var found = await FindingsAsync("--min-level", "high");
        Assert.Equal([LogCase.WhoamiId, LogCase.WhoamiId, LogCase.ManyFailedId], found.Select(RuleId));
        var first = found[0];
        Assert.Equal(("high", "ws-07", "2026-03-12T10:00:00.000Z", "1"), (Text(first, "level"), Text(first, "host"), Text(first, "time"), Text(first, "record")));
        Assert.Equal(_case.Combine("logs", "a.jsonl"), Text(first, "file"));
        Assert.Equal(0, first.GetProperty("offset").GetInt64());
        Assert.Equal(["T1033"], first.GetProperty("techniques").EnumerateArray().Select(technique => technique.GetString()!));
        Assert.Equal("C:\\Windows\\System32\\whoami.exe", Text(first.GetProperty("matched"), "Image"));
        Assert.Contains(first.GetProperty("entities").EnumerateArray(), entity => Text(entity, "kind") == "user");
    }

    [Fact]
    public async Task Correlates_over_files_by_the_time_of_the_events()
    {
        var correlation = Assert.Single(await FindingsAsync("--min-level", "critical"));
        Assert.Equal("203.0.113.77", Text(correlation.GetProperty("matched"), "IpAddress"));
        Assert.Equal("3", Text(correlation.GetProperty("matched"), "events"));
        Assert.Equal("2026-03-12T10:03:00.000Z", Text(correlation, "time"));
    }

    [Fact]
    public async Task Finds_the_same_whether_logs_are_packed_or_not()
    {
        var plain = (await FindingsAsync()).Select(finding => Text(finding, "id")).Order().ToList();
        var packed = _case.Combine("packed");
        Directory.CreateDirectory(packed);
        using (var zip = ZipFile.Open(Path.Combine(packed, "b.zip"), ZipArchiveMode.Create)) zip.CreateEntryFromFile(_case.Combine("logs", "b.jsonl"), "deep/b.jsonl");
        using (var gzip = new GZipStream(File.Create(Path.Combine(packed, "a.jsonl.gz")), CompressionLevel.Fastest)) gzip.Write(File.ReadAllBytes(_case.Combine("logs", "a.jsonl")));
        var run = await _case.RunAsync("scan", "logs", packed, "--json");
        Assert.Equal(plain, Parsed(run.Output).Select(finding => Text(finding, "id")).Order());
    }

    [Fact]
    public async Task Many_files_come_out_in_their_order_every_time()
    {
        var folder = _case.Combine("many");
        for (var i = 0; i < 60; i++) _case.Write($"many/{i:D3}.jsonl", string.Concat(Enumerable.Range(0, 40).Select(j => LogCase.Process("2026-03-12T10:00:00Z", (i * 100) + j, "whoami.exe"))));
        var first = await _case.RunAsync("scan", "logs", folder, "--json");
        var second = await _case.RunAsync("scan", "logs", folder, "--json");
        Assert.Equal(first.Output, second.Output);
        var records = Parsed(first.Output).Select(finding => int.Parse(Text(finding, "record")!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(2400, records.Count);
        Assert.Equal(records.Order(), records);
    }

    [Fact]
    public async Task Leaves_out_what_is_older_than_asked_for()
    {
        var found = await FindingsAsync("--since", "2026-03-11", "--min-level", "high");
        Assert.Equal([LogCase.WhoamiId, LogCase.ManyFailedId], found.Select(RuleId));
        Assert.Contains("1 events are older", (await _case.RunAsync("scan", "logs", _case.Logs, "--since", "2026-03-11")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_findings_to_a_file_and_the_summary_to_the_reader()
    {
        var file = _case.Combine("timeline.txt");
        var run = await _case.RunAsync("scan", "logs", _case.Logs, "--timeline", "--output", file);
        var times = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(line => line[..24]).ToList();
        Assert.Equal(6, times.Count);
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Contains("6 findings", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_and_sarif_hold_the_same_findings()
    {
        var csv = await _case.RunAsync("scan", "logs", _case.Logs, "--csv");
        Assert.Equal(7, csv.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("6 findings", csv.Error, StringComparison.Ordinal);
        using var sarif = JsonDocument.Parse((await _case.RunAsync("scan", "logs", _case.Logs, "--sarif")).Output);
        Assert.Equal(6, sarif.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Names_everything_it_could_not_read()
    {
        _case.Write("logs/damaged.jsonl", LogCase.Process("2026-03-12T10:00:00Z", 20, "whoami.exe") + "{\"EventID\": 1, \"Image\": \"cut\n" + LogCase.Process("2026-03-12T10:00:01Z", 21, "whoami.exe"));
        File.WriteAllBytes(_case.Combine("logs", "picture.bin"), [0x89, 0x50, 0x4E, 0x47, 0, 1, 2, 3]);
        var run = await _case.RunAsync("scan", "logs", _case.Logs, _case.Combine("missing"));
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("damaged.jsonl: json.", run.Output, StringComparison.Ordinal);
        Assert.Contains("picture.bin", run.Output, StringComparison.Ordinal);
        Assert.Contains("missing: there is no such file or folder", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^high +4 ", run.Output);
    }

    [Fact]
    public async Task A_named_file_has_to_be_a_log()
    {
        var file = _case.Combine("picture.bin");
        File.WriteAllBytes(file, [0x89, 0x50, 0x4E, 0x47, 0, 1, 2, 3]);
        var run = await _case.RunAsync("scan", "logs", file);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("content.format-unknown", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_rules_that_are_not_used_with_file_and_line()
    {
        var broken = _case.Write("rules/broken.yml", "title: Broken\nlogsource: {product: windows}\ndetection:\n  selection:\n    Image|nosuchmodifier: x\n  condition: selection\n");
        var run = await _case.RunAsync("scan", "logs", _case.Logs);
        Assert.Equal(ExitCodes.Found, run.ExitCode);
        Assert.Contains($"{broken}:5: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Costs_of_rules_are_told_on_request()
    {
        var run = await _case.RunAsync("scan", "logs", _case.Logs, "--stats");
        Assert.Matches(@"(?m)^ +[\d.]+ +2 +2  high +Somebody asks who he is$", run.Output);
    }

    [Theory]
    [InlineData("--since", "yesterday")]
    [InlineData("--min-level", "5")]
    [InlineData("--format", "papyrus")]
    [InlineData("--json", "--csv")]
    [InlineData("--rules", "/no/such/rules")]
    public async Task Refuses_what_it_does_not_know(params string[] options)
    {
        var run = await CommandLine.RunAsync(["scan", "logs", _case.Logs, .. options]);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.NotEmpty(run.Error);
    }

    private async Task<List<JsonElement>> FindingsAsync(params string[] options) => Parsed((await _case.RunAsync(["scan", "logs", _case.Logs, "--json", .. options])).Output);

    private static List<JsonElement> Parsed(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? RuleId(JsonElement finding) => Text(finding.GetProperty("rule"), "id");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
