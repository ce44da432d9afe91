using System.Text.RegularExpressions;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Tests.Sigma.Matching;

public sealed class RegexLiteralsTests
{
    [Theory]
    [InlineData(@"powershell", "powershell")]
    [InlineData(@"^.*power\.shell\s+-enc[od]e", "power.shell;-enc")]
    [InlineData(@"(?:rundll32|regsvr32)\.exe", "rundll32,regsvr32;.exe")]
    [InlineData(@"net1?\s+user /add", "user /add;net")]
    [InlineData(@"abcd+efgh", "defgh;abcd")]
    [InlineData(@"abcdx*efghi", "efghi;abcd")]
    [InlineData(@"abcdx?", "abcd")]
    [InlineData(@"(abcd)?efgh", "efgh")]
    [InlineData(@"(abcd){2}", "abcd")]
    [InlineData(@"(?!nothere)wanted", "wanted")]
    [InlineData(@"(?i)Mixed", "Mixed")]
    [InlineData(@"(?<name>needle)[^\]x]{3,}", "needle")]
    [InlineData(@"a{2}bcde", "abcde")]
    [InlineData(@"abc{x}def", "abc{x}def")]
    [InlineData(@"\x41\u0042need", "need")]
    public void Finds_what_must_occur(string pattern, string expected) => Assert.Equal(expected, string.Join(';', RegexLiterals.Of(pattern).Select(either => string.Join(',', either))));

    [Theory]
    [InlineData(@"a.b")]
    [InlineData(@"abcd|x")]
    [InlineData(@"\w+\d{4}")]
    [InlineData(@"(abcd)*")]
    [InlineData(@"(a)\1bcdefgh")]
    [InlineData(@"(?x) ab c")]
    [InlineData(@"[a-z-[aeiou]]wxyz")]
    [InlineData(@"(unclosed")]
    [InlineData(@"unopened)")]
    [InlineData(@"*wrong")]
    [InlineData(@"wrong\")]
    [InlineData(@"[wrong")]
    [InlineData("")]
    public void Gives_up_where_nothing_can_be_said(string pattern) => Assert.Empty(RegexLiterals.Of(pattern));

    [Fact]
    public void Never_rules_out_what_matches()
    {
        string[] pieces = ["abcd", "efgh", "x", "ij", "(", ")", "(?:", "|", "?", "*", "+", "{2}", "{0,1}", "{1,}", "?", ".", @"\.", @"\d", "[a-h]", "^", "$", "(?=", "(?!", "(?<n>", "(?i)"];
        var random = new Random(5);
        var told = 0;
        for (var i = 0; i < 60_000; i++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (Compiled(pattern) is not { } regex) continue;
            var literals = RegexLiterals.Of(pattern);
            if (literals.Count == 0) continue;
            told++;
            for (var j = 0; j < 4; j++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(4)]));
                if (regex.IsMatch(text)) Assert.All(literals, either => Assert.Contains(either, l => text.Contains(l, StringComparison.OrdinalIgnoreCase)));
            }
        }

        Assert.True(told > 2000, $"{told} patterns had literals");
    }

    private static Regex? Compiled(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
