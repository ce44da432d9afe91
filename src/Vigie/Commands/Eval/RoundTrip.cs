using System.Globalization;
using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Commands.Eval;

/// <summary>Whether the index finds again whatever the generator makes for a protected name.</summary>
internal sealed class RoundTrip(IReadOnlyList<Pack> packs, LookalikeIndex index)
{
    private const int LostShown = 20;

    public Figure Measure(TextWriter progress, CancellationToken ct)
    {
        long made = 0, alreadyProtected = 0, lost = 0;
        var examples = new List<FigureRow>();
        foreach (var pack in packs)
        {
            progress.WriteLine($"… round trip of {pack.Id}");
            foreach (var tally in pack.Names.AsParallel().AsOrdered().WithCancellation(ct).Select(name => Tally.Of(name.Domain, index)))
            {
                made += tally.Made;
                alreadyProtected += tally.Protected;
                lost += tally.Lost;
                examples.AddRange(tally.Examples.Take(LostShown - examples.Count));
            }
        }

        var share = made == alreadyProtected ? 0 : 1 - ((double)lost / (made - alreadyProtected));
        return Figure.AtLeast(
            "round-trip", "What is generated for a pack name, found again by the index",
            string.Create(CultureInfo.InvariantCulture, $"{packs.Sum(p => p.Names.Count)} names, {made} candidates, {alreadyProtected} of them protected themselves"),
            string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.####} % ({lost} lost)"), share, 1, "100 %", examples);
    }

    // Counts as the candidates stream by: a name has some 35,000, and keeping them costs more than finding them.
    private sealed class Tally(string target, LookalikeIndex index) : ICandidateSink
    {
        public long Made { get; private set; }

        public long Protected { get; private set; }

        public long Lost { get; private set; }

        public List<FigureRow> Examples { get; } = [];

        public static Tally Of(string domain, LookalikeIndex index)
        {
            var tally = new Tally(domain, index);
            new CandidateGenerator().Generate(domain, tally);
            return tally;
        }

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood)
        {
            Made++;
            var candidate = domain.ToString();
            if (index.IsProtected(candidate))
            {
                Protected++;
                return;
            }

            foreach (var found in index.Find(candidate, int.MaxValue))
            {
                if (found.Target.Domain == target) return;
            }

            Lost++;
            if (Examples.Count < LostShown) Examples.Add(new FigureRow(candidate, $"made for {target}", family.ToString()));
        }
    }
}
