using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Csv;
using Vigie.Tests.Formats.Lines;

namespace Vigie.Tests.Formats.Csv;

/// <summary>After RFC 4180.</summary>
public sealed class CsvReaderTests
{
    [Fact]
    public void Reads_quotes_line_breaks_and_doubled_quotes()
    {
        var feed = TextFeed.Read(new CsvFormat(), LogSamples.Csv);
        Assert.Equal(("note; with \"quotes\"", "two\r\nlines"), (feed.Events[0].Fields[2].Name, feed.Events[0].Fields[2].Value));
        Assert.Equal("say \"hi\", then go", feed.Events[1].Fields[2].Value);
        Assert.Equal("", feed.Events[2].Fields[2].Value);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 32, TimeSpan.Zero), feed.Events[2].Time);
        Assert.Empty(feed.Diagnostics);
    }

    [Theory]
    [InlineData("a;b;c\n1;2,5;3\n")]
    [InlineData("a\tb\tc\n1\t2,5\t3\n")]
    [InlineData("a|b|c\n1|2,5|3\n")]
    [InlineData("\uFEFFa;\"b\";c\r\n1;\"2,5\";3")]
    public void Finds_the_separator(string content)
    {
        var feed = TextFeed.Read(new CsvFormat(), content);
        Assert.Equal(("1", "2,5", "3"), (feed.Of(0, "a"), feed.Of(0, "b"), feed.Of(0, "c")));
    }

    [Fact]
    public void Has_the_log_source_that_the_operator_names()
    {
        var feed = TextFeed.Read(new CsvFormat(), "a,b\n1,2\n", new LogReaderOptions { Source = new LogSource("acme", "proxy", null) });
        Assert.True(feed.Events[0].Class.Covers(new LogSource("acme", "proxy", null)));
        Assert.False(feed.Events[0].Class.Covers(new LogSource("acme", "proxy", "x")));
    }

    [Fact]
    public void Loses_one_line_to_a_quote_that_is_never_closed()
    {
        var feed = TextFeed.Read(new CsvFormat(), "a,b\n1,\"open\n2,x\n3,y\n");
        Assert.Equal(3, feed.Events.Count);
        Assert.Equal("csv.unclosed-quote", Assert.Single(feed.Diagnostics).Code);
        Assert.Equal("y", feed.Of(2, "b"));
    }

    [Fact]
    public void Says_when_a_record_has_other_columns_than_the_header()
    {
        var feed = TextFeed.Read(new CsvFormat(), "a,b\n1\n1,2,3\n");
        Assert.Equal(2, feed.Events.Count);
        Assert.All(feed.Diagnostics, d => Assert.Equal("csv.columns", d.Code));
        Assert.Equal(2, feed.Diagnostics.Count);
    }

    [Fact]
    public void Makes_windows_events_of_the_event_viewers_export()
    {
        var feed = TextFeed.Read(new CsvFormat(), LogSamples.CsvWindows);
        Assert.Equal("1", feed.Of(0, "EventID"));
        Assert.Equal("C:\\Windows\\System32\\cmd.exe", feed.Of(0, "Image"));
        Assert.Equal("cmd.exe /c whoami", feed.Of(0, "CommandLine"));
        Assert.True(feed.Events[0].Class.Covers(new LogSource("windows", "process_creation", null)));
        Assert.True(feed.Events[1].Class.Covers(new LogSource("windows", null, "security")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 30, TimeSpan.Zero), feed.Events[0].Time);
    }

    [Fact]
    public void Takes_the_document_in_an_export_of_microsoft_365_for_the_event()
    {
        var feed = TextFeed.Read(new CsvFormat(), "RecordId,CreationDate,Operation,UserId,AuditData\r\n" +
            "1,2026-11-21T10:20:30,MailItemsAccessed,bob@example.org,\"{\"\"CreationTime\"\":\"\"2026-11-21T10:20:29\"\",\"\"Id\"\":\"\"1\"\",\"\"Operation\"\":\"\"MailItemsAccessed\"\",\"\"Workload\"\":\"\"Exchange\"\",\"\"ClientIPAddress\"\":\"\"192.0.2.7\"\"}\"\r\n" +
            "2,2026-11-21T10:20:31,Other,bob@example.org,none\r\n", null, "ClientIPAddress", "Operation");
        Assert.True(feed.Events[0].Class.Covers(new LogSource("m365", null, "exchange")));
        Assert.Equal(("192.0.2.7", "MailItemsAccessed"), (feed.Of(0, "ClientIPAddress"), feed.Of(0, "Operation")));
        Assert.Equal(("Other", "none"), (feed.Of(1, "Operation"), feed.Of(1, "AuditData")));
        Assert.True(feed.Offsets[0] > 0 && feed.Offsets[1] > feed.Offsets[0]);
    }

    [Theory]
    [InlineData("2026-11-21T10:20:30.5+02:00", "2026-11-21T08:20:30.5000000+00:00")]
    [InlineData("11/21/2026 10:20:30 AM", "2026-11-21T09:20:30.0000000+00:00")]
    [InlineData("21/11/2026 10:20:30", "2026-11-21T09:20:30.0000000+00:00")]
    [InlineData("1763720430", "2025-11-21T10:20:30.0000000+00:00")]
    [InlineData("1763720430123", "2025-11-21T10:20:30.1230000+00:00")]
    public void Reads_times_as_programs_write_them(string text, string expected)
    {
        Assert.True(CsvTime.TryRead(System.Text.Encoding.UTF8.GetBytes(text), TimeSpan.FromHours(1), out var time));
        Assert.Equal(expected, time.ToString("O"));
    }
}
