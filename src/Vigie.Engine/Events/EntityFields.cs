using System.Collections.Frozen;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Events;

/// <summary>Which fields hold entities, and how they are read.</summary>
internal static class EntityFields
{
    private const string Own = "Computer ComputerName Hostname hostname host.name host.hostname HostName DeviceName device_name deviceName dvchost DeviceHostName";

    private static readonly string[] OwnNames = Own.Split(' ');
    private static readonly string[] KubernetesScope = ["objectRef.resource", "objectRef.namespace"];

    private static readonly (string Names, Func<string, CapturedEvent, IEnumerable<Entity>> Read)[] Table =
    [
        (Own, (v, e) => EventSurroundings.IsObserver(e.Class) ? [] : EntityValues.Host(v)),
        ("SourceHostname DestinationHostname WorkstationName Workstation src_host dst_host ClientName ClientHostName TargetServerName source.hostname destination.hostname RemoteHost srcname dstname", (v, _) => EntityValues.Host(v)),
        ("User SourceUser TargetUser ParentUser username UserName user_name user.name source.user.name cs-username src_user userIdentity.userName userIdentity.arn user.username actor.alternateId actor.email userPrincipalName UserPrincipalName properties.userPrincipalName initiatedBy.user.userPrincipalName properties.initiatedBy.user.userPrincipalName UserId protoPayload.authenticationInfo.principalEmail gcp.audit.authentication_info.principal_email actor_user_name impersonatedUser.username acct auid_name", (v, _) => EntityValues.User(v, null)),
        ("SubjectUserName", (v, e) => EntityValues.User(v, First(e, "SubjectDomainName"))),
        ("TargetUserName", (v, e) => EntityValues.User(v, First(e, "TargetDomainName"))),
        ("AccountName", (v, e) => EntityValues.User(v, First(e, "Domain") ?? First(e, "AccountDomain"))),
        // A ticket for a machine names its account; other services are none.
        ("ServiceName", (v, _) => v.EndsWith('$') ? EntityValues.User(v, null) : []),
        ("SourceIp DestinationIp IpAddress SourceAddress DestAddress ClientAddress src_ip dst_ip dest_ip c-ip id.orig_h id.resp_h source.ip destination.ip client.ip source.address client.address remote_addr remote_ip client_ip sourceIPAddress ClientIP ClientIPAddress ActorIpAddress ipAddress ipaddr callerIpAddress CallerIpAddress properties.ipAddress client.ipAddress sourceIPs actor_ip addr access_device.ip auth_device.ip protoPayload.requestMetadata.callerIp httpRequest.clientIp", (v, _) => EntityValues.Ip(v)),
        ("QueryResults answers answer dns.answers.data dns.resolved_ip", (v, _) => EntityValues.Answers(v)),
        ("QueryName QNAME query dns.question.name dns.rrname tls.sni tls.client.server_name server_name cs-host r-dns c-uri-host http.hostname url.domain destination.domain", (v, _) => EntityValues.Domain(v)),
        // The host of a request to a sensor; a collector's name in what forwarders add.
        ("host", (v, e) => EventSurroundings.IsObserver(e.Class) ? EntityValues.Domain(v) : []),
        ("c-uri url url.full url.original http.url RemoteName", (v, _) => EntityValues.Url(v)),
        ("Hashes Hash", (v, e) => EventSurroundings.IsSystemFile(e) ? [] : EntityValues.Hashes(v)),
        ("md5 sha1 sha256 MD5 SHA1 SHA256 process.hash.md5 process.hash.sha1 process.hash.sha256 file.hash.md5 file.hash.sha1 file.hash.sha256 dll.hash.md5 dll.hash.sha1 dll.hash.sha256", (v, e) => EventSurroundings.IsSystemFile(e) ? [] : EntityValues.Hash(v)),
        ("imphash Imphash IMPHASH", (v, e) => EventSurroundings.IsSystemFile(e) ? [] : EntityValues.Hashes($"imphash={v}")),
        ("ProcessGuid ParentProcessGuid SourceProcessGUID TargetProcessGUID SourceProcessGuid TargetProcessGuid process.entity_id process.parent.entity_id", (v, _) => EntityValues.Process(v)),
        ("LogonId SubjectLogonId TargetLogonId", (v, e) => EntityValues.Logon(v, FirstOf(e, OwnNames))),
        ("mailbox MailboxOwnerUPN", (v, _) => EntityValues.Mailbox(v)),
        ("requestParameters.bucketName requestParameters.roleName requestParameters.instanceId requestParameters.accessKeyId userIdentity.accessKeyId resources.ARN resourceId ResourceId protoPayload.resourceName", (v, _) => EntityValues.Resource(v)),
        ("objectRef.name", (v, e) => EntityValues.Resource(v, FirstOf(e, KubernetesScope))),
    ];

    /// <summary>Fields that name the host on which an event happened.</summary>
    public static FrozenSet<string> OwnHost { get; } = OwnNames.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>By field name.</summary>
    public static FrozenDictionary<string, Func<string, CapturedEvent, IEnumerable<Entity>>> ByName { get; } =
        Table.SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, row.Read))).ToFrozenDictionary(StringComparer.Ordinal);

    private static string? First(CapturedEvent captured, string name)
    {
        foreach (var field in captured.Named(name)) return field.Value;
        return null;
    }

    private static string FirstOf(CapturedEvent captured, string[] names)
    {
        foreach (var name in names)
        {
            if (First(captured, name) is { Length: > 0 } value) return value;
        }

        return "";
    }
}
