using System.Globalization;
using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary>How many of each protected name's likeliest candidates the guard would stop.</summary>
internal sealed class PackCandidates(IReadOnlyList<Pack> packs, ImitationJudge judge)
{
    private const int Likeliest = 100;
    private const int WorstShown = 15;

    public Figure Measure(IProgress<string> progress)
    {
        var generator = new CandidateGenerator();
        var scores = new List<(string Pack, string Domain, double Stopped, List<string> Missed)>();
        foreach (var pack in packs)
        {
            progress.Report($"likeliest candidates of {pack.Id}");
            foreach (var name in pack.Names)
            {
                var candidates = generator.Rank(name.Domain).Take(Likeliest).ToList();
                if (candidates.Count == 0) continue;
                var missed = candidates.Where(c => judge.Judge(c.Domain, RelationshipEvidence.None).Strength < ImitationStrength.Hold)
                    .Select(c => c.Domain).ToList();
                scores.Add((pack.Id, name.Domain, 1 - (double)missed.Count / candidates.Count, missed));
            }
        }

        var overall = scores.Average(s => s.Stopped);
        var rows = scores.GroupBy(s => s.Pack, StringComparer.Ordinal)
            .Select(g => new FigureRow(g.Key, Percent(g.Average(s => s.Stopped)), $"lowest {Percent(g.Min(s => s.Stopped))} ({g.MinBy(s => s.Stopped).Domain})"))
            .Concat(scores.OrderBy(s => s.Stopped).Take(WorstShown).Select(s => new FigureRow(
                s.Domain, Percent(s.Stopped), "delivered: " + string.Join(' ', s.Missed.Take(12)))))
            .ToList();
        return Figure.AtLeast(
            "pack-candidates", $"Of each pack name's {Likeliest} likeliest candidates, refused or held", $"{packs.Count} packs, {scores.Count} names",
            Percent(overall), overall, 0.90, "≥ 90 %", rows);
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
