using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Syslog;
using Vigie.Tests.Formats.Lines;

namespace Vigie.Tests.Formats.Network;

/// <summary>After Cisco's "System Message Guide" (IOS, NX-OS, ASA), tac_plus' accounting, Huawei's "Log Reference", the FortiOS and PAN-OS log references.</summary>
public sealed class NetworkDeviceTests
{
    private static TextFeed Syslog(string content) => TextFeed.Read(new SyslogFormat(), content, new LogReaderOptions { Received = Some.Received });

    [Fact]
    public void Reads_commands_entered_on_cisco_devices()
    {
        var feed = Syslog(LogSamples.Cisco);
        Assert.Equal(("core1", "netop", "no logging host 10.0.0.9"), (feed.Of(0, "hostname"), feed.Of(0, "User"), feed.Of(0, "command")));
        Assert.StartsWith("%PARSER-5-CFGLOG_LOGGEDCMD: User:netop  logged", feed.Of(0, "message"), StringComparison.Ordinal);
        Assert.True(feed.Events[0].Class.Covers(new LogSource("cisco", null, "aaa")));
        Assert.Equal(("root", "192.0.2.7"), (feed.Of(1, "User"), feed.Of(1, "src_ip")));
        Assert.Equal(("netop", "configure terminal <cr>", "10.0.0.77"), (feed.Of(7, "User"), feed.Of(7, "command"), feed.Of(7, "src_ip")));
        Assert.True(feed.Events[7].Class.Covers(new LogSource("cisco", null, "aaa")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 37, TimeSpan.Zero), feed.Events[7].Time);
    }

    [Fact]
    public void Tells_routing_sessions_and_denied_flows()
    {
        var feed = Syslog(LogSamples.Cisco);
        Assert.True(feed.Events[2].Class.Covers(new LogSource("cisco", null, "bgp")));
        Assert.Equal(("192.0.2.9", "4000", "10.0.0.5", "22", "deny"), (feed.Of(3, "src_ip"), feed.Of(3, "src_port"), feed.Of(3, "dst_ip"), feed.Of(3, "dst_port"), feed.Of(3, "action")));
        Assert.True(feed.Events[3].Class.Covers(new LogSource("cisco", "firewall", "asa")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 34, 500, TimeSpan.Zero), feed.Events[4].Time);
        Assert.True(feed.Events[5].Class.Covers(new LogSource("huawei", null, "bgp")));
    }

    [Fact]
    public void Does_not_take_a_quoted_device_message_for_one()
    {
        var feed = Syslog(LogSamples.Cisco);
        Assert.Equal("linux", feed.Events[6].Class.Products.Single());
        Assert.Equal("app", feed.Of(6, "program"));
    }

    [Theory]
    [InlineData("<189>29: Sw1: Nov 21 10:20:30: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.5)", "Sw1", "192.0.2.5")]
    [InlineData("RP/0/RSP0/CPU0:Nov 21 10:20:30.100 UTC: config[65710]: %MGBL-SYS-5-CONFIG_I : Configured from console by admin on vty0 (192.0.2.5)", null, "192.0.2.5")]
    [InlineData("2026-11-21T10:20:30+00:00 192.0.2.1 %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.5)", "192.0.2.1", "192.0.2.5")]
    public void Reads_the_many_headers_of_cisco(string line, string? host, string source)
    {
        var feed = Syslog(line + "\n");
        Assert.Equal((host, "admin", source), (feed.Of(0, "hostname"), feed.Of(0, "User"), feed.Of(0, "src_ip")));
        Assert.Equal("cisco", feed.Events[0].Class.Products.Single());
        Assert.Equal(21, feed.Events[0].Time?.Day);
    }

    [Fact]
    public void Reads_fortigate_with_and_without_a_syslog_header()
    {
        foreach (var content in new[] { LogSamples.Fortigate, string.Concat(LogSamples.Fortigate.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"<189>{l}\n")) })
        {
            var feed = TextFeed.Read(LogFormats.Recognize(System.Text.Encoding.UTF8.GetBytes(content), "")!, content);
            Assert.Equal(("Add", "system.admin", "Add system.admin backup", "admin"), (feed.Of(0, "action"), feed.Of(0, "cfgpath"), feed.Of(0, "msg"), feed.Of(0, "User")));
            Assert.True(feed.Events[0].Class.Covers(new LogSource("fortigate", null, "event")));
            Assert.Equal(("10.0.0.7", "21", "accept"), (feed.Of(1, "src_ip"), feed.Of(1, "dst_port"), feed.Of(1, "action")));
            Assert.True(feed.Events[1].Class.Covers(new LogSource(null, "firewall", null)));
            Assert.Equal(new DateTimeOffset(2026, 11, 21, 9, 20, 31, TimeSpan.Zero), feed.Events[1].Time);
            Assert.Equal(("192.0.2.66", "ssl-login-fail"), (feed.Of(2, "src_ip"), feed.Of(2, "action")));
        }
    }

    [Fact]
    public void Reads_pan_os_by_the_kind_of_its_messages()
    {
        var feed = Syslog(
            "Nov 21 10:20:30 pa1 1,2026/11/21 10:20:29,0079,TRAFFIC,end,2560,2026/11/21 10:20:28,10.0.0.7,192.0.2.9,0.0.0.0,0.0.0.0,allow-out,corp\\alice,,web-browsing,vsys1,trust,untrust,eth1,eth2,fwd,x,5,1,40000,80,0,0,0x0,tcp,allow,100\n" +
            "<14>1,2026/11/21 10:20:31,0079,GLOBALPROTECT,0,2560,2026/11/21 10:20:31,vsys1,gateway-auth,login,Other,,bob,FR,PC7,192.0.2.50,0.0.0.0,10.9.0.1,0.0.0.0,id,sn,6.0,Windows,\"Windows \"\"10\"\"\",1,,,,failure,paris\n");
        Assert.Equal(("10.0.0.7", "192.0.2.9", "80", "allow", "corp\\alice"), (feed.Of(0, "src_ip"), feed.Of(0, "dst_ip"), feed.Of(0, "dst_port"), feed.Of(0, "action"), feed.Of(0, "User")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 28, TimeSpan.Zero), feed.Events[0].Time);
        Assert.True(feed.Events[0].Class.Covers(new LogSource("paloalto", "firewall", null)));
        Assert.Equal(("bob", "192.0.2.50", "failure", "Windows \"10\""), (feed.Of(1, "User"), feed.Of(1, "src_ip"), feed.Of(1, "status"), feed.Of(1, "client_os_version")));
        Assert.True(feed.Events[1].Class.Covers(new LogSource("paloalto", "appliance", "globalprotect")));
    }
}
