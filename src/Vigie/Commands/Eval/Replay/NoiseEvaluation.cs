using System.Globalization;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Commands.Eval.Replay;

/// <summary>The same attacks among lone false alarms on the hosts they happen on, all week long.</summary>
internal sealed class NoiseEvaluation(int seed)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Alarms a host and day.</summary>
    private static readonly double[] Rates = [0.25, 1];

    /// <summary>The figures, one a rate.</summary>
    public IEnumerable<Figure> Run(int replays, IReadOnlyList<TrueFinding> findings)
    {
        foreach (var rate in Rates)
        {
            var noise = Noise(findings, rate);
            List<TrueFinding> all = [.. findings.Concat(noise).OrderBy(f => f.Finding.LastSeen).ThenBy(f => f.Finding.Id.Value, StringComparer.Ordinal)];
            var placed = new PlacedReplays(all, new LinkPolicy(), new LinkSurroundings());
            var outcomes = placed.Outcomes().Values.ToList();
            yield return Figure.Reported(
                rate < 1 ? "noise-few" : "noise",
                string.Create(CultureInfo.InvariantCulture, $"Among lone alarms on the attacked hosts, {rate} a host and day for a week"),
                string.Create(CultureInfo.InvariantCulture, $"{replays} replays, {noise.Count} alarms"),
                string.Create(CultureInfo.InvariantCulture, $"share {outcomes.Average(o => o.Share):0.000}, purity {outcomes.Average(o => o.Purity):0.000}, {placed.Incidents()} incidents in {placed.Rows()} rows"),
                outcomes.Average(o => o.Purity));
        }
    }

    // A rule that spoke somewhere speaks alone on another host, of its host and nothing else.
    private List<TrueFinding> Noise(IReadOnlyList<TrueFinding> findings, double rate)
    {
        var random = new Random(seed);
        var serious = findings.Where(f => f.Finding.Severity >= Severity.Medium).ToList();
        var noise = new List<TrueFinding>();
        if (serious.Count == 0) return noise;
        var hosts = serious.SelectMany(f => f.Finding.Entities.Where(e => e.Kind == EntityKinds.Host)).Distinct().OrderBy(e => e.Value, StringComparer.Ordinal).ToList();
        var start = serious[0].Finding.LastSeen - (Week / 2);
        foreach (var host in hosts)
        {
            for (var day = random.NextDouble() / rate; day < Week.TotalDays; day += -Math.Log(1 - random.NextDouble()) / rate)
            {
                var model = serious[random.Next(serious.Count)].Finding;
                var time = start + TimeSpan.FromDays(day);
                noise.Add(new TrueFinding(model with { Id = FindingId.Of("noise", model.Rule, host.Value, FindingId.Part(time.Ticks)), FirstSeen = time, LastSeen = time, Entities = [host] }, -1));
            }
        }

        return noise;
    }
}
