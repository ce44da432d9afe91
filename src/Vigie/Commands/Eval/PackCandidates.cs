using System.Globalization;
using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary>How many of each protected name's likeliest candidates the guard would stop.</summary>
internal sealed class PackCandidates(IReadOnlyList<Pack> packs, ImitationJudge judge)
{
    private const int Likeliest = 100;
    private const int WorstShown = 15;

    private sealed record Score(string Pack, string Domain, double Stopped, IReadOnlyList<string> Missed);

    public Figure Measure(TextWriter progress, CancellationToken ct)
    {
        var scores = new List<Score>();
        foreach (var pack in packs)
        {
            progress.WriteLine($"… likeliest candidates of {pack.Id}");
            scores.AddRange(pack.Names.AsParallel().AsOrdered().WithCancellation(ct).Select(name => Of(pack.Id, name.Domain)));
        }

        var overall = scores.Average(s => s.Stopped);
        var rows = scores.GroupBy(s => s.Pack, StringComparer.Ordinal)
            .Select(g => new FigureRow(g.Key, Percent(g.Average(s => s.Stopped)), $"lowest {Percent(g.Min(s => s.Stopped))} ({g.MinBy(s => s.Stopped)!.Domain})"))
            .Concat(scores.OrderBy(s => s.Stopped).Take(WorstShown).Select(s => new FigureRow(
                s.Domain, Percent(s.Stopped), "delivered: " + string.Join(' ', s.Missed.Take(12)))))
            .ToList();
        return Figure.AtLeast(
            "pack-candidates", $"Of each pack name's {Likeliest} likeliest candidates, refused or held", $"{packs.Count} packs, {scores.Count} names",
            Percent(overall), overall, 0.90, "≥ 90 %", rows);
    }

    private Score Of(string pack, string domain)
    {
        var candidates = LikeliestCandidates.Of(domain, Likeliest);
        var missed = candidates.Where(c => judge.Judge(c, RelationshipEvidence.None).Strength < ImitationStrength.Hold).ToList();
        return new Score(pack, domain, 1 - ((double)missed.Count / candidates.Count), missed);
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
