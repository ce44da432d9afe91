using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// The audit log of Bitbucket Data Center, as its file and its REST interface have it.
/// Source: Atlassian, "Audit log events in Bitbucket" and "Audit log integrations in Bitbucket".
/// </summary>
internal sealed class BitbucketAuditShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["bitbucket"], ["audit"], []);

    /// <inheritdoc/>
    public override string Id => "bitbucket.audit";

    /// <inheritdoc/>
    public override string Title => "Bitbucket audit log";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("auditType.category", "auditType.action"), AllOf("auditType.categoryI18nKey", "auditType.actionI18nKey")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["timestamp", "timestamp.epochSecond", "creationDate"];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
