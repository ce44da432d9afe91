using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Events of macOS's Endpoint Security as <c>eslogger</c> writes them: programs started, files made.
/// Source: Apple developer documentation, "Endpoint Security: es_message_t, es_event_exec_t, es_event_create_t"; eslogger(1).
/// </summary>
internal sealed class EndpointSecurityShape : JsonShape
{
    private const int Executable = 1;
    private const int Arguments = 2;
    private const int NewFolder = 3;
    private const int ExistingFile = 5;
    private const int Actor = 6;

    private static readonly EventClass Process = EventClass.Of(["macos"], ["eslogger"], ["process_creation"]);
    private static readonly EventClass File = EventClass.Of(["macos"], ["eslogger"], ["file_event"]);
    private static readonly EventClass Other = EventClass.Of(["macos"], ["eslogger"], []);

    private static readonly AliasTable Further = new(
        "event.exec.target.executable.path = Image", "event.exec.cwd.path = CurrentDirectory", "event.exec.target.audit_token.pid = ProcessId",
        "event.exec.target.ppid = ParentProcessId");

    /// <inheritdoc/>
    public override string Id => "macos.eslogger";

    /// <inheritdoc/>
    public override string Title => "macOS Endpoint Security (eslogger)";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("event.exec.target.executable.path"), AllOf("event.create.destination", "process.executable.path"), AllOf("mach_time", "event_type", "process.executable.path")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["time", "event.exec.target.executable.path", "event.exec.args", "event.create.destination.new_path.dir.path", "event.create.destination.new_path.filename", "event.create.destination.existing_file.path", "process.executable.path"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0);
        if (document.Has(Executable))
        {
            document.Record.Class = Process;
            document.Alias("ParentImage", Actor);
            document.Derive("CommandLine", document.Join(Arguments));
            return;
        }

        document.Alias("Image", Actor);
        document.Record.Class = document.Has(NewFolder) || document.Has(ExistingFile) ? File : Other;
        if (document.Has(NewFolder)) document.Derive("TargetFilename", document.JoinPath(NewFolder, NewFolder + 1));
        else document.Alias("TargetFilename", ExistingFile);
    }
}
