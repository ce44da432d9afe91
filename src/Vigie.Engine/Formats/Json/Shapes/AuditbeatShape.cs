using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Linux audit records as Auditbeat joins them. Rules for <c>linux/auditd</c> name the fields of the records themselves.
/// Source: Auditbeat reference, "Exported fields: Auditd fields".
/// </summary>
internal sealed class AuditbeatShape : JsonShape
{
    private const int Executable = 2;
    private const int Arguments = 3;
    private const int CommandTitle = 4;

    private static readonly EventClass Plain = EventClass.Of(["linux"], ["auditd"], []);
    private static readonly EventClass Execution = EventClass.Of(["linux"], ["auditd"], ["process_creation"]);

    private static readonly AliasTable Further = new(
        "auditd.message_type = type", "auditd.data.syscall = SYSCALL, syscall", "process.executable = exe, Image", "process.name = comm", "process.title = CommandLine, proctitle",
        "process.working_directory = cwd, CurrentDirectory", "process.parent.executable = ParentImage", "auditd.paths.name = name", "auditd.paths.nametype = nametype",
        "file.path = name, TargetFilename", "user.name = User", "user.effective.id = euid", "tags = key", "process.pid = pid, ProcessId", "host.name = Computer",
        "systemd.unit = unit", "auditd.data.unit = unit");

    /// <inheritdoc/>
    public override string Id => "linux.auditbeat";

    /// <inheritdoc/>
    public override string Title => "Linux audit records of Auditbeat";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("auditd.message_type"), AllOf("auditd.data.syscall"), AllOf("auditd.summary.actor.primary")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["@timestamp", "auditd.message_type", "process.executable", "process.args", "process.title"];

    /// <inheritdoc/>
    public override JsonName Name(string path)
    {
        const string Data = "auditd.data.";
        return path.StartsWith(Data, StringComparison.Ordinal) ? JsonName.Without(Data) : JsonName.Kept;
    }

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0);
        var isExecution = document.Has(Executable) && (document.Has(Arguments) || document.Has(CommandTitle));
        document.Record.Class = isExecution ? Execution : Plain;
        if (isExecution && !document.Has(CommandTitle)) document.Derive("CommandLine", document.Join(Arguments));
    }
}
