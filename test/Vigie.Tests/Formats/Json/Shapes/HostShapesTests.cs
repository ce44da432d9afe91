namespace Vigie.Tests.Formats.Json.Shapes;

public sealed class HostShapesTests
{
    /// <summary>https://www.elastic.co/docs/reference/beats/auditbeat/exported-fields-auditd</summary>
    [Fact]
    public void Auditbeat() => ShapeCase.Check(
        """{"@timestamp":"2026-01-02T03:04:05.678Z","event":{"category":["process"],"type":["start"],"action":"executed","module":"auditd"},"auditd":{"message_type":"syscall","data":{"syscall":"execve","a0":"56","a1":"id","exit":"0"},"paths":[{"name":"/usr/bin/id","nametype":"NORMAL"}]},"process":{"pid":7,"executable":"/usr/bin/id","name":"id","args":["id","-u"],"working_directory":"/tmp"},"user":{"name":"awa"},"host":{"name":"web1"},"tags":["recon"]}""",
        "linux/auditd/process_creation", "2026-01-02T03:04:05", "", "type=syscall", "a1=id", "exe=/usr/bin/id", "Image=/usr/bin/id", "CommandLine=id -u", "name=/usr/bin/id", "SYSCALL=execve", "key=recon");

    /// <summary>https://www.elastic.co/docs/reference/ecs/ecs-process</summary>
    [Theory]
    [InlineData("linux", "process", "linux//process_creation")]
    [InlineData("macos", "process", "macos//process_creation")]
    [InlineData("windows", "process", "windows//process_creation")]
    [InlineData("linux", "file", "linux//file_event")]
    [InlineData("linux", "network", "linux//network_connection")]
    public void Elastic_common_schema(string os, string category, string source) => ShapeCase.Check(
        $$$"""{"@timestamp":"2026-01-02T03:04:05.678Z","ecs":{"version":"8.11.0"},"event":{"kind":"event","category":["{{{category}}}"],"type":["start"]},"host":{"name":"h1","os":{"type":"{{{os}}}"}},"process":{"executable":"/bin/sh","args":["sh","-c","id"],"parent":{"executable":"/sbin/init"}},"file":{"path":"/tmp/x"},"destination":{"ip":"192.0.2.7","port":443}}""",
        source, "2026-01-02T03:04:05", "", "Image=/bin/sh", "CommandLine=sh -c id", "ParentImage=/sbin/init", "TargetFilename=/tmp/x", "DestinationIp=192.0.2.7");

    /// <summary>https://developer.apple.com/documentation/endpointsecurity/es_event_exec_t</summary>
    [Fact]
    public void Programs_started_on_macos() => ShapeCase.Check(
        """{"schema_version":1,"mach_time":1,"event_type":9,"time":"2026-01-02T03:04:05.678901234Z","process":{"executable":{"path":"/bin/zsh"},"audit_token":{"pid":5}},"event":{"exec":{"target":{"executable":{"path":"/usr/bin/osascript"},"ppid":5},"args":["osascript","-e","display dialog \"x\""],"cwd":{"path":"/Users/awa"}}}}""",
        "macos//process_creation", "2026-01-02T03:04:05", "", "Image=/usr/bin/osascript", "CommandLine=osascript -e display dialog \"x\"", "ParentImage=/bin/zsh", "CurrentDirectory=/Users/awa");

    /// <summary>https://developer.apple.com/documentation/endpointsecurity/es_event_create_t</summary>
    [Fact]
    public void Files_made_on_macos() => ShapeCase.Check(
        """{"schema_version":1,"mach_time":1,"event_type":13,"time":"2026-01-02T03:04:05Z","process":{"executable":{"path":"/bin/zsh"}},"event":{"create":{"destination_type":1,"destination":{"new_path":{"dir":{"path":"/Library/LaunchDaemons"},"filename":"x.plist"}}}}}""",
        "macos//file_event", "2026-01-02T03:04:05", "", "TargetFilename=/Library/LaunchDaemons/x.plist", "Image=/bin/zsh");

    /// <summary>https://osquery.readthedocs.io/en/stable/deployment/logging/</summary>
    [Theory]
    [InlineData("process_events", "linux//process_creation")]
    [InlineData("es_process_events", "macos//process_creation")]
    public void Osquery(string query, string source) => ShapeCase.Check(
        $$"""{"name":"pack_x_{{query}}","hostIdentifier":"web1","calendarTime":"Fri Jan  2 03:04:05 2026 UTC","unixTime":1767323045,"columns":{"pid":"7","path":"/usr/bin/curl","cmdline":"curl http://example.org","cwd":"/tmp"},"action":"added"}""",
        source, "2026-01-02T03:04:05", "", "Image=/usr/bin/curl", "CommandLine=curl http://example.org");

    /// <summary>https://systemd.io/JOURNAL_EXPORT_FORMATS/</summary>
    [Theory]
    [InlineData("sshd", "linux/sshd/")]
    [InlineData("sudo", "linux/auth/")]
    [InlineData("CRON", "linux/cron/")]
    [InlineData("myapp", "linux/syslog/")]
    public void Journal(string program, string source) => ShapeCase.Check(
        $$"""{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1767323045678901","_HOSTNAME":"web1","SYSLOG_IDENTIFIER":"{{program}}","_PID":"7","MESSAGE":"something happened"}""",
        source, "2026-01-02T03:04:05", "__CURSOR", "message=something happened", "Computer=web1");

    /// <summary>https://opencanary.readthedocs.io/en/latest/starting/opencanary.html</summary>
    [Fact]
    public void OpenCanary() => ShapeCase.Check(
        """{"dst_host":"192.0.2.1","dst_port":22,"local_time":"2026-01-02 05:04:05.678","local_time_adjusted":"2026-01-02 05:04:05.678","logdata":{"USERNAME":"root"},"logtype":4002,"node_id":"canary-1","src_host":"192.0.2.7","src_port":5555,"utc_time":"2026-01-02 03:04:05.678"}""",
        "opencanary//application", "2026-01-02T03:04:05", "", "logtype=4002", "src_ip=192.0.2.7");

    /// <summary>https://docs.fortinet.com/document/fortigate/7.6.0/fortios-log-message-reference/357866/log-message-fields</summary>
    [Fact]
    public void Fortigate() => ShapeCase.Check(
        """{"devid":"FG1","logid":"0100044547","type":"event","subtype":"system","eventtime":1767323045678901234,"level":"information","action":"Add","cfgpath":"system.admin","user":"awa"}""",
        "fortigate/event/", "2026-01-02T03:04:05", "", "action=Add", "cfgpath=system.admin");

    /// <summary>https://docs.docker.com/engine/logging/drivers/json-file/</summary>
    [Fact]
    public void Output_of_containers_has_the_log_source_that_the_operator_names()
    {
        var e = JsonFeed.One(
            """{"log":"GET /x\n","stream":"stdout","time":"2026-01-02T03:04:05.678901234Z"}""",
            new Engine.Events.FieldCatalog(["message"]), new Engine.Formats.LogReaderOptions { Source = new Engine.Events.LogSource(null, "webserver", "nginx") });
        Assert.True(e.Class.Covers(new Engine.Events.LogSource(null, "webserver", "nginx")));
        Assert.Equal("GET /x\n", Assert.Single(e.Named("message")).Value);
        Assert.Equal(2026, e.Time!.Value.Year);
    }
}
