using Vigie.Commands.Eval;
using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Commands.Eval;

public sealed class LikeliestCandidatesTests
{
    [Theory]
    [InlineData("army.mil")]
    [InlineData("us.af.mil")]
    [InlineData("un.org")]
    [InlineData("savethechildren.org")]
    public void Are_the_ones_with_which_the_ranking_begins(string domain)
    {
        var ranked = new CandidateGenerator().Rank(domain).Take(100).Select(candidate => candidate.Domain);

        Assert.Equal(ranked.Order(StringComparer.Ordinal), LikeliestCandidates.Of(domain, 100).Order(StringComparer.Ordinal));
    }
}
