using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Console;
using Vigie.Operations.Metrics;

namespace Vigie.Operations;

/// <summary>
/// <c>/healthz</c> (the process answers), <c>/readyz</c> (it can do its work, or why not) and <c>/metrics</c>.
/// Details go to observers only (<c>operations.observers</c>); anyone may learn the bare yes or no.
/// </summary>
internal static class OperationsEndpoints
{
    /// <summary>A check that hangs is a reason not to be ready, and must not hang the answer.</summary>
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(5);

    public static void MapOperations(this IEndpointRouteBuilder routes, OperationsSettings settings)
    {
        routes.MapGet("/healthz", static () => Results.Text("ok\n", "text/plain")).WithMetadata(new OpenToAllAttribute());
        routes.MapGet("/readyz", async (HttpContext context, HealthCheckService checks, CancellationToken token) =>
        {
            var readiness = await ReadAsync(checks, CheckLimit, token);
            var status = readiness.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            if (!IsObserver(context, settings)) return Results.Text(readiness.Ready ? "ready\n" : "not ready\n", "text/plain", Encoding.UTF8, status);
            return WantsJson(context.Request)
                ? Results.Text(readiness.ToJson(), "application/json", Encoding.UTF8, status)
                : Results.Text(readiness.ToText(), "text/plain", Encoding.UTF8, status);
        }).WithMetadata(new OpenToAllAttribute());
        routes.MapGet("/metrics", (HttpContext context, MetricsCollector metrics) =>
            IsObserver(context, settings)
                ? Results.Text(PrometheusText.Write(metrics.Collect()), PrometheusText.ContentType)
                : Results.Text("Your address is not among operations.observers.\n", "text/plain", Encoding.UTF8, StatusCodes.Status403Forbidden)).WithMetadata(new OpenToAllAttribute());
    }

    internal static async Task<Readiness> ReadAsync(HealthCheckService checks, TimeSpan within, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(within);
        try
        {
            var report = await checks.CheckHealthAsync(limit.Token).WaitAsync(within, token);
            return new Readiness(
                report.Status != HealthStatus.Unhealthy,
                [.. report.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new PartHealth(e.Key, NameOf(e.Value.Status), e.Value.Description ?? e.Value.Exception?.Message))]);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !token.IsCancellationRequested))
        {
            return new Readiness(false, [new PartHealth("node", "unhealthy", string.Create(CultureInfo.InvariantCulture, $"the health checks did not answer within {within.TotalSeconds:0.#} s"))]);
        }
    }

    // A request that a proxy on this machine passed on is not from this machine, whatever its peer address says:
    // the console's trusted-proxy step takes the header away once it has put the true address in its place.
    private static bool IsObserver(HttpContext context, OperationsSettings settings)
    {
        var headers = context.Request.Headers;
        if (headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded")) return false;
        if (context.Connection.RemoteIpAddress is not { } address) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return settings.Observers.Any(network => network.Contains(address));
    }

    private static bool WantsJson(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase) ||
        string.Equals(request.Query["format"], "json", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}

/// <summary>Whether the node can do its work, and how each part fares.</summary>
internal sealed record Readiness(bool Ready, IReadOnlyList<PartHealth> Parts)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    public string ToText()
    {
        var text = new StringBuilder(Ready ? "ready\n" : "not ready\n");
        foreach (var part in Parts)
            text.Append(part.Name).Append(": ").Append(part.Status).Append(part.Reason is null ? "" : " (" + part.Reason + ")").Append('\n');
        return text.ToString();
    }
}

/// <summary>One part's health.</summary>
/// <param name="Name">The check's dotted name, such as <c>mail.milter</c>.</param>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Reason">What is wrong, or null.</param>
internal sealed record PartHealth(string Name, string Status, string? Reason);
