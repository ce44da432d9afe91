using Vigie.Operations;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Watches.Mail;

/// <summary>
/// Compares the records of held mail with the MTA's hold queue, finishes what a crash interrupted, and notices what
/// happened to messages without us.
/// </summary>
internal sealed class HoldReconciler(HeldMail held, PostfixQueue queue, MailSettings settings, TimeProvider time, ILogger<HoldReconciler> log) : IStage
{
    public string Name => "mail.held";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await held.WhenOpenAsync(cancellationToken);
        while (true)
        {
            await ReconcileAsync(cancellationToken);
            await Task.Delay(settings.ReconcileEvery, time, cancellationToken);
        }
    }

    /// <summary>One comparison. A queue that cannot be read changes nothing: not seen is not gone.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        // First the records, then the queue: a message recorded and held in between is not missed but simply not looked at yet.
        var open = await held.OpenAsync(cancellationToken);
        if (open.Count == 0) return;
        IReadOnlySet<string> inQueue;
        try
        {
            inQueue = await queue.ListAsync(cancellationToken);
        }
        catch (QueueUnavailableException e)
        {
            log.HoldQueueUnavailable(e.Message);
            return;
        }

        foreach (var row in open) await ReconcileAsync(row, inQueue.Contains(row.QueueId), cancellationToken);
    }

    private async Task ReconcileAsync(HeldRow row, bool inQueue, CancellationToken cancellationToken)
    {
        switch ((HeldState)row.State, inQueue)
        {
            case (HeldState.Pending, true):
                await held.MoveAsync(row, HeldState.Held, null, cancellationToken);
                break;
            case (HeldState.Pending, false) when held.IsYoung(row):
                break;
            case (HeldState.Pending or HeldState.Held, false):
                if (await held.MoveAsync(row, HeldState.Vanished, null, cancellationToken)) log.HeldMailVanished(row.QueueId);
                break;
            case (HeldState.Releasing or HeldState.Returning or HeldState.Deleting, _):
                await held.CarryOutAsync(row, cancellationToken);
                break;
        }
    }
}
