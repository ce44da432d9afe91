using Vigie.Engine.Lookalikes;

namespace Vigie.Protection.Pages;

/// <summary>Everything the explorer says about one name.</summary>
/// <param name="Domain">The name in A-labels.</param>
/// <param name="IsOwn">It is one of the organisation's own.</param>
/// <param name="IsProtected">It is protected itself, or a true subdomain of a protected name.</param>
/// <param name="Imitated">What it imitates, best first.</param>
/// <param name="FirstContact">What would become of a first message to it, with no relationship to speak for it.</param>
/// <param name="CanBeImitated">False for a name that is no registrable one, such as a public suffix.</param>
/// <param name="Candidates">What could imitate it, likeliest first, cut to what was asked for.</param>
/// <param name="Total">How many there are in all, of the chosen family.</param>
internal sealed record Exploration(
    string Domain,
    bool IsOwn,
    bool IsProtected,
    IReadOnlyList<Imitation> Imitated,
    ImitationVerdict FirstContact,
    bool CanBeImitated,
    IReadOnlyList<Candidate> Candidates,
    int Total)
{
    public static Exploration Of(string domain, ProtectedNames names, ImitationJudge judge, ImitationFamily? family, int limit)
    {
        var possible = CandidateGenerator.ProblemOf(domain) is null;
        IReadOnlyList<Candidate> ranked = [];
        if (possible)
        {
            var generator = new CandidateGenerator(family is { } only ? new GeneratorOptions { Families = [only] } : null);
            ranked = generator.Rank(domain);
        }

        return new Exploration(
            domain,
            names.IsOwn(domain),
            names.Index.IsProtected(domain),
            names.Index.Find(domain, 10),
            judge.Judge(domain, default),
            possible,
            [.. ranked.Take(limit)],
            ranked.Count);
    }
}
