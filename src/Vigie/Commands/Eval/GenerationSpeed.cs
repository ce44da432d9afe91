using System.Diagnostics;
using System.Globalization;
using Vigie.Engine.Lookalikes;

namespace Vigie.Commands.Eval;

/// <summary>How fast candidates are made, on one core, without sorting and explanation.</summary>
/// <param name="Candidates">How many one pass over the names makes.</param>
/// <param name="Distinct">How many of them are different names.</param>
/// <param name="PerSecond">Candidates a second of wall clock, the best of several passes: what else the machine does is not counted.</param>
/// <param name="BytesPerCandidate">What is allocated, spread over the candidates.</param>
internal sealed record GenerationFigure(long Candidates, long Distinct, double PerSecond, double BytesPerCandidate);

/// <summary>Measures <see cref="CandidateGenerator.Generate"/>.</summary>
internal static class GenerationSpeed
{
    // Short, with a subdomain, ordinary, beneath two labels, long: what a pack consists of.
    private static readonly string[] Names = ["army.mil", "us.af.mil", "example.com", "bnda.ml", "sante.gov.ml", "un.org", "ecobank.com", "croix-rouge.fr", "worldfoodprogramme.org", "defense.gouv.fr"];
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    public static GenerationFigure Measure(TextWriter progress, CancellationToken ct)
    {
        progress.WriteLine("Making candidates…");
        var generator = new CandidateGenerator();
        var seen = new DistinctSink();
        foreach (var name in Names) seen.Count(generator, name);

        var sink = new CountingSink();
        var best = 0.0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var whole = Stopwatch.StartNew();
        var passes = 0;
        for (; whole.Elapsed < Long || passes < 3; passes++)
        {
            ct.ThrowIfCancellationRequested();
            var before = sink.Candidates;
            var pass = Stopwatch.StartNew();
            foreach (var name in Names) generator.Generate(name, sink);
            best = Math.Max(best, (sink.Candidates - before) / pass.Elapsed.TotalSeconds);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{best / 1e6:0.00} million candidates a second"));
        return new GenerationFigure(sink.Candidates / passes, seen.Distinct, best, allocated / (double)sink.Candidates);
    }

    private sealed class CountingSink : ICandidateSink
    {
        public long Candidates { get; private set; }

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood) => Candidates++;
    }

    private sealed class DistinctSink : ICandidateSink
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public long Distinct { get; private set; }

        public void Count(CandidateGenerator generator, string name)
        {
            _names.Clear();
            generator.Generate(name, this);
            Distinct += _names.Count;
        }

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood) => _names.GetAlternateLookup<ReadOnlySpan<char>>().Add(domain);
    }
}
