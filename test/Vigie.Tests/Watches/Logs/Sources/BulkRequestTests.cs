using System.Text;
using Vigie.Watches.Logs.Sources.Http;

namespace Vigie.Tests.Watches.Logs.Sources;

public sealed class BulkRequestTests
{
    [Fact]
    public void Actions_are_read_and_blanked_and_documents_stay_where_they_are()
    {
        var text = """
            {"create":{"_index":"logs","_id":"a"}}
            {"n":1}
            {"index":{}}
            {"n":2}
            {"delete":{"_id":"z"}}
            {"update":{"_id":"q"}}
            {"doc":{}}

            """.ReplaceLineEndings("\n");
        var body = Encoding.UTF8.GetBytes(text);
        var items = new List<BulkItem>();
        Assert.Null(BulkRequest.Read(body, "fallback", items));
        Assert.Equal([("create", "logs", "a"), ("index", "fallback", null), ("delete", "fallback", "z"), ("update", "fallback", "q")], items.Select(i => (i.Action, i.Index, i.Id)));
        Assert.Equal([true, true, false, false], items.Select(i => i.IsEvent));
        Assert.Equal(text.IndexOf("{\"n\":2}", StringComparison.Ordinal), items[1].Start);
        Assert.Equal(["{\"n\":1}", "{\"n\":2}"], Encoding.UTF8.GetString(body).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
        var request = new BulkUnderWay("test", "hash", items);
        for (var i = 0; i < items.Count; i++) Assert.Equal(items[i], request.ItemAt(items[i].Start));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("{\"n\":1}\n{\"n\":2}\n")]
    [InlineData("{\"create\":{}}")]
    [InlineData("not json\n{}\n")]
    [InlineData("{\"create\":[]}\n{}\n")]
    public void A_request_that_is_none_is_refused_as_a_whole(string body) => Assert.NotNull(BulkRequest.Read(Encoding.UTF8.GetBytes(body), "", []));

    [Fact]
    public void Noise_never_throws()
    {
        var random = new Random(12);
        string[] pieces = ["{\"create\":{}}", "{\"index\":{\"_id\":7}}", "\n", "{", "}", "\"", "\\", "\0", "{\"a\":1}", "[", "\u00e9", "{\"delete\":{\"_id\":\"x\"}}"];
        for (var round = 0; round < 2000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            BulkRequest.Read(Encoding.UTF8.GetBytes(text), "", []);
        }
    }
}
