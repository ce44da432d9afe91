using Vigie.Console;
using Vigie.Operations;

namespace Vigie.Incidents.Notifications;

/// <summary>
/// Tells the channels of the settings of incidents that are new or have become graver. What is to be told follows from the
/// stored incidents and from what a channel was told before, so nothing is lost when the node stops in between.
/// </summary>
internal sealed class IncidentNotifier(
    IncidentsSettings settings, NotificationTable table, NotificationMetrics metrics, IncidentChanges changes, ConsoleLinks links, TimeProvider time, ILogger<IncidentNotifier> log) : IStage
{
    /// <summary>An incident that has just begun usually goes on for a moment: one message instead of two.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Everything = TimeSpan.FromMinutes(2);

    public string Name => "incidents.notify";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await table.WhenOpenAsync(cancellationToken).ConfigureAwait(false);
        await table.IntroduceAsync([.. settings.Notify.Select(channel => channel.Name)], cancellationToken).ConfigureAwait(false);
        if (settings.Notify.IsEmpty) return;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A channel that does not answer keeps none of the others waiting. When one falls, all begin again.
        var running = settings.Notify.Select(channel => DispatchAsync(channel, stop.Token)).Append(RecordAsync(stop.Token)).ToList();
        var first = await Task.WhenAny(running).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        using var subscription = changes.Subscribe();
        var writers = settings.Notify.Select(channel => (Channel: channel, Writer: new NotificationWriter(channel, links.To))).ToList();
        var all = DateTimeOffset.MinValue;
        while (true)
        {
            var change = subscription.TryTake();
            var isAllDue = change is { Everything: true } || (time.GetUtcNow() - all).Duration() >= Everything;
            if (isAllDue) all = time.GetUtcNow();
            if (isAllDue || change is { Incidents.Length: > 0 })
            {
                foreach (var (channel, writer) in writers) await table.RecordAsync(channel, writer, isAllDue ? null : change!.Value.Incidents, cancellationToken).ConfigureAwait(false);
            }

            await Task.Delay(Settle, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DispatchAsync(NotifyChannel channel, CancellationToken cancellationToken)
    {
        using var sender = new NotificationSender(channel, time);
        var dispatcher = new NotificationDispatcher(channel, new NotificationWriter(channel, links.To), sender, table, metrics, time, log);
        while (true)
        {
            if (!await dispatcher.StepAsync(cancellationToken).ConfigureAwait(false)) await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
