using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Zeek;

/// <summary>Zeek's logs and fields in the terms of the Sigma taxonomy. JSON logs of Zeek use it too.</summary>
internal static class ZeekTaxonomy
{
    private static readonly Dictionary<string, string[]> Everywhere = new(StringComparer.Ordinal)
    {
        ["id.orig_h"] = ["src_ip", "source.ip"],
        ["id.orig_p"] = ["src_port", "source.port"],
        ["id.resp_h"] = ["dst_ip", "destination.ip"],
        ["id.resp_p"] = ["dst_port", "destination.port"],
    };

    private static readonly Dictionary<string, Dictionary<string, string[]>> ByLog = new(StringComparer.Ordinal)
    {
        ["conn"] = new(StringComparer.Ordinal)
        {
            ["proto"] = ["protocol", "network.transport"],
            ["service"] = ["network.protocol"],
            ["duration"] = ["event.duration"],
            ["orig_bytes"] = ["source.bytes"],
            ["resp_bytes"] = ["destination.bytes"],
            ["orig_pkts"] = ["source.packets"],
            ["resp_pkts"] = ["destination.packets"],
            ["conn_state"] = ["network.state"],
            ["history"] = ["network.history"],
            ["community_id"] = ["network.community_id"],
        },
        ["dns"] = new(StringComparer.Ordinal)
        {
            ["query"] = ["QueryName", "dns.question.name"],
            ["qtype_name"] = ["record_type", "dns.question.type"],
            ["qclass_name"] = ["dns.question.class"],
            ["answers"] = ["answer", "dns.answers.data"],
            ["rcode_name"] = ["dns.response.code"],
            ["trans_id"] = ["dns.id"],
            ["TTLs"] = ["dns.answers.ttl"],
        },
        ["http"] = new(StringComparer.Ordinal)
        {
            ["id.orig_h"] = ["c-ip"],
            ["id.resp_h"] = ["s-ip"],
            ["id.resp_p"] = ["s-port"],
            ["method"] = ["cs-method"],
            ["host"] = ["cs-host"],
            ["referrer"] = ["cs-referer", "cs-referrer"],
            ["user_agent"] = ["cs-user-agent", "c-useragent"],
            ["status_code"] = ["sc-status"],
            ["response_body_len"] = ["sc-bytes"],
            ["request_body_len"] = ["cs-bytes"],
            ["username"] = ["cs-username"],
            ["version"] = ["cs-version"],
        },
    };

    /// <summary>The further names of a field.</summary>
    public static IEnumerable<string> Aliases(string log, string field)
    {
        if (Everywhere.TryGetValue(field, out var general))
        {
            foreach (var name in general) yield return name;
        }

        if (!ByLog.TryGetValue(log, out var fields) || !fields.TryGetValue(field, out var special)) yield break;
        foreach (var name in special) yield return name;
    }

    /// <summary>The log sources of a log: product <c>zeek</c>, its name as service, and the generic categories it serves.</summary>
    public static EventClass ClassOf(string log) => log switch
    {
        "conn" => EventClass.Of(["zeek"], ["conn", "connection"], ["firewall", "network"]),
        "dns" => EventClass.Of(["zeek"], ["dns"], ["dns", "network"]),

        // The sensor sees requests of our clients and to our servers alike.
        "http" => EventClass.Of(["zeek"], ["http"], ["proxy", "webserver"]),
        "" => EventClass.Of(["zeek"], [], []),
        _ => EventClass.Of(["zeek"], [log], []),
    };
}
