using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Cisco Duo's authentication log.
/// Source: Duo Admin API, "Authentication logs".
/// </summary>
internal sealed class DuoShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["cisco"], ["duo"], [], "txid");

    /// <inheritdoc/>
    public override string Id => "cisco.duo";

    /// <inheritdoc/>
    public override string Title => "Cisco Duo authentication log";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("txid", "factor", "result"), AllOf("event_type", "isotimestamp", "reason"), AllOf("txid", "event_type", "reason")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["isotimestamp", "timestamp"];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
