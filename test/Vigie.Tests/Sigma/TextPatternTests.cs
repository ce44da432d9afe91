using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

public sealed class TextPatternTests
{
    [Fact]
    public void A_pattern_written_out_reads_as_itself()
    {
        var random = new Random(3);
        for (var round = 0; round < 5000; round++)
        {
            var pattern = TextPattern.Parse(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => @"\*?ab"[random.Next(5)])));
            Assert.Equal(pattern, TextPattern.Parse(pattern.ToString()));
        }
    }

    [Fact]
    public void A_pattern_has_one_form()
    {
        var random = new Random(4);
        for (var round = 0; round < 5000; round++)
        {
            var written = string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => @"\*?ab"[random.Next(5)]));
            var parts = TextPattern.Parse(written, before: random.Next(2) == 0, after: random.Next(2) == 0).Parts;
            Assert.DoesNotContain(parts, p => p.Kind == PatternPartKind.Literal && p.Literal.Length == 0);
            for (var i = 1; i < parts.Length; i++) Assert.True(parts[i].Kind != parts[i - 1].Kind || parts[i].Kind == PatternPartKind.AnyOne, written);
        }
    }

    [Fact]
    public void A_literal_matches_itself_however_it_must_be_escaped()
    {
        var random = new Random(5);
        for (var round = 0; round < 5000; round++)
        {
            var literal = string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => @"\*?ab"[random.Next(5)]));
            var read = TextPattern.Parse(TextPattern.Literal(literal).ToString());
            Assert.True(read.IsLiteral);
            Assert.True(SigmaInterpreter.Matches(read, cased: true, literal));
            Assert.False(SigmaInterpreter.Matches(read, cased: true, literal + "x"));
        }
    }

    [Fact]
    public void Surrounding_wildcards_are_those_of_the_modifiers()
    {
        Assert.Equal(TextPattern.Parse("*ab*"), TextPattern.Parse("ab", before: true, after: true));
        Assert.Equal(TextPattern.Parse(@"*a\*b"), TextPattern.Parse(@"a\*b", before: true));
        Assert.Equal(TextPattern.Parse(@"a\\*"), TextPattern.Parse(@"a\", after: true));
        Assert.Equal(TextPattern.Parse("*"), TextPattern.Parse("", before: true, after: true));
    }
}
