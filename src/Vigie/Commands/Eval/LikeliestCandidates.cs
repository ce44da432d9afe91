using System.Runtime.InteropServices;
using Vigie.Engine.Lookalikes;

namespace Vigie.Commands.Eval;

/// <summary>
/// The beginning of <see cref="CandidateGenerator.Rank"/>, without ranking the some 35,000 that come after: resemblance
/// decides only between equals, so it is asked for only where the cut falls between equals.
/// </summary>
internal static class LikeliestCandidates
{
    // Every name has far more than a hundred candidates above this; where one has not, the whole ranking is made.
    private const double Floor = 1e-6;

    public static IReadOnlyList<string> Of(string domain, int count)
    {
        var sink = new AboveFloor();
        var generator = new CandidateGenerator();
        generator.Generate(domain, sink);
        if (sink.Found.Count < count) return [.. generator.Rank(domain).Take(count).Select(candidate => candidate.Domain)];

        var ordered = sink.Found.OrderByDescending(found => found.Value).ToList();
        var last = ordered[count - 1].Value;
        var sure = ordered.Where(found => found.Value > last).Select(found => found.Key).ToList();
        var index = LookalikeIndex.Build([new ProtectedName(domain, ProtectedOrigin.Own, "evaluation")]);
        var equals = ordered.Where(found => found.Value.Equals(last)).Select(found => found.Key)
            .OrderByDescending(name => index.Find(name, 1) is [var imitation] ? imitation.Resemblance : 0)
            .ThenBy(name => name, StringComparer.Ordinal);
        return [.. sure, .. equals.Take(count - sure.Count)];
    }

    private sealed class AboveFloor : ICandidateSink
    {
        public Dictionary<string, double> Found { get; } = new(StringComparer.Ordinal);

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood)
        {
            if (likelihood < Floor) return;
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(Found.GetAlternateLookup<ReadOnlySpan<char>>(), domain, out _);
            known = Math.Max(known, likelihood);
        }
    }
}
