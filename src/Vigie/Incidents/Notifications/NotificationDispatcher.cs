using Vigie.Operations;

namespace Vigie.Incidents.Notifications;

/// <summary>
/// Sends what is on record for one channel: what is due goes, unless it is quiet or the hour is full; then it is held back and
/// becomes one digest as soon as neither is the case any more.
/// </summary>
internal sealed class NotificationDispatcher(
    NotifyChannel channel, NotificationWriter writer, NotificationSender sender, NotificationTable table, NotificationMetrics metrics, TimeProvider time, ILogger log)
{
    private const int Batch = 20;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>One round.</summary>
    /// <returns>Whether there may be more to do at once.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var due = await table.DueAsync(channel.Name, Batch, cancellationToken).ConfigureAwait(false);
        foreach (var notification in due)
        {
            if (await MayGoAsync(notification, cancellationToken).ConfigureAwait(false)) await SendAsync(notification, cancellationToken).ConfigureAwait(false);
            else await HoldBackAsync(notification, cancellationToken).ConfigureAwait(false);
        }

        return due.Count == Batch || await DigestAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool IsQuiet => channel.Quiet?.Contains(time.GetUtcNow()) == true;

    private async Task<bool> MayGoAsync(Notification notification, CancellationToken cancellationToken)
    {
        if (notification.Kind == NotificationKind.Test) return true;
        // A digest was allowed when it was made; when it could not be sent and it has become quiet, it waits for the next.
        if (notification.Kind == NotificationKind.Digest) return true;
        if (IsQuiet && notification.Severity < channel.OverrideAt) return false;
        return !await IsFullAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> IsFullAsync(CancellationToken cancellationToken) =>
        await table.SentSinceAsync(channel.Name, time.GetUtcNow() - Hour, cancellationToken).ConfigureAwait(false) >= channel.PerHour;

    private async Task<bool> DigestAsync(CancellationToken cancellationToken)
    {
        if (IsQuiet) return false;
        var held = await table.HeldBackAsync(channel.Name, cancellationToken).ConfigureAwait(false);
        if (held.Count == 0 || await IsFullAsync(cancellationToken).ConfigureAwait(false)) return false;
        await table.DigestAsync(writer.Digest(held, time.GetUtcNow()), held, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task HoldBackAsync(Notification notification, CancellationToken cancellationToken)
    {
        await table.HoldBackAsync(notification, cancellationToken).ConfigureAwait(false);
        metrics.HeldBack(channel);
    }

    private async Task SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        try
        {
            var note = await sender.SendAsync(notification, cancellationToken).ConfigureAwait(false);
            await table.SentAsync(notification, note, cancellationToken).ConfigureAwait(false);
            metrics.Sent(channel);
            log.NotificationSent(notification.Id, channel.Name);
        }
        catch (NotificationNotSentException e)
        {
            var isLast = await table.FailedAsync(notification, e.Message, cancellationToken).ConfigureAwait(false);
            metrics.Failed(channel, isLast);
            if (isLast) log.NotificationGivenUp(notification.Id, channel.Name, notification.Attempts + 1, e.Message);
            else log.NotificationNotSent(notification.Id, channel.Name, notification.Attempts + 1, e.Message);
        }
    }
}
