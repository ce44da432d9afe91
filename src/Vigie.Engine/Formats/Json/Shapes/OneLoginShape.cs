using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// OneLogin's events, as its API and its webhooks give them.
/// Source: OneLogin developers, "Events: event resource and types".
/// </summary>
internal sealed class OneLoginShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["onelogin"], ["onelogin.events"], [], "id");

    /// <inheritdoc/>
    public override string Id => "onelogin.events";

    /// <inheritdoc/>
    public override string Title => "OneLogin events";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("event_type_id", "account_id"), AllOf("event_type_id", "actor_user_id"), AllOf("event_type_id", "user_id")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["event_timestamp", "created_at"];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
