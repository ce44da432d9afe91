using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Google Cloud's audit logs, as exported or delivered through Pub/Sub (below <c>data</c>) or by Filebeat; among them what
/// Google Workspace shares with Google Cloud.
/// Source: Google Cloud, "Understanding audit logs: LogEntry and AuditLog".
/// </summary>
internal sealed class GoogleCloudAuditShape : JsonShape
{
    private const int Service = 4;
    private const string Data = "data.";

    private static readonly EventClass Plain = Of("gcp.audit");

    private static readonly ByteKeys<EventClass> Classes = new(
    [
        new("login.googleapis.com", Of("gcp.audit", "google_workspace.login")), new("admin.googleapis.com", Of("gcp.audit", "google_workspace.admin")),
    ]);

    private static readonly AliasTable Further = new(
        "protoPayload.methodName = gcp.audit.method_name", "protoPayload.serviceName = eventService, protoPayload.Servicename",
        "protoPayload.metadata.event.eventName = eventName", "protoPayload.requestMetadata.callerIp = src_ip",
        "logName = data.protoPayload.logName", "resource.type = data.protoPayload.resource.type",
        "protoPayload.metadata.event.parameter.name = setting_name");

    /// <inheritdoc/>
    public override string Id => "gcp.audit";

    /// <inheritdoc/>
    public override string Title => "Google Cloud audit logs";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("protoPayload.methodName"), AllOf("protoPayload.serviceName"), AllOf("data.protoPayload.methodName"), AllOf("data.protoPayload.serviceName"), AllOf("gcp.audit.method_name")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["timestamp", "data.timestamp", "@timestamp", "receiveTimestamp", "protoPayload.serviceName", "data.protoPayload.serviceName"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path)
    {
        var inner = path.StartsWith(Data, StringComparison.Ordinal) ? path[Data.Length..] : path;
        // Rules name the same field with and without the envelope of Pub/Sub.
        return inner.StartsWith("protoPayload.", StringComparison.Ordinal) ? Further.Of(inner).Add(inner.Length == path.Length ? Data + inner : inner) : Further.Of(inner);
    }

    private static EventClass Of(params ReadOnlySpan<string> services) => EventClass.Of(["gcp"], services, [], "insertId", "logName", "timestamp");

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        var service = document.Value(document.Has(Service) ? Service : Service + 1);
        document.Record.Class = Classes.Find(service) ?? Plain;
        document.Record.Time = document.Time(0, Service);
    }
}
