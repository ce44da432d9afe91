using Vigie.Operations;

namespace Vigie.Store;

/// <summary>Looks after the store while the node runs: its size every few minutes, the age of its rows at the start and daily.</summary>
internal sealed class StoreUpkeep(Store store, Retention retention, DiskBudget budget, TimeProvider time) : IStage
{
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ExpireEvery = TimeSpan.FromDays(1);

    public string Name => "store.upkeep";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken);
        using var timer = new PeriodicTimer(MeasureEvery, time);
        var expireAt = time.GetUtcNow();
        do
        {
            if (time.GetUtcNow() >= expireAt)
            {
                await retention.DeleteExpiredAsync(cancellationToken);
                expireAt = time.GetUtcNow() + ExpireEvery;
            }

            await budget.EnforceAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
