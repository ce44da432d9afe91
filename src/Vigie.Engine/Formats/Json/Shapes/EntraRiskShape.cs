using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Risk detections of Microsoft Entra ID Protection.
/// Sources: Microsoft Graph reference, "riskDetection resource type"; Azure Monitor reference, table AADUserRiskEvents.
/// </summary>
internal sealed class EntraRiskShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["azure"], ["riskdetection"], [], "id");
    private static readonly EventClass TableClass = EventClass.Of(["azure"], ["riskdetection"], [], "Id");

    /// <inheritdoc/>
    public override string Id => "azure.riskdetection";

    /// <inheritdoc/>
    public override string Title => "Microsoft Entra risk detections";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("riskEventType", "detectedDateTime"), AllOf("riskEventType", "riskLevel"), AllOf("RiskEventType", "DetectedDateTime"), AllOf("RiskEventType", "RiskLevel")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["activityDateTime", "ActivityDateTime", "detectedDateTime", "DetectedDateTime", "TimeGenerated"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => AzureNames.Spellings(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = document.Record.First(document.Record.Catalog.SlotOf("Id")) >= 0 ? TableClass : Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
