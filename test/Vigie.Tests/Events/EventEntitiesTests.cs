using Vigie.Engine.Events;

namespace Vigie.Tests.Events;

public sealed class EventEntitiesTests
{
    [Theory]
    [InlineData("Computer", "DC01.Example.ML.", "host:dc01.example.ml")]
    [InlineData("Computer", "10.0.0.7", "ip:10.0.0.7")]
    [InlineData("Computer", "-", "")]
    [InlineData("User", @"MINFIN\Awa", @"user:minfin\awa")]
    [InlineData("User", @"NT AUTHORITY\SYSTEM", "")]
    [InlineData("User", @"AUTORITE NT\Système", "")]
    [InlineData("User", "SRV1$", "host:srv1")]
    [InlineData("TargetUserName", "SRV1$@EXAMPLE.ML", "host:srv1")]
    [InlineData("ServiceName", "SRV1$", "host:srv1")]
    [InlineData("ServiceName", "krbtgt", "")]
    [InlineData("AccountName", "LocalSystem", "")]
    [InlineData("user.username", "system:kube-scheduler", "")]
    [InlineData("UserId", "Not Available", "")]
    [InlineData("protoPayload.authenticationInfo.principalEmail", "ops@example.ml", "mailbox:ops@example.ml user:ops@example.ml")]
    [InlineData("ClientIP", "192.0.2.7:50123", "ip:192.0.2.7")]
    [InlineData("ClientIP", "[2001:db8::7]:50123", "ip:2001:db8::7")]
    [InlineData("dest_ip", "192.0.2.8", "ip:192.0.2.8")]
    [InlineData("QueryResults", "type:  5 a.example.org;::ffff:192.0.2.9;", "ip:192.0.2.9")]
    [InlineData("process.entity_id", "NWVhNTg2Nzgt-OTcwOC00YTI", "process:NWVhNTg2Nzgt-OTcwOC00YTI")]
    [InlineData("ProcessGuid", "{00000000-0000-0000-0000-000000000000}", "")]
    [InlineData("userIdentity.accessKeyId", "ASIAEXAMPLE", "resource:ASIAEXAMPLE")]
    [InlineData("host", "collector.example.org", "")]
    [InlineData("User", "awa@example.ml", "mailbox:awa@example.ml user:awa@example.ml")]
    [InlineData("DestinationIp", "::ffff:192.0.2.1", "ip:192.0.2.1")]
    [InlineData("DestinationIp", "2001:DB8:0:0::1", "ip:2001:db8::1")]
    [InlineData("DestinationIp", "fe80::1%eth0", "ip:fe80::1")]
    [InlineData("DestinationIp", "127.0.0.1", "")]
    [InlineData("DestinationIp", "::1", "")]
    [InlineData("DestinationIp", "0.0.0.0", "")]
    [InlineData("DestinationIp", "443", "")]
    [InlineData("QueryName", "Update.Example.Org.", "domain:update.example.org")]
    [InlineData("QueryName", "wpad", "")]
    [InlineData("cs-host", "example.org:8080", "domain:example.org")]
    [InlineData("c-uri", "http://Example.org/a?b", "url:http://example.org/a?b domain:example.org")]
    [InlineData("c-uri", "/a?b", "")]
    [InlineData("Hashes", "MD5=FAB4B30C1C4F0A9202A7B42DCF1729DC,IMPHASH=00000000000000000000000000000000", "file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc")]
    [InlineData("imphash", "C324AAAC01F0F75C811E1F80C41B860C", "file-hash:imphash:c324aaac01f0f75c811e1f80c41b860c")]
    [InlineData("ProcessGuid", "0197231E-005A-6928-A50B-000000000D00", "process:{0197231e-005a-6928-a50b-000000000d00}")]
    [InlineData("CommandLine", "ping 192.0.2.1", "")]
    public void A_field_gives_its_entity(string field, string value, string expected) => Assert.Equal(expected, Entities((field, value)));

    [Fact]
    public void The_domain_of_an_account_is_taken_from_the_field_beside_it() =>
        Assert.Equal(@"user:corp\fatou user:other\admin", Entities(("SubjectUserName", "Fatou"), ("SubjectDomainName", "CORP"), ("TargetUserName", "admin"), ("TargetDomainName", "OTHER")));

    [Fact]
    public void The_host_on_which_it_happened_comes_first() =>
        Assert.Equal("host:pc7.corp.example ip:192.0.2.3 host:srv2", Entities(("DestinationIp", "192.0.2.3"), ("DestinationHostname", "SRV2"), ("Computer", "pc7.corp.example")));

    [Fact]
    public void A_host_in_full_and_by_its_first_label_is_one() =>
        Assert.Equal("host:pc7.corp.example host:pc70", Entities(("Computer", "PC7"), ("SubjectUserName", "PC70$"), ("SourceHostname", "pc7.corp.example"), ("Workstation", "pc7")));

    [Fact]
    public void A_session_belongs_to_its_host() =>
        Assert.Equal("host:pc7.corp.example logon:0x3719fb@pc7", Entities(("Computer", "PC7.corp.example"), ("LogonId", "0x3719FB"), ("SubjectLogonId", "0x3e7"), ("TargetLogonId", "-")));

    [Fact]
    public void A_session_without_a_host_is_none() => Assert.Equal("", Entities(("LogonId", "0x3719FB")));

    [Theory]
    [InlineData(@"C:\Windows\System32\cmd.exe", "Microsoft Corporation", "")]
    [InlineData(@"C:\Windows\System32\cmd.exe", "-", "file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc")]
    [InlineData(@"C:\Windows\Temp\cmd.exe", "Microsoft Corporation", "file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc")]
    [InlineData(@"C:\Windows\System32\spool\drivers\color\cmd.exe", "Microsoft Corporation", "file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc")]
    [InlineData(@"C:\Users\awa\cmd.exe", "Microsoft Corporation", "file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc")]
    [InlineData(@"C:\Windows\System32\cmd.exe", null, "file-hash:md5:fab4b30c1c4f0a9202a7b42dcf1729dc")]
    public void The_hash_of_what_came_with_the_system_is_none(string image, string? company, string expected) =>
        Assert.Equal(expected, company is null
            ? Entities(("Image", image), ("Hashes", "MD5=FAB4B30C1C4F0A9202A7B42DCF1729DC"))
            : Entities(("Image", image), ("Company", company), ("Hashes", "MD5=FAB4B30C1C4F0A9202A7B42DCF1729DC")));

    [Theory]
    [InlineData("zeek", "dns", "ip:192.0.2.4")]
    [InlineData("linux", "mail", "ip:192.0.2.4")]
    [InlineData("linux", "webserver", "host:box1 ip:192.0.2.4")]
    [InlineData("windows", "dns", "host:box1 ip:192.0.2.4")]
    public void A_box_in_the_middle_is_not_what_an_event_is_about(string product, string category, string expected) =>
        Assert.Equal(expected, Entities(EventClass.Of([product], [], [category]), ("hostname", "box1"), ("src_ip", "192.0.2.4")));

    [Fact]
    public void A_sensor_tells_the_host_of_a_request() =>
        Assert.Equal("domain:www.example.org", Entities(EventClass.Of(["zeek"], ["http"], ["proxy", "webserver"]), ("host", "www.example.org")));

    [Fact]
    public void A_kubernetes_object_is_named_with_its_kind() =>
        Assert.Equal("resource:pods/default", Entities(("objectRef.name", "default"), ("objectRef.resource", "pods"), ("objectRef.namespace", "kube-system")));

    [Fact]
    public void An_entity_is_named_once() => Assert.Equal("ip:192.0.2.9", Entities(("SourceIp", "192.0.2.9"), ("IpAddress", "192.0.2.9")));

    [Fact]
    public void There_are_at_most_so_many() =>
        Assert.Equal(EventEntities.Most, EventEntities.Of(Captured([.. Enumerable.Range(0, 300).Select(i => ("SourceIp", $"198.51.{i / 200}.{(i % 200) + 1}"))])).Length);

    [Fact]
    public void Whatever_the_values_are_it_does_not_throw()
    {
        var random = new Random(7);
        string[] fields = ["Computer", "User", "SourceIp", "QueryName", "c-uri", "Hashes", "ProcessGuid", "mailbox", "resourceId", "cs-host", "md5", "QueryResults", "LogonId", "ServiceName", "ClientIP", "objectRef.name"];
        const string Alphabet = "a.\\@:/[]-,=%{}0F é\u0000\ud800 http://";
        for (var round = 0; round < 5000; round++)
        {
            var value = new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            Assert.True(EventEntities.Of(Captured((fields[random.Next(fields.Length)], value))).Length <= 32);
        }
    }

    private static string Entities(params (string Name, string Value)[] fields) => Entities(EventClass.Unknown, fields);

    private static string Entities(EventClass kind, params (string Name, string Value)[] fields) =>
        string.Join(' ', EventEntities.Of(Captured(fields) with { Class = kind }).Select(e => $"{e.Kind}:{e.Value}"));

    private static CapturedEvent Captured(params (string Name, string Value)[] fields) =>
        new(null, EventClass.Unknown, [.. fields.Select(f => new CapturedField(f.Name, FieldKind.String, f.Value))]);
}
