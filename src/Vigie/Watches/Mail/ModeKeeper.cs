using Vigie.Operations;

namespace Vigie.Watches.Mail;

/// <summary>Follows switches of the mode that other processes make.</summary>
internal sealed class ModeKeeper(Store.Store store, MailMode mode, TimeProvider time, ILogger<ModeKeeper> log) : IStage
{
    public string Name => "mail.mode";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken);
        while (true)
        {
            var before = mode.Current;
            await mode.RefreshAsync(cancellationToken);
            if (mode.Current != before) log.MailModeSwitched(mode.Current, mode.State.ChangedBy, mode.State.Reason);
            await Task.Delay(MailMode.RefreshEvery, time, cancellationToken);
        }
    }
}
