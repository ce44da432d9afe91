using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Microsoft Entra audit events, from the Graph API or out of the tables of Log Analytics.
/// Sources: Microsoft Graph reference, "directoryAudit resource type"; Azure Monitor reference, table AuditLogs.
/// </summary>
internal sealed class EntraAuditShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["azure"], ["auditlogs"], [], "id");
    private static readonly EventClass TableClass = EventClass.Of(["azure"], ["auditlogs"], [], "Id");

    /// <inheritdoc/>
    public override string Id => "azure.auditlogs";

    /// <inheritdoc/>
    public override string Title => "Microsoft Entra audit";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("activityDisplayName", "activityDateTime", "loggedByService"), AllOf("activityDisplayName", "activityDateTime", "initiatedBy"), AllOf("OperationName", "LoggedByService"), AllOf("ActivityDisplayName", "InitiatedBy", "TargetResources")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["activityDateTime", "ActivityDateTime", "TimeGenerated"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => AzureNames.Spellings(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = document.Has(0) ? Class : TableClass;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
