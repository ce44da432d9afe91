using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Results of osquery's scheduled queries; those about processes are process creations.
/// Source: osquery documentation, "Logging: results log, event format"; schema of process_events and es_process_events.
/// </summary>
internal sealed class OsqueryShape : JsonShape
{
    private const int Query = 2;
    private const int CommandLine = 3;
    private const int Path = 4;

    private static readonly EventClass LinuxProcess = EventClass.Of(["linux", "osquery"], ["osquery"], ["process_creation"]);
    private static readonly EventClass MacProcess = EventClass.Of(["macos", "osquery"], ["osquery"], ["process_creation"]);
    private static readonly EventClass Other = EventClass.Of(["osquery"], ["osquery"], []);

    private static readonly AliasTable Further = new(
        "hostIdentifier = Computer", "columns.path = Image", "columns.cmdline = CommandLine", "columns.cwd = CurrentDirectory", "columns.pid = ProcessId",
        "columns.parent = ParentProcessId", "columns.username = User", "columns.parent_path = ParentImage", "columns.parent_cmdline = ParentCommandLine",
        "columns.target_path = TargetFilename", "columns.sha256 = sha256", "columns.md5 = md5");

    /// <inheritdoc/>
    public override string Id => "osquery";

    /// <inheritdoc/>
    public override string Title => "osquery results";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("hostIdentifier", "columns", "calendarTime"), AllOf("hostIdentifier", "columns", "unixTime")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["unixTime", "calendarTime", "name", "columns.cmdline", "columns.path"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0, 2);
        var isMac = document.Value(Query).IndexOf("es_process"u8) >= 0;
        if (document.Has(CommandLine) && document.Has(Path)) document.Record.Class = isMac ? MacProcess : LinuxProcess;
        else document.Record.Class = Other;
    }
}
