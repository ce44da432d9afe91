using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// AWS CloudTrail: files of records, records by the line, and events as EventBridge delivers them (below <c>detail</c>).
/// Source: AWS CloudTrail user guide, "CloudTrail record contents".
/// </summary>
internal sealed class CloudTrailShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["aws"], ["cloudtrail"], [], "eventID");
    private static readonly AliasTable Further = new("sourceIPAddress = src_ip", "detail.sourceIPAddress = src_ip");

    /// <inheritdoc/>
    public override string Id => "aws.cloudtrail";

    /// <inheritdoc/>
    public override string Title => "AWS CloudTrail";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("eventVersion", "eventSource", "eventName"), AllOf("eventSource", "eventName", "awsRegion"), AllOf("detail.eventSource", "detail.eventName", "detail-type")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["eventTime", "detail.eventTime", "time"];

    /// <inheritdoc/>
    public override JsonName Name(string path) => path == "detail" ? JsonName.Lifted : JsonName.Kept;

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
