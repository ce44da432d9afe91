using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Zeek;
using Vigie.Tests.Formats.Lines;

namespace Vigie.Tests.Formats.Zeek;

/// <summary>After docs.zeek.org, "Zeek Log Formats and Inspection" (TSV) and the log references of conn, dns, http.</summary>
public sealed class ZeekReaderTests
{
    [Fact]
    public void Gives_columns_their_names_and_the_taxonomys()
    {
        var feed = TextFeed.Read(new ZeekFormat(), LogSamples.Zeek);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1763719200500), feed.Events[0].Time);
        Assert.Equal("mail.example.org", feed.Of(0, "query"));
        Assert.Equal("10.0.0.7", feed.Of(0, "id.orig_h"));
        Assert.Equal("10.0.0.7", feed.Of(0, "src_ip"));
        Assert.Equal("A", feed.Of(0, "record_type"));
        Assert.Equal("192.0.2.1|192.0.2.2", feed.Of(0, "answers"));
        Assert.Equal("192.0.2.1|192.0.2.2", feed.Of(0, "answer"));
        Assert.True(feed.Events[0].Class.Covers(new LogSource("zeek", null, "dns")));
        Assert.True(feed.Events[0].Class.Covers(new LogSource(null, "dns", null)));
    }

    [Fact]
    public void Tells_unset_from_empty_and_truth_from_text()
    {
        var feed = TextFeed.Read(new ZeekFormat(), LogSamples.Zeek);
        Assert.Equal("∅", feed.Of(1, "query"));
        Assert.Equal("", feed.Of(1, "answers"));
        Assert.Equal(FieldKind.True, feed.Events[1].Named("AA").Single().Kind);
        Assert.Equal(FieldKind.False, feed.Events[0].Named("AA").Single().Kind);
        Assert.Equal("a\tb", feed.Of(2, "answers"));
    }

    [Fact]
    public void Makes_requests_fit_rules_for_proxies_and_servers()
    {
        const string Log = "#separator \\x09\n#path\thttp\n#fields\tts\tid.orig_h\tid.resp_h\tmethod\thost\turi\treferrer\tuser_agent\tstatus_code\n#types\ttime\taddr\taddr\tstring\tstring\tstring\tstring\tstring\tcount\n" +
            "1763719200.0\t10.0.0.7\t192.0.2.1\tGET\twww.example.org\t/a/x.php?c=id\t-\tcurl/8\t200\n";
        var feed = TextFeed.Read(new ZeekFormat(), Log);
        Assert.Equal("/a/x.php?c=id|http://www.example.org/a/x.php?c=id", feed.Of(0, "c-uri"));
        Assert.Equal("/a/x.php", feed.Of(0, "cs-uri-stem"));
        Assert.Equal("c=id|/a/x.php?c=id", feed.Of(0, "cs-uri-query"));
        Assert.Equal("php", feed.Of(0, "c-uri-extension"));
        Assert.Equal("curl/8", feed.Of(0, "c-useragent"));
        Assert.Equal("∅", feed.Of(0, "cs-referer"));
        Assert.Equal("200", feed.Of(0, "sc-status"));
        Assert.True(feed.Events[0].Class.Covers(new LogSource(null, "proxy", null)));
        Assert.True(feed.Events[0].Class.Covers(new LogSource(null, "webserver", null)));
    }

    [Fact]
    public void Follows_a_header_in_the_middle()
    {
        var feed = TextFeed.Read(new ZeekFormat(), LogSamples.Zeek + "#separator \\x09\n#path\tssh\n#fields\tts\tclient\n#types\ttime\tstring\n1763719300.0\tSSH-2.0-x\n");
        Assert.Equal(4, feed.Events.Count);
        Assert.Equal("SSH-2.0-x", feed.Of(3, "client"));
        Assert.True(feed.Events[3].Class.Covers(new LogSource("zeek", null, "ssh")));
    }

    [Fact]
    public void Reports_a_line_cut_off_and_lines_before_any_header()
    {
        var cut = TextFeed.Read(new ZeekFormat(), LogSamples.Zeek[..LogSamples.Zeek.IndexOf("\t53\tudp", StringComparison.Ordinal)]);
        Assert.Empty(cut.Events);
        Assert.Equal("zeek.columns", Assert.Single(cut.Diagnostics).Code);
        Assert.Equal("zeek.no-header", Assert.Single(TextFeed.Read(new ZeekFormat(), "1.0\tx\n").Diagnostics).Code);
    }

    [Fact]
    public void Reads_every_line_of_recorded_logs()
    {
        var folder = ExternalData.Require("logs/zeek");
        var files = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.log*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            if (LogFormats.Recognize(bytes.AsSpan(0, Math.Min(bytes.Length, 65536)), Path.GetFileName(file))?.Id != "zeek-tsv") continue;
            files++;
            var lines = Encoding.Latin1.GetString(bytes).Split('\n').Count(l => l.Trim('\r', '\0').Length > 0 && l[0] != '#');
            var (events, late) = Count(bytes);
            Assert.Equal((file, lines), (file, events));
            Assert.Equal((file, 0), (file, late));
        }

        Assert.True(files > 20, $"{files} files");
    }

    // Events, and those whose time cannot be: captures begin at 0 where the recorder had no clock.
    private static (int Events, int Late) Count(byte[] bytes)
    {
        var reader = new ZeekFormat().Open(new LogReaderOptions());
        var record = new EventRecord(FieldCatalog.Empty);
        var (at, events, late) = (0, 0, 0);
        while (true)
        {
            var result = reader.Read(new LogWindow(bytes, at, bytes.Length, at, true), record);
            Assert.Null(result.Diagnostic);
            if (result.Status == ReadStatus.NeedMore) return (events, late);
            at += result.Consumed;
            if (result.Status != ReadStatus.Event) continue;
            events++;
            if (record.Time is { } time && (time.Year > 2026 || time < DateTimeOffset.UnixEpoch)) late++;
        }
    }
}
