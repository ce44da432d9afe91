using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Okta's System Log, as its API and its event hooks give it.
/// Source: Okta developer documentation, "System Log API: LogEvent object".
/// </summary>
internal sealed class OktaShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["okta"], ["okta"], [], "uuid");

    /// <inheritdoc/>
    public override string Id => "okta.system";

    /// <inheritdoc/>
    public override string Title => "Okta System Log";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("uuid", "published", "eventType")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["published"];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
