using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>A document of a program that no shape knows: its fields under their own names, its log source as the operator names it.</summary>
internal sealed class GenericJson : JsonShape
{
    /// <inheritdoc/>
    public override string Id => "generic";

    /// <inheritdoc/>
    public override string Title => "JSON of any program";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } = [[]];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["@timestamp", "timestamp", "time", "ts", "datetime", "date", "eventTime", "event_time", "created_at", "Timestamp", "TimeGenerated", "createdDateTime"];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = ClassOf(document.Options.Source);
        document.Record.Time = document.Time(0, Anchors.Length);
    }

    /// <summary>The log source that the operator names.</summary>
    public static EventClass ClassOf(LogSource source) =>
        source == default ? EventClass.Unknown : EventClass.Of(Terms(source.Product), Terms(source.Service), Terms(source.Category));

    private static string[] Terms(string? term) => term is null ? [] : [term];
}
