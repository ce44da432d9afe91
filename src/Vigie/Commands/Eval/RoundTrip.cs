using System.Globalization;
using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary>Whether the index finds again whatever the generator makes for a protected name.</summary>
internal sealed class RoundTrip(IReadOnlyList<Pack> packs, LookalikeIndex index)
{
    private const int LostShown = 20;

    public Figure Measure(IProgress<string> progress)
    {
        var generator = new CandidateGenerator();
        long made = 0, alreadyProtected = 0, lost = 0;
        var examples = new List<FigureRow>();
        foreach (var pack in packs)
        {
            progress.Report($"round trip of {pack.Id}");
            foreach (var name in pack.Names)
            {
                foreach (var candidate in generator.Rank(name.Domain))
                {
                    made++;
                    if (index.IsProtected(candidate.Domain)) alreadyProtected++;
                    else if (!index.Find(candidate.Domain, int.MaxValue).Any(found => found.Target.Domain == name.Domain))
                    {
                        lost++;
                        if (examples.Count < LostShown) examples.Add(new FigureRow(candidate.Domain, $"made for {name.Domain}", candidate.Family.ToString()));
                    }
                }
            }
        }

        var judged = made - alreadyProtected;
        var share = judged == 0 ? 0 : 1 - (double)lost / judged;
        return Figure.AtLeast(
            "round-trip", "What is generated for a pack name, found again by the index",
            string.Create(CultureInfo.InvariantCulture, $"{packs.Sum(p => p.Names.Count)} names, {made} candidates, {alreadyProtected} of them protected themselves"),
            string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.####} % ({lost} lost)"), share, 1, "100 %", examples);
    }
}
