using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Activities of Google Workspace, as the Reports API gives them. Their parameters become fields of their own, in small letters.
/// Source: Google, "Admin SDK: Reports API, activities.list" and "Admin audit activity events".
/// </summary>
internal sealed class GoogleWorkspaceShape : JsonShape
{
    private static readonly EventClass Other = Of();

    private static readonly ByteKeys<EventClass> Classes = new(
        from application in (string[])["admin", "login", "drive", "token", "saml", "user_accounts", "groups", "mobile", "rules", "calendar", "chat", "meet", "gcp"]
        select new KeyValuePair<string, EventClass>(application, Of($"google_workspace.{application}")));

    private static readonly AliasTable Further = new("events.name = eventName, protoPayload.metadata.event.eventName", "ipAddress = src_ip");

    /// <inheritdoc/>
    public override string Id => "google.workspace";

    /// <inheritdoc/>
    public override string Title => "Google Workspace reports";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
        [AllOf("id.applicationName", "events", "actor"), AllOf("id.applicationName", "id.uniqueQualifier")];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
        ["id.time", "id.applicationName"];

    /// <inheritdoc/>
    public override JsonName Name(string path) => path switch
    {
        "events.parameters.name" => JsonName.PairName,
        "events.parameters.value" or "events.parameters.boolValue" or "events.parameters.intValue" => JsonName.PairValue,
        _ => JsonName.Kept,
    };

    /// <inheritdoc/>
    public override string FieldOfPair(string name) => name.ToLowerInvariant();

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    private static EventClass Of(params ReadOnlySpan<string> services) =>
        EventClass.Of(["gcp", "google_workspace"], services, [], "id.applicationName", "id.uniqueQualifier", "id.time");

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        var application = document.Value(1);
        document.Record.Class = Classes.Find(application) ?? Other;
        document.Record.Time = document.Time(0);
        if (application.Length is 0 or > 64) return;
        Span<byte> service = stackalloc byte[96];
        application.CopyTo(service);
        ".googleapis.com"u8.CopyTo(service[application.Length..]);
        var whole = service[..(application.Length + ".googleapis.com"u8.Length)];
        document.Derive("eventService", whole);
        document.Derive("protoPayload.serviceName", whole);
        document.Derive("protoPayload.Servicename", whole);
    }
}
