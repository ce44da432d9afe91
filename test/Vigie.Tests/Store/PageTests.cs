using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class PageTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(-5, "a:b")]
    [InlineData(long.MaxValue, "é:\n")]
    public void A_cursor_survives_a_query_string(long time, string id)
    {
        var cursor = new Cursor(time, id);
        Assert.True(Cursor.TryParse(cursor.ToString(), out var read));
        Assert.Equal(cursor, read);
        Assert.Equal(cursor.ToString(), Uri.EscapeDataString(cursor.ToString()));
    }

    [Fact]
    public void Anything_else_is_no_cursor_and_never_throws()
    {
        const int seed = 20260521;
        var random = new Random(seed);
        foreach (var text in (string?[])[null, "", "=", "AAAA", "!!!!", new string('A', 5000), "OjE", "1:2"]) Assert.False(Cursor.TryParse(text, out _), text);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 128 : 65536))]);
            if (Cursor.TryParse(text, out var cursor)) Assert.True(Cursor.TryParse(cursor.ToString(), out var again) && again == cursor, $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void A_page_has_a_next_one_only_when_there_is_more()
    {
        static Cursor Of(int row) => new(row, "");
        Assert.Null(Page.Cut([3, 2, 1], 3, Of).Next);
        var page = Page.Cut([3, 2, 1], 2, Of);
        Assert.Equal([3, 2], page.Items);
        Assert.Equal(new Cursor(2, ""), page.Next);
        Assert.Null(Page.Cut<int>([], 2, Of).Next);
    }
}
