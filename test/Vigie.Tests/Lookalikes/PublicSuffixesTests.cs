using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

public sealed class PublicSuffixesTests
{
    [Theory]
    [InlineData("us.af.mil", "us", "af", "mil")]
    [InlineData("sante.gov.ml", "", "sante", "gov.ml")]
    [InlineData("gov.ml", "", "", "gov.ml")]
    [InlineData("ml", "", "", "ml")]
    [InlineData("www.kyiv.com.ua", "www", "kyiv", "com.ua")]
    [InlineData("com.ua", "", "", "com.ua")]
    [InlineData("www.example.co.uk", "www", "example", "co.uk")]
    [InlineData("team.github.io", "", "team", "github.io")]
    [InlineData("a.b.example.unlisted", "a.b", "example", "unlisted")]
    [InlineData("xn--80a1acny.xn--p1ai", "", "xn--80a1acny", "xn--p1ai")]
    // Wildcards take one label, exceptions none: *.ck and !www.ck, *.kawasaki.jp and !city.kawasaki.jp.
    [InlineData("shop.any.ck", "", "shop", "any.ck")]
    [InlineData("any.ck", "", "", "any.ck")]
    [InlineData("www.ck", "", "www", "ck")]
    [InlineData("mail.www.ck", "mail", "www", "ck")]
    [InlineData("a.b.c.kawasaki.jp", "a", "b", "c.kawasaki.jp")]
    [InlineData("www.city.kawasaki.jp", "www", "city", "kawasaki.jp")]
    public void Splits_where_the_list_says(string name, string subdomain, string label, string suffix)
    {
        Assert.True(PublicSuffixes.Default.TrySplit(name, out var parts));
        Assert.Equal(new DomainParts(subdomain, label, suffix), parts);
        Assert.Equal(label.Length == 0, PublicSuffixes.Default.IsSuffix(name));
    }

    [Theory]
    [InlineData("us.af.mil", "af.mil")]
    [InlineData("gov.ml", "gov.ml")]
    [InlineData("a.b.sante.gov.ml", "sante.gov.ml")]
    public void Names_the_registrable_domain(string name, string registrable)
    {
        Assert.True(PublicSuffixes.Default.TrySplit(name, out var parts));
        Assert.Equal(registrable, parts.Registrable);
    }

    [Theory]
    [InlineData("sante.gov.ml", SuffixSection.Icann)]
    [InlineData("x.any.ck", SuffixSection.Icann)]
    [InlineData("www.ck", SuffixSection.Icann)]
    [InlineData("team.github.io", SuffixSection.Private)]
    [InlineData("example.com.de", SuffixSection.Private)]
    [InlineData("example.unlisted", SuffixSection.Unlisted)]
    public void Tells_registries_from_landlords(string name, SuffixSection section) => Assert.Equal(section, PublicSuffixes.Default.SectionOf(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".mil")]
    [InlineData("mil.")]
    [InlineData("a..mil")]
    public void Refuses_what_has_empty_labels(string name) => Assert.False(PublicSuffixes.Default.TrySplit(name, out _));

    [Fact]
    public void Puts_the_parts_of_any_name_together_again()
    {
        string[] labels = ["a", "ck", "www", "mil", "co", "uk", "github", "io", "kawasaki", "jp", "city", "gov", "ml", "zz"];
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var name = string.Join('.', Enumerable.Range(0, random.Next(1, 9)).Select(_ => labels[random.Next(labels.Length)]));
            Assert.True(PublicSuffixes.Default.TrySplit(name, out var parts), $"seed {seed}");
            var whole = string.Join('.', new[] { parts.Subdomain, parts.Label, parts.Suffix }.Where(part => part.Length > 0));
            Assert.True(whole == name, $"seed {seed}: {name} became {whole}");
        }
    }
}
