using Vigie.Watches.Logs.Rules;

namespace Vigie.Tests.Watches.Logs.Rules;

public sealed class RulePipelinesTests
{
    [Fact]
    public void Rules_filters_and_correlations_are_written_in_one_taxonomy_and_run_in_that_of_the_logs()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "rules.yml"), """
            title: Failed login
            id: 11111111-0000-4000-8000-000000000001
            name: failed
            logsource: {product: ours}
            detection:
              selection:
                Result: failed
                User|expand: '%Watched%'
              condition: selection
            ---
            title: Many failures
            id: 11111111-0000-4000-8000-000000000002
            correlation: {type: event_count, rules: [failed], group-by: [User], timespan: 1m, condition: {gte: 2}}
            ---
            title: Scanner
            logsource: {product: ours}
            filter:
              rules: any
              selection: {Source: scanner}
              condition: selection
            ---
            title: Elsewhere
            id: 11111111-0000-4000-8000-000000000003
            logsource: {product: elsewhere}
            detection:
              selection: {Result: failed}
              condition: selection
            """);
        var pipeline = Path.Combine(folder.Path, "pipeline.yaml");
        File.WriteAllText(pipeline, """
            name: ours
            vars: {Watched: [root, adm_*]}
            transformations:
              - type: value_placeholders
              - {type: field_name_mapping, mapping: {Result: r, User: u, Source: s}, rule_conditions: [{type: logsource, product: ours}]}
              - {type: rule_failure, message: not collected here, rule_conditions: [{type: logsource, product: elsewhere}]}
            """);

        var loaded = RuleLoader.Load(
            new RuleSelection { Paths = [Path.Combine(folder.Path, "rules.yml")], Pipelines = [pipeline, Path.Combine(folder.Path, "missing.yaml")] }, TestContext.Current.CancellationToken);

        Assert.Equal(["file.not-read", "pipeline.refused"], loaded.Problems.Select(p => p.Code).Order(StringComparer.Ordinal));
        var rule = Assert.Single(loaded.Set.Rules);
        Assert.Empty(rule.MissingPlaceholders);
        Assert.Equal(["r", "s", "u"], Vigie.Engine.Sigma.Terms.Within(rule.Conditions[0]).OfType<Vigie.Engine.Sigma.Term.Field>().Select(f => f.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["u"], loaded.Correlations.RequiredFields);
        Assert.True(loaded.Set.Fields.SlotOf("u") >= 0);
    }
}
