using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Benchmarks;

/// <summary>
/// Placing a finding among others, each with a host of its own and one that many share. Budget: 5 ms at the 99th percentile
/// among a million (<c>vigie eval placing</c> measures that, with skew and late ones), so the mean here has to stay below 20 µs.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, iterationCount: 10, invocationCount: 1)]
public class IncidentPlacing
{
    private const int Placed = 10_000;
    private const int Hosts = 100_000;
    private const long Minute = 60_000;

    private readonly IncidentGraph _graph = new(new LinkPolicy());
    private GraphFinding[] _batch = [];
    private int _next;

    /// <summary>How many findings are there.</summary>
    [Params(10_000, 1_000_000)]
    public int Findings { get; set; }

    /// <summary>Fills the graph.</summary>
    [GlobalSetup]
    public void Fill()
    {
        for (; _next < Findings; _next++) _graph.Place(Made(_next));
        _graph.Reweigh();
    }

    /// <summary>Makes the next findings.</summary>
    [IterationSetup]
    public void Make()
    {
        _batch = [.. Enumerable.Range(_next, Placed).Select(Made)];
        _next += Placed;
    }

    /// <summary>Places them.</summary>
    [Benchmark(OperationsPerInvoke = Placed)]
    public int Place()
    {
        foreach (var finding in _batch) _graph.Place(finding);
        return _graph.Count;
    }

    // One in seven belongs in the middle of everything.
    private static GraphFinding Made(int number)
    {
        var host = $"pc{number % Hosts}";
        return new GraphFinding(
            FindingId.Of("bench", "bench", FindingId.Part(number)),
            number % 7 == 0 ? number * Minute / 2 : number * Minute,
            [new LinkKey(EntityKinds.Host, host), new LinkKey(EntityKinds.Domain, $"domain{number % 1000}"), new LinkKey(EntityKinds.Ip, "192.0.2.1")],
            [host]);
    }
}
