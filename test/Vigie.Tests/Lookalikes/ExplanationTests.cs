using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

public sealed class ExplanationTests
{
    [Theory]
    [InlineData("army.mil", "amy.mil", "“r” is missing after “a”", "« r » manque après « a »")]
    [InlineData("army.mil", "armyx.mil", "“x” too many at the end", "« x » en trop à la fin")]
    [InlineData("army.mil", "amry.mil", "“r” and “m” are exchanged after “a”", "« r » et « m » sont intervertis après « a »")]
    [InlineData("army.mil", "srmy.mil", "“s” instead of “a” at the beginning", "« s » au lieu de « a » au début")]
    [InlineData("army.mil", "army.ml", "the ending .ml instead of .mil, one slip away", "la terminaison .ml au lieu de .mil, à une faute de frappe")]
    [InlineData("army.mil", "amy.ml", "“r” is missing after “a”, under .ml instead of .mil", "« r » manque après « a », sous .ml au lieu de .mil")]
    [InlineData("us.af.mil", "usaf.mil", "the dot is missing after “us”", "le point manque après « us »")]
    [InlineData("us.af.mil", "us-af.mil", "a hyphen in place of the dot after “us”", "un trait d’union à la place du point après « us »")]
    [InlineData("army.mil", "army-login.com", "the name “army” within the longer “army-login”, under .com instead of .mil", "le nom « army » dans « army-login », plus long, sous .com au lieu de .mil")]
    [InlineData("army.mil", "xn--rmy-5cd.mil", "“аrmy.mil” looks like army.mil but is written with а (U+0430)", "« аrmy.mil » ressemble à army.mil mais s’écrit avec а (U+0430)")]
    [InlineData("army.mil", "wwwarmy.mil", "“www” joined to the name: the dot after it is missing", "« www » collé au nom : il manque le point")]
    [InlineData("army.mil", "army.mil.example.com", "the whole name army.mil as the beginning of a name under example.com", "le nom entier army.mil comme début d’un nom sous example.com")]
    public void Says_what_happened(string target, string suspect, string english, string french)
    {
        var imitation = Assert.Single(LookalikeIndex.Build([Some.Protected(target)]).Find(suspect));
        Assert.Equal(english, imitation.Explanation.English);
        Assert.Equal(french, imitation.Explanation.French);
    }

    [Fact]
    public void Says_something_in_both_languages_about_every_candidate()
    {
        foreach (var candidate in new CandidateGenerator().Rank("us.af.mil").Concat(new CandidateGenerator().Rank("google.com")))
        {
            var target = candidate.Domain.Contains('g', StringComparison.Ordinal) ? "google.com" : "us.af.mil";
            var explanation = candidate.Explain(target);
            Assert.False(string.IsNullOrWhiteSpace(explanation.English) || string.IsNullOrWhiteSpace(explanation.French), candidate.Domain);
        }
    }
}
