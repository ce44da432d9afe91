using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// OpenCanary, the honeypot.
/// Source: OpenCanary documentation, "Starting OpenCanary: logs"; its list of log types.
/// </summary>
internal sealed class OpenCanaryShape : JsonShape
{
    private static readonly EventClass Class = EventClass.Of(["opencanary"], ["opencanary"], ["application"]);

    private static readonly AliasTable Further = new("src_host = src_ip", "dst_host = dst_ip");

    /// <inheritdoc/>
    public override string Id => "opencanary";

    /// <inheritdoc/>
    public override string Title => "OpenCanary";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("logtype", "node_id"), AllOf("logtype", "logdata")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["utc_time", "local_time", "local_time_adjusted"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = Class;
        document.Record.Time = document.Time(0, Anchors.Length);
    }
}
