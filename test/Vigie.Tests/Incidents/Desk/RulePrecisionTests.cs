using Vigie.Engine.Findings;
using Vigie.Incidents.Desk;

namespace Vigie.Tests.Incidents.Desk;

public sealed class RulePrecisionTests
{
    [Fact]
    public void Without_verdicts_the_level_speaks()
    {
        foreach (var level in Enum.GetValues<Severity>()) Assert.Equal(RulePrecision.PriorOf(level), RulePrecision.Of(level, default), 1e-12);
        Assert.Equal(Enum.GetValues<Severity>().Select(RulePrecision.PriorOf).Order(), Enum.GetValues<Severity>().Select(RulePrecision.PriorOf));
    }

    [Fact]
    public void It_stays_between_never_and_always_and_follows_the_verdicts()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var level = (Severity)random.Next(5);
            var votes = new RuleVotes(random.Next(1000), random.Next(1000), random.Next(1000));
            var precision = RulePrecision.Of(level, votes);
            Assert.InRange(precision, double.Epsilon, 1 - 1e-9);
            Assert.True(RulePrecision.Of(level, votes with { True = votes.True + 1 }) > precision);
            Assert.True(RulePrecision.Of(level, votes with { False = votes.False + 1 }) < precision);
            Assert.InRange(RulePrecision.UncertaintyOf(level, votes), 0, 0.5);
        }
    }

    [Fact]
    public void It_is_surer_the_more_was_said()
    {
        Assert.True(RulePrecision.UncertaintyOf(Severity.High, new RuleVotes(50, 0, 50)) < RulePrecision.UncertaintyOf(Severity.High, new RuleVotes(5, 0, 5)));
        Assert.True(RulePrecision.UncertaintyOf(Severity.High, new RuleVotes(5, 0, 5)) < RulePrecision.UncertaintyOf(Severity.High, default));
    }

    [Fact]
    public void A_benign_incident_speaks_half_for_and_half_against() =>
        Assert.Equal(RulePrecision.Of(Severity.High, new RuleVotes(1, 0, 1)), RulePrecision.Of(Severity.High, new RuleVotes(0, 2, 0)), 1e-12);
}
