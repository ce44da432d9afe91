using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// GitHub's audit log, exported or streamed.
/// Source: GitHub documentation, "Audit log events for your organization"; REST reference, "Get the audit log for an organization".
/// </summary>
internal sealed class GitHubAuditShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["github"], ["audit"], [], "_document_id");

    /// <inheritdoc/>
    public override string Id => "github.audit";

    /// <inheritdoc/>
    public override string Title => "GitHub audit log";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("action", "actor", "_document_id"), AllOf("action", "actor", "created_at", "org"), AllOf("action", "actor", "created_at", "business"), AllOf("action", "actor", "@timestamp", "org"), AllOf("action", "actor", "@timestamp", "actor_ip")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["@timestamp", "created_at"];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
