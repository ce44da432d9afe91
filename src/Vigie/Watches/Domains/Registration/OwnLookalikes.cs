using Vigie.Engine.Lookalikes;

namespace Vigie.Watches.Domains.Registration;

/// <summary>The look-alikes of some domains that are worth a look.</summary>
internal static class OwnLookalikes
{
    // Most places go to what people type by mistake; what only deceives the eye is never typed and would get none.
    private const double ShareOfSlips = 0.75;

    /// <summary>
    /// The best look-alikes of each domain: three quarters by how likely a slip ends there, one quarter by how readily a
    /// reader is deceived. Likeliest first; each once, for the domain it is likeliest meant for.
    /// </summary>
    /// <param name="domains">The domains to protect, normalized; what cannot be imitated is passed over.</param>
    /// <param name="perDomain">How many of each.</param>
    /// <param name="isProtected">Which names are somebody's we know, and so no look-alikes.</param>
    public static IReadOnlyList<WatchedName> Of(IEnumerable<string> domains, int perDomain, Func<string, bool> isProtected)
    {
        var generator = new CandidateGenerator();
        return
        [
            .. domains.Where(domain => CandidateGenerator.ProblemOf(domain) is null)
                .SelectMany(domain => Best(generator.Rank(domain), perDomain, isProtected).Select(candidate => Name(candidate, domain)))
                .OrderByDescending(name => name.Likelihood)
                .ThenByDescending(name => name.Resemblance)
                .ThenBy(name => name.Domain, StringComparer.Ordinal)
                .DistinctBy(name => name.Domain, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<Candidate> Best(IReadOnlyList<Candidate> ranked, int count, Func<string, bool> isProtected)
    {
        var slips = (int)Math.Ceiling(count * ShareOfSlips);
        var worth = ranked.Where(candidate => !isProtected(candidate.Domain)).ToList();
        return worth.Take(slips).Concat(worth.Skip(slips).OrderByDescending(candidate => candidate.Resemblance).Take(count - slips));
    }

    private static WatchedName Name(Candidate candidate, string target) =>
        new(candidate.Domain, target, candidate.Family.ToString(), candidate.Likelihood, candidate.Resemblance, candidate.Explain(target));
}
