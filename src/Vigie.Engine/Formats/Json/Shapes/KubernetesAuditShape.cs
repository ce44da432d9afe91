using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// The audit log of a Kubernetes API server. A request's later stages are events of their own.
/// Source: Kubernetes reference, "kube-apiserver audit configuration (v1): Event".
/// </summary>
internal sealed class KubernetesAuditShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["kubernetes"], ["audit"], ["application"], "auditID", "stage");

    private static readonly AliasTable Further = new(
        "objectRef.apiGroup = apiGroup", "requestObject.spec.volumes.hostPath.path = hostPath", "requestObject.spec.template.spec.volumes.hostPath.path = hostPath",
        "requestObject.spec.containers.securityContext.capabilities.add = capabilities", "requestObject.spec.template.spec.containers.securityContext.capabilities.add = capabilities",
        "sourceIPs = src_ip");

    /// <inheritdoc/>
    public override string Id => "kubernetes.audit";

    /// <inheritdoc/>
    public override string Title => "Kubernetes audit";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("auditID", "verb", "stage")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["stageTimestamp", "requestReceivedTimestamp"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
