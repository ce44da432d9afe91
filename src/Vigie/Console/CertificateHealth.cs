using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vigie.Console;

/// <summary>Warns while there is still time to renew.</summary>
internal sealed class CertificateHealth(CertificateFiles certificate, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var left = certificate.Expires - time.GetUtcNow();
        var text = $"the console's certificate expires on {certificate.Expires:yyyy-MM-dd}";
        return Task.FromResult(left <= TimeSpan.Zero ? HealthCheckResult.Unhealthy(text.Replace("expires", "expired", StringComparison.Ordinal))
            : left < WarnBefore ? HealthCheckResult.Degraded(text)
            : HealthCheckResult.Healthy(text));
    }
}
