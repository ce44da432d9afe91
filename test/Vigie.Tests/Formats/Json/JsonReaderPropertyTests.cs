using System.Text;
using System.Text.Json;

namespace Vigie.Tests.Formats.Json;

public sealed class JsonReaderPropertyTests
{
    [Fact]
    public void Reads_what_the_frameworks_own_reader_reads()
    {
        var random = new Random(31);
        for (var round = 0; round < 1500; round++)
        {
            var text = new RandomJson(random).Document();
            var e = JsonFeed.One(text);
            var expected = new List<string>();
            using var document = JsonDocument.Parse(text);
            Flatten("", document.RootElement, expected);
            Assert.Equal(expected, e.Fields.Select(f => $"{f.Name}={f.Value}"));
        }
    }

    [Fact]
    public void The_pieces_in_which_bytes_arrive_do_not_matter()
    {
        var random = new Random(32);
        for (var round = 0; round < 150; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(Stream(random, random.Next(1, 8)));
            if (round % 2 == 1) Mutate(bytes, random);
            var whole = Describe(JsonFeed.Read(bytes, int.MaxValue));
            Assert.Equal(whole, Describe(JsonFeed.Read(bytes, random.Next(1, 40))));
            Assert.Equal(whole, Describe(JsonFeed.Read(bytes, 1)));
        }
    }

    [Fact]
    public void Whatever_the_bytes_are_it_neither_throws_nor_stands_still()
    {
        var random = new Random(33);
        for (var round = 0; round < 1500; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(Stream(random, random.Next(1, 5)));
            for (var i = random.Next(1, 6); i > 0; i--) Mutate(bytes, random);
            var feed = JsonFeed.Read(bytes, random.Next(1, 200));
            Assert.InRange(feed.Events.Count, 0, bytes.Length / 2);
        }
    }

    [Fact]
    public void A_large_document_that_arrives_in_many_pieces_is_not_read_again_with_each()
    {
        // Quadratic work on 4 MB in pieces of 512 bytes would take minutes.
        var line = "{\"l\":[" + string.Join(',', Enumerable.Repeat("{\"k\":\"0123456789 \\\\\",\"n\":[1,2,3]}", 110_000)) + "]}";
        var feed = JsonFeed.Read(Encoding.UTF8.GetBytes(line), 512);
        Assert.Empty(feed.Diagnostics);
        Assert.Single(feed.Events);
    }

    [Theory]
    [InlineData("{\"a\":[\n")]
    [InlineData("{\"a\":[{},\n")]
    [InlineData("[{\"a\":\n")]
    [InlineData("{\"a\":\"\n")]
    [InlineData("{\n")]
    [InlineData("[\n")]
    [InlineData("]")]
    [InlineData("{\"events\":[")]
    [InlineData("{\"events\":{")]
    [InlineData("{\"\\\\\":\"\\")]
    public void What_repeats_without_ever_closing_costs_no_more_than_its_length(string piece)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 300_000 / piece.Length)));
        JsonFeed.Read(bytes, 4096);
        JsonFeed.Read(bytes, int.MaxValue);
    }

    private static string Stream(Random random, int count)
    {
        var separator = (string[])["\n", "\r\n", "", " ", ",", ",\n"];
        var chosen = separator[random.Next(separator.Length)];
        var documents = string.Join(chosen, Enumerable.Range(0, count).Select(_ => new RandomJson(random).Document()));
        return random.Next(5) switch
        {
            0 => $"[{documents}]",
            1 => $"{{\"Records\":[{documents}]}}",
            2 => $"{{\"took\":1,\"hits\":{{\"hits\":[{documents}],\"x\":1}},\"y\":[{{}}]}}",
            _ => documents,
        };
    }

    private static void Mutate(byte[] bytes, Random random)
    {
        var tokens = "{}[]\",:\\\n 01tfn\0\u00ff"u8;
        if (bytes.Length == 0) return;
        bytes[random.Next(bytes.Length)] = tokens[random.Next(tokens.Length)];
    }

    private static List<string> Describe(JsonFeed feed) =>
        [.. feed.Events.Zip(feed.Offsets, (e, o) => $"{o}: {string.Join('|', e.Fields.Select(f => $"{f.Name}={f.Value}"))}")];

    private static void Flatten(string path, JsonElement element, List<string> fields)
    {
        switch (element.ValueKind)
        {
            // A container with nothing in it is captured as a field of its own.
            case JsonValueKind.Object when !element.EnumerateObject().Any():
            case JsonValueKind.Array when element.GetArrayLength() == 0:
                fields.Add($"{path}={element.GetRawText()}");
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                    Flatten(path.Length == 0 ? member.Name : member.Name.Length == 0 ? path : $"{path}.{member.Name}", member.Value, fields);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Flatten(path, item, fields);
                break;
            case JsonValueKind.String:
                fields.Add($"{path}={element.GetString()}");
                break;
            case JsonValueKind.Null:
                fields.Add($"{path}=");
                break;
            default:
                fields.Add($"{path}={element.GetRawText()}");
                break;
        }
    }
}
