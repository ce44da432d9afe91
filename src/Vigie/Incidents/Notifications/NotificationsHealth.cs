using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Vigie.Incidents.Notifications;

/// <summary>Whether those outside can be told: nothing given up within a day, nothing failing for long.</summary>
internal sealed class NotificationsHealth(IncidentsSettings settings, NotificationTable table, Store.Store store, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (settings.Notify.IsEmpty) return HealthCheckResult.Healthy("no channel in incidents.notify");
        if (!store.IsOpen) return HealthCheckResult.Degraded("waits for the store");
        var troubled = await table.TroubledAsync(time.GetUtcNow() - Remembered, cancellationToken).ConfigureAwait(false);
        return troubled.Count == 0
            ? HealthCheckResult.Healthy(string.Create(CultureInfo.InvariantCulture, $"{settings.Notify.Length} channels"))
            : HealthCheckResult.Degraded(string.Join("; ", troubled.DistinctBy(one => one.Channel).Select(one => $"{one.Channel}: {one.Problem}")));
    }
}
