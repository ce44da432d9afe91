using Vigie.Commands;
using Vigie.Commands.Eval;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Tests.Commands.Eval;

/// <summary>The numbers that have to be reached, on data nobody here wrote.</summary>
public sealed class SigmaEvaluationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Public_rules_compile_and_fire_on_the_logs_recorded_for_them()
    {
        ExternalData.Require("sigma/regression_data");
        var data = new EvaluationData(Path.GetDirectoryName(ExternalData.Require("sigma"))!);
        var rules = RuleLoader.Load(new RuleSelection { Paths = [.. SigmaEvaluation.PublicRules(data)] }, Token);
        using var progress = new StringWriter();
        var figures = new SigmaEvaluation(rules, data, progress, Token).Run().ToDictionary(figure => figure.Id);
        Assert.Empty(progress.ToString());
        foreach (var id in (string[])["compile", "regression-evtx", "regression-json", "regression-raw"])
            Assert.True(figures[id].Met, $"{figures[id].Title}: {figures[id].Measured}\n{string.Join('\n', figures[id].Rows)}");
        Assert.NotEmpty(figures["placeholders"].Rows);
    }

    [Fact]
    public async Task Absent_data_is_named_and_is_no_success()
    {
        using var folder = new TemporaryFolder();
        foreach (var verb in (string[])["sigma", "evtx-samples"])
        {
            var run = await CommandLine.RunAsync("eval", verb, "--data", folder.Path);
            Assert.Equal(ExitCodes.Failed, run.ExitCode);
            Assert.Contains("absent: ", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_case_says_which_rule_must_fire_how_often()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/info.yml", "rule_metadata:\n  - id: rule-a\n    title: A\nregression_tests_info:\n  - name: x\n    type: evtx\n    path: elsewhere/a/rule-a.evtx\n    match_count : 7\n");
        folder.Write("a/rule-a.evtx", "");
        folder.Write("a/rule-a.json", "{}");
        folder.Write("b/info.yml", "rule_metadata:\n  - id: rule-b\n# regression_tests_info:\n");
        folder.Write("b/rule-b.raw", "");
        folder.Write("c/info.yml", "nothing: here\n");
        var problems = new List<string>();
        var cases = RegressionCase.Under(folder.Path, problems);
        Assert.Equal([("rule-a", 7, true), ("rule-b", 1, false)], cases.Select(c => (c.Rule, c.AtLeast, c.Json is not null)));
        Assert.Single(problems);
    }
}
