using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Azure's activity log, as the REST API and <c>az monitor activity-log list</c> give it and as the table AzureActivity has it.
/// Sources: Azure Monitor reference, "Activity log event schema" and table AzureActivity.
/// </summary>
internal sealed class AzureActivityShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["azure"], ["activitylogs"], [], "eventDataId");
    private static readonly EventClass TableClass = EventClass.Of(["azure"], ["activitylogs"], [], "EventDataId");

    private static readonly AliasTable Further = new(
        "operationName.value = operationName, OperationNameValue, OperationName", "category.value = CategoryValue, Category", "resourceProviderName.value = ResourceProviderValue",
        "resourceId = ResourceId", "status.value = ActivityStatusValue", "caller = Caller", "httpRequest.clientIpAddress = CallerIpAddress, callerIpAddress",
        "OperationNameValue = operationName", "_ResourceId = ResourceId", "CategoryValue = Category", "Caller = caller", "CallerIpAddress = callerIpAddress",
        "Properties.message = properties.message", "Properties_d.message = properties.message", "operationName.localizedValue = properties.message");

    /// <inheritdoc/>
    public override string Id => "azure.activitylogs";

    /// <inheritdoc/>
    public override string Title => "Azure activity log";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("operationName.value", "eventTimestamp"), AllOf("OperationNameValue", "CategoryValue"), AllOf("OperationNameValue", "ActivityStatusValue")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["eventTimestamp", "EventSubmissionTimestamp", "TimeGenerated", "submissionTimestamp"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = document.Has(0) ? Class : TableClass;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
