using Vigie.Commands.Eval;

namespace Vigie.Tests.Commands.Eval;

public sealed class LookalikeMeasuresTests
{
    [Fact]
    public void Makes_nearly_all_that_dnstwist_makes()
    {
        string[] domains = ["army.mil", "us.af.mil", "example.com", "bnda.ml", "sante.gov.ml", "education.gouv.fr", "mail.un.org", "bbc.co.uk", "bceao.int", "ecobank.com"];
        var figure = DnstwistCoverage.Measure(domains, TextWriter.Null, TestContext.Current.CancellationToken);
        if (!figure.Available && Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1") Assert.Fail("dnstwist is not installed: run ./vigie test, which installs it.");
        Assert.SkipUnless(figure.Available, "dnstwist is not installed.");
        Assert.All(figure.Rows, row => Assert.True(row.Made >= 0.99 * row.Theirs, $"{row.Domain}: {row.Made} of {row.Theirs}; {string.Join(", ", row.Missing.Take(10))}"));
        Assert.True(figure.Share >= 0.99);
    }

    [Fact]
    public void Counts_candidates_without_allocating_for_each()
    {
        var figure = GenerationSpeed.Measure(TextWriter.Null, TestContext.Current.CancellationToken);
        Assert.InRange(figure.Distinct, figure.Candidates / 2, figure.Candidates);
        Assert.InRange(figure.BytesPerCandidate, 0, 2);
        Assert.True(figure.PerSecond > 0);
    }
}
