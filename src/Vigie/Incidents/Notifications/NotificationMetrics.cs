using System.Diagnostics.Metrics;

namespace Vigie.Incidents.Notifications;

/// <summary>What became of notifications, by the kind of channel: how many incidents there are is nobody's business who only watches the node.</summary>
internal sealed class NotificationMetrics
{
    private readonly Counter<long> _notifications;

    public NotificationMetrics(IMeterFactory meters) => _notifications = meters.Create("Vigie").CreateCounter<long>(
        "vigie.incidents.notifications", "{message}", "Notifications of incidents by kind of channel: sent, failed (an attempt; tried again), given-up, held-back (for the next digest).");

    /// <summary>A channel took one.</summary>
    public void Sent(NotifyChannel channel) => Count(channel, "sent");

    /// <summary>A channel did not take one; it is tried again unless it was the last time.</summary>
    public void Failed(NotifyChannel channel, bool isLast)
    {
        Count(channel, "failed");
        if (isLast) Count(channel, "given-up");
    }

    /// <summary>One waits for the next digest.</summary>
    public void HeldBack(NotifyChannel channel) => Count(channel, "held-back");

    private void Count(NotifyChannel channel, string outcome) => _notifications.Add(
        1,
        new KeyValuePair<string, object?>("channel", channel.IsMail ? "mail" : "webhook"),
        new KeyValuePair<string, object?>("outcome", outcome));
}
