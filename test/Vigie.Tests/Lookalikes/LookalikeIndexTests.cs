using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

public sealed class LookalikeIndexTests
{
    // Each stands for a kind of name: short, beneath a suffix of two labels, with a subdomain, with a hyphen, doubled
    // letters, a conventional second level the list does not know, another script, a public suffix itself, a landlord's.
    public static TheoryData<string> Names => new(
        "army.mil", "us.af.mil", "example.com", "bnda.ml", "sante.gov.ml", "un.org", "who.int", "red-cross.org", "google.com", "ecobank.com", "presidence.gouv.ne", "gov.ml",
        "xn--mnchen-3ya.de", "xn--80a1acny.xn--p1ai", "team.github.io", "a.b.us.af.mil", "bbc.co.uk", "four4you.net", "companies.org", "x.fr", "defense.gouv.fr", "modern-curl.com");

    [Theory]
    [MemberData(nameof(Names))]
    public void Finds_again_whatever_the_generator_makes(string domain)
    {
        var index = LookalikeIndex.Build([Some.Protected(domain)]);
        var missed = new List<string>();
        foreach (var candidate in new CandidateGenerator().Rank(domain))
        {
            var found = index.Find(candidate.Domain).SingleOrDefault();
            if (found is null) missed.Add($"{candidate.Domain} ({candidate.Family})");
            else if (Math.Abs(found.Likelihood - candidate.Likelihood) > 1e-9 * candidate.Likelihood || found.Family != candidate.Family)
                missed.Add($"{candidate.Domain}: {candidate.Family} {candidate.Likelihood:G4} made, {found.Family} {found.Likelihood:G4} found");
        }

        Assert.True(missed.Count == 0, $"{missed.Count}: {string.Join("; ", missed.Take(20))}");
    }
}
