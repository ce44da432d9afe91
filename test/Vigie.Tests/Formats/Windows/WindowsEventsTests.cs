using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Tests.Formats.Windows;

public sealed class WindowsEventsTests
{
    [Theory]
    [InlineData("Security", 4688, "security", "process_creation")]
    [InlineData("security", 4688, "security", "process_creation")]
    [InlineData("Security", 4624, "security", "")]
    [InlineData("Security", 5156, "security", "")]
    [InlineData("System", 7045, "system", "")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 1, "sysmon", "process_creation")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 13, "sysmon", "registry_event,registry_set")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 14, "sysmon", "registry_event,registry_rename")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 22, "sysmon", "dns_query")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 255, "sysmon", "sysmon_error")]
    [InlineData("Microsoft-Windows-Sysmon/Operational", 4711, "sysmon", "")]
    [InlineData("Microsoft-Windows-DNS-Client/Operational", 3008, "dns-client", "dns_query")]
    [InlineData("Microsoft-Windows-PowerShell/Operational", 4104, "powershell", "ps_script")]
    [InlineData("PowerShellCore/Operational", 4103, "powershell", "ps_module")]
    [InlineData("Windows PowerShell", 800, "powershell-classic", "ps_classic_script")]
    [InlineData("Microsoft-Windows-Windows Defender/Operational", 1116, "windefend", "antivirus")]
    [InlineData("Microsoft-Windows-Windows Defender/Operational", 5001, "windefend", "")]
    [InlineData("Microsoft-ServiceBus-Client/Admin", 40300, "servicebus-client,microsoft-servicebus-client", "")]
    [InlineData("Microsoft-Windows-AppLocker/EXE and DLL", 8004, "applocker", "")]
    [InlineData("Contoso-Something/Operational", 1, "", "")]
    public void Channel_and_number_tell_the_class(string channel, int id, string services, string categories)
    {
        var record = Classified([], ("Channel", channel), ("EventID", $"{id}"));
        Assert.Equal("windows", Assert.Single(record.Class.Products));
        Assert.Equal(services, string.Join(',', record.Class.Services));
        Assert.Equal(categories, string.Join(',', record.Class.Categories));
        Assert.Equal(["Computer", "Channel", "EventRecordID", "TimeCreated"], record.Class.KeyFields);
    }

    [Theory]
    [InlineData("CreateKey", "registry_event,registry_add")]
    [InlineData("DeleteKey", "registry_event,registry_delete")]
    [InlineData("DeleteValue", "registry_event,registry_delete")]
    [InlineData("INFO", "registry_event,registry_add,registry_delete")]
    public void Sysmon_12_is_told_apart_by_its_type(string type, string categories)
    {
        var record = Classified([], ("Channel", "Microsoft-Windows-Sysmon/Operational"), ("EventID", "12"), ("EventType", type));
        Assert.Equal(categories, string.Join(',', record.Class.Categories));
    }

    [Fact]
    public void The_type_of_Sysmon_12_is_found_where_a_forwarder_moved_it()
    {
        var record = Classified([], ("Channel", "Microsoft-Windows-Sysmon/Operational"), ("EventID", "12"), ("EventType", "INFO"), ("EventTypeOrignal", "DeleteKey"));
        Assert.Equal(["registry_event", "registry_delete"], record.Class.Categories);
        Assert.Equal("INFO|DeleteKey", Value(record, "EventType"));
    }

    [Fact]
    public void The_provider_tells_the_class_where_the_channel_does_not()
    {
        Assert.Contains("process_creation", Classified([], ("Provider_Name", "Microsoft-Windows-Sysmon"), ("EventID", "1")).Class.Categories);
        Assert.Contains("security", Classified([], ("Channel", "ForwardedEvents"), ("Provider_Name", "Microsoft-Windows-Security-Auditing"), ("EventID", "4624")).Class.Services);
    }

    [Fact]
    public void Sysmon_for_Linux_is_of_the_product_linux()
    {
        var found = Classified([], ("Channel", "Linux-Sysmon/Operational"), ("Provider_Name", "Linux-Sysmon"), ("EventID", "1")).Class;
        Assert.Equal(["linux"], found.Products);
        Assert.Equal(["process_creation"], found.Categories);
    }

    [Fact]
    public void A_record_that_is_no_Windows_event_keeps_its_class() =>
        Assert.Same(EventClass.Unknown, Classified([], ("message", "hello")).Class);

    [Fact]
    public void A_process_of_the_security_log_gets_the_names_of_Sysmon()
    {
        var e = Classified(
            ["Image", "ParentImage", "User", "ProcessId", "ParentProcessId", "IntegrityLevel", "LogonId", "CommandLine"],
            ("Channel", "Security"), ("EventID", "4688"), ("SubjectUserSid", "S-1-5-21-1-2-3-1104"), ("SubjectUserName", "awa"), ("SubjectDomainName", "MINFIN"),
            ("SubjectLogonId", "0x3e7"), ("NewProcessId", "0x7d8"), ("NewProcessName", @"C:\Windows\System32\cmd.exe"), ("ProcessId", "0x2b8"), ("CommandLine", "cmd /c dir"),
            ("TargetUserSid", "S-1-0-0"), ("TargetUserName", "-"), ("TargetDomainName", "-"), ("ParentProcessName", @"C:\Windows\explorer.exe"), ("MandatoryLabel", "S-1-16-12288"));
        Assert.Equal(@"C:\Windows\System32\cmd.exe", Value(e, "Image"));
        Assert.Equal(@"C:\Windows\explorer.exe", Value(e, "ParentImage"));
        Assert.Equal(@"MINFIN\awa", Value(e, "User"));
        Assert.Equal("0x2b8|2008", Value(e, "ProcessId"));
        Assert.Equal("696", Value(e, "ParentProcessId"));
        Assert.Equal("High", Value(e, "IntegrityLevel"));
        Assert.Equal("0x3e7", Value(e, "LogonId"));
        Assert.Equal("cmd /c dir", Value(e, "CommandLine"));
        Assert.Equal(@"C:\Windows\System32\cmd.exe", Value(e, "NewProcessName"));
    }

    [Theory]
    [InlineData("S-1-5-18", "SRV1$", "-", "S-1-0-0", @"NT AUTHORITY\SYSTEM")]
    [InlineData("S-1-5-18", "SRV1$", "moussa", "S-1-5-21-1-2-3-1200", @"DOM\moussa")]
    [InlineData("S-1-5-21-9", "moussa", "SRV1$", "S-1-5-20", @"NT AUTHORITY\NETWORK SERVICE")]
    public void The_user_of_a_process_is_the_one_it_runs_as(string subjectSid, string subject, string target, string targetSid, string expected)
    {
        var e = Classified(["User"], ("Channel", "Security"), ("EventID", "4688"), ("SubjectUserSid", subjectSid), ("SubjectUserName", subject),
            ("SubjectDomainName", "DOM"), ("TargetUserName", target), ("TargetDomainName", "DOM"), ("TargetUserSid", targetSid));
        Assert.Equal(expected, Value(e, "User"));
    }

    [Theory]
    [InlineData(@"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Control\Lsa", "RunAsPPL", "%%1876", "1", "%%1905", @"HKLM\System\CurrentControlSet\Control\Lsa\RunAsPPL", "DWORD (0x00000001)", "SetValue", "registry_set")]
    [InlineData(@"\REGISTRY\MACHINE\SYSTEM\ControlSetup", "X", "%%1876", "0x10", "%%1904", @"HKLM\SYSTEM\ControlSetup\X", "DWORD (0x00000010)", "SetValue", "registry_set")]
    [InlineData(@"\REGISTRY\USER\S-1-5-21-7\Software\Run", "go", "%%1873", @"C:\x.exe", "%%1904", @"HKU\S-1-5-21-7\Software\Run\go", @"C:\x.exe", "SetValue", "registry_set")]
    [InlineData(@"\REGISTRY\MACHINE\SOFTWARE\A", "q", "%%1883", "0x100000002", "%%1904", @"HKLM\SOFTWARE\A\q", "QWORD (0x00000001-0x00000002)", "SetValue", "registry_set")]
    [InlineData(@"\REGISTRY\MACHINE\SOFTWARE\A", "b", "%%1875", "AF", "%%1904", @"HKLM\SOFTWARE\A\b", "Binary Data", "SetValue", "registry_set")]
    [InlineData(@"\REGISTRY\MACHINE\SOFTWARE\A", "-", "-", "-", "%%1906", @"HKLM\SOFTWARE\A", "-", "DeleteValue", "registry_delete")]
    public void A_registry_value_of_the_security_log_is_written_as_Sysmon_writes_it(
        string key, string value, string type, string data, string operation, string target, string details, string eventType, string category)
    {
        var e = Classified(["TargetObject", "Details", "EventType", "Image"], ("Channel", "Security"), ("EventID", "4657"), ("ObjectName", key), ("ObjectValueName", value),
            ("OperationType", operation), ("NewValueType", type), ("NewValue", data), ("ProcessName", @"C:\Windows\regedit.exe"));
        Assert.Equal(target, Value(e, "TargetObject"));
        Assert.Equal(details, Value(e, "Details"));
        Assert.Equal(eventType, Value(e, "EventType"));
        Assert.Equal(@"C:\Windows\regedit.exe", Value(e, "Image"));
        Assert.Equal(["registry_event", category], e.Class.Categories);
    }

    [Fact]
    public void A_filtered_connection_gets_the_names_of_Sysmon()
    {
        var e = Classified(["Image", "SourceIp", "DestinationIp", "DestinationPort", "Initiated", "DestinationIsIpv6"], ("Channel", "Security"), ("EventID", "5156"),
            ("Application", @"\device\harddiskvolume4\windows\system32\dns.exe"), ("Direction", "%%14593"), ("SourceAddress", "10.1.2.3"), ("SourcePort", "49246"),
            ("DestAddress", "fe80::1"), ("DestPort", "53"), ("Protocol", "17"));
        Assert.Equal(@"C:\windows\system32\dns.exe", Value(e, "Image"));
        Assert.Equal("10.1.2.3", Value(e, "SourceIp"));
        Assert.Equal("fe80::1", Value(e, "DestinationIp"));
        Assert.Equal("53", Value(e, "DestinationPort"));
        Assert.Equal("true", Value(e, "Initiated"));
        Assert.Equal("true", Value(e, "DestinationIsIpv6"));
        Assert.Equal("17|udp", Value(e, "Protocol"));
    }

    [Theory]
    [InlineData(@"\device\harddiskvolume9\tools\a.exe")]
    [InlineData("System")]
    public void A_path_on_an_unknown_volume_stays_as_it_is(string path) =>
        Assert.Equal(path, Value(Classified(["Image"], ("Channel", "Security"), ("EventID", "5156"), ("Application", path)), "Image"));

    [Fact]
    public void Hashes_are_also_there_one_by_one()
    {
        var e = Classified(["md5", "sha256", "Imphash", "sha1"], ("Channel", "Microsoft-Windows-Sysmon/Operational"), ("EventID", "7"), ("Hashes", "MD5=AA11,SHA256=BB22,IMPHASH=CC33"));
        Assert.Equal("AA11", Value(e, "md5"));
        Assert.Equal("BB22", Value(e, "sha256"));
        Assert.Equal("CC33", Value(e, "Imphash"));
        Assert.Equal("", Value(e, "sha1"));
        Assert.Equal("MD5=AA11,SHA256=BB22,IMPHASH=CC33", Value(e, "Hashes"));
    }

    [Fact]
    public void The_lines_of_a_classic_PowerShell_event_are_fields()
    {
        var e = Classified(["HostApplication", "EngineVersion", "HostName", "ScriptName"], ("Channel", "Windows PowerShell"), ("EventID", "400"), ("Data", "Available"),
            ("Data", "\tNewEngineState=Available\r\n\r\n\tHostName=ConsoleHost\r\n\tHostApplication=powershell.exe -HostName=x\r\n\tEngineVersion=2.0\r\n\tScriptName=\r\n"));
        Assert.Equal("powershell.exe -HostName=x", Value(e, "HostApplication"));
        Assert.Equal("2.0", Value(e, "EngineVersion"));
        Assert.Equal("ConsoleHost", Value(e, "HostName"));
        Assert.Equal(["Available"], Values(e, "Data").Take(1));
    }

    [Fact]
    public void A_classic_PowerShell_event_whose_values_were_dropped_is_read_from_its_message()
    {
        var e = Classified(["HostApplication"], ("Channel", "Windows PowerShell"), ("EventID", "400"), ("Message", "Engine state is changed.\n\tHostApplication=powershell -nop\n"));
        Assert.Equal("powershell -nop", Value(e, "HostApplication"));
        Assert.StartsWith("Engine state", Value(e, "Data"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_context_of_a_module_event_is_fields()
    {
        var e = Classified(["HostApplication", "HostId", "CommandName"], ("Channel", "Microsoft-Windows-PowerShell/Operational"), ("EventID", "4103"),
            ("ContextInfo", "        Severity = Informational\r\n        Host Application = powershell.exe -enc AAA=\r\n        Host ID = f401\r\n        Command Name = Get-Date\r\n"));
        Assert.Equal("powershell.exe -enc AAA=", Value(e, "HostApplication"));
        Assert.Equal("f401", Value(e, "HostId"));
        Assert.Equal("Get-Date", Value(e, "CommandName"));
    }

    [Fact]
    public void A_threat_Defender_found_is_an_antivirus_event()
    {
        var e = Classified(["Signature", "Filename", "ThreatName"], ("Channel", "Microsoft-Windows-Windows Defender/Operational"), ("EventID", "1116"), ("Threat Name", "Trojan:Win32/X"), ("Path", @"file:_C:\x.exe"));
        Assert.Equal("Trojan:Win32/X", Value(e, "Signature"));
        Assert.Equal("Trojan:Win32/X", Value(e, "ThreatName"));
        Assert.Equal(@"file:_C:\x.exe", Value(e, "Filename"));
    }

    [Fact]
    public void Classifying_allocates_nothing_once_the_catalog_is_known()
    {
        var record = new EventRecord(new FieldCatalog([.. EventFields.Always, "Image", "User", "TargetObject", "Details", "ProcessId"]));
        (string, string)[] fields = [("Channel", "Security"), ("EventID", "4657"), ("ObjectName", @"\REGISTRY\MACHINE\A"), ("ObjectValueName", "b"), ("NewValue", "1"), ("NewValueType", "%%1876"), ("SubjectUserName", "a"), ("SubjectDomainName", "d")];
        var bytes = fields.SelectMany(f => Encoding.UTF8.GetBytes(f.Item2)).ToArray();
        for (var i = 0; i < 50; i++) Fill(record, bytes, fields);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Fill(record, bytes, fields);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Fill(EventRecord record, byte[] bytes, (string Name, string Value)[] fields)
        {
            record.Begin(bytes, 0, bytes.Length);
            var at = 0;
            foreach (var (name, value) in fields)
            {
                record.Add(record.Intern(name), 0, record.Catalog.SlotOf(name), FieldKind.String, at, value.Length);
                at += value.Length;
            }

            WindowsEvents.Classify(record);
        }
    }

    [Fact]
    public void Whatever_the_values_are_classifying_does_not_throw()
    {
        var random = new Random(20260101);
        string[] names = [.. EventFields.Always];
        string[] channels = ["Security", "Microsoft-Windows-Sysmon/Operational", "Windows PowerShell", "Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-Windows Defender/Operational"];
        string[] pieces = ["", "-", "0x", "0xFFFFFFFFFFFFFFFFFF", "%%1876", "%%1883", "S-1-5-18", "\\REGISTRY\\MACHINE", "=", ",", "MD5=", "\n", "Host Application", "HostApplication", " ", "é", "\\device\\harddiskvolume1\\windows\\", "18446744073709551615"];
        for (var round = 0; round < 3000; round++)
        {
            var fields = new List<(string, string)> { ("Channel", channels[random.Next(channels.Length)]), ("EventID", $"{random.Next(4) switch { 0 => 4688, 1 => 4657, 2 => 5156, _ => random.Next(5000) }}") };
            for (var i = 0; i < 30; i++) fields.Add((names[random.Next(names.Length)], string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => pieces[random.Next(pieces.Length)]))));
            var e = Classified(["Image", "User", "TargetObject", "Details", "md5", "HostApplication", "Signature", "ProcessId", "IntegrityLevel"], [.. fields]);
            _ = e.Capture();
        }
    }

    private static EventRecord Classified(string[] wanted, params (string Name, string Value)[] fields)
    {
        var record = new EventRecord(new FieldCatalog([.. EventFields.Always, .. wanted]));
        record.Begin([], 0);
        foreach (var (name, value) in fields) record.AddDerived(name, FieldKind.String, Encoding.UTF8.GetBytes(value));
        WindowsEvents.Classify(record);
        return record;
    }

    private static IEnumerable<string> Values(EventRecord record, string name)
    {
        for (var field = record.First(record.Catalog.SlotOf(name)); field >= 0; field = record.Next(field)) yield return record.Text(field);
    }

    private static string Value(EventRecord record, string name) => string.Join('|', Values(record, name));
}
