using System.Globalization;
using System.Text;
using System.Text.Json;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Json;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Tests.Sigma.Matching;

public sealed class KeywordFilterTests
{
    [Fact]
    public void Only_two_characters_beyond_ASCII_fold_into_it()
    {
        var found = Enumerable.Range(0x80, 0x10FFFF - 0x80).Where(Rune.IsValid).Select(v => new Rune(v)).Where(r => CaseFolding.Fold(r).IsAscii);
        Assert.Equal([new Rune(0x17F), new Rune(0x212A)], found);
    }

    [Theory]
    [InlineData("some text with a MimiKatz in it and more after it so that it is long", true)]
    [InlineData("mimikatz", true)]
    [InlineData("mimikat", false)]
    [InlineData("a text without anything of interest, long enough to be looked at in vectors", false)]
    [InlineData(@"m\u0069mikatz", true)]
    [InlineData(@"it\u0027s nothing", false)]
    [InlineData("mimi\u212Aatz", true)]
    [InlineData(@"mimi\u212Aatz", true)]
    [InlineData("ends with \u017F", true)]
    [InlineData("dpapi::masterkey", true)]
    public void Says_where_a_keyword_may_be(string text, bool expected)
    {
        var filter = KeywordFilter.Of(["mimikatz"u8.ToArray(), "dpapi::masterkey"u8.ToArray()]);
        Assert.NotNull(filter);
        Assert.Equal(expected, filter.MayHold(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Is_no_filter_where_it_cannot_be_sure()
    {
        Assert.Null(KeywordFilter.Of([@"\a\"u8.ToArray()]));
        Assert.Null(KeywordFilter.Of([.. Enumerable.Range(0, 513).Select(i => Encoding.UTF8.GetBytes($"word{i}"))]));
    }

    [Fact]
    public void Never_hides_a_keyword()
    {
        string[] pieces = ["kiwi", "si", "::", "é", "\u212A", "\u017F", "\\", "\"", "/", "<", " ", "abc", "Σ", "0x12", "longer text to fill a vector with something"];
        var random = new Random(11);
        var found = 0;
        // Compiling takes most of the time, so each set reads several records.
        for (var i = 0; i < 1000; i++)
        {
            var keywords = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Text(random, pieces, 3)).Where(k => k.Length > 0).ToArray();
            if (keywords.Length == 0) continue;
            var set = RuleSet.Compile(keywords.Select(k => Written.Rule(new Term.Keyword(new ValueTest.Text(TextPattern.Of([PatternPart.AnyMany, PatternPart.Of(k), PatternPart.AnyMany]), false), 1))));
            var matcher = set.CreateMatcher();
            for (var record = 0; record < 5; record++)
            {
                var values = Enumerable.Range(0, 3).Select(_ => Text(random, pieces, 8)).ToArray();
                var expected = Enumerable.Range(0, keywords.Length).Where(k => values.Any(v => CaseFolding.Fold(v).Contains(CaseFolding.Fold(keywords[k]), StringComparison.Ordinal)));
                var json = random.Next(2) == 0 ? JsonSerializer.Serialize(values.Select((v, n) => (v, n)).ToDictionary(p => $"F{p.n}", p => p.v)) : Escaped(random, values);
                var matches = matcher.Match(Read(set, json)).ToArray().Select(m => m.Rule).ToArray();
                found += matches.Length;
                Assert.Equal(expected, matches);
            }
        }

        Assert.True(found > 500, $"{found} keywords were there");
    }

    // Every now and then an escape that no writer needs and every writer may use.
    private static string Escaped(Random random, string[] values)
    {
        var json = new StringBuilder("{");
        for (var i = 0; i < values.Length; i++)
        {
            json.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"\"F{i}\":\"");
            foreach (var c in values[i])
            {
                if (c is '"' or '\\') json.Append('\\').Append(c);
                else if (random.Next(12) == 0) json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                else json.Append(c);
            }

            json.Append('"');
        }

        return json.Append('}').ToString();
    }

    private static string Text(Random random, string[] pieces, int most) => string.Concat(Enumerable.Range(0, random.Next(most)).Select(_ => pieces[random.Next(pieces.Length)]));

    private static EventRecord Read(RuleSet set, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var record = new EventRecord(set.Fields);
        Assert.Equal(ReadStatus.Event, new JsonReader(new LogReaderOptions()).Read(new LogWindow(bytes, 0, bytes.Length, 0, true), record).Status);
        return record;
    }
}
