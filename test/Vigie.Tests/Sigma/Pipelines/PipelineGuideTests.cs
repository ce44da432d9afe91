using System.Text.RegularExpressions;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Filters;
using Vigie.Engine.Sigma.Pipelines;
using Vigie.Tests.Architecture;

namespace Vigie.Tests.Sigma.Pipelines;

/// <summary>The guides say what is so: their examples are read, their tables hold what there is.</summary>
public sealed partial class PipelineGuideTests
{
    [Fact]
    public void The_pipelines_of_the_guide_are_pipelines()
    {
        var examples = Blocks("pipelines.md");
        Assert.True(examples.Count >= 3);
        foreach (var example in examples)
        {
            var problems = new List<SigmaProblem>();
            Assert.NotEmpty(Assert.Single(SigmaPipelineReader.Read(example, "pipelines.md", problems)).Items);
            Assert.Empty(problems);
        }
    }

    [Fact]
    public void Every_transformation_and_condition_of_the_guide_is_known_and_those_that_are_known_are_in_it()
    {
        var rows = Row().Matches(Guide("pipelines.md")).Select(m => (Kind: m.Groups["kind"].Value, Type: m.Groups["type"].Value)).Where(r => r.Type != "type").ToList();
        Assert.True(rows.Count > 30);
        foreach (var (kind, type) in rows)
        {
            var key = kind switch { "rule" => "rule_conditions", "all" => "rule_conditions", "detection item" => "detection_item_conditions", "field name" => "field_name_conditions", _ => null };
            var text = key is null
                ? $"name: x\ntransformations:\n  - {{type: {type}}}\n"
                : $"name: x\ntransformations:\n  - {{type: drop_detection_item, {key}: [{{type: {type}}}]}}\n";
            var problems = new List<SigmaProblem>();
            SigmaPipelineReader.Read(text, "x.yml", problems);
            Assert.DoesNotContain(problems, p => p.Code is "pipeline.type-unknown" or "pipeline.type-unsupported" or "pipeline.condition-unknown");
        }

        var guide = Guide("pipelines.md");
        var battery = File.ReadAllText(Path.Combine(Battery.Folder, "pipeline-rules.yaml"));
        foreach (var type in TypeInBattery().Matches(battery).Select(m => m.Groups[1].Value).Distinct().Where(t => t is not ("rename" or "weather" or "embed"))) Assert.Contains($"`{type}`", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void The_correlation_and_the_filter_of_the_guide_can_be_used()
    {
        var examples = Blocks("correlations.md");
        var correlation = SigmaReader.Read(examples[0], "correlations.md");
        Assert.Empty(correlation.Problems);
        var set = CorrelationSet.Read(correlation.Rules, correlation.Correlations);
        Assert.Empty(set.Problems);
        Assert.Equal(2, set.Correlations.Length);
        Assert.Equal(["TargetUserName"], set.RequiredFields);

        var filter = SigmaReader.Read(examples[1], "correlations.md");
        Assert.Empty(filter.Problems);
        var filters = FilterSet.Read([], filter.Filters, SigmaReaderOptions.None);
        Assert.Equal("filter.unknown-rule", Assert.Single(filters.Problems).Code);
        Assert.Single(filters.Filters);
    }

    private static List<string> Blocks(string guide) => [.. Block().Matches(Guide(guide)).Select(m => m.Groups[1].Value)];

    private static string Guide(string name) => Repository.Read("docs", name).ReplaceLineEndings("\n");

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\|( (?<kind>rule|all|detection item|field name) \|)? `(?<type>[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<![a-z_])type: ([a-z_]+)")]
    private static partial Regex TypeInBattery();
}
