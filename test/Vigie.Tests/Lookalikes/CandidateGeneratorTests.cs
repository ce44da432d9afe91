using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

public sealed class CandidateGeneratorTests
{
    private static readonly CandidateGenerator Generator = new();

    [Theory]
    [InlineData("army.mil", "army.ml", 10)]
    [InlineData("army.mil", "army.il", 10)]
    [InlineData("us.af.mil", "usaf.mil", 10)]
    [InlineData("us.af.mil", "us.af.ml", 10)]
    [InlineData("us.af.mil", "us-af.mil", 10)]
    [InlineData("example.com", "exmaple.com", 20)]
    [InlineData("example.com", "example.co", 20)]
    [InlineData("sante.gov.ml", "sante.gouv.ml", 20)]
    [InlineData("sante.gov.ml", "sante.ml", 20)]
    [InlineData("red-cross.org", "redcross.org", 10)]
    public void Puts_what_people_really_type_near_the_top(string domain, string candidate, int within) =>
        Assert.Contains(candidate, Generator.Rank(domain).Take(within).Select(c => c.Domain));

    [Theory]
    [InlineData("army.mil", "amy.mil", ImitationFamily.Omission)]
    [InlineData("army.mil", "artmy.mil", ImitationFamily.Insertion)]
    [InlineData("army.mil", "arrmy.mil", ImitationFamily.Repetition)]
    [InlineData("army.mil", "amry.mil", ImitationFamily.Transposition)]
    [InlineData("army.mil", "armym.il", ImitationFamily.Transposition)]
    [InlineData("army.mil", "atmy.mil", ImitationFamily.Replacement)]
    [InlineData("google.com", "giigle.com", ImitationFamily.DoubleReplacement)]
    [InlineData("army.mil", "ormy.mil", ImitationFamily.VowelSwap)]
    [InlineData("army.mil", "armies.mil", ImitationFamily.Plural)]
    [InlineData("armies.mil", "army.mil", ImitationFamily.Plural)]
    [InlineData("army.mil", "ar-my.mil", ImitationFamily.Hyphenation)]
    [InlineData("red-cross.org", "redcross.org", ImitationFamily.HyphenRemoval)]
    [InlineData("army.mil", "arrny.mil", ImitationFamily.Homoglyph)]
    [InlineData("modern.org", "modem.org", ImitationFamily.Homoglyph)]
    [InlineData("bold.org", "b0ld.org", ImitationFamily.Replacement)]
    [InlineData("army.mil", "xn--rmy-5cd.mil", ImitationFamily.Confusable)]
    [InlineData("xn--caf-dma.fr", "cafe.fr", ImitationFamily.Confusable)]
    [InlineData("example.com", "ezample.com", ImitationFamily.Replacement)]
    [InlineData("army.mil", "a2my.mil", ImitationFamily.Bitsquat)]
    [InlineData("phone.com", "fone.com", ImitationFamily.Homophone)]
    [InlineData("four4you.net", "44you.net", ImitationFamily.NumberWord)]
    [InlineData("army.mil", "ar.my.mil", ImitationFamily.SubdomainInsertion)]
    [InlineData("us.af.mil", "usaf.mil", ImitationFamily.MissingDot)]
    [InlineData("army.mil", "armymil.com", ImitationFamily.MissingDot)]
    [InlineData("us.af.mil", "us-af.mil", ImitationFamily.DotToDash)]
    [InlineData("us.af.mil", "us.af-mil.com", ImitationFamily.DotToDash)]
    [InlineData("army.mil", "army-login.com", ImitationFamily.Combosquat)]
    [InlineData("us.af.mil", "usafmail.mil", ImitationFamily.Combosquat)]
    [InlineData("army.mil", "army.ml", ImitationFamily.TldTypo)]
    [InlineData("example.com", "example.co.mz", ImitationFamily.TldTypo)]
    [InlineData("army.mil", "army.org", ImitationFamily.WrongTld)]
    [InlineData("sante.gov.ml", "sante.com.ml", ImitationFamily.WrongSecondLevel)]
    [InlineData("example.com", "example.com.ua", ImitationFamily.WrongSecondLevel)]
    [InlineData("army.mil", "army.mil.example.com", ImitationFamily.BrandAsSubdomain)]
    [InlineData("army.mil", "army3.mil", ImitationFamily.Addition)]
    [InlineData("army.mil", "wwwarmy.mil", ImitationFamily.Prefix)]
    // A slip in the top-level domain on top of a slip in the name.
    [InlineData("army.mil", "amy.ml", ImitationFamily.Omission)]
    [InlineData("us.af.mil", "usaf.ml", ImitationFamily.MissingDot)]
    public void Knows_every_family(string domain, string candidate, ImitationFamily family) =>
        Assert.Equal(family, Assert.Single(Generator.Rank(domain), c => c.Domain == candidate).Family);

    [Fact]
    public void Has_an_example_above_for_every_family()
    {
        var shown = typeof(CandidateGeneratorTests).GetMethod(nameof(Knows_every_family))!.GetCustomAttributesData()
            .Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => (ImitationFamily)(((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)[2].Value!));
        Assert.Equal(Enum.GetValues<ImitationFamily>(), shown.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(LookalikeIndexTests.Names), MemberType = typeof(LookalikeIndexTests))]
    public void Makes_valid_names_once_each_in_order_and_never_the_owner_s_own(string domain)
    {
        var candidates = Generator.Rank(domain);
        Assert.True(PublicSuffixes.Default.TrySplit(domain, out _));
        var names = new HashSet<string>(StringComparer.Ordinal);
        var last = double.MaxValue;
        foreach (var candidate in candidates)
        {
            Assert.True(DomainNames.TryNormalize(candidate.Domain, out var ascii, out var problem), $"{candidate.Domain}: {problem}");
            Assert.Equal(candidate.Domain, ascii);
            Assert.True(names.Add(candidate.Domain), $"{candidate.Domain} comes twice");
            Assert.False(candidate.Domain == domain || candidate.Domain.EndsWith("." + domain, StringComparison.Ordinal), candidate.Domain);
            Assert.InRange(candidate.Likelihood, double.Epsilon, last);
            Assert.InRange(candidate.Resemblance, 0, 1);
            last = candidate.Likelihood;
        }
    }

    [Fact]
    public void Says_the_same_in_every_run() => Assert.Equal(Generator.Rank("sante.gov.ml"), new CandidateGenerator().Rank("sante.gov.ml"));

    [Fact]
    public void Streams_what_it_ranks()
    {
        var sink = new Likeliest();
        Generator.Generate("bnda.ml", sink);
        Assert.Equal(Generator.Rank("bnda.ml").ToDictionary(c => c.Domain, c => c.Likelihood), sink.Names);
    }

    [Fact]
    public void Leaves_slips_within_the_owner_s_own_domain_out()
    {
        Assert.DoesNotContain(Generator.Rank("us.af.mil"), c => c.Domain.EndsWith(".af.mil", StringComparison.Ordinal) || c.Domain == "af.mil");
    }

    [Fact]
    public void Makes_only_the_families_that_are_wanted()
    {
        foreach (var family in Enum.GetValues<ImitationFamily>())
        {
            var some = new CandidateGenerator(new GeneratorOptions { Families = [family] }).Rank("us.green-bookshop.com").Concat(new CandidateGenerator(new GeneratorOptions { Families = [family] }).Rank("four.com")).ToList();
            Assert.NotEmpty(some);
            Assert.All(some, candidate => Assert.Equal(family, candidate.Family));
        }
    }

    [Fact]
    public void Knows_which_keys_lie_beside_each_other()
    {
        static double Likelihood(KeyboardLayouts layouts, string candidate) =>
            new CandidateGenerator(new GeneratorOptions { Keyboards = layouts }).Rank("zoo.com").Single(c => c.Domain == candidate).Likelihood;

        Assert.True(Likelihood(KeyboardLayouts.Azerty, "aoo.com") > 100 * Likelihood(KeyboardLayouts.Qwertz, "aoo.com"));
        Assert.True(Likelihood(KeyboardLayouts.Qwertz, "too.com") > 100 * Likelihood(KeyboardLayouts.Qwerty, "too.com"));
        Assert.Equal(Likelihood(KeyboardLayouts.All, "aoo.com"), Likelihood(KeyboardLayouts.Azerty, "aoo.com"));
    }

    [Theory]
    [InlineData("army.mil", "arrny.mil", "arxmy.mil")]
    [InlineData("army.mil", "xn--rmy-5cd.mil", "urmy.mil")]
    [InlineData("google.com", "gooogle.com", "gooxgle.com")]
    [InlineData("example.com", "exampel.com", "exampxx.com")]
    public void Ranks_resemblance_as_the_eye_does(string domain, string more, string less)
    {
        Assert.True(Of(more) > Of(less), $"{more} {Of(more)}, {less} {Of(less)}");

        double Of(string name) => Engine.Lookalikes.Resemblance.Of(NameShape.Of(domain)!, NameShape.Of(name)!);
    }

    [Theory]
    [InlineData("mil")]
    [InlineData("")]
    [InlineData("ar my.mil")]
    public void Refuses_what_cannot_be_imitated(string domain)
    {
        Assert.NotNull(CandidateGenerator.ProblemOf(domain));
        Assert.Throws<ArgumentException>(() => Generator.Rank(domain));
    }

    [Fact]
    public void Makes_something_valid_of_any_name()
    {
        const string Characters = "abcmnrvwlikh0189-.é";
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var text = new string([.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => Characters[random.Next(Characters.Length)])]) + "." + TopLevelDomains.All[random.Next(TopLevelDomains.All.Count)];
            if (CandidateGenerator.ProblemOf(text) is not null) continue;
            // Unsorted, which is most of the work; sorted now and then.
            var seen = new Invalid();
            Generator.Generate(text, seen);
            if (seed % 5 == 0) Assert.True(Generator.Rank(text).Count <= seen.Count, $"seed {seed}: {text}");
            Assert.True(seen.First is null, $"seed {seed}: {text} gave {seen.First}");
            Assert.True(seen.Count > 0, $"seed {seed}: {text} gave nothing");
        }
    }

    private sealed class Invalid : ICandidateSink
    {
        public string? First { get; private set; }

        public int Count { get; private set; }

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood)
        {
            Count++;
            var name = domain.ToString();
            if (!DomainNames.TryNormalize(name, out var ascii, out _) || ascii != name) First ??= name;
        }
    }

    private sealed class Likeliest : ICandidateSink
    {
        public Dictionary<string, double> Names { get; } = new(StringComparer.Ordinal);

        public void Take(ReadOnlySpan<char> domain, ImitationFamily family, double likelihood)
        {
            var name = domain.ToString();
            Names[name] = Math.Max(likelihood, Names.GetValueOrDefault(name));
        }
    }
}
