using BenchmarkDotNet.Attributes;
using Vigie.Engine.Lookalikes;

namespace Vigie.Benchmarks;

/// <summary>
/// Look-alikes of one name, streamed. Budget: 1 million candidates a second on one core, at most one byte allocated for
/// each; so the mean, which is one name's, has to stay under its number of candidates in microseconds.
/// </summary>
[MemoryDiagnoser]
public class CandidateGeneration
{
    private readonly CandidateGenerator _generator = new();
    private readonly Counter _counter = new();

    /// <summary>A short name, one with a subdomain, an ordinary one, one beneath two labels.</summary>
    [Params("army.mil", "us.af.mil", "example.com", "sante.gov.ml")]
    public string Name { get; set; } = "";

    /// <summary>How many candidates, so that the time can be divided.</summary>
    [Benchmark]
    public long Generate()
    {
        _counter.Candidates = 0;
        _generator.Generate(Name, _counter);
        return _counter.Candidates;
    }

    /// <summary>The same made unique, sorted and with resemblances: what <c>vigie twist</c> waits for.</summary>
    [Benchmark]
    public int Rank() => _generator.Rank(Name).Count;

    private sealed class Counter : ICandidateSink
    {
        public long Candidates { get; set; }

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood) => Candidates++;
    }
}
