using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vigie.Engine.Findings;
using Vigie.Engine.Stix;

namespace Vigie.Incidents.Case;

/// <summary>Entities as cyber-observable objects of STIX 2.1, with the identifiers of §2.9. What does not fit their rules is left out, not bent.</summary>
internal static class StixObservables
{
    private const int LongestValue = 2000;

    /// <summary>The object of an entity; null where STIX has none, or its value is not one.</summary>
    public static JsonObject? Of(Entity entity) => entity.Value.Length is 0 or > LongestValue ? null : entity.Kind switch
    {
        EntityKinds.Domain when Uri.CheckHostName(entity.Value) == UriHostNameType.Dns && IsAscii(entity.Value) => Value("domain-name", entity.Value),
        EntityKinds.Ip when IPAddress.TryParse(entity.Value, out var address) => Address(address),
        EntityKinds.Mailbox when IsAddress(entity.Value) => Value("email-addr", entity.Value),
        EntityKinds.Url when Uri.TryCreate(entity.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "ftp" => Value("url", url.AbsoluteUri),
        EntityKinds.User => Make("user-account", new() { ["account_login"] = entity.Value }),
        EntityKinds.FileHash => File(entity.Value),
        _ => null,
    };

    /// <summary>Bytes as they are (§6.1).</summary>
    public static JsonObject Artifact(byte[] content)
    {
        var payload = Convert.ToBase64String(content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var artifact = Make("artifact", new() { ["hashes"] = new Dictionary<string, object> { ["SHA-256"] = hash }, ["payload_bin"] = payload });
        artifact["mime_type"] = "text/plain";
        return artifact;
    }

    private static JsonObject? File(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var (name, length) = value[..colon] switch
        {
            "md5" => ("MD5", 32),
            "sha1" => ("SHA-1", 40),
            "sha256" => ("SHA-256", 64),
            _ => ("", 0),
        };
        var hash = value[(colon + 1)..];
        return hash.Length == length && length > 0 && hash.All(char.IsAsciiHexDigit)
            ? Make("file", new() { ["hashes"] = new Dictionary<string, object> { [name] = hash } })
            : null;
    }

    // An IPv4 address is one in whatever it is wrapped; the zone means something on one machine only.
    private static JsonObject Address(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6) return Value("ipv4-addr", address.MapToIPv4().ToString());
        var bytes = address.GetAddressBytes();
        var text = new IPAddress(bytes).ToString();
        // Some are written with an IPv4 address at the end, which the schema of STIX does not take.
        if (text.Contains('.', StringComparison.Ordinal)) text = string.Join(':', bytes.Chunk(2).Select(two => $"{(two[0] << 8) | two[1]:x}"));
        return Value("ipv6-addr", text);
    }

    private static JsonObject Value(string type, string value) => Make(type, new() { ["value"] = value });

    private static JsonObject Make(string type, Dictionary<string, object> contributing)
    {
        var made = new JsonObject { ["type"] = type, ["spec_version"] = "2.1", ["id"] = StixIds.Observable(type, contributing) };
        foreach (var (name, value) in contributing)
            made[name] = value is Dictionary<string, object> inner ? new JsonObject(inner.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)(string)p.Value))) : (string)value;
        return made;
    }

    private static bool IsAddress(string value) =>
        value.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == value.LastIndexOf('@') && IsAscii(value) && !value.Any(c => char.IsControl(c) || c == ' ')
        && Uri.CheckHostName(value[(at + 1)..]) == UriHostNameType.Dns;

    private static bool IsAscii(string value) => value.All(char.IsAscii);
}
