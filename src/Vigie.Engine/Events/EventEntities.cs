using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Events;

/// <summary>
/// What an event is about: hosts, accounts, addresses, names, hashes, processes. Taken from the fields of the Sigma
/// taxonomy, whichever format they came from; the same thing spelt differently gives the same entity.
/// </summary>
public static class EventEntities
{
    /// <summary>The most entities taken from one event.</summary>
    public const int Most = 64;

    /// <summary>The entities of an event in the order of its fields, each once.</summary>
    public static ImmutableArray<Entity> Of(CapturedEvent captured)
    {
        var found = new HashSet<Entity>();
        var entities = ImmutableArray.CreateBuilder<Entity>();
        foreach (var field in captured.Fields)
        {
            if (field.Value.Length is 0 or > EntityValues.Longest || !EntityFields.ByName.TryGetValue(field.Name, out var read)) continue;
            foreach (var entity in read(field.Value, captured))
            {
                if (entities.Count == Most) return entities.ToImmutable();
                if (entity.Value.Length > 0 && found.Add(entity)) entities.Add(entity);
            }
        }

        return entities.ToImmutable();
    }
}

/// <summary>Which fields hold entities, and how they are read.</summary>
internal static class EntityFields
{
    private static readonly (string Names, Func<string, CapturedEvent, IEnumerable<Entity>> Read)[] Table =
    [
        ("Computer ComputerName Hostname hostname host.name host.hostname SourceHostname DestinationHostname WorkstationName Workstation src_host", (v, _) => EntityValues.Host(v)),
        ("User SourceUser TargetUser ParentUser username UserName user.name cs-username userIdentity.userName userIdentity.arn user.username actor.alternateId userPrincipalName properties.userPrincipalName UserId", (v, _) => EntityValues.User(v, null)),
        ("SubjectUserName", (v, e) => EntityValues.User(v, First(e, "SubjectDomainName"))),
        ("TargetUserName", (v, e) => EntityValues.User(v, First(e, "TargetDomainName"))),
        ("SourceIp DestinationIp IpAddress SourceAddress DestAddress ClientAddress src_ip dst_ip c-ip id.orig_h id.resp_h source.ip destination.ip client.ip sourceIPAddress ClientIP ClientIPAddress ipAddress callerIpAddress properties.ipAddress client.ipAddress sourceIPs actor_ip addr", (v, _) => EntityValues.Ip(v)),
        ("QueryName QNAME query dns.question.name dns.rrname tls.sni server_name cs-host r-dns c-uri-host http.hostname host url.domain destination.domain", (v, _) => EntityValues.Domain(v)),
        ("c-uri url url.full url.original http.url requestURI RemoteName", (v, _) => EntityValues.Url(v)),
        ("Hashes Hash", (v, _) => EntityValues.Hashes(v)),
        ("md5 sha1 sha256 MD5 SHA1 SHA256 file.hash.md5 file.hash.sha1 file.hash.sha256", (v, _) => EntityValues.Hash(v)),
        ("imphash Imphash IMPHASH", (v, _) => EntityValues.Hashes($"imphash={v}")),
        ("ProcessGuid ParentProcessGuid SourceProcessGUID TargetProcessGUID SourceProcessGuid TargetProcessGuid process.entity_id", (v, _) => EntityValues.Process(v)),
        ("mailbox MailboxOwnerUPN", (v, _) => EntityValues.Mailbox(v)),
        ("requestParameters.bucketName requestParameters.roleName requestParameters.instanceId resources.ARN resourceId ResourceId objectRef.name", (v, _) => EntityValues.Resource(v)),
    ];

    /// <summary>By field name.</summary>
    public static Dictionary<string, Func<string, CapturedEvent, IEnumerable<Entity>>> ByName { get; } =
        Table.SelectMany(row => row.Names.Split(' ').Select(name => (name, row.Read))).ToDictionary(p => p.name, p => p.Read, StringComparer.Ordinal);

    private static string? First(CapturedEvent captured, string name)
    {
        foreach (var field in captured.Named(name)) return field.Value;
        return null;
    }
}
