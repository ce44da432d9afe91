using System.Collections.Immutable;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>All shapes, and which of them a document has.</summary>
internal static class JsonShapes
{
    /// <summary>Every shape, the particular ones before the general; a new one is added here.</summary>
    public static ImmutableArray<JsonShape> All { get; } =
    [
        new WindowsXmlShape(),
        new WinlogbeatShape(),
        new WazuhShape(),
        new WindowsFlatShape(),
        new PowerShellExportShape(),
        new CloudTrailShape(),
        new SuricataShape(),
        new ZeekShape("http", ["ts", "uid", "trans_depth", "method"], ["ts", "uid", "uri"], ["ts", "uid", "trans_depth", "status_code"]),
        new ZeekShape("dns", ["ts", "uid", "trans_id"], ["ts", "uid", "query"]),
        new ZeekShape("conn", ["ts", "uid", "conn_state"]),
        new ZeekShape("smb_files", ["ts", "uid", "action", "path"], ["ts", "uid", "action", "name"]),
        new ZeekShape("dce_rpc", ["ts", "uid", "endpoint", "operation"]),
        new ZeekShape("kerberos", ["ts", "uid", "request_type"]),
        new ZeekShape("rdp", ["ts", "uid", "cookie"], ["ts", "uid", "security_protocol"]),
        new ZeekShape("x509", ["ts", "certificate.serial"]),
        new ZeekShape("ssl", ["ts", "uid", "established"], ["ts", "uid", "server_name"]),
        new ZeekShape("", ["ts", "_path"], ["ts", "uid", "id.orig_h"]),
        new AzureActivityShape(),
        new AzureDiagnosticShape(),
        new EntraSignInShape(),
        new EntraAuditShape(),
        new EntraRiskShape(),
        new M365AuditShape(),
        new GoogleWorkspaceShape(),
        new GoogleCloudAuditShape(),
        new OktaShape(),
        new GitHubAuditShape(),
        new BitbucketAuditShape(),
        new OneLoginShape(),
        new DuoShape(),
        new KubernetesAuditShape(),
        new OpenCanaryShape(),
        new FortigateShape(),
        new EndpointSecurityShape(),
        new OsqueryShape(),
        new AuditbeatShape(),
        new JournalShape(),
        new ContainerLogShape(),
        new WebRequestShape(),
        new EcsShape(),
        new EntraPimShape(),
        new GenericJson(),
    ];

    /// <summary>The shape that fits everything.</summary>
    public static JsonShape Last => All[^1];

    // After All: static members are set in the order in which they stand.
    private static readonly Dictionary<string, SignSet> Signs = NumberSigns();
    private static readonly ImmutableArray<(JsonShape Shape, SignSet Signs)> Rules =
        [.. All.SelectMany(shape => shape.Signs.Select(signs => (shape, signs.Aggregate(SignSet.None, (all, path) => all | Signs[path]))))];

    /// <summary>What the presence of a raw path says; nothing for almost every one.</summary>
    public static SignSet SignOf(string rawPath) => Signs.GetValueOrDefault(rawPath);

    /// <summary>The first shape whose signs are all there, at worst <see cref="Last"/>.</summary>
    public static JsonShape Recognize(in SignSet signs)
    {
        foreach (var (shape, wanted) in Rules)
        {
            if (signs.HasAll(wanted)) return shape;
        }

        return Last;
    }

    private static Dictionary<string, SignSet> NumberSigns()
    {
        var signs = new Dictionary<string, SignSet>(StringComparer.Ordinal);
        foreach (var path in All.SelectMany(s => s.Signs).SelectMany(s => s))
        {
            if (!signs.ContainsKey(path)) signs.Add(path, SignSet.Of(signs.Count));
        }

        return signs;
    }
}
