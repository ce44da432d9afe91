using Vigie.Engine.Events;
using Vigie.Engine.Formats;

namespace Vigie.Tests.Formats.Json.Shapes;

public sealed class NetworkShapesTests
{
    private const string Flow = "\"flow_id\":1,\"src_ip\":\"192.0.2.7\",\"src_port\":5555,\"dest_ip\":\"192.0.2.1\",\"dest_port\":80,\"proto\":\"TCP\"";

    /// <summary>https://docs.suricata.io/en/latest/output/eve/eve-json-format.html</summary>
    [Theory]
    [InlineData("flow", "suricata/flow/firewall")]
    [InlineData("alert", "suricata/alert/")]
    [InlineData("tls", "suricata/tls/")]
    [InlineData("ssh", "suricata/ssh/")]
    [InlineData("smb", "suricata/smb/")]
    [InlineData("fileinfo", "suricata/fileinfo/")]
    [InlineData("something-new", "suricata//")]
    public void Suricata(string type, string source) => ShapeCase.Check(
        $$"""{"timestamp":"2026-01-02T03:04:05.678901+0000",{{Flow}},"event_type":"{{type}}","alert":{"action":"allowed","signature":"ET x"} }""",
        source, "2026-01-02T03:04:05", "", "dst_ip=192.0.2.1", "dst_port=80", "src_ip=192.0.2.7", "destination.port=80");

    /// <summary>https://docs.suricata.io/en/latest/output/eve/eve-json-format.html#event-type-http</summary>
    [Theory]
    [InlineData("suricata/http/proxy")]
    [InlineData("suricata/http/webserver")]
    public void Suricatas_requests_serve_rules_for_proxies_and_servers(string source) => ShapeCase.Check(
        $$$"""{"timestamp":"2026-01-02T03:04:05.678901+0000",{{{Flow}}},"event_type":"http","http":{"hostname":"www.example.org","url":"/a/b.php?c=d","http_user_agent":"curl/8","http_method":"POST","status":200,"http_refer":"http://x.example/"} }""",
        source, "2026-01-02T03:04:05", "", "c-uri=/a/b.php?c=d", "c-uri=http://www.example.org/a/b.php?c=d", "cs-uri-query=c=d", "cs-uri-stem=/a/b.php", "cs-method=POST", "sc-status=200", "c-useragent=curl/8", "cs-host=www.example.org", "c-uri-extension=php");

    /// <summary>https://docs.suricata.io/en/latest/output/eve/eve-json-format.html#event-type-dns</summary>
    [Theory]
    [InlineData("""{"type":"query","rrname":"x.example.org","rrtype":"TXT"}""")]
    [InlineData("""{"version":3,"type":"request","queries":[{"rrname":"x.example.org","rrtype":"TXT"}]}""")]
    public void Suricatas_dns(string dns) => ShapeCase.Check(
        "{\"timestamp\":\"2026-01-02T03:04:05.678901+0000\"," + Flow + ",\"event_type\":\"dns\",\"dns\":" + dns + "}",
        "suricata/dns/dns", "2026-01-02T03:04:05", "", "query=x.example.org", "record_type=TXT");

    /// <summary>https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs</summary>
    [Theory]
    [InlineData("\"_path\":\"dns\",", "")]
    [InlineData("", "dns.log")]
    [InlineData("", "anything.json")]
    public void Zeek_dns(string path, string file)
    {
        var json = "{" + path + "\"ts\":1767323045.678901,\"uid\":\"C1\",\"id.orig_h\":\"192.0.2.7\",\"id.orig_p\":5555,\"id.resp_h\":\"192.0.2.1\",\"id.resp_p\":53,\"proto\":\"udp\",\"trans_id\":7,\"query\":\"x.example.org\",\"qtype_name\":\"TXT\",\"answers\":[\"a\",\"b\"]}";
        var e = JsonFeed.One(json, new FieldCatalog(["answer", "record_type", "dst_ip", "query"]), new LogReaderOptions { FileName = file });
        Assert.True(e.Class.Covers(ShapeCase.Parse("zeek/dns/dns")));
        Assert.Equal(2026, e.Time!.Value.Year);
        Assert.Contains("TXT", e.Named("record_type").Select(f => f.Value));
        Assert.Contains("b", e.Named("answer").Select(f => f.Value));
        Assert.Contains("192.0.2.1", e.Named("dst_ip").Select(f => f.Value));
    }

    /// <summary>https://docs.zeek.org/en/master/logs/http.html</summary>
    [Fact]
    public void Zeek_http() => ShapeCase.Check(
        """{"_path":"http","ts":"2026-01-02T03:04:05.678901Z","uid":"C1","id.orig_h":"192.0.2.7","id.orig_p":5555,"id.resp_h":"192.0.2.1","id.resp_p":80,"trans_depth":1,"method":"GET","host":"www.example.org","uri":"/a?b=c","user_agent":"curl/8","status_code":200}""",
        "zeek/http/proxy", "2026-01-02T03:04:05", "", "c-uri=/a?b=c", "cs-uri-stem=/a", "cs-host=www.example.org", "c-useragent=curl/8", "sc-status=200");

    /// <summary>https://docs.zeek.org/en/master/script-reference/log-files.html</summary>
    [Theory]
    [InlineData("conn", "\"conn_state\":\"SF\",\"service\":\"ssl\"")]
    [InlineData("smb_files", "\"action\":\"SMB::FILE_OPEN\",\"name\":\"x\",\"path\":\"\\\\\\\\srv\\\\ADMIN$\"")]
    [InlineData("dce_rpc", "\"endpoint\":\"svcctl\",\"operation\":\"CreateServiceA\"")]
    [InlineData("kerberos", "\"request_type\":\"TGS\",\"cipher\":\"rc4-hmac\"")]
    [InlineData("rdp", "\"cookie\":\"awa\"")]
    [InlineData("x509", "\"certificate.serial\":\"0A\"")]
    public void Zeek_logs_are_told_by_their_fields(string log, string fields) => ShapeCase.Check(
        "{\"ts\":1767323045.6,\"uid\":\"C1\",\"id.orig_h\":\"192.0.2.7\",\"id.resp_h\":\"192.0.2.1\"," + fields + "}", $"zeek/{log}/", "2026-01-02T03:04:05", "", "src_ip=192.0.2.7");

    /// <summary>https://nginx.org/en/docs/http/ngx_http_log_module.html; https://nginx.org/en/docs/varindex.html</summary>
    [Theory]
    [InlineData("""{"time_iso8601":"2026-01-02T03:04:05+00:00","remote_addr":"192.0.2.7","request":"GET /a/x.php?q=1 HTTP/1.1","status":"404","body_bytes_sent":"7","http_referer":"-","http_user_agent":"curl/8","http_host":"www.example.org"}""")]
    [InlineData("""{"time_iso8601":"2026-01-02T03:04:05+00:00","remote_addr":"192.0.2.7","request_method":"GET","request_uri":"/a/x.php?q=1","status":404,"http_user_agent":"curl/8","http_host":"www.example.org"}""")]
    public void Requests_to_nginx(string json) => ShapeCase.Check(
        json, "//webserver", "2026-01-02T03:04:05", "", "cs-method=GET", "cs-uri-query=q=1", "cs-uri-query=/a/x.php?q=1", "cs-uri-stem=/a/x.php", "sc-status=404", "cs-user-agent=curl/8", "c-ip=192.0.2.7");

    /// <summary>https://caddyserver.com/docs/caddyfile/directives/log</summary>
    [Fact]
    public void Requests_to_caddy() => ShapeCase.Check(
        """{"level":"info","ts":1767323045.678,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.7","method":"GET","host":"www.example.org","uri":"/a?q=1","headers":{"User-Agent":["curl/8"]}},"status":200,"size":7}""",
        "//webserver", "2026-01-02T03:04:05", "", "cs-uri-query=q=1", "cs-user-agent=curl/8", "sc-status=200", "cs-host=www.example.org");

    /// <summary>https://doc.traefik.io/traefik/observability/access-logs/</summary>
    [Fact]
    public void Requests_to_traefik() => ShapeCase.Check(
        """{"ClientHost":"192.0.2.7","DownstreamStatus":200,"RequestHost":"www.example.org","RequestMethod":"GET","RequestPath":"/a?q=1","StartUTC":"2026-01-02T03:04:05.678Z","request_User-Agent":"curl/8"}""",
        "//webserver", "2026-01-02T03:04:05", "", "cs-uri-query=q=1", "cs-method=GET", "cs-user-agent=curl/8");

    /// <summary>https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html</summary>
    [Fact]
    public void Requests_to_aws_waf() => ShapeCase.Check(
        """{"timestamp":1767323045678,"formatVersion":1,"webaclId":"arn:x","action":"ALLOW","httpRequest":{"clientIp":"192.0.2.7","country":"ML","uri":"/a.php","args":"q=1","httpMethod":"GET","host":"www.example.org"}}""",
        "//webserver", "2026-01-02T03:04:05", "", "cs-uri-stem=/a.php", "cs-method=GET", "c-ip=192.0.2.7");
}
