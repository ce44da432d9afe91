using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Web;
using Vigie.Tests.Formats.Lines;

namespace Vigie.Tests.Formats.Web;

/// <summary>After Apache's mod_log_config and core ErrorLogFormat, nginx's ngx_http_log_module and error_log, the W3C draft WD-logfile and Microsoft's "W3C Logging", Squid's logformat "squid".</summary>
public sealed class WebLogTests
{
    [Fact]
    public void Reads_the_combined_and_the_common_format()
    {
        var feed = TextFeed.Read(new AccessLogFormat(), LogSamples.Access);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 9, 20, 30, TimeSpan.Zero), feed.Events[0].Time);
        Assert.Equal(("192.0.2.7", "frank", "GET", "200"), (feed.Of(0, "c-ip"), feed.Of(0, "cs-username"), feed.Of(0, "cs-method"), feed.Of(0, "sc-status")));
        Assert.Equal(("/a/b.php", "x=1|/a/b.php?x=1"), (feed.Of(0, "cs-uri-stem"), feed.Of(0, "cs-uri-query")));
        Assert.Equal(("http://example.org/start", "Mozilla/5.0 (X11)"), (feed.Of(0, "cs-referer"), feed.Of(0, "cs-user-agent")));
        Assert.Null(feed.Of(1, "cs-user-agent"));
        Assert.Equal("∅|/login", feed.Of(1, "cs-uri-query"));
        Assert.Equal(("www.example.org", "192.0.2.8"), (feed.Of(2, "cs-host"), feed.Of(2, "c-ip")));
        Assert.Equal(("∅", ""), (feed.Of(2, "cs-user-agent"), feed.Of(2, "c-useragent")));
        Assert.True(feed.Events[0].Class.Covers(new LogSource(null, "webserver", null)));
    }

    [Fact]
    public void Resolves_escapes_and_keeps_what_is_no_request()
    {
        var feed = TextFeed.Read(new AccessLogFormat(), LogSamples.Access);
        Assert.Equal("\u0016\u0003\u0001", feed.Of(3, "request"));
        Assert.Null(feed.Of(3, "cs-method"));
        Assert.Equal("q=\"|/?q=\"", feed.Of(4, "cs-uri-query"));
        Assert.Equal("say \"hi\"", feed.Of(4, "cs-user-agent"));
        Assert.Equal("0.003 upstream", feed.Of(4, "rest"));
    }

    [Fact]
    public void Takes_a_request_for_a_foreign_address_for_a_proxys()
    {
        var feed = TextFeed.Read(new AccessLogFormat(), LogSamples.Access);
        Assert.True(feed.Events[5].Class.Covers(new LogSource(null, "proxy", null)));
        Assert.False(feed.Events[4].Class.Covers(new LogSource(null, "proxy", null)));
    }

    [Fact]
    public void Follows_the_fields_of_iis_when_they_change()
    {
        var feed = TextFeed.Read(new W3cFormat(), LogSamples.Iis);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 30, TimeSpan.Zero), feed.Events[0].Time);
        Assert.Equal(("/owa/auth.aspx", "a=1&b=2|/owa/auth.aspx?a=1&b=2"), (feed.Of(0, "cs-uri-stem"), feed.Of(0, "cs-uri-query")));
        Assert.Equal(("Mozilla/5.0+(Windows+NT+10.0)", "Mozilla/5.0 (Windows NT 10.0)"), (feed.Of(0, "cs(User-Agent)"), feed.Of(0, "cs-user-agent")));
        Assert.Equal("∅", feed.Of(0, "cs-referer"));
        Assert.Equal("CORP\\alice", feed.Of(1, "cs-username"));
        Assert.Equal(("192.0.2.8", "404"), (feed.Of(2, "c-ip"), feed.Of(2, "sc-status")));
        Assert.True(feed.Events[2].Class.Covers(new LogSource("windows", "webserver", null)));
    }

    [Fact]
    public void Reads_exchange_and_the_windows_firewall()
    {
        var exchange = TextFeed.Read(new W3cFormat(), LogSamples.Exchange);
        Assert.Equal(("Hello, you", "192.0.2.7"), (exchange.Of(0, "message-subject"), exchange.Of(0, "src_ip")));
        Assert.Equal("", exchange.Of(1, "sender-address"));
        Assert.Equal("exchange", exchange.Events[0].Class.Products.Single());
        var firewall = TextFeed.Read(new W3cFormat(), LogSamples.WindowsFirewall, new LogReaderOptions { UtcOffset = TimeSpan.FromHours(1) });
        Assert.Equal(("192.0.2.7", "445", "DROP"), (firewall.Of(0, "src_ip"), firewall.Of(0, "dst_port"), firewall.Of(0, "action")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 9, 20, 30, TimeSpan.Zero), firewall.Events[0].Time);
    }

    [Fact]
    public void Reads_squids_native_format()
    {
        var feed = TextFeed.Read(new SquidFormat(), LogSamples.Squid);
        Assert.Equal(("http://www.example.org/up/a.exe?x=1", "www.example.org", "192.0.2.80"), (feed.Of(0, "c-uri"), feed.Of(0, "cs-host"), feed.Of(0, "dst_ip")));
        Assert.Equal(("exe", "POST", "alice"), (feed.Of(0, "c-uri-extension"), feed.Of(0, "cs-method"), feed.Of(0, "cs-username")));
        Assert.Equal(("mail.example.net", "mail.example.net:443"), (feed.Of(1, "cs-host"), feed.Of(1, "c-uri")));
        Assert.Equal("403", feed.Of(2, "sc-status"));
        Assert.Null(feed.Of(2, "dst_ip"));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1763719200123), feed.Events[0].Time);
    }

    [Fact]
    public void Reads_error_logs()
    {
        var apache = TextFeed.Read(new ErrorLogFormat(), LogSamples.ApacheError);
        Assert.Equal(("File does not exist: /srv/x", "192.0.2.7", "35708", "core:error"), (apache.Of(0, "message"), apache.Of(0, "src_ip"), apache.Of(0, "pid"), apache.Of(0, "severity")));
        Assert.Contains("exit signal Segmentation fault", apache.Of(1, "message"), StringComparison.Ordinal);
        Assert.True(apache.Events[0].Class.Covers(new LogSource(null, null, "apache")));
        var nginx = TextFeed.Read(new ErrorLogFormat(), LogSamples.NginxError);
        Assert.Equal(("192.0.2.7", "error"), (nginx.Of(0, "src_ip"), nginx.Of(0, "severity")));
        Assert.True(nginx.Events[1].Class.Covers(new LogSource(null, null, "nginx")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 31, TimeSpan.Zero), nginx.Events[1].Time);
    }
}
