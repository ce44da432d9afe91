using System.Diagnostics;
using System.Globalization;
using Vigie.Engine.Incidents;

namespace Vigie.Commands.Eval.Placing;

/// <summary>How long placing a finding takes in a graph that is full, and what the graph takes of memory.</summary>
/// <param name="findings">How many findings are in it before placing is measured.</param>
/// <param name="entities">How many entities they are about.</param>
/// <param name="progress">Where to say what is being done.</param>
/// <param name="ct">Ends the measurement early.</param>
internal sealed class PlacingEvaluation(int findings, int entities, TextWriter progress, CancellationToken ct)
{
    private const int Seed = 20261122;
    private const int Batch = 10_000;
    private const double MostMilliseconds = 5;

    public IReadOnlyList<Figure> Run()
    {
        var world = new PlacingWorld(entities, Seed);
        var measured = Math.Max(1, findings / 10);
        var graph = new IncidentGraph(new LinkPolicy());
        var times = new double[findings + measured];
        var weighing = new List<double>();
        var (placing, memory) = (0.0, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Placing {findings} findings about {entities} entities, then {measured} more…"));
        for (var done = 0; done < times.Length;)
        {
            ct.ThrowIfCancellationRequested();
            // Made before the watch runs: what is measured is placing.
            var batch = Enumerable.Range(done, Math.Min(Batch, (done < findings ? findings : times.Length) - done)).Select(number => world.Finding(number, times.Length)).ToArray();
            foreach (var finding in batch)
            {
                var start = Stopwatch.GetTimestamp();
                graph.Place(finding);
                placing += times[done++] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            var began = Stopwatch.GetTimestamp();
            graph.Reweigh();
            weighing.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (done == findings) memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        }

        var full = times[findings..];
        Array.Sort(full);
        var data = string.Create(CultureInfo.InvariantCulture, $"{findings:#,0} findings in memory, {entities:#,0} entities, {measured:#,0} more placed");
        var largest = graph.Groups.Max(graph.SizeOf);
        var perSecond = 1000 * times.Length / (placing + weighing.Sum());
        return
        [
            Figure.AtMost("placing-p99", "Time to place a finding, p99", data, Milliseconds(At(full, 0.99)), At(full, 0.99), MostMilliseconds, "≤ 5 ms",
            [
                new FigureRow("p50", Milliseconds(At(full, 0.5))),
                new FigureRow("p99.9", Milliseconds(At(full, 0.999))),
                new FigureRow("longest", Milliseconds(full[^1]), "with collections of garbage and what other processes took"),
                new FigureRow("longest while it filled", Milliseconds(times[..findings].Max())),
                new FigureRow("groups", graph.GroupCount.ToString("#,0", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"the largest has {largest:#,0} findings")),
                new FigureRow("keys", graph.KeyCount.ToString("#,0", CultureInfo.InvariantCulture), "entities, and accounts on hosts"),
            ]),
            Figure.Reported("placing-rate", "Findings placed a second, weights taken anew every 10,000", data, string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0}/s"), perSecond,
            [
                new FigureRow("taking weights anew, median", Milliseconds(weighing.Order().ElementAt(weighing.Count / 2))),
                new FigureRow("taking weights anew, longest", Milliseconds(weighing.Max())),
            ]),
            Figure.Reported("placing-memory", "Memory of the graph", data, string.Create(CultureInfo.InvariantCulture, $"{memory / 1e6:0} MB, {(double)memory / findings:0} bytes a finding"), memory / 1e6),
        ];
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.000} ms");
}
