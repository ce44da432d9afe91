using System.Collections.Immutable;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Windows events inside Wazuh's alerts and archives: names with a small first letter below <c>data.win</c>.
/// Source: Wazuh documentation, "Windows event channel: field mapping".
/// </summary>
internal sealed class WazuhShape : JsonShape
{
    private const string EventData = "data.win.eventdata.";
    private const string System = "data.win.system.";

    /// <inheritdoc/>
    public override string Id => "windows.wazuh";

    /// <inheritdoc/>
    public override string Title => "Windows events of Wazuh";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } = [AllOf("data.win.system.channel"), AllOf("data.win.system.eventID")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["data.win.system.systemTime", "timestamp", "@timestamp"];

    /// <inheritdoc/>
    public override JsonName Name(string path)
    {
        if (path.StartsWith(EventData, StringComparison.Ordinal)) return JsonName.Renamed(Capitalized(path[EventData.Length..]));
        if (path is "data.win" or "data.win.eventdata" or "data.win.system") return JsonName.Lifted;
        if (!path.StartsWith(System, StringComparison.Ordinal)) return JsonName.Kept;
        return JsonName.Renamed(path[System.Length..] switch
        {
            "providerName" => "Provider_Name",
            "providerGuid" => "Provider_Guid",
            "systemTime" => "TimeCreated",
            "processID" => "Execution_ProcessID",
            "threadID" => "Execution_ThreadID",
            var name => Capitalized(name),
        });
    }

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        WindowsEvents.Classify(document.Record);
        document.Record.Time = document.Time(0, Anchors.Length);
    }

    private static string Capitalized(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
