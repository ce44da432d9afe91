using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Alerts of Privileged Identity Management. Their kind is the type of the object
/// (<c>#microsoft.graph.staleSignInAlertIncident</c>); rules name it <c>riskEventType</c>.
/// Source: Microsoft Graph reference, "unifiedRoleManagementAlertIncident resource type".
/// </summary>
internal sealed class EntraPimShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["azure"], ["pim"], [], "id");

    /// <inheritdoc/>
    public override string Id => "azure.pim";

    /// <inheritdoc/>
    public override string Title => "Microsoft Entra PIM alerts";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } = [AllOf("@odata.type", "id")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["createdDateTime", "lastModifiedDateTime", "activationDateTime", "assignmentCreatedDateTime", "lastSignInDateTime", "@odata.type"];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0, 5);
        var type = document.Value(5);
        var name = type[(type.LastIndexOf((byte)'.') + 1)..];
        if (!name.EndsWith("AlertIncident"u8) && !name.EndsWith("AlertConfiguration"u8)) return;
        document.Record.Class = Class;
        document.Derive("riskEventType", name);
    }
}
