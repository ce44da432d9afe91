using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// FortiGate's log as JSON (<c>set format json</c>, FortiAnalyzer's forwarding).
/// Source: Fortinet, "FortiOS log message reference: log field format".
/// </summary>
internal sealed class FortigateShape : JsonShape
{
    private const int Type = 3;

    private static readonly EventClass Other = EventClass.Of(["fortigate", "fortios"], [], []);
    private static readonly EventClass Vpn = EventClass.Of(["fortigate", "fortios"], ["event", "vpn", "sslvpnd"], ["vpn"]);

    private static readonly ByteKeys<EventClass> Classes = new(
    [
        new("traffic", EventClass.Of(["fortigate", "fortios"], ["traffic"], ["firewall"])), new("event", EventClass.Of(["fortigate", "fortios"], ["event"], [])),
        new("utm", EventClass.Of(["fortigate", "fortios"], ["utm"], [])),
    ]);

    private static readonly AliasTable Further = new("srcip = src_ip", "dstip = dst_ip", "srcport = src_port", "dstport = dst_port, destination.port", "hostname = cs-host", "url = c-uri");

    /// <inheritdoc/>
    public override string Id => "fortigate";

    /// <inheritdoc/>
    public override string Title => "FortiGate, as JSON";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("devid", "logid", "type", "subtype"), AllOf("devid", "log_id", "type", "subtype")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["eventtime", "timestamp", "@timestamp", "type", "subtype"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Class = document.Value(Type + 1).SequenceEqual("vpn"u8) ? Vpn : Classes.Find(document.Value(Type)) ?? Other;
        document.Record.Time = document.Time(0, Type);
    }
}
