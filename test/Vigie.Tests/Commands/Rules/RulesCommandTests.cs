using System.IO.Compression;
using System.Text.Json;
using Vigie.Commands;
using Vigie.Commands.Rules;
using Vigie.Tests.Commands.Logs;

namespace Vigie.Tests.Commands.Rules;

public sealed class RulesCommandTests : IDisposable
{
    private readonly LogCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public async Task Lists_rules_gravest_first_and_finds_them_by_text()
    {
        var all = await _case.RunAsync("rules", "list");
        Assert.Equal(["critical", "high", "low"], all.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
        Assert.Contains("correlation event_count", all.Output, StringComparison.Ordinal);
        var one = await _case.RunAsync("rules", "list", "t1110", "--json");
        using var document = JsonDocument.Parse(one.Output);
        Assert.Equal(LogCase.FailedId, Assert.Single(document.RootElement.EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Checks_rules_one_problem_a_line()
    {
        var good = await CommandLine.RunAsync("rules", "check", _case.Rules, "--errors", "--lang", "en");
        Assert.Equal((ExitCodes.Ok, "3 files, 3 rules: 0 errors, 0 warnings.\n"), (good.ExitCode, good.Output));
        var broken = _case.Write("rules/broken.yml", "title: Broken\nid: 7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f2b09\nlogsource: {product: windows}\ndetection:\n  selection:\n    Image|nosuchmodifier: x\n  condition: selection\n");
        _case.Write("rules/dangling.yml", "title: Dangling\nid: 7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f2b0a\ncorrelation:\n  type: event_count\n  rules: [no_such_rule]\n  group-by: [IpAddress]\n  timespan: 1h\n  condition: {gte: 3}\n");
        var run = await CommandLine.RunAsync("rules", "check", _case.Rules, "--lang", "en");
        Assert.Equal(ExitCodes.Found, run.ExitCode);
        Assert.Matches(@"(?m)broken\.yml:6: [a-z.-]+: .*nosuchmodifier", run.Output);
        Assert.Matches(@"(?m)dangling\.yml:\d+: correlation\.", run.Output);
        Assert.Matches(@"[2-9] errors", run.Output);
        var json = await CommandLine.RunAsync("rules", "check", broken, "--json");
        using var document = JsonDocument.Parse(json.Output);
        Assert.Contains(document.RootElement.EnumerateArray(), problem => problem.GetProperty("severity").GetString() == "error" && problem.GetProperty("line").GetInt32() == 6);
        Assert.Equal(ExitCodes.Failed, (await CommandLine.RunAsync("rules", "check", _case.Combine("nothing"))).ExitCode);
    }

    [Fact]
    public async Task Warnings_count_only_where_that_is_asked_for()
    {
        var rule = _case.Write("warn.yml", "title: Has no id\nstatus: test\nlevel: low\nlogsource: {product: windows, category: process_creation}\ndetection:\n  selection:\n    Image: x\n  condition: selection\n");
        Assert.Equal(ExitCodes.Ok, (await CommandLine.RunAsync("rules", "check", rule)).ExitCode);
        var strict = await CommandLine.RunAsync("rules", "check", rule, "--strict");
        Assert.Equal(ExitCodes.Found, strict.ExitCode);
        Assert.NotEmpty(strict.Output);
    }

    [Fact]
    public async Task Explains_why_a_rule_fires_and_why_not()
    {
        var rule = _case.Combine("rules", "whoami.yml");
        var fires = await CommandLine.RunAsync("rules", "explain", rule, _case.Combine("logs", "a.jsonl"), "--lang", "en");
        Assert.Equal(ExitCodes.Found, fires.ExitCode);
        Assert.Contains("✓ Image endswith '\\whoami.exe'  [line 9]  ← C:\\Windows\\System32\\whoami.exe", fires.Output, StringComparison.Ordinal);
        Assert.Contains("The rule fires for event 1.", fires.Output, StringComparison.Ordinal);
        var not = await CommandLine.RunAsync("rules", "explain", rule, _case.Combine("logs", "a.jsonl"), "--event", "2", "--lang", "fr");
        Assert.Equal(ExitCodes.Ok, not.ExitCode);
        Assert.Contains("✗ source windows/process_creation", not.Output, StringComparison.Ordinal);
        Assert.Contains("(l'événement n'a pas de champ « Image »)", not.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explains_a_rule_in_use_by_its_id_and_a_record_by_its_number()
    {
        var run = await _case.RunAsync("rules", "explain", LogCase.FailedId, _case.Combine("logs", "a.jsonl"), "--record", "3", "--json");
        Assert.Equal(ExitCodes.Found, run.ExitCode);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(3, document.RootElement.GetProperty("event").GetInt32());
        Assert.True(document.RootElement.GetProperty("matches").GetBoolean());
        Assert.Equal(ExitCodes.Failed, (await _case.RunAsync("rules", "explain", LogCase.FailedId, _case.Combine("logs", "a.jsonl"), "--record", "77")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await _case.RunAsync("rules", "explain", "no-such-rule", _case.Combine("logs", "a.jsonl"))).ExitCode);
    }

    [Fact]
    public async Task Runs_the_cases_beside_rules()
    {
        var good = await CommandLine.RunAsync("rules", "test", _case.Rules, "--lang", "en");
        Assert.Equal(ExitCodes.Ok, good.ExitCode);
        Assert.Contains("2 cases of 1 rules: 2 passed, 0 failed; 2 rules have no cases", good.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Found, (await CommandLine.RunAsync("rules", "test", _case.Rules, "--strict")).ExitCode);

        _case.Write("rules/whoami.tests.yaml", "tests:\n  - name: Turned round\n    miss: {\"Image\": \"C:\\\\Windows\\\\System32\\\\whoami.exe\"}\n");
        _case.Write("rules/orphan.tests.yaml", "tests: []\n");
        var bad = await CommandLine.RunAsync("rules", "test", _case.Rules, "--explain", "--lang", "en");
        Assert.Equal(ExitCodes.Found, bad.ExitCode);
        Assert.Matches(@"(?m)whoami\.tests\.yaml:3: Turned round: the rule fires and must not$", bad.Output);
        Assert.Contains("✓ Image endswith", bad.Output, StringComparison.Ordinal);
        Assert.Matches(@"orphan\.tests\.yaml:1: tests\.no-rule", bad.Error);
    }

    [Fact]
    public async Task Ranks_rules_by_what_they_cost_and_by_what_the_node_counted()
    {
        var run = await _case.RunAsync("rules", "top", _case.Logs, "--json");
        using var document = JsonDocument.Parse(run.Output);
        var row = Assert.Single(document.RootElement.EnumerateArray(), row => row.GetProperty("id").GetString() == LogCase.WhoamiId);
        Assert.Equal((2, 2), (row.GetProperty("evaluated").GetInt32(), row.GetProperty("matched").GetInt32()));
        var stored = await _case.RunAsync("rules", "top");
        Assert.Equal((ExitCodes.Ok, "No rule has fired yet.\n"), (stored.ExitCode, stored.Output));
        Assert.Equal(ExitCodes.Usage, (await _case.RunAsync("rules", "top", "--limit", "0")).ExitCode);
    }

    [Fact]
    public async Task Maps_rules_to_techniques()
    {
        var layer = _case.Combine("layer.json");
        var run = await _case.RunAsync("rules", "coverage", "--navigator", layer);
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Matches(@"(?m)^Credential Access .*  1 / +\d+$", run.Output);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(layer, TestContext.Current.CancellationToken));
        Assert.Equal(["T1033", "T1110"], document.RootElement.GetProperty("techniques").EnumerateArray().Select(technique => technique.GetProperty("techniqueID").GetString()!));
        using var piped = JsonDocument.Parse((await _case.RunAsync("rules", "coverage", "--navigator", "-")).Output);
        Assert.Equal("4.5", piped.RootElement.GetProperty("versions").GetProperty("layer").GetString());
    }

    [Fact]
    public async Task Takes_in_a_set_and_replaces_it_as_a_whole()
    {
        var zip = _case.Combine("sigma_core.zip");
        ZipFile.CreateFromDirectory(_case.Rules, zip);
        var run = await CommandLine.RunAsync("rules", "add", zip, "--data", _case.Data, "--lang", "en");
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Error);
        var set = Path.Combine(_case.Data, "rules", "sigma_core");
        using (var origin = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(set, RulesAddCommand.OriginFile), TestContext.Current.CancellationToken)))
            Assert.Equal((zip, 64, 3), (origin.RootElement.GetProperty("source").GetString(), origin.RootElement.GetProperty("sha256").GetString()!.Length, origin.RootElement.GetProperty("rules").GetInt32()));

        var listed = await CommandLine.RunAsync("rules", "list", "--data", _case.Data, "--lang", "en");
        Assert.Contains(LogCase.WhoamiId, listed.Output, StringComparison.Ordinal);

        File.Delete(_case.Combine("rules", "failed.yml"));
        Assert.Equal(ExitCodes.Ok, (await CommandLine.RunAsync("rules", "add", _case.Rules, "--name", "sigma_core", "--data", _case.Data)).ExitCode);
        Assert.False(File.Exists(Path.Combine(set, "failed.yml")));
        Assert.Equal(["sigma_core"], Directory.EnumerateFileSystemEntries(Path.Combine(_case.Data, "rules")).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task A_set_that_is_no_good_changes_nothing()
    {
        Assert.Equal(ExitCodes.Ok, (await CommandLine.RunAsync("rules", "add", _case.Rules, "--name", "own", "--data", _case.Data)).ExitCode);
        var before = Directory.EnumerateFiles(_case.Data, "*", SearchOption.AllDirectories).Order().ToList();
        var bad = _case.Write("bad/rule.yml", "title: [");
        foreach (var args in (string[][])[[Path.GetDirectoryName(bad)!], [_case.Rules, "--sha256", new string('0', 64)], [_case.Combine("missing.zip")]])
        {
            var run = await CommandLine.RunAsync(["rules", "add", .. args, "--name", "own", "--data", _case.Data]);
            Assert.Equal(ExitCodes.Failed, run.ExitCode);
            Assert.NotEmpty(run.Error);
        }

        Assert.Equal(ExitCodes.Usage, (await CommandLine.RunAsync("rules", "add", "http://rules.example/sigma.zip", "--data", _case.Data)).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await CommandLine.RunAsync("rules", "add", _case.Rules, "--name", "../up", "--data", _case.Data)).ExitCode);
        Assert.Equal(before, Directory.EnumerateFiles(_case.Data, "*", SearchOption.AllDirectories).Order());
    }
}
