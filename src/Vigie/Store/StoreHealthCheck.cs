using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vigie.Store;

/// <summary>Whether the store works, and whether it soon may not.</summary>
internal sealed class StoreHealthCheck(Store store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Problem is { } problem
            ? HealthCheckResult.Unhealthy(problem.Text.English, data: new Dictionary<string, object> { ["fr"] = problem.Text.French })
            : HealthCheckResult.Healthy(store.Dialect.Where));
}
