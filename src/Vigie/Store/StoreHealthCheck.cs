using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Engine;

namespace Vigie.Store;

/// <summary>Whether the store works, and whether it soon may not. The French text is in the data, under <c>fr</c>.</summary>
internal sealed class StoreHealthCheck(Store store, DiskBudget budget) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        store.Problem is { } problem ? HealthCheckResult.Unhealthy(problem.Text.English, data: French(problem.Text))
        : budget.Notice is { } notice ? HealthCheckResult.Degraded(notice.English, data: French(notice))
        : HealthCheckResult.Healthy(store.Dialect.Where));

    private static Dictionary<string, object> French(Bilingual text) => new() { ["fr"] = text.French };
}
