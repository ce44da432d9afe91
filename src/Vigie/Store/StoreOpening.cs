using Vigie.Operations;

namespace Vigie.Store;

/// <summary>
/// Opens the store before anything else starts. Where that fails the node stays up, says why on <c>/readyz</c> and
/// tries again; only a second node on the same data folder is not let in at all.
/// </summary>
internal sealed class StoreOpening(Store store, TimeProvider time, ILogger<StoreOpening> log) : BackgroundService
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.OpenAsync(cancellationToken);
        }
        catch (StoreException e) when (e.Problem.Fault != StoreFault.InUse)
        {
            log.StoreNotOpened(e.Message);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!store.IsOpen)
        {
            await Task.Delay(TryEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            try
            {
                await store.OpenAsync(stoppingToken);
                log.StoreRecovered(store.Dialect.Where);
            }
            catch (StoreException e)
            {
                // Said once at the start; /readyz repeats it for as long as it lasts.
                log.StoreStillClosed(e.Message);
            }
        }
    }
}
