using System.Text.Json;
using Vigie.Commands.Logs;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Tests.Commands.Logs;

/// <summary>The forms findings are written in.</summary>
public sealed class HitWriterTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 11, 12, 345, TimeSpan.Zero);

    internal static LogHit Hit(int number, Severity level = Severity.High, string? host = "ws-07", string rule = "r1") => new()
    {
        Id = FindingId.Of("logs.sigma", rule, FindingId.Part(number)),
        RuleId = rule,
        Titles = new Bilingual($"Title of {rule}", $"Titre de {rule}"),
        Level = level,
        RuleVersion = "0123456789abcdef",
        RuleFile = "rules/a.yml",
        Techniques = ["T1059.001"],
        Time = Start.AddSeconds(number),
        Host = host,
        Place = new HitPlace("logs/day 1.json", "json", number * 100, null, IsPlain: true),
        Entities = [new Entity(EntityKinds.User, "OPS\\keita")],
        Matched = [new("CommandLine", "whoami"), new("Hash", "a"), new("Hash", "b")],
    };

    [Fact]
    public void Json_is_one_object_a_line_with_what_a_program_needs()
    {
        var lines = Written(output => new JsonHits(output), Hit(1), Hit(2) with { Time = null, Host = null }).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        using var document = JsonDocument.Parse(lines[0]);
        var hit = document.RootElement;
        Assert.Equal("r1", hit.GetProperty("rule").GetProperty("id").GetString());
        Assert.Equal("high", hit.GetProperty("level").GetString());
        Assert.Equal("2026-03-02T10:11:13.345Z", hit.GetProperty("time").GetString());
        Assert.Equal("whoami", hit.GetProperty("matched").GetProperty("CommandLine").GetString());
        Assert.Equal(["a", "b"], hit.GetProperty("matched").GetProperty("Hash").EnumerateArray().Select(value => value.GetString()!));
        using var bare = JsonDocument.Parse(lines[1]);
        Assert.Equal(JsonValueKind.Null, bare.RootElement.GetProperty("time").ValueKind);
        Assert.Equal(JsonValueKind.Null, bare.RootElement.GetProperty("host").ValueKind);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    public void Csv_runs_nothing_in_a_spreadsheet(string value, string field)
    {
        var text = Written(output => new CsvHits(output), Hit(1, host: value));
        Assert.Contains($",{field},logs/day 1.json,", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sarif_has_the_shape_that_readers_of_2_1_0_expect()
    {
        var text = Written(output => new SarifHits(output), Hit(1), Hit(2, Severity.Medium, rule: "r2"), Hit(3, Severity.Low, host: null) with { Place = new HitPlace("/var/log/a.gz", "json", 5, "77", IsPlain: false) });
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        Assert.Equal("2.1.0", root.GetProperty("version").GetString());
        var run = Assert.Single(root.GetProperty("runs").EnumerateArray());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("Vigie", driver.GetProperty("name").GetString());
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(["r1", "r2"], rules.Select(rule => rule.GetProperty("id").GetString()!));
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["error", "warning", "note"], results.Select(result => result.GetProperty("level").GetString()!));
        Assert.All(results, result =>
        {
            var rule = rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString();
            Assert.Equal(rule, result.GetProperty("ruleId").GetString());
            Assert.NotEqual("", result.GetProperty("message").GetProperty("text").GetString());
            var place = Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");
            Assert.True(Uri.TryCreate(place.GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.RelativeOrAbsolute, out _));
        });
        var first = results[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("logs/day%201.json", first.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(100, first.GetProperty("region").GetProperty("byteOffset").GetInt32());
        var packed = results[2].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("file:///var/log/a.gz", packed.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.False(packed.TryGetProperty("region", out _));
    }

    [Fact]
    public void Sarif_says_what_could_not_be_read()
    {
        using var output = new StringWriter();
        var summary = new ScanSummary();
        summary.Note(new ScanProblem("/var/log/x", "Permission denied", IsFailure: true));
        summary.Note(new ScanProblem("y.evtx", "a chunk is damaged", IsFailure: false));
        new SarifHits(output).End(summary);
        using var document = JsonDocument.Parse(output.ToString());
        var invocation = document.RootElement.GetProperty("runs")[0].GetProperty("invocations")[0];
        Assert.False(invocation.GetProperty("executionSuccessful").GetBoolean());
        Assert.Equal(["error", "warning"], invocation.GetProperty("toolExecutionNotifications").EnumerateArray().Select(n => n.GetProperty("level").GetString()!));
    }

    [Fact]
    public void The_timeline_is_in_the_order_of_events_however_much_there_is()
    {
        var random = new Random(7);
        var hits = Enumerable.Range(0, 100).Select(i => Hit(i)).Append(Hit(500) with { Time = null }).ToArray();
        random.Shuffle(hits);
        var held = Written(output => new TimelineHits(output, "en"), hits);
        var spilled = Written(output => new TimelineHits(output, "en", linesInMemory: 7), hits);
        Assert.Equal(held, spilled);
        var times = held.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..24]).ToList();
        Assert.Equal(101, times.Count);
        Assert.Equal(times[..100].Order(StringComparer.Ordinal), times[..100]);
        Assert.StartsWith("-", times[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void No_control_character_of_a_log_reaches_the_terminal()
    {
        var line = TimelineHits.TextOf(Hit(1, host: "a\u001b[31mb\u202Ec") with { Matched = [new("x\n", "y\r\u0007")] }, "en");
        Assert.DoesNotContain(line, c => char.IsControl(c) || c == '\u202E');
    }

    [Fact]
    public void The_summary_counts_by_level_rule_and_host_gravest_first()
    {
        var summary = new ScanSummary();
        summary.Count(Hit(1, Severity.Low, "b", "low"));
        summary.Count(Hit(2, Severity.Low, "b", "low"));
        summary.Count(Hit(3, Severity.Critical, "a", "grave"));
        summary.Count(Hit(4, Severity.Low, null, "once"));
        Assert.Equal(["grave", "low", "once"], summary.Rules.Select(rule => rule.Id));
        Assert.Equal(["a", "b", "-"], summary.Hosts.Select(host => host.Host));
        Assert.Equal((4, 3, 1), (summary.Findings, summary.Of(Severity.Low), summary.Of(Severity.Critical)));
        using var output = new StringWriter();
        new SummaryText(output, "fr").WriteFindings(summary);
        Assert.Contains("hôte", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_is_bounded_whatever_the_hosts_are_called()
    {
        var summary = new ScanSummary();
        for (var i = 0; i < ScanSummary.MaxHosts + 50; i++) summary.Count(Hit(i, host: $"host{i}"));
        Assert.Equal(ScanSummary.MaxHosts + 1, summary.Hosts.Count);
        Assert.Equal(50, summary.Hosts.Single(host => host.Host == "…").Levels.Sum());
    }

    private static string Written(Func<TextWriter, IHitWriter> make, params LogHit[] hits)
    {
        using var output = new StringWriter();
        var writer = make(output);
        foreach (var hit in hits) writer.Write(hit);
        writer.End(new ScanSummary());
        return output.ToString();
    }
}
