using System.Collections.Immutable;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Windows events with all fields at the top, as NXLog's <c>im_msvistalog</c> with <c>to_json()</c> and similar
/// forwarders write them, and tables of a SIEM (SecurityEvent).
/// Sources: NXLog Agent reference, "Event Log for Windows: fields"; Azure Monitor reference, table "Event".
/// </summary>
internal sealed class WindowsFlatShape : JsonShape
{
    private static readonly AliasTable Further = new(
        "Hostname = Computer", "host_name = Computer", "ComputerName = Computer",
        "SourceName = Provider_Name", "ProviderName = Provider_Name", "Source_Name = Provider_Name", "EventSourceName = Provider_Name",
        "RecordNumber = EventRecordID", "EventRecordId = EventRecordID", "RecordID = EventRecordID",
        "ExecutionProcessID = Execution_ProcessID", "ProviderGuid = Provider_Guid");

    /// <inheritdoc/>
    public override string Id => "windows.flat";

    /// <inheritdoc/>
    public override string Title => "Windows events, flat (NXLog and others)";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } = [AllOf("Channel", "EventID")];

    /// <inheritdoc/>
    /// <remarks>NXLog's <c>EventTime</c> is local and mostly without its offset; so it comes last.</remarks>
    public override ImmutableArray<string> Anchors { get; } =
        ["TimeCreated", "SystemTime", "TimeGenerated", "UtcTime", "@timestamp", "EventTime", "timestamp"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        WindowsEvents.Classify(document.Record);
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
