using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Vigie.Operations;
using Vigie.Watches.Logs.Pipeline;

namespace Vigie.Watches.Logs.Sources.Http;

/// <summary>
/// The part of Elasticsearch's HTTP interface that shippers use: the bulk interface, and the questions they ask before they
/// send. What has no meaning here (index templates, life cycles, pipelines) is acknowledged and forgotten.
/// </summary>
internal sealed class BulkApi(LogSourceState source, BulkIntake intake, BulkKeys keys, LogMetrics metrics, ILogger log)
{
    // What shippers compare theirs with: beats refuse servers that are older than they are only beyond the major version.
    private const string Version = "8.17.0";

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        // Elastic's own clients speak only to servers that send this.
        context.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
        try
        {
            if (!keys.Admits(context.Request.Headers.Authorization))
            {
                context.Response.Headers.WWWAuthenticate = "ApiKey, Basic realm=\"vigie\"";
                await RefuseAsync(context, StatusCodes.Status401Unauthorized, "security_exception", "missing or wrong credentials").ConfigureAwait(false);
                return;
            }

            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, "illegal_argument_exception", e.Message).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "illegal_argument_exception", e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender has gone; it will send again.
        }
        catch (IOException e)
        {
            log.LogSourceProblem(source.Name, e.Message);
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        var parts = (context.Request.Path.Value ?? "/").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var method = context.Request.Method;
        var isWrite = HttpMethods.IsPost(method) || HttpMethods.IsPut(method);
        return parts switch
        {
            [] => AnswerAsync(context, WriteVersion),
            ["_bulk"] when isWrite => BulkAsync(context, ""),
            [var index, "_bulk"] when isWrite => BulkAsync(context, index),
            [var index, "_doc" or "_create"] when isWrite => DocumentAsync(context, index, null),
            [var index, "_doc" or "_create", var id] when isWrite => DocumentAsync(context, index, id),
            ["_license" or "_xpack", ..] => AnswerAsync(context, json => WriteLicense(json)),
            ["_cluster", "health", ..] => AnswerAsync(context, WriteHealth),
            ["_cat" or "_nodes" or "_cluster" or "_security" or "_ingest" or "_ilm" or "_index_template" or "_template" or "_component_template" or "_data_stream" or "_alias", ..] => ProbeAsync(context),
            [_, "_mapping" or "_settings" or "_alias" or "_ilm", ..] or [_] => ProbeAsync(context),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, "illegal_argument_exception", $"{method} {context.Request.Path} is not taken here; send events to /_bulk"),
        };
    }

    // Set-up steps: asked whether something is there, it is; told to make it, it is made.
    private static Task ProbeAsync(HttpContext context) => AnswerAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("acknowledged", true);
        json.WriteEndObject();
    });

    private async Task BulkAsync(HttpContext context, string index)
    {
        var (body, length) = await ReadBodyAsync(context).ConfigureAwait(false);
        try
        {
            var hash = BulkIntake.HashOf(body.AsSpan(0, length));
            var items = new List<BulkItem>();
            if (BulkRequest.Read(body.AsSpan(0, length), index, items) is { } problem)
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, "illegal_argument_exception", problem).ConfigureAwait(false);
                return;
            }

            await TakeAsync(context, body.AsMemory(0, length), new BulkUnderWay(PlaceOf(context), hash, items), WriteItems).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private async Task DocumentAsync(HttpContext context, string index, string? id)
    {
        var (body, length) = await ReadBodyAsync(context).ConfigureAwait(false);
        try
        {
            var request = new BulkUnderWay(PlaceOf(context), BulkIntake.HashOf(body.AsSpan(0, length)), [new BulkItem("index", index, id, 0, length)]);
            await TakeAsync(context, body.AsMemory(0, length), request, (json, taken) => WriteItem(json, taken, 0)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private async Task TakeAsync(HttpContext context, Memory<byte> body, BulkUnderWay request, Action<Utf8JsonWriter, BulkUnderWay> write)
    {
        switch (await intake.TakeAsync(body, request, context.RequestAborted).ConfigureAwait(false))
        {
            case BulkOutcome.Busy:
                context.Response.Headers.RetryAfter = "1";
                await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "es_rejected_execution_exception", "too much waits to be matched; send it again").ConfigureAwait(false);
                break;
            case BulkOutcome.Failed:
                context.Response.Headers.RetryAfter = "5";
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable_shards_exception", "it could not be stored in time; send it again").ConfigureAwait(false);
                break;
            default:
                await AnswerAsync(context, json => write(json, request)).ConfigureAwait(false);
                break;
        }
    }

    // Pooled; bounded packed by the server and unpacked here.
    private async Task<(byte[] Body, int Length)> ReadBodyAsync(HttpContext context)
    {
        var most = source.Settings.MaxRequestBytes;
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        await using var stream = encoding switch
        {
            "" or "identity" => context.Request.Body,
            "gzip" or "x-gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            _ => throw new BadHttpRequestException($"Content-Encoding {encoding} is not known; send gzip or none", StatusCodes.Status415UnsupportedMediaType),
        };
        var body = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(context.Request.ContentLength ?? 0, 64 * 1024), most));
        try
        {
            var length = 0;
            while (true)
            {
                if (length == body.Length) body = Grow(body, length, most);
                var read = await stream.ReadAsync(body.AsMemory(length), context.RequestAborted).ConfigureAwait(false);
                if (read == 0) return (body, length);
                length += read;
                if (length > most) throw new BadHttpRequestException($"unpacks to more than maxRequestBytes ({most})", StatusCodes.Status413PayloadTooLarge);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(body);
            throw;
        }
    }

    private static byte[] Grow(byte[] body, int length, int most)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(most + 1L, length * 2L));
        body.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(body);
        return larger;
    }

    private static string PlaceOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : "http";

    private static void WriteItems(Utf8JsonWriter json, BulkUnderWay request)
    {
        json.WriteStartObject();
        json.WriteNumber("took", 0);
        json.WriteBoolean("errors", Enumerable.Range(0, request.Items.Count).Any(i => !request.Items[i].IsEvent || request.HasFailed(i)));
        json.WriteStartArray("items");
        for (var i = 0; i < request.Items.Count; i++)
        {
            json.WriteStartObject();
            json.WritePropertyName(request.Items[i].Action);
            WriteItem(json, request, i);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, BulkUnderWay request, int index)
    {
        var item = request.Items[index];
        json.WriteStartObject();
        json.WriteString("_index", item.Index);
        if (item.Id is { } id) json.WriteString("_id", id);
        else json.WriteString("_id", $"{request.Hash}-{index}");
        if (item.IsEvent && !request.HasFailed(index))
        {
            json.WriteString("result", "created");
            json.WriteNumber("status", StatusCodes.Status201Created);
        }
        else
        {
            json.WriteNumber("status", StatusCodes.Status400BadRequest);
            json.WriteStartObject("error");
            json.WriteString("type", item.IsEvent ? "document_parsing_exception" : "illegal_argument_exception");
            json.WriteString("reason", item.IsEvent ? "the document is not JSON that can be read" : $"{item.Action} is not taken here: events are only added");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", "vigie");
        json.WriteString("cluster_name", "vigie");
        json.WriteString("cluster_uuid", "vigie");
        json.WriteStartObject("version");
        json.WriteString("number", Version);
        json.WriteString("build_flavor", "default");
        json.WriteString("build_type", "tar");
        json.WriteString("minimum_wire_compatibility_version", "7.17.0");
        json.WriteString("minimum_index_compatibility_version", "7.0.0");
        json.WriteEndObject();
        json.WriteString("tagline", "You Know, for Search");
        json.WriteEndObject();
    }

    private static void WriteLicense(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("license");
        json.WriteString("status", "active");
        json.WriteString("uid", "vigie");
        json.WriteString("type", "basic");
        json.WriteString("mode", "basic");
        json.WriteEndObject();
        json.WriteStartObject("features");
        json.WriteStartObject("ilm");
        json.WriteBoolean("available", false);
        json.WriteBoolean("enabled", false);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteHealth(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("cluster_name", "vigie");
        json.WriteString("status", "green");
        json.WriteBoolean("timed_out", false);
        json.WriteEndObject();
    }

    private Task RefuseAsync(HttpContext context, int status, string type, string reason)
    {
        metrics.Refused(source.Name, status);
        if (context.Response.HasStarted) return Task.CompletedTask;
        context.Response.StatusCode = status;
        return AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("type", type);
            json.WriteString("reason", reason);
            json.WriteEndObject();
            json.WriteNumber("status", status);
            json.WriteEndObject();
        });
    }

    private static async Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json; charset=UTF-8";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        context.Response.ContentLength = buffer.Length;
        await context.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), context.RequestAborted).ConfigureAwait(false);
    }
}
