using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Any event in the Elastic Common Schema: Elastic Agent, Filebeat, Packetbeat, Elastic Defend. Its categories say what it is.
/// Source: Elastic, "ECS field reference" and "ECS categorization fields".
/// </summary>
internal sealed class EcsShape : JsonShape
{
    private const int Category = 2;
    private const int System = 4;
    private const int Arguments = 6;
    private const int CommandLine = 7;

    private static readonly EventClass[] Plain = Of([]);

    private static readonly ByteKeys<EventClass[]> Categories = new(
    [
        new("process", Of(["process_creation"])), new("file", Of(["file_event"])), new("registry", Of(["registry_set", "registry_event"])), new("library", Of(["image_load"])),
        new("driver", Of(["driver_load"])), new("network", Of(["network_connection", "firewall"])), new("network_traffic", Of(["network_connection", "firewall"])), new("web", Of(["webserver", "proxy"])),
        new("malware", Of(["antivirus"])), new("database", Of(["database"])),
    ]);

    private static readonly AliasTable Further = new(
        "process.executable = Image", "process.command_line = CommandLine", "process.parent.executable = ParentImage", "process.parent.command_line = ParentCommandLine",
        "process.working_directory = CurrentDirectory", "process.pe.original_file_name = OriginalFileName", "process.pid = ProcessId", "process.entity_id = ProcessGuid",
        "process.hash.md5 = md5", "process.hash.sha1 = sha1", "process.hash.sha256 = sha256", "process.pe.imphash = imphash", "user.name = User", "host.name = Computer",
        "file.path = TargetFilename", "registry.path = TargetObject", "registry.data.strings = Details", "dll.path = ImageLoaded",
        "source.ip = SourceIp, src_ip, c-ip", "source.port = SourcePort, src_port", "destination.ip = DestinationIp, dst_ip", "destination.port = DestinationPort, dst_port",
        "destination.domain = DestinationHostname, cs-host", "dns.question.name = QueryName, query", "dns.question.type = record_type", "dns.answers.data = answer, QueryResults",
        "url.full = c-uri", "url.original = c-uri, cs-uri-query", "url.path = cs-uri-stem, cs-uri-query", "url.query = cs-uri-query, c-uri-query", "url.domain = cs-host", "url.extension = c-uri-extension",
        "http.request.method = cs-method", "http.response.status_code = sc-status", "http.request.referrer = cs-referer", "user_agent.original = c-useragent, cs-user-agent",
        "threat.indicator.name = Signature", "event.action = action");

    /// <inheritdoc/>
    public override string Id => "ecs";

    /// <inheritdoc/>
    public override string Title => "Elastic Common Schema";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("ecs.version"), AllOf("event.category", "event.kind"), AllOf("event.category", "agent.type"), AllOf("event.category", "host.os.type"), AllOf("agent.type", "@timestamp", "event.dataset"), AllOf("agent.type", "@timestamp", "message")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["@timestamp", "event.created", "event.category", "event.type", "host.os.type", "host.os.platform", "process.args", "process.command_line", "event.action"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    // "process" or ["process", "session"].
    private static ReadOnlySpan<byte> FirstOf(in JsonDocumentView document, int anchor)
    {
        var field = document.Field(anchor);
        if (field < 0) return default;
        if (!document.Record.IsContainer(field)) return document.Record.Value(field);
        return field + 1 < document.Record.Count && !document.Record.IsContainer(field + 1) ? document.Record.Value(field + 1) : default;
    }

    private static EventClass[] Of(string[] categories) =>
        [.. ((string[][])[["windows"], ["linux"], ["macos"], []]).Select(product => EventClass.Of(product, [], categories))];

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0, 2);
        var os = document.Value(document.Has(System) ? System : System + 1);
        var product = Ascii.EqualsIgnoreCase(os, "windows"u8) ? 0 : Ascii.EqualsIgnoreCase(os, "macos"u8) || Ascii.EqualsIgnoreCase(os, "darwin"u8) ? 2 : os.Length > 0 ? 1 : 3;
        var category = Categories.Find(FirstOf(document, Category));
        document.Record.Class = category is null ? Plain[product] : category[product];
        if (document.Has(Arguments) && !document.Has(CommandLine)) document.Derive("CommandLine", document.Join(Arguments));
    }
}
