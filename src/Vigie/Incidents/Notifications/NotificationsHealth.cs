using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigie.Operations;

namespace Vigie.Incidents.Notifications;

/// <summary>Whether those outside can be told: nothing given up within a day, nothing failing for long.</summary>
internal sealed class NotificationsHealth(IncidentsSettings settings, NotificationTable table, Store.Store store, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (settings.Notify.IsEmpty) return HealthSaid.Works("no channel in incidents.notify", "aucun canal dans incidents.notify");
        if (!store.IsOpen) return HealthSaid.Worries("waits for the store", "attend le stockage");
        var troubled = await table.TroubledAsync(time.GetUtcNow() - Remembered, cancellationToken).ConfigureAwait(false);
        return troubled.Count == 0
            ? HealthSaid.Works(settings.Notify.Length == 1 ? "1 channel" : $"{settings.Notify.Length} channels", settings.Notify.Length == 1 ? "1 canal" : $"{settings.Notify.Length} canaux")
            : HealthSaid.Worries(
                string.Join("; ", troubled.DistinctBy(one => one.Channel).Select(one => $"{one.Channel}: {one.Problem}")),
                string.Join(" ; ", troubled.DistinctBy(one => one.Channel).Select(one => $"{one.Channel} : {one.Problem}")));
    }
}
