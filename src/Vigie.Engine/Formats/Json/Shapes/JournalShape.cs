using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// The journal of systemd as <c>journalctl -o json</c> writes it.
/// Source: systemd, "Journal Export Formats: JSON" and systemd.journal-fields(7).
/// </summary>
internal sealed class JournalShape : JsonShape
{
    private const int Program = 2;

    private static readonly EventClass Plain = Of();

    private static readonly ByteKeys<EventClass> Classes = new(
    [
        new("sshd", Of("sshd", "auth")), new("sshd-session", Of("sshd", "auth")), new("sudo", Of("sudo", "auth")), new("su", Of("auth")), new("login", Of("auth")),
        new("systemd-logind", Of("auth")), new("polkitd", Of("auth")), new("useradd", Of("auth")), new("usermod", Of("auth")), new("passwd", Of("auth")),
        new("cron", Of("cron")), new("crond", Of("cron")), new("vsftpd", Of("vsftpd")), new("clamd", Of("clamav")), new("clamav", Of("clamav")),
        new("freshclam", Of("clamav")), new("guacd", Of("guacamole")), new("auditd", Of("auditd")), new("audit", Of("auditd")),
    ]);

    private static readonly AliasTable Further = new(
        "MESSAGE = message", "SYSLOG_IDENTIFIER = program", "_HOSTNAME = hostname, Computer", "_PID = pid", "_CMDLINE = CommandLine", "_EXE = Image, exe", "_COMM = comm", "_SYSTEMD_UNIT = unit");

    /// <inheritdoc/>
    public override string Id => "linux.journal";

    /// <inheritdoc/>
    public override string Title => "systemd journal, as JSON";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("__REALTIME_TIMESTAMP", "MESSAGE"), AllOf("__CURSOR", "MESSAGE"), AllOf("_BOOT_ID", "MESSAGE"), AllOf("SYSLOG_IDENTIFIER", "MESSAGE")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP", "SYSLOG_IDENTIFIER", "_COMM"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    private static EventClass Of(params ReadOnlySpan<string> services) => EventClass.Of(["linux"], [.. services, "syslog"], [], "__CURSOR");

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0, Program);
        document.Record.Class = Classes.Find(document.Value(document.Has(Program) ? Program : Program + 1)) ?? Plain;
    }
}
