using System.Collections.Immutable;
using Vigie.Engine.Events;

namespace Vigie.Engine.Formats.Json.Shapes;

/// <summary>
/// Requests to web servers as they log them in JSON: nginx and Apache with the variables' own names, Caddy, Traefik, AWS WAF.
/// Sources: nginx, "Module ngx_http_log_module" and "Alphabetical index of variables"; Caddy documentation, "log";
/// Traefik documentation, "Access logs: available fields"; AWS WAF developer guide, "Log fields".
/// </summary>
internal sealed class WebRequestShape : JsonShape
{
    private const int Times = 6;
    private const int Request = 6;
    private const int Targets = 7;
    private const int LastTarget = 11;
    private const int Host = 12;

    private static readonly EventClass Class = EventClass.Of([], ["access"], ["webserver"]);

    private static readonly AliasTable Further = new(
        "remote_addr = c-ip, src_ip", "remote_user = cs-username", "request_method = cs-method", "status = sc-status", "body_bytes_sent = sc-bytes", "bytes_sent = sc-bytes",
        "http_referer = cs-referer, cs-referrer", "http_referrer = cs-referer, cs-referrer", "http_user_agent = cs-user-agent, c-useragent", "http_host = cs-host", "server_name = s-computername",
        "request.method = cs-method", "request.host = cs-host", "request.remote_ip = c-ip, src_ip", "request.client_ip = c-ip, src_ip", "request.headers.User-Agent = cs-user-agent, c-useragent",
        "request.headers.Referer = cs-referer, cs-referrer", "request.headers.Cookie = cs-cookie", "user_id = cs-username", "size = sc-bytes",
        "ClientHost = c-ip, src_ip", "ClientUsername = cs-username", "RequestMethod = cs-method", "RequestHost = cs-host", "DownstreamStatus = sc-status", "DownstreamContentSize = sc-bytes",
        "request_User-Agent = cs-user-agent, c-useragent", "request_Referer = cs-referer, cs-referrer",
        "httpRequest.clientIp = c-ip, src_ip", "httpRequest.httpMethod = cs-method", "httpRequest.host = cs-host");

    /// <inheritdoc/>
    public override string Id => "web.access";

    /// <inheritdoc/>
    public override string Title => "Web access logs, as JSON";

    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Signs { get; } =
    [
        AllOf("remote_addr", "request", "status"), AllOf("remote_addr", "request_uri", "status"), AllOf("remote_addr", "uri", "request_method"),
        AllOf("request.uri", "request.method", "status"), AllOf("RequestPath", "RequestMethod", "DownstreamStatus"), AllOf("httpRequest.uri", "httpRequest.httpMethod", "webaclId"),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<string> Anchors { get; } =
    [
        "time_iso8601", "time", "@timestamp", "timestamp", "ts", "StartUTC",
        "request", "request_uri", "uri", "request.uri", "RequestPath", "httpRequest.uri",
        "host", "http_host", "request.host", "RequestHost", "httpRequest.host",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<string> Aliases(string path) => Further.Of(path);

    /// <inheritdoc/>
    public override void Complete(in JsonDocumentView document)
    {
        document.Record.Time = document.Time(0, Times);
        document.Record.Class = Class;
        var host = Host;
        while (host < Anchors.Length - 1 && !document.Has(host)) host++;
        for (var target = Targets; target <= LastTarget; target++)
        {
            if (!document.Has(target)) continue;
            document.AddHttpTarget(target, host);
            return;
        }

        if (document.Has(Request) && !document.Record.IsContainer(document.Field(Request))) AddRequestLine(document, host);
    }

    // GET /path HTTP/1.1
    private static void AddRequestLine(in JsonDocumentView document, int host)
    {
        var line = document.Value(Request);
        var space = line.IndexOf((byte)' ');
        if (space <= 0 || space > 32) return;
        document.Derive("cs-method", line[..space]);
        var target = line[(space + 1)..];
        var version = target.LastIndexOf(" HTTP/"u8);
        document.AddHttpTarget(version < 0 ? target : target[..version], host);
    }
}
