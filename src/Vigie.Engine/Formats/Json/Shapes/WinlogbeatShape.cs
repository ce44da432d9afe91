using System.Collections.Immutable;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Windows events as Winlogbeat and Elastic Agent send them, nested or with dotted names, and as Winlogbeat 6 did.
/// Source: Winlogbeat reference, "Exported fields: Winlogbeat fields".
/// </summary>
internal sealed class WinlogbeatShape : JsonShape
{
    private static readonly Dictionary<string, string> System = new(StringComparer.Ordinal)
    {
        ["winlog.channel"] = "Channel",
        ["winlog.event_id"] = "EventID",
        ["winlog.provider_name"] = "Provider_Name",
        ["winlog.provider_guid"] = "Provider_Guid",
        ["winlog.computer_name"] = "Computer",
        ["winlog.record_id"] = "EventRecordID",
        ["winlog.task"] = "Task",
        ["winlog.opcode"] = "Opcode",
        ["winlog.keywords"] = "Keywords",
        ["winlog.version"] = "Version",
        ["winlog.process.pid"] = "Execution_ProcessID",
        ["winlog.process.thread.id"] = "Execution_ThreadID",
        ["winlog.user.identifier"] = "Security_UserID",
        ["winlog.time_created"] = "TimeCreated",
        ["log_name"] = "Channel",
        ["event_id"] = "EventID",
        ["source_name"] = "Provider_Name",
        ["computer_name"] = "Computer",
        ["record_number"] = "EventRecordID",
        ["provider_guid"] = "Provider_Guid",
    };

    private static readonly AliasTable Further = new("message = Message");

    /// <inheritdoc/>
    public override string Id => "windows.winlogbeat";

    /// <inheritdoc/>
    public override string Title => "Windows events of Winlogbeat or Elastic Agent";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("winlog.channel"), AllOf("winlog.event_id"), AllOf("log_name", "event_id", "source_name")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["winlog.time_created", "@timestamp"];

    /// <inheritdoc/>
    public override JsonName Name(string path)
    {
        if (System.TryGetValue(path, out var name)) return JsonName.Renamed(name);
        if (path is "winlog" or "winlog.event_data" or "winlog.user_data" or "event_data" or "user_data" or "winlog.process" or "winlog.process.thread") return JsonName.Lifted;
        foreach (var prefix in (ReadOnlySpan<string>)["winlog.event_data.", "winlog.user_data.", "event_data.", "user_data."])
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal)) return JsonName.Without(prefix);
        }

        return JsonName.Kept;
    }

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        // Without a time of its own in the event, Winlogbeat's is the event's.
        if (!document.Has(0)) document.Alias("TimeCreated", 1);
        WindowsEvents.Classify(document.Record);
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
