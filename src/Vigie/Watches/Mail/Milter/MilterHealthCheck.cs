using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vigie.Watches.Mail.Milter;

/// <summary>Whether MTAs can connect: healthy while every listener is open and there is room for another session.</summary>
internal sealed class MilterHealthCheck(MilterServer server, MilterSettings settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var addresses = string.Join(", ", server.EndPoints);
        var result = (server.Listening, server.Sessions) switch
        {
            (false, _) => HealthCheckResult.Unhealthy("The milter is not listening."),
            (true, var open) when open > settings.Limits.Sessions => HealthCheckResult.Degraded($"{open} connections; those beyond {settings.Limits.Sessions} are answered by the policy on failure."),
            (true, var open) => HealthCheckResult.Healthy($"Listening on {addresses}; {open} connections."),
        };
        return Task.FromResult(result);
    }
}
