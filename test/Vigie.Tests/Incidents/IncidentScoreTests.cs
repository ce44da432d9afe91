using Vigie.Engine.Attack;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

public sealed class IncidentScoreTests
{
    private const double Rounding = 1e-9;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Fact]
    public void Nothing_at_all_scores_nothing_and_says_so()
    {
        var score = IncidentScore.Of(new ScoreInput([], [], 1, 0, 0, 0));
        Assert.Equal(0, score.Value);
        Assert.Equal(["evidence", "importance", "progress", "spread"], score.Terms.Select(term => term.Name));
        Assert.All(score.Terms, term => Assert.True(term.Why.English.Length > 0 && term.Why.French.Length > 0));
    }

    [Fact]
    public void A_critical_finding_comes_before_a_medium_one_and_a_campaign_before_both()
    {
        var medium = Score(Rule("a", Severity.Medium, 0.4));
        var critical = Score(Rule("a", Severity.Critical, 0.8));
        var campaign = IncidentScore.Of(new ScoreInput(
            [Rule("a", Severity.Medium, 0.4), Rule("b", Severity.High, 0.6), Rule("c", Severity.High, 0.6), Rule("d", Severity.Critical, 0.8)],
            ["T1566.001", "T1059.001", "T1053.005", "T1003.001", "T1021.002"], 1, 4, 3, 2));
        Assert.InRange(medium.Value, 5, 20);
        Assert.InRange(critical.Value, 40, 60);
        Assert.InRange(campaign.Value, 60, 95);
    }

    [Fact]
    public void A_thousand_findings_of_one_noisy_rule_do_not_make_it_grave()
    {
        var noisy = Rule("noisy", Severity.Medium, 0.1);
        Assert.True(Score(noisy with { Count = 100_000 }).Value < Score(Rule("sound", Severity.High, 0.6)).Value / 3);
        Assert.Equal(Score(noisy with { Count = 1024 }).Value, Score(noisy with { Count = int.MaxValue }).Value);
    }

    [Fact]
    public void What_came_of_a_rule_outweighs_what_it_says_of_itself_as_verdicts_come_in()
    {
        var sure = Rule("sure", Severity.High, 0.05) with { Confidence = 0.95 };
        var values = new[] { 0L, 2, 8, 100 }.Select(verdicts => Score(sure with { Verdicts = verdicts }).Value).ToList();
        Assert.Equal(values.OrderDescending(), values);
        Assert.True(values[^1] < values[0] / 4);
    }

    [Fact]
    public void The_reasons_carry_the_figures_in_both_languages()
    {
        var score = IncidentScore.Of(new ScoreInput([Rule("proc_creation_x", Severity.High, 0.5) with { Count = 1200 }], ["T1486"], 1.5, 3, 0, 1));
        Assert.Contains("1,200 findings", score.Terms[0].Why.English, StringComparison.Ordinal);
        Assert.Contains("1\u202f200 constats", score.Terms[0].Why.French, StringComparison.Ordinal);
        Assert.Contains("proc_creation_x", score.Terms[0].Why.English, StringComparison.Ordinal);
        Assert.Contains("1.5", score.Terms[1].Why.English, StringComparison.Ordinal);
        Assert.Contains("1,5", score.Terms[1].Why.French, StringComparison.Ordinal);
        Assert.Contains($"impact, {AttackMatrix.Enterprise.Tactics.Length} of {AttackMatrix.Enterprise.Tactics.Length}", score.Terms[2].Why.English, StringComparison.Ordinal);
        Assert.Contains("0 compte,", score.Terms[3].Why.French, StringComparison.Ordinal);
    }

    [Fact]
    public void A_technique_of_several_tactics_claims_only_the_earliest()
    {
        // Valid accounts serve initial access, persistence, privilege escalation and defense evasion.
        var many = IncidentScore.Of(new ScoreInput([Rule("a", Severity.High, 0.5)], ["T1078"], 1, 1, 1, 1));
        Assert.StartsWith("1 ATT&CK tactic;", many.Terms[2].Why.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_out_of_range_are_brought_into_it()
    {
        var wild = IncidentScore.Of(new ScoreInput(
            [new RuleEvidence("d", "r", (Severity)99, double.NaN, double.PositiveInfinity, -5, -1), new RuleEvidence("d", "s", Severity.Critical, 7, -3, int.MaxValue, long.MaxValue)],
            ["", "T0000", "nonsense"], double.NaN, int.MinValue, int.MaxValue, int.MaxValue));
        Assert.InRange(wild.Value, 0, 100);
        Assert.All(wild.Terms, term => Assert.True(double.IsFinite(term.Points)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void More_never_lowers_and_less_trust_never_raises(int seed)
    {
        var random = new Random(seed);
        var input = Some(random);
        var score = IncidentScore.Of(input);
        Assert.InRange(score.Value, 0, 100);
        Assert.Equal(score.Value, score.Terms.Sum(term => term.Points), Rounding);

        Rises(input with { Rules = input.Rules.Add(SomeRule(random)) });
        Rises(input with { Techniques = input.Techniques.Add(Technique(random)) });
        Rises(input with { Importance = input.Importance * 1.3 });
        Rises(input with { Hosts = input.Hosts + random.Next(5) });
        Rises(input with { Accounts = input.Accounts + random.Next(5) });
        Rises(input with { Watches = input.Watches + 1 });
        var at = random.Next(input.Rules.Length);
        var rule = input.Rules[at];
        Rises(With(rule with { Count = rule.Count + random.Next(1, 100) }));
        if (rule.Severity < Severity.Critical) Rises(With(rule with { Severity = rule.Severity + 1 }));
        if (rule.Confidence is { } confidence) Rises(With(rule with { Confidence = Math.Min(1, confidence + 0.1) }));
        Rises(With(rule with { Precision = Math.Min(1, rule.Precision + 0.1) }));
        Falls(With(rule with { Precision = rule.Precision * random.NextDouble() }));

        ScoreInput With(RuleEvidence changed) => input with { Rules = input.Rules.SetItem(at, changed) };
        void Rises(ScoreInput more) => Assert.True(IncidentScore.Of(more).Value >= score.Value - Rounding);
        void Falls(ScoreInput less) => Assert.True(IncidentScore.Of(less).Value <= score.Value + Rounding);
    }

    private static ScoreInput Some(Random random) => new(
        [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => SomeRule(random))],
        [.. Enumerable.Range(0, random.Next(6)).Select(_ => Technique(random))],
        0.5 + (1.5 * random.NextDouble()),
        random.Next(20),
        random.Next(20),
        random.Next(1, 4));

    private static RuleEvidence SomeRule(Random random) => new(
        "d", $"r{random.Next()}", (Severity)random.Next(5), random.Next(2) == 0 ? random.NextDouble() : null, random.NextDouble(), random.Next(1, 2000), random.Next(30));

    private static string Technique(Random random) => AttackMatrix.Enterprise.Techniques[random.Next(AttackMatrix.Enterprise.Techniques.Length)].Id;

    private static RuleEvidence Rule(string name, Severity severity, double precision) => new("d", name, severity, null, precision, 1);

    private static IncidentScore Score(RuleEvidence rule) => IncidentScore.Of(new ScoreInput([rule], [], 1, 1, 1, 1));
}
