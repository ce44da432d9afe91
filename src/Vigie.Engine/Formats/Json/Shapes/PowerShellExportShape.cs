using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats.Windows;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Windows events as <c>Get-WinEvent | ConvertTo-Json</c> writes them. Their values have no names; Sysmon's message
/// names them line by line, so they are taken from there.
/// Source: Microsoft, ".NET API: EventLogRecord", properties.
/// </summary>
internal sealed class PowerShellExportShape : JsonShape
{
    private const int Provider = 3;
    private const int Message = 4;
    private const int MaxName = 64;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["LogName"] = "Channel",
        ["Id"] = "EventID",
        ["ProviderName"] = "Provider_Name",
        ["ProviderId"] = "Provider_Guid",
        ["MachineName"] = "Computer",
        ["RecordId"] = "EventRecordID",
        ["ProcessId"] = "Execution_ProcessID",
        ["ThreadId"] = "Execution_ThreadID",
        ["UserId"] = "Security_UserID",
    };

    /// <inheritdoc/>
    public override string Id => "windows.powershell";

    /// <inheritdoc/>
    public override string Title => "Windows events of Get-WinEvent";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } = [AllOf("LogName", "Id", "ProviderName")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } = ["TimeCreated", "TimeCreated.value", "TimeCreated.DateTime", "ProviderName", "Message"];

    /// <inheritdoc/>
    public override JsonName Name(string path) => Names.TryGetValue(path, out var name) ? JsonName.Renamed(name) : JsonName.Kept;

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        if (document.Value(Provider).IndexOf("Sysmon"u8) >= 0) AddMessageFields(document.Record, document.Field(Message));
        WindowsEvents.Classify(document.Record);
        document.Record.Time = document.Time(0, 3);
    }

    private static void AddMessageFields(EventRecord record, int message)
    {
        if (message < 0) return;
        // A copy: values are written to where the message was decoded.
        ReadOnlySpan<byte> rest = record.Value(message).ToArray();
        Span<char> name = stackalloc char[MaxName];
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? default : rest[(end + 1)..];
            var colon = line.IndexOf(": "u8);
            if (colon is <= 0 or > MaxName || line[..colon].IndexOfAny(" \t"u8) >= 0) continue;
            var slot = record.Catalog.SlotOf(name[..Encoding.UTF8.GetChars(line[..colon], name)]);
            if (slot >= 0) record.AddDerived(slot, FieldKind.String, line[(colon + 2)..]);
        }
    }
}
