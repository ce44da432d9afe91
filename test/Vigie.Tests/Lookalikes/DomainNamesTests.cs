using System.Text;
using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Lookalikes;

public sealed class DomainNamesTests
{
    [Theory]
    [InlineData("army.mil", "army.mil")]
    [InlineData("  ARMY.MIL. ", "army.mil")]
    [InlineData("Bücher.example", "xn--bcher-kva.example")]
    [InlineData("BU\u0308CHER.example", "xn--bcher-kva.example")]
    [InlineData("ＡＲＭＹ．ｍｉｌ", "army.mil")]
    [InlineData("例。中国", "xn--fsq.xn--fiqs8s")]
    [InlineData("XN--BCHER-KVA.example", "xn--bcher-kva.example")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("soft\u00adhyphen.org", "softhyphen.org")]
    [InlineData("localhost", "localhost")]
    public void Brings_every_way_of_writing_to_one_form(string input, string ascii)
    {
        Assert.True(DomainNames.TryNormalize(input, out var normalized, out var problem), problem);
        Assert.Equal(ascii, normalized);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData(".", "empty")]
    [InlineData(".army.mil", "two dots")]
    [InlineData("army..mil", "two dots")]
    [InlineData("-army.mil", "hyphen")]
    [InlineData("army-.mil", "hyphen")]
    [InlineData("ab--cd.mil", "third and fourth")]
    [InlineData("xn--zzzzzzzz99999.mil", "punycode")]
    [InlineData("xn--army.mil", "punycode")]
    [InlineData("xn--.mil", "hyphen")]
    [InlineData("army mil", "' '")]
    [InlineData("ar_my.mil", "'_'")]
    [InlineData("user@army.mil", "'@'")]
    [InlineData("192.0.2.1", "number")]
    [InlineData("[192.0.2.1]", "'['")]
    [InlineData("☺.example", "character")]
    [InlineData("\ud800.example", "character")]
    [InlineData("\u0301abc.example", "combining")]
    [InlineData("ar\0my.mil", "U+0000")]
    public void Says_what_is_wrong(string input, string part)
    {
        Assert.False(DomainNames.TryNormalize(input, out var ascii, out var problem));
        Assert.Null(ascii);
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.NotEqual(DomainNames.ProblemOf(input)!.Value.English, DomainNames.ProblemOf(input)!.Value.French);
    }

    [Fact]
    public void Holds_the_limits_of_labels_and_names()
    {
        var longest = new string('a', 63);
        Assert.True(DomainNames.TryNormalize(longest + ".mil", out _, out _));
        Assert.False(DomainNames.TryNormalize(longest + "a.mil", out _, out var problem));
        Assert.Contains("63", problem, StringComparison.Ordinal);
        var name = string.Join('.', longest, longest, longest, new string('a', 61));
        Assert.Equal(253, name.Length);
        Assert.True(DomainNames.TryNormalize(name, out _, out _));
        Assert.False(DomainNames.TryNormalize(name + "a", out _, out problem));
        Assert.Contains("long", problem, StringComparison.Ordinal);
        Assert.False(DomainNames.TryNormalize(new string('é', 60) + ".mil", out _, out _) && !DomainNames.TryNormalize(new string('é', 63) + ".mil", out _, out _));
    }

    [Theory]
    [InlineData(100_000, 'a')]
    [InlineData(100_000, '.')]
    [InlineData(100_000, 'é')]
    [InlineData(1_012, '\u00ad')]
    public void Refuses_what_is_far_too_long(int length, char c) => Assert.False(DomainNames.TryNormalize(new string(c, length), out _, out _));

    [Fact]
    public void Never_fails_and_what_it_accepts_is_in_final_form()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var text = RandomText(new Random(seed));
            if (!DomainNames.TryNormalize(text, out var ascii, out var problem))
            {
                Assert.False(string.IsNullOrEmpty(problem), $"seed {seed}");
                continue;
            }

            Assert.True(ascii.Length <= 253 && ascii.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'), $"seed {seed}: {ascii}");
            Assert.True(DomainNames.TryNormalize(ascii, out var again, out _) && again == ascii, $"seed {seed}: {ascii} → {again}");
            var unicode = DomainNames.ToUnicode(ascii);
            Assert.True(DomainNames.TryNormalize(unicode, out again, out _) && again == ascii, $"seed {seed}: {unicode} → {again}");
        }
    }

    private static string RandomText(Random random)
    {
        string[] pieces = ["xn--", "-", ".", "--", "。", "a", "Z", "9", "é", "\u0301", "\u200d", "ß", "ﬁ", "Ⅷ", "\ud83d", "\udc00", "ы", "中", "ـ", "\0", " ", "kva", "bcher-"];
        var text = new StringBuilder();
        for (var count = random.Next(30); count > 0; count--)
        {
            if (random.Next(3) > 0) text.Append(pieces[random.Next(pieces.Length)]);
            else text.Append((char)random.Next(random.Next(2) == 0 ? 0x250 : 0x10000));
        }

        return text.ToString();
    }
}
