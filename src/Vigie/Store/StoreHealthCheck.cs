using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;

namespace Vigie.Store;

/// <summary>Whether the store works, and whether it soon may not.</summary>
internal sealed class StoreHealthCheck(Store store, DiskBudget budget) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        store.Problem is { } problem ? HealthSaid.Fails(problem.Text.English, problem.Text.French)
        : budget.Notice is { } notice ? HealthSaid.Worries(notice.English, notice.French)
        : HealthCheckResult.Healthy(store.Dialect.Where));
}
