using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Json;

namespace Vigie.Tests.Formats.Json;

public sealed class JsonReaderTests
{
    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")]
    [InlineData("{\"a\":1}\r\n\r\n{\"a\":2}\r\n{\"a\":3}")]
    [InlineData("\uFEFF{\"a\":1}{\"a\":2} {\"a\":3}")]
    [InlineData("[{\"a\":1},{\"a\":2},{\"a\":3}]")]
    [InlineData("[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": 2\n  },\n  {\n    \"a\": 3\n  }\n]\n")]
    [InlineData("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n{\n  \"a\": 3\n}\n")]
    [InlineData("{\"a\":1},\n{\"a\":2},\n{\"a\":3},\n")]
    [InlineData("\u001e{\"a\":1}\n\u001e{\"a\":2}\n\u001e{\"a\":3}\n")]
    [InlineData("{\"Records\":[{\"a\":1},{\"a\":2},{\"a\":3}]}")]
    [InlineData("{\"Records\":[{\"a\":1},{\"a\":2}]}\n{\"Records\":[{\"a\":3}]}\n")]
    [InlineData("{\"@odata.context\":\"https://example.org/$metadata\",\"value\":[{\"a\":1},{\"a\":2},{\"a\":3}],\"@odata.nextLink\":\"x\"}")]
    [InlineData("{ \"events\" : [ {\"a\":1}, {\"a\":2}, {\"a\":3} ], \"more\": {\"b\":[{\"a\":9}]}, \"n\": null }")]
    [InlineData("{\"took\":3,\"timed_out\":false,\"_shards\":{\"total\":1},\"hits\":{\"total\":{\"value\":3},\"max_score\":1.0,\"hits\":[{\"_source\":{\"a\":1}},{\"_source\":{\"a\":2}},{\"_source\":{\"a\":3}}]},\"aggregations\":{\"x\":{\"buckets\":[{\"a\":9}]}}}")]
    [InlineData("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[{\"a\":1},{\"a\":2},{\"a\":3}]}")]
    [InlineData("[[{\"a\":1}],[{\"a\":2},{\"a\":3}]]")]
    public void However_documents_are_strung_together_each_is_an_event(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var piece in (ReadOnlySpan<int>)[int.MaxValue, 64, 7, 1])
        {
            var feed = JsonFeed.Read(bytes, piece);
            Assert.Empty(feed.Diagnostics);
            Assert.Equal(["1", "2", "3"], feed.Events.Select(e => Assert.Single(e.Fields.Where(f => f.Name == "a")).Value));
        }
    }

    [Fact]
    public void An_event_knows_where_it_lies()
    {
        var feed = JsonFeed.Read(Encoding.UTF8.GetBytes("\n{\"a\":1}\n  {\"b\":[2]} ,{}\n"), 3);
        Assert.Equal([1L, 11L, 22L], feed.Offsets);
        Assert.Equal(["{\"a\":1}", "{\"b\":[2]}", "{}"], feed.Raw);
    }

    [Fact]
    public void Names_are_paths_and_values_are_text()
    {
        var e = JsonFeed.One("""{"s":"x","e":"a\tb\u00e9\"","n":-1.5e3,"t":true,"f":false,"z":null,"o":{"p":{"q":"r"},"":1},"l":[1,"two",{"k":"v"},[3]],"s":"again"}""");
        Assert.Equal(
            ["s=x", "e=a\tbé\"", "n=-1.5e3", "t=true", "f=false", "z=", "o.p.q=r", "o=1", "l=1", "l=two", "l.k=v", "l=3", "s=again"],
            e.Fields.Select(f => $"{f.Name}={f.Value}"));
    }

    [Fact]
    public void Fields_are_found_by_slots_whatever_their_order()
    {
        var catalog = new FieldCatalog(["a", "o.p", "l", "l.k", "missing"]);
        var record = new EventRecord(catalog);
        var reader = new JsonReader(new LogReaderOptions());
        var bytes = """{"a":"1","o":{"p":"2"},"l":[{"k":"3"},{"k":"4"}]}{"l":[{"k":"3"},{"k":"4"}],"o":{"x":0,"p":"2"},"a":"1"}"""u8.ToArray();
        var at = 0;
        for (var i = 0; i < 2; i++)
        {
            var result = reader.Read(new LogWindow(bytes, at, bytes.Length, at, true), record);
            Assert.Equal(ReadStatus.Event, result.Status);
            at += result.Consumed;
            Assert.Equal("1", Encoding.UTF8.GetString(record.ValueOf(0)));
            Assert.Equal("2", Encoding.UTF8.GetString(record.ValueOf(1)));
            Assert.Equal("""[{"k":"3"},{"k":"4"}]""", Encoding.UTF8.GetString(record.ValueOf(2)));
            Assert.Equal("3", record.Text(record.First(3)));
            Assert.Equal("4", record.Text(record.Next(record.First(3))));
            Assert.Equal(-1, record.First(4));
        }
    }

    [Fact]
    public void A_record_with_another_catalog_gets_its_own_slots()
    {
        var reader = new JsonReader(new LogReaderOptions());
        var bytes = """{"a":"1","b":"2"}"""u8.ToArray();
        foreach (var names in (string[][])[["a"], ["x", "b"], ["b", "a"]])
        {
            var record = new EventRecord(new FieldCatalog(names));
            Assert.Equal(ReadStatus.Event, reader.Read(new LogWindow(bytes, 0, bytes.Length, 0, true), record).Status);
            foreach (var name in names)
                Assert.Equal(name == "a" ? "1" : name == "b" ? "2" : "", Encoding.UTF8.GetString(record.ValueOf(record.Catalog.SlotOf(name))));
        }
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":\"cut\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\n{\"a\":{\"b\":1\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\n{\"a\":tru}\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\n{\"a\":1 \"b\":2}\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\n{\"a\":1,}\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\n{\"a\":[1,2}\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\n{\"a\":-}\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\n{\"a\":\"x{\"a\":5}\n{\"a\":2}\n", "json.malformed")]
    [InlineData("{\"a\":1}\nplain text {\"a\":9}\nmore\n{\"a\":2}\n", "json.garbage")]
    [InlineData("{\"a\":1}\n\0\0\0\0\u0001\n{\"a\":2}\n", "json.garbage")]
    [InlineData("{\"a\":1}}\n{\"a\":2}\n", "json.garbage")]
    [InlineData("{\"a\":1}\n{\"a\":2}\n{\"a\":[{\"b\":", "json.unterminated")]
    [InlineData("[{\"a\":1},{\"a\":x},{\"a\":2}]", "json.malformed")]
    [InlineData("[\n{\"a\":1},\n{\"a\":x},\n{\"a\":2}\n]", "json.malformed")]
    [InlineData("[{\"a\":1},7,{\"a\":2}]", "json.not-an-object")]
    [InlineData("{\n  \"a\": 1\n}\n{\n  \"a\": {\n    \"b\": x,\n    \"c\": [\n      {\"a\":9}\n    ]\n  }\n}\n{\n  \"a\": 2\n}\n", "json.malformed")]
    public void What_is_no_document_is_reported_and_the_rest_is_read(string text, string code)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var piece in (ReadOnlySpan<int>)[int.MaxValue, 5, 1])
        {
            var feed = JsonFeed.Read(bytes, piece);
            Assert.Equal(["1", "2"], feed.Events.Select(e => Assert.Single(e.Fields).Value));
            Assert.NotEmpty(feed.Diagnostics);
            Assert.Equal(code, feed.Diagnostics[0].Code);
        }
    }

    [Fact]
    public void A_diagnostic_says_where()
    {
        var feed = JsonFeed.Read("{\"a\":1}\n{\"a\":tru}\n");
        Assert.Equal(13, Assert.Single(feed.Diagnostics).Offset);
    }

    [Fact]
    public void Depth_is_bounded()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        Assert.Empty(JsonFeed.Read(Nested(JsonWalker.MaxDepth)).Diagnostics);
        var feed = JsonFeed.Read(Nested(JsonWalker.MaxDepth + 1) + "\n{\"b\":1}");
        Assert.Equal("json.too-deep", Assert.Single(feed.Diagnostics).Code);
        Assert.Equal("b", Assert.Single(Assert.Single(feed.Events).Fields).Name);
    }

    [Fact]
    public void A_line_that_is_too_long_is_skipped_and_the_next_is_read()
    {
        var feed = new JsonFeed(FieldCatalog.Empty);
        feed.Append("{\"a\":1}\n{\"a\":\""u8);
        var piece = new byte[1024 * 1024];
        piece.AsSpan().Fill((byte)'x');
        for (var i = 0; i < 20; i++)
        {
            feed.Append(piece);
            Assert.InRange(feed.Buffered, 0, LogWindow.MaxRecordBytes);
        }

        feed.Append("\"}\n{\"a\":2}\n"u8);
        feed.Finish();
        Assert.Equal(["1", "2"], feed.Events.Select(e => Assert.Single(e.Fields).Value));
        Assert.Equal("json.too-long", Assert.Single(feed.Diagnostics).Code);
    }

    [Fact]
    public void A_wrapper_may_be_of_any_length()
    {
        var feed = new JsonFeed(FieldCatalog.Empty);
        feed.Append("{\"Records\":["u8);
        var record = Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 500_000) + "\"},");
        for (var i = 0; i < 40; i++) feed.Append(record);
        feed.Append("{}]}"u8);
        feed.Finish();
        Assert.Empty(feed.Diagnostics);
        Assert.Equal(41, feed.Events.Count);
        Assert.Equal(0, feed.Buffered);
    }

    [Fact]
    public void A_reader_goes_on_where_another_stopped()
    {
        var bytes = "{\"value\":[{\"a\":1},{\"a\":2}],\"next\":{\"a\":9}}\n{\"a\":3}"u8.ToArray();
        var record = new EventRecord(FieldCatalog.Empty);
        var values = new List<string>();
        string? state = null;
        var at = 0;
        while (true)
        {
            var reader = new JsonReader(new LogReaderOptions());
            if (state is not null) reader.RestoreState(state);
            var result = reader.Read(new LogWindow(bytes, at, bytes.Length, at, true), record);
            if (result.Status == ReadStatus.NeedMore) break;
            if (result.Status == ReadStatus.Event) values.Add(record.Text(0));
            at += result.Consumed;
            state = reader.SaveState();
        }

        Assert.Equal(["1", "2", "3"], values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("::::")]
    [InlineData("99:f:9:9")]
    [InlineData("x")]
    public void A_state_that_makes_no_sense_is_ignored(string state)
    {
        var reader = new JsonReader(new LogReaderOptions());
        reader.RestoreState(state);
        var bytes = "{\"a\":1}"u8.ToArray();
        Assert.Equal(ReadStatus.Event, reader.Read(new LogWindow(bytes, 0, bytes.Length, 0, true), new EventRecord(FieldCatalog.Empty)).Status);
    }

    [Fact]
    public void Invalid_utf8_is_kept()
    {
        var bytes = "{\"a\":\"xx\"}"u8.ToArray();
        bytes[6] = 0xFF;
        var record = new EventRecord(FieldCatalog.Empty);
        Assert.Equal(ReadStatus.Event, new JsonReader(new LogReaderOptions()).Read(new LogWindow(bytes, 0, bytes.Length, 0, true), record).Status);
        Assert.Equal([0xFF, (byte)'x'], record.Value(0).ToArray());
    }

    [Fact]
    public void A_log_source_that_the_operator_names_is_that_of_documents_that_no_shape_knows()
    {
        var e = JsonFeed.One("""{"msg":"x","time":"2026-03-01T10:00:00Z"}""", options: new LogReaderOptions { Source = new LogSource("myapp", "application", null) });
        Assert.True(e.Class.Covers(new LogSource("myapp", "application", null)));
        Assert.False(e.Class.Covers(new LogSource("myapp", "application", "audit")));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero), e.Time);
    }

    [Fact]
    public void Names_that_never_come_again_do_not_pile_up()
    {
        var reader = new JsonReader(new LogReaderOptions());
        var record = new EventRecord(new FieldCatalog(["last"]));
        for (var i = 0; i < 200; i++)
        {
            var bytes = Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, 500).Select(n => $"\"k{i}x{n}\":1")) + ",\"last\":\"here\"}");
            Assert.Equal(ReadStatus.Event, reader.Read(new LogWindow(bytes, 0, bytes.Length, 0, true), record).Status);
            Assert.Equal("here", record.Text(record.First(0)));
        }
    }

    [Fact]
    public void In_steady_state_nothing_is_allocated()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50).Select(i => $"{{\"n\":{i},\"s\":\"a\\tb\",\"o\":{{\"p\":[1,2,{{\"q\":true}}]}},\"time\":\"2026-01-01T00:00:00Z\"}}\n")));
        var reader = new JsonReader(new LogReaderOptions());
        var record = new EventRecord(new FieldCatalog(["n", "o.p.q"]));
        All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void All()
        {
            for (var at = 0; at < bytes.Length;)
                at += reader.Read(new LogWindow(bytes, at, bytes.Length, at, true), record).Consumed;
        }
    }
}
