using System.Collections.Immutable;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// What containers write to their output, as Docker's json-file driver keeps it. The lines are the program's own; their log
/// source is what the operator names.
/// Source: Docker documentation, "JSON File logging driver".
/// </summary>
internal sealed class ContainerLogShape : JsonShape
{
    private static readonly AliasTable Further = new("log = message");

    /// <inheritdoc/>
    public override string Id => "container";

    /// <inheritdoc/>
    public override string Title => "Container output, as JSON";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("log", "stream", "time")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["time"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = GenericJson.ClassOf(document.Options.Source);
        document.Record.Time = document.Time(0);
    }
}
