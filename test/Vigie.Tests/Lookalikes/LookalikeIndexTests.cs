using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

public sealed class LookalikeIndexTests
{
    // Each stands for a kind of name: short, beneath a suffix of two labels, with a subdomain, with a hyphen, doubled
    // letters, a conventional second level the list does not know, another script, a public suffix itself, a landlord's.
    public static TheoryData<string> Names => new(
        "army.mil", "us.af.mil", "example.com", "bnda.ml", "sante.gov.ml", "un.org", "who.int", "red-cross.org", "google.com", "sante.gouv.ne", "gov.ml",
        "xn--mnchen-3ya.de", "xn--80a1acny.xn--p1ai", "team.github.io", "a.b.us.af.mil", "bbc.co.uk", "four4you.net", "companies.org", "x.fr", "modern.int");

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

    [Fact]
    public void Finds_again_whatever_is_made_of_any_name()
    {
        const string Characters = "aabcdeeghiklmnorsttuvw0148-.é";
        var tops = new[] { "com", "mil", "ml", "gov.ml", "co.uk", "org", "int", "gouv.fr", "ck", "xn--p1ai" };
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var text = new string([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => Characters[random.Next(Characters.Length)])]) + "." + tops[random.Next(tops.Length)];
            if (CandidateGenerator.ProblemOf(text) is not null || !DomainNames.TryNormalize(text, out var domain, out _)) continue;
            var index = LookalikeIndex.Build([Some.Protected(domain)]);
            foreach (var candidate in new CandidateGenerator().Rank(domain))
            {
                var found = index.Find(candidate.Domain).SingleOrDefault();
                Assert.True(found is not null, $"seed {seed}: {candidate.Domain} ({candidate.Family}) does not lead to {domain}");
                Assert.True(
                    found.Family == candidate.Family && Math.Abs(found.Likelihood - candidate.Likelihood) <= 1e-9 * candidate.Likelihood && found.Resemblance == candidate.Resemblance,
                    $"seed {seed}: {candidate.Domain} for {domain}: {candidate.Family} {candidate.Likelihood:G4} {candidate.Resemblance:G4} made, {found.Family} {found.Likelihood:G4} {found.Resemblance:G4} found");
            }
        }
    }

    [Theory]
    [InlineData("army.mil", "mail.army.ml", "mail.army.mil")]
    [InlineData("army.mil", "a.b.army.il", "a.b.army.mil")]
    [InlineData("us.af.mil", "usaf.mil", "us.af.mil")]
    [InlineData("us.af.mil", "mx1.us.af.ml", "mx1.us.af.mil")]
    [InlineData("us.af.mil", "mail.us-af.mil", "mail.us.af.mil")]
    [InlineData("sante.gov.ml", "mail.sante.gouv.ml", "mail.sante.gov.ml")]
    [InlineData("army.mil", "mail.army-login.com", "mail.army.mil")]
    [InlineData("army.mil", "army.mil.example.com", "army.mil")]
    [InlineData("army.mil", "www.army.mil.example.com", "www.army.mil")]
    public void Says_what_was_probably_meant(string domain, string suspect, string correction)
    {
        var imitation = Assert.Single(LookalikeIndex.Build([Some.Protected(domain)]).Find(suspect));
        Assert.Equal(correction, imitation.Correction);
        Assert.Equal(suspect, imitation.Suspect);
        Assert.InRange(imitation.Resemblance, 0, 1);
    }

    [Fact]
    public void Leaves_protected_names_and_what_lies_beneath_them_alone()
    {
        var index = LookalikeIndex.Build([Some.Protected("army.mil"), Some.Protected("army.ml"), Some.Protected("navy.mil")]);
        Assert.True(index.IsProtected("army.ml"));
        Assert.True(index.IsProtected("mail.army.ml"));
        Assert.False(index.IsProtected("marmy.ml"));
        Assert.Empty(index.Find("army.ml"));
        Assert.Empty(index.Find("mail.army.ml"));
        Assert.Equal("army.mil", index.Find("army.il")[0].Target.Domain);
    }

    [Fact]
    public void Leaves_neighbors_within_the_same_registrable_domain_alone()
    {
        var index = LookalikeIndex.Build([Some.Protected("us.af.mil")]);
        Assert.Empty(index.Find("uk.af.mil"));
        Assert.Empty(index.Find("af.mil"));
        Assert.NotEmpty(index.Find("us.ad.mil"));
    }

    [Fact]
    public void Puts_the_likeliest_first_and_holds_the_limit()
    {
        var index = LookalikeIndex.Build([.. new[] { "google.com", "google.fr", "google.de", "google.ml", "goggle.com" }.Select(Some.Protected)]);
        var found = index.Find("google.co", 3);
        Assert.Equal(3, found.Count);
        Assert.Equal("google.com", found[0].Target.Domain);
        Assert.Equal(found.OrderByDescending(f => f.Likelihood).Select(f => f.Target.Domain), found.Select(f => f.Target.Domain));
        Assert.Empty(index.Find("google.co", 0));
        Assert.Equal(5, index.Find("google.co", 100).Count);
    }

    [Fact]
    public void Takes_names_as_people_write_them_and_leaves_out_what_is_none()
    {
        var index = LookalikeIndex.Build([Some.Protected("ARMY.mil."), Some.Protected("army.mil"), Some.Protected("not a name"), Some.Protected("mil")]);
        Assert.Equal(2, index.Count);
        Assert.True(index.IsProtected("army.mil"));
        Assert.Equal("army.mil", Assert.Single(index.Find("army.ml")).Target.Domain);
    }

    [Fact]
    public void Sees_through_other_alphabets()
    {
        var index = LookalikeIndex.Build([Some.Protected("paypal.com"), Some.Protected("xn--80a1acny.xn--p1ai")]);
        Assert.True(DomainNames.TryNormalize("раураl.com", out var cyrillic, out _));
        Assert.Equal("paypal.com", index.Find(cyrillic)[0].Target.Domain);
        Assert.Equal(ImitationFamily.Confusable, index.Find(cyrillic)[0].Family);
    }

    [Theory]
    [InlineData("example.net.ml")]
    [InlineData("completely-different.org")]
    [InlineData("arm.com")]
    [InlineData("army")]
    [InlineData("com")]
    public void Finds_nothing_where_nothing_is_alike(string name) => Assert.Empty(LookalikeIndex.Build([Some.Protected("army.mil")]).Find(name));

    [Fact]
    public void Answers_anything_without_failing()
    {
        var index = LookalikeIndex.Build([.. new[] { "army.mil", "us.af.mil", "gov.ml", "x.fr", "a.b.c.d.example.com", "xn--mnchen-3ya.de" }.Select(Some.Protected)]);
        string[] pieces = ["a", "army", "mil", ".", "-", "..", "xn--", "mnchen-3ya", "us", "af", "gov", "ml", "é", "\ud800", "co", "uk", " ", "_", "1"];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.True(index.Find(text).All(found => found.Likelihood > 0 && found.Correction.Length > 0 && found.Explanation.French.Length > 0), $"seed {seed}");
        }

        Assert.Empty(index.Find(new string('a', 100_000)));
        Assert.Empty(index.Find(string.Join('.', Enumerable.Repeat("a", 120))));
        Assert.Empty(LookalikeIndex.Build([]).Find("army.ml"));
    }

    [Fact]
    public void Answers_the_same_among_many_names()
    {
        var many = Enumerable.Range(0, 5000).Select(i => Some.Protected($"firm{i}-{i * 7919 % 1000}.com")).Append(Some.Protected("us.af.mil"));
        var index = LookalikeIndex.Build(many);
        foreach (var candidate in new CandidateGenerator().Rank("us.af.mil").Take(2000))
            Assert.Contains(index.Find(candidate.Domain, int.MaxValue), found => found.Target.Domain == "us.af.mil" && found.Family == candidate.Family);
    }
}
