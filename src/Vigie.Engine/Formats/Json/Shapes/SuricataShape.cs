using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Suricata's EVE log: alerts, flows and what it saw of protocols, told apart by <c>event_type</c>. What a sensor sees of
/// requests serves rules for proxies and for web servers.
/// Source: Suricata user guide, "Eve JSON Format".
/// </summary>
internal sealed class SuricataShape : JsonShape
{
    private const int EventType = 1;
    private const int Url = 2;
    private const int Host = 3;

    private static readonly EventClass Other = Of([]);

    private static readonly ByteKeys<EventClass> Classes = new(
    [
        new("alert", Of(["alert"])), new("dns", Of(["dns"], "dns", "network")), new("http", Of(["http"], "proxy", "webserver")), new("http2", Of(["http"], "proxy", "webserver")),
        new("flow", Of(["flow", "netflow"], "firewall", "network")), new("netflow", Of(["netflow"], "firewall", "network")), new("drop", Of(["drop"], "firewall")),
        new("tls", Of(["tls"], "network")), new("fileinfo", Of(["fileinfo"])), new("ssh", Of(["ssh"], "network")), new("smb", Of(["smb"], "network")),
        new("smtp", Of(["smtp"], "mail")), new("rdp", Of(["rdp"])), new("krb5", Of(["krb5", "kerberos"])), new("dcerpc", Of(["dcerpc", "dce_rpc"])), new("ftp", Of(["ftp"])),
        new("dhcp", Of(["dhcp"])), new("anomaly", Of(["anomaly"])), new("stats", Of(["stats"])), new("tftp", Of(["tftp"])), new("nfs", Of(["nfs"])), new("snmp", Of(["snmp"])),
        new("sip", Of(["sip"])), new("ldap", Of(["ldap"])), new("quic", Of(["quic"])),
    ]);

    private static readonly AliasTable Further = new(
        "src_ip = source.ip, c-ip", "src_port = source.port", "dest_ip = dst_ip, destination.ip", "dest_port = dst_port, destination.port", "proto = protocol",
        "dns.rrname = query, QueryName", "dns.queries.rrname = query, QueryName", "dns.query.rrname = query, QueryName", "dns.rrtype = record_type, qtype_name", "dns.queries.rrtype = record_type, qtype_name",
        "dns.query.rrtype = record_type, qtype_name", "dns.answers.rdata = answer, answers", "dns.grouped.A = answer, answers", "dns.grouped.AAAA = answer, answers", "dns.grouped.TXT = answer, answers",
        "dns.grouped.CNAME = answer, answers",
        "http.hostname = cs-host", "http.http_method = cs-method", "http.status = sc-status", "http.http_user_agent = c-useragent, cs-user-agent", "http.http_refer = cs-referer, cs-referrer",
        "http.http_content_type = cs-content-type", "http.length = sc-bytes", "alert.action = action", "alert.signature = Signature",
        "fileinfo.filename = Filename", "fileinfo.md5 = md5", "fileinfo.sha1 = sha1", "fileinfo.sha256 = sha256");

    /// <inheritdoc/>
    public override string Id => "suricata.eve";

    /// <inheritdoc/>
    public override string Title => "Suricata EVE";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("event_type", "timestamp", "flow_id"), AllOf("event_type", "timestamp", "src_ip"), AllOf("event_type", "timestamp", "stats"), AllOf("event_type", "timestamp", "in_iface")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["timestamp", "event_type", "http.url", "http.hostname"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0);
        document.Record.Class = Classes.Find(document.Value(EventType)) ?? Other;
        if (document.Has(Url)) document.AddHttpTarget(Url, Host);
    }

    private static EventClass Of(string[] services, params ReadOnlySpan<string> categories) => EventClass.Of(["suricata"], services, categories);
}
