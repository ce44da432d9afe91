namespace Vigie.Tests.Formats.Json.Shapes;

public sealed class WindowsShapesTests
{
    private const string Keys = "Computer Channel EventRecordID TimeCreated";

    /// <summary>https://github.com/omerbenamram/evtx (README, JSON output); https://learn.microsoft.com/windows/win32/wes/eventschema-schema</summary>
    [Fact]
    public void Xml_as_json_has_the_fields_of_the_event_log() => ShapeCase.Check(
        """
        {
          "Event": {
            "#attributes": { "xmlns": "http://schemas.microsoft.com/win/2004/08/events/event" },
            "System": {
              "Provider": { "#attributes": { "Name": "Microsoft-Windows-Sysmon", "Guid": "5770385F-C22A-43E0-BF4C-06F5698FFBD9" } },
              "EventID": 1, "Version": 5, "Level": 4, "Keywords": "0x8000000000000000",
              "TimeCreated": { "#attributes": { "SystemTime": "2026-01-02T03:04:05.678901Z" } },
              "EventRecordID": 77, "Correlation": null,
              "Execution": { "#attributes": { "ProcessID": 900, "ThreadID": 901 } },
              "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "pc7.example.ml",
              "Security": { "#attributes": { "UserID": "S-1-5-18" } }
            },
            "EventData": { "Image": "C:\\Windows\\System32\\whoami.exe", "CommandLine": "whoami /all", "ProcessId": 4460 }
          }
        }
        """,
        "windows/sysmon/process_creation", "2026-01-02T03:04:05", Keys,
        @"Image=C:\Windows\System32\whoami.exe", "CommandLine=whoami /all", "Provider_Name=Microsoft-Windows-Sysmon", "Execution_ProcessID=900", "ProcessId=4460", "EventID=1", "!xmlns", "!Event");

    /// <summary>https://github.com/omerbenamram/evtx (README, --separate-json-attributes)</summary>
    [Fact]
    public void Xml_as_json_may_have_its_attributes_beside() => ShapeCase.Check(
        """{"Event":{"System":{"Provider_attributes":{"Name":"Service Control Manager"},"EventID":7045,"EventID_attributes":{"Qualifiers":16384},"TimeCreated_attributes":{"SystemTime":"2026-01-02T03:04:05Z"},"EventRecordID":5,"Channel":"System","Computer":"srv1"},"EventData":{"ServiceName":"svc","ImagePath":"C:\\x.exe"}}}""",
        "windows/system/", "2026-01-02T03:04:05", Keys, "Provider_Name=Service Control Manager", "EventID_Qualifiers=16384", "ImagePath=C:\\x.exe");

    /// <summary>https://learn.microsoft.com/windows/win32/wes/eventschema-eventdatatype-complextype (unnamed data)</summary>
    [Fact]
    public void Xml_as_json_may_have_values_without_names_and_texts_beside_attributes()
    {
        var e = ShapeCase.Check(
            """{"Event":{"System":{"Provider":{"#attributes":{"Name":"PowerShell"}},"EventID":{"#attributes":{"Qualifiers":0},"#text":400},"TimeCreated":{"#attributes":{"SystemTime":"2026-01-02T03:04:05Z"}},"EventRecordID":5,"Channel":"Windows PowerShell","Computer":"srv1"},"EventData":{"Data":{"#text":["Available","None","HostApplication=powershell -enc AAAA"]}}}}""",
            "windows/powershell-classic/ps_classic_start", "2026-01-02T03:04:05", Keys, "EventID=400", "Data=Available", "Data=HostApplication=powershell -enc AAAA");
        Assert.DoesNotContain(e.Fields, f => f.Name.StartsWith('#') || f.Name.Contains(".#", StringComparison.Ordinal));
    }

    /// <summary>https://learn.microsoft.com/windows/win32/wes/eventschema-userdata-eventtype-element</summary>
    [Fact]
    public void What_lies_in_user_data_is_found_by_its_own_name() => ShapeCase.Check(
        """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Eventlog"}},"EventID":104,"TimeCreated":{"#attributes":{"SystemTime":"2026-01-02T03:04:05Z"}},"EventRecordID":9,"Channel":"System","Computer":"srv1"},"UserData":{"LogFileCleared":{"#attributes":{"xmlns":"urn:x"},"SubjectUserName":"awa","Channel":"Application"}}}}""",
        "windows/system/", "2026-01-02T03:04:05", Keys, "SubjectUserName=awa", "Channel=Application", "!xmlns");

    /// <summary>https://docs.python.org-style converters write attributes as @Name: https://learn.microsoft.com/windows/win32/wes/eventschema-datafieldtype-complextype</summary>
    [Fact]
    public void Data_with_its_name_in_an_attribute_is_a_field_of_that_name() => ShapeCase.Check(
        """{"Event":{"@xmlns":"urn:x","System":{"Provider":{"@Name":"Microsoft-Windows-Security-Auditing"},"EventID":"4688","TimeCreated":{"@SystemTime":"2026-01-02T03:04:05Z"},"EventRecordID":"9","Channel":"Security","Computer":"srv1"},"EventData":{"Data":[{"@Name":"NewProcessName","#text":"C:\\a.exe"},{"@Name":"SubjectUserName","#text":"awa"}]}}}""",
        "windows/security/process_creation", "2026-01-02T03:04:05", Keys, @"NewProcessName=C:\a.exe", "SubjectUserName=awa", @"Image=C:\a.exe");

    /// <summary>https://docs.nxlog.co/refman/current/im/msvistalog.html (fields)</summary>
    [Fact]
    public void Flat_events_of_nxlog_get_the_names_of_the_event_log() => ShapeCase.Check(
        """{"EventTime":"2026-01-02 05:04:05","Hostname":"pc7.example.ml","EventID":4688,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","RecordNumber":812,"TimeCreated":"2026-01-02T03:04:05.5Z","NewProcessName":"C:\\Windows\\System32\\net.exe","CommandLine":"net user","SubjectUserName":"awa"}""",
        "windows/security/process_creation", "2026-01-02T03:04:05", Keys, "Computer=pc7.example.ml", "EventRecordID=812", "Provider_Name=Microsoft-Windows-Security-Auditing", @"Image=C:\Windows\System32\net.exe", "Hostname=pc7.example.ml");

    /// <summary>https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog</summary>
    [Theory]
    [InlineData("""{"@timestamp":"2026-01-02T03:04:05.000Z","host":{"name":"pc7"},"ecs":{"version":"8.0.0"},"event":{"code":"1","category":["process"]},"message":"Process Create","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":"1","provider_name":"Microsoft-Windows-Sysmon","computer_name":"pc7","record_id":77,"time_created":"2026-01-02T03:04:05Z","process":{"pid":900,"thread":{"id":901}},"event_data":{"Image":"C:\\a.exe","CommandLine":"a /b"}}}""")]
    [InlineData("""{"@timestamp":"2026-01-02T03:04:05.000Z","message":"Process Create","winlog.channel":"Microsoft-Windows-Sysmon/Operational","winlog.event_id":"1","winlog.provider_name":"Microsoft-Windows-Sysmon","winlog.computer_name":"pc7","winlog.record_id":77,"winlog.time_created":"2026-01-02T03:04:05Z","winlog.event_data.Image":"C:\\a.exe","winlog.event_data.CommandLine":"a /b"}""")]
    [InlineData("""{"_index":"winlogbeat","_source":{"@timestamp":"2026-01-02T03:04:05.000Z","message":"Process Create","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":1,"provider_name":"Microsoft-Windows-Sysmon","computer_name":"pc7","record_id":77,"time_created":"2026-01-02T03:04:05Z","event_data":{"Image":"C:\\a.exe","CommandLine":"a /b"}}}}""")]
    public void Events_of_winlogbeat_lose_their_prefixes(string json) => ShapeCase.Check(
        json, "windows/sysmon/process_creation", "2026-01-02T03:04:05", Keys, @"Image=C:\a.exe", "CommandLine=a /b", "EventID=1", "Computer=pc7", "Message=Process Create", "!winlog");

    /// <summary>https://www.elastic.co/guide/en/beats/winlogbeat/6.8/exported-fields-eventlog.html</summary>
    [Fact]
    public void Events_of_winlogbeat_6_are_read_too() => ShapeCase.Check(
        """{"@timestamp":"2026-01-02T03:04:05.000Z","log_name":"Security","event_id":4720,"source_name":"Microsoft-Windows-Security-Auditing","computer_name":"dc1","record_number":"4","event_data":{"TargetUserName":"new","SubjectUserName":"awa"}}""",
        "windows/security/", "2026-01-02T03:04:05", Keys, "EventID=4720", "TargetUserName=new");

    /// <summary>https://documentation.wazuh.com/current/user-manual/capabilities/log-data-collection/configuration.html (Windows event channel)</summary>
    [Fact]
    public void Events_of_wazuh_get_capital_letters_again() => ShapeCase.Check(
        """{"timestamp":"2026-01-02T03:04:06.000+0000","rule":{"level":3,"id":"61603"},"agent":{"name":"pc7"},"data":{"win":{"system":{"providerName":"Microsoft-Windows-Sysmon","eventID":"1","systemTime":"2026-01-02T03:04:05.1Z","eventRecordID":"77","channel":"Microsoft-Windows-Sysmon/Operational","computer":"pc7"},"eventdata":{"image":"C:\\\\a.exe","commandLine":"a /b","parentImage":"C:\\\\p.exe"}}}}""",
        "windows/sysmon/process_creation", "2026-01-02T03:04:05", Keys, "CommandLine=a /b", "EventID=1", "Provider_Name=Microsoft-Windows-Sysmon", "EventRecordID=77");

    /// <summary>https://learn.microsoft.com/dotnet/api/system.diagnostics.eventing.reader.eventlogrecord (properties)</summary>
    [Fact]
    public void An_export_of_powershell_names_sysmons_values_by_its_message() => ShapeCase.Check(
        """{"Id":1,"Version":5,"Level":4,"RecordId":77,"ProviderName":"Microsoft-Windows-Sysmon","LogName":"Microsoft-Windows-Sysmon/Operational","ProcessId":900,"MachineName":"pc7","TimeCreated":"\/Date(1767323045678)\/","Message":"Process Create:\r\nRuleName: -\r\nProcessId: 4460\r\nImage: C:\\a.exe\r\nCommandLine: a: b /c","Properties":[{"Value":"-"}]}""",
        "windows/sysmon/process_creation", "2026-01-02T03:04:05", Keys, @"Image=C:\a.exe", "CommandLine=a: b /c", "ProcessId=4460", "EventID=1", "Execution_ProcessID=900");

    /// <summary>https://github.com/microsoft/SysmonForLinux (events in the syslog, the same schema)</summary>
    [Fact]
    public void Sysmon_for_linux_is_linux() => ShapeCase.Check(
        """{"Event":{"System":{"Provider":{"@Name":"Linux-Sysmon"},"EventID":1,"TimeCreated":{"@SystemTime":"2026-01-02T03:04:05Z"},"EventRecordID":3,"Channel":"Linux-Sysmon/Operational","Computer":"web1"},"EventData":{"Image":"/usr/bin/curl","CommandLine":"curl http://example.org"}}}""",
        "linux/sysmon/process_creation", "2026-01-02T03:04:05", Keys, "Image=/usr/bin/curl");
}
