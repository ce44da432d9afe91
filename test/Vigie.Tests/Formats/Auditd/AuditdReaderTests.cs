using Vigie.Engine.Events;
using Vigie.Engine.Formats.Auditd;
using Vigie.Engine.Formats.Syslog;
using Vigie.Tests.Formats.Lines;

namespace Vigie.Tests.Formats.Auditd;

/// <summary>After "SPEC Audit Event Parsing" of the linux-audit documentation and auditd.conf(5).</summary>
public sealed class AuditdReaderTests
{
    [Fact]
    public void Joins_the_records_of_an_event()
    {
        var feed = TextFeed.Read(new AuditdFormat(), LogSamples.Auditd);
        Assert.Equal("SYSCALL|EXECVE|CWD|PATH|PROCTITLE", feed.Of(0, "type"));
        Assert.Equal(("curl", "-o", "/tmp/a b!"), (feed.Of(0, "a0"), feed.Of(0, "a1"), feed.Of(0, "a2")));
        Assert.Equal("55d0", feed.Of(0, "syscall_a0"));
        Assert.Equal(("curl -o /tmp/a b!", "/usr/bin/curl", "/root", "root"), (feed.Of(0, "CommandLine"), feed.Of(0, "Image"), feed.Of(0, "CurrentDirectory"), feed.Of(0, "User")));
        Assert.Equal(("execve", "alice", "exec"), (feed.Of(0, "SYSCALL"), feed.Of(0, "AUID"), feed.Of(0, "key")));
        Assert.Equal("curl -o", feed.Of(0, "proctitle"));
        Assert.True(feed.Events[0].Class.Covers(new LogSource("linux", "process_creation", null)));
        Assert.True(feed.Events[0].Class.Covers(new LogSource("linux", null, "auditd")));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1763719200101), feed.Events[0].Time);
    }

    [Fact]
    public void Joins_events_whose_records_interleave()
    {
        var feed = TextFeed.Read(new AuditdFormat(), LogSamples.Auditd);
        Assert.Equal(("SYSCALL|CWD|PATH|PROCTITLE", "openat", "/var/www/up/x.php"), (feed.Of(1, "type"), feed.Of(1, "SYSCALL"), feed.Of(1, "TargetFilename")));
        Assert.True(feed.Events[1].Class.Covers(new LogSource("linux", "file_event", null)));
        Assert.Equal(("SYSCALL|SOCKADDR|PROCTITLE", "connect", "192.0.2.9", "80"), (feed.Of(2, "type"), feed.Of(2, "SYSCALL"), feed.Of(2, "DestinationIp"), feed.Of(2, "DestinationPort")));
        Assert.True(feed.Events[2].Class.Covers(new LogSource("linux", "network_connection", null)));
        Assert.Equal("/usr/bin/nc", feed.Of(2, "Image"));
    }

    [Fact]
    public void Opens_what_programs_report()
    {
        var feed = TextFeed.Read(new AuditdFormat(), LogSamples.Auditd);
        Assert.Equal(("USER_AUTH", "root", "failed", "192.0.2.5", "db1"), (feed.Of(3, "type"), feed.Of(3, "acct"), feed.Of(3, "res"), feed.Of(3, "src_ip"), feed.Of(3, "node")));
        Assert.Equal("root", feed.Of(3, "User"));
        Assert.Equal(("SERVICE_STOP", "firewalld"), (feed.Of(4, "type"), feed.Of(4, "unit")));
    }

    [Fact]
    public void Does_not_wait_for_ever_for_an_event_without_an_end()
    {
        var later = string.Concat(Enumerable.Range(0, AuditdReader.MaxLines + 10).Select(i => $"type=USER_ACCT msg=audit(1763719200.5:{700 + i}): pid=1 msg='op=x res=success'\n"));
        var feed = TextFeed.Read(new AuditdFormat(), "type=SYSCALL msg=audit(1763719200.0:600): arch=c000003e syscall=165 success=yes exe=\"/bin/mount\"\n" + later);
        Assert.Equal("mount", feed.Of(0, "SYSCALL"));
        Assert.Equal(AuditdReader.MaxLines + 11, feed.Events.Count);
        var span = TextFeed.Read(new AuditdFormat(), "type=SYSCALL msg=audit(1.0:1): syscall=1\ntype=USER_ACCT msg=audit(9.0:2): pid=1\ntype=PATH msg=audit(1.0:1): name=\"/x\"\n");
        Assert.Equal(3, span.Events.Count);
    }

    [Fact]
    public void Reads_records_that_came_over_syslog()
    {
        var feed = TextFeed.Read(new SyslogFormat(), "Nov 21 10:20:30 h audispd: node=h2 type=EXECVE msg=audit(1763719200.101:500): argc=2 a0=\"rm\" a1=\"-rf\"\nNov 21 10:20:31 h kernel: audit: type=1400 audit(1763719201.5:501): apparmor=\"DENIED\" operation=\"open\"\n");
        Assert.Equal(("EXECVE", "rm -rf", "h|h2"), (feed.Of(0, "type"), feed.Of(0, "CommandLine"), feed.Of(0, "hostname")));
        Assert.True(feed.Events[0].Class.Covers(new LogSource("linux", "process_creation", "auditd")));
        Assert.Equal(("AVC", "DENIED"), (feed.Of(1, "type"), feed.Of(1, "apparmor")));
    }
}
