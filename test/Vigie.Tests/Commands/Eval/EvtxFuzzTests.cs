using Vigie.Commands.Eval;
using Vigie.Tests.Formats.Evtx;

namespace Vigie.Tests.Commands.Eval;

public sealed class EvtxFuzzTests
{
    private static readonly EvtxCorpus Corpus = new([new EvtxCorpusFile("own", "small", SomeLog.Processes(20)), new EvtxCorpusFile("own", "large", SomeLog.Processes(700))], []);

    [Fact]
    public void A_short_run_harms_nothing_and_finds_damage()
    {
        var report = Run(first: 0, cases: 200);
        Assert.Empty(report.Failures);
        Assert.Equal(200, report.Cases);
        Assert.InRange(report.Events, 500, 200 * 300);
    }

    [Fact]
    public void A_case_is_the_same_when_it_is_run_again_alone()
    {
        var all = Enumerable.Range(0, 20).Select(n => Run(n, 1)).ToList();
        var together = Run(0, 20);
        Assert.Equal(together.Bytes, all.Sum(r => r.Bytes));
        Assert.Equal(together.Events, all.Sum(r => r.Events));
        Assert.Equal(together.ValueBytes, all.Sum(r => r.ValueBytes));
    }

    private static EvtxFuzzReport Run(long first, long cases) =>
        new EvtxFuzz(Corpus, seed: 3).Run(first, cases, new Progress<double>(), TestContext.Current.CancellationToken);
}
