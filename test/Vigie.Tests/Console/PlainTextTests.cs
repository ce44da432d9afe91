using System.Globalization;
using System.Text;
using Vigie.Console;

namespace Vigie.Tests.Console;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("a\0b", "a[␀]b")]
    [InlineData("pay\u202Efdp.exe", "pay[U+202E]fdp.exe")]
    [InlineData("one\r\nBcc: all", "one[␍][↵]Bcc: all")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero[U+200B]width[U+FEFF]")]
    [InlineData("line\u2028next\u0085", "line[U+2028]next[U+0085]")]
    [InlineData("blank\u3164letter", "blank[U+3164]letter")]
    [InlineData("tag\U000E0041", "tag[U+E0041]")]
    [InlineData("Réunion à Ségou – ماي 🕊", "Réunion à Ségou – ماي 🕊")]
    public void Shows_what_misleads_as_what_it_is(string text, string shown) => Assert.Equal(shown, PlainText.Visible(text));

    // Not among the data above: the runner would pass it on as UTF-8.
    [Fact]
    public void Shows_half_a_character_as_its_number() => Assert.Equal("lone [U+D800] half", PlainText.Visible("lone \uD800 half"));

    [Fact]
    public void Cuts_between_what_people_count_as_characters()
    {
        const string family = "👩‍👩‍👧";
        Assert.Equal(family + family, PlainText.Cut(family + family + family, 2, out var cut));
        Assert.True(cut);
        Assert.Equal("abc", PlainText.Cut("abc", 3, out cut));
        Assert.False(cut);
    }

    [Fact]
    public void One_character_with_a_thousand_marks_is_bounded_too() =>
        Assert.True(PlainText.Cut("e" + new string('\u0301', 100_000), 10, out _).Length <= 80);

    [Fact]
    public void Never_throws_and_never_shows_a_character_that_misleads()
    {
        const int seed = 20261121;
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(char.MaxValue + 1))]);
            var shown = string.Concat(PlainText.Runs(PlainText.Cut(text, random.Next(1, 30), out _)).Select(run => run.Text));
            foreach (var rune in shown.EnumerateRunes())
            {
                var category = Rune.GetUnicodeCategory(rune);
                Assert.False(
                    category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate,
                    $"seed {seed}, round {round}: U+{rune.Value:X4}");
            }
        }
    }
}
