using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Tests.Sigma.Matching;

public sealed class RegexSearchTests
{
    [Fact]
    public void An_expression_that_blows_up_is_given_up_after_some_tries_and_counted()
    {
        // The back reference keeps it from running without backtracking.
        var tally = new RegexTally();
        var search = new RegexSearch(new ValueTest.Regex(@"^(a+)+\1b$", false, false, false), tally, TimeSpan.FromMilliseconds(20));
        var text = new string('a', 20_000);

        for (var i = 0; i < 50; i++) Assert.False(search.Finds(text));

        Assert.InRange(tally.Timeouts, 1, 10);
        Assert.False(search.Finds("aab"), "given up");
    }

    [Fact]
    public void An_expression_that_runs_without_backtracking_has_no_limit_of_time() =>
        Assert.Equal(System.Text.RegularExpressions.Regex.InfiniteMatchTimeout, SigmaRegex.Create(new ValueTest.Regex("^(a+)+$", false, false, false)).MatchTimeout);
}
