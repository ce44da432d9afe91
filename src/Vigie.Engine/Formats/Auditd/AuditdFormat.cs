using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Auditd;

/// <summary>The Linux audit daemon's log (linux-audit/audit-documentation, "SPEC Audit Event Parsing").</summary>
internal sealed class AuditdFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "auditd";

    /// <inheritdoc/>
    public override string Title => "Linux audit log (auditd)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName) =>
        LineSample.Sureness(LineSample.Share(head, static line => AuditRecord.TryParse(line, out _)), 97);

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new AuditdReader();
}
