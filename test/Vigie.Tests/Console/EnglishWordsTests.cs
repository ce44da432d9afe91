using System.Text.RegularExpressions;
using Vigie.Console;
using Vigie.Engine;

namespace Vigie.Tests.Console;

public sealed partial class EnglishWordsTests
{
    [Theory]
    [InlineData("Whoami run by a service account", "Whoami run by a service account", "Whoami run by a service account")]
    [InlineData("Failed Windows Logon on WEB-02", "Failed Windows Logon sur WEB-02", "Failed Windows Logon")]
    [InlineData("Failed Windows Logon concerning awa", "Failed Windows Logon concernant awa", "Failed Windows Logon")]
    [InlineData("Failed Windows Logon, and another kind of alert", "Failed Windows Logon, et une alerte d’un autre type", "Failed Windows Logon")]
    [InlineData("DES Key La Used", "DES Key La Used", "DES Key La Used")]
    // Names, and words of ours in both languages.
    [InlineData("WEB-02", "WEB-02", "")]
    [InlineData("minfln.example, a look-alike of minfin.example, is registered", "minfln.example, sosie de minfin.example, est enregistré", "")]
    [InlineData("Mail to army.ml, which imitates army.mil", "Courriel vers army.ml, qui imite army.mil", "")]
    [InlineData("", "", "")]
    // What somebody wrote in French, in a rule or as the name of an incident.
    [InlineData("Compte volé au ministère", "Compte volé au ministère", "")]
    [InlineData("Connexion hors heures", "Connexion hors heures", "")]
    [InlineData("Vol d'identifiants", "Vol d'identifiants", "")]
    [InlineData("Compte de service bloqué sur WEB-02", "Compte de service bloqué sur WEB-02", "")]
    public void Finds_what_a_rule_says_in_English_only(string english, string french, string found) =>
        Assert.Equal(found, french[..EnglishWords.Count(new Bilingual(english, french))]);

    [Fact]
    public void Titles_of_public_rules_are_English()
    {
        var titles = Directory.EnumerateFiles(ExternalData.Require("sigma/rules"), "*.yml", SearchOption.AllDirectories).Select(file => TitleLine().Match(File.ReadAllText(file)).Groups[1].Value).Where(title => title.Contains(' ', StringComparison.Ordinal)).ToList();
        var missed = titles.Where(title => EnglishWords.Count(new Bilingual(title, title)) == 0).ToList();
        Assert.True(missed.Count <= titles.Count / 200, $"{missed.Count} of {titles.Count}: {string.Join(" | ", missed.Take(20))}");
    }

    [Fact]
    public void Never_throws_and_never_counts_beyond_the_text()
    {
        const int seed = 20261122;
        var random = new Random(seed);
        const string letters = "ab é'’ ,:«X\ud83d\udd4a";
        for (var round = 0; round < 20_000; round++)
        {
            var (one, other) = (Text(), Text());
            var text = random.Next(3) == 0 ? new Bilingual(one, one) : new Bilingual(one + other, one + Text());
            Assert.InRange(EnglishWords.Count(text), 0, Math.Min(text.English.Length, text.French.Length));
        }

        string Text() => new([.. Enumerable.Range(0, random.Next(30)).Select(_ => letters[random.Next(letters.Length)])]);
    }

    [GeneratedRegex(@"^title:\s*['""]?(.*?)['""]?\s*$", RegexOptions.Multiline)]
    private static partial Regex TitleLine();
}
