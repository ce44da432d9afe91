using Vigie.Engine;
using Vigie.Operations;

namespace Vigie.Store;

/// <summary>
/// Keeps the store below <c>store.maxSize</c>: warns when it comes near, and then deletes the oldest tenth of the
/// first kind that has anything, in the order of <see cref="RetentionKind.All"/>, until there is room again.
/// Nothing younger than a week is deleted for space, nor mail still held, nor the journal.
/// </summary>
internal sealed class DiskBudget(Store store, Retention retention, TimeProvider time, ILogger<DiskBudget> log)
{
    /// <summary>Parts of the budget at which it warns, acts, and stops acting.</summary>
    private const double Warn = 0.80;
    private const double Act = 0.95;
    private const double Enough = 0.90;

    private const string ActedAt = "budget.acted-at-bytes";

    /// <summary>So little free disk that the store may soon fail.</summary>
    private const long LowDisk = 500_000_000;

    /// <summary>What is deleted for space is at least this old.</summary>
    internal static readonly TimeSpan Youngest = TimeSpan.FromDays(7);

    private volatile Warning? _warning;

    /// <summary>What to tell the operator; null while there is room.</summary>
    public Bilingual? Notice => _warning?.Text;

    /// <summary>Measures, and makes room where needed; gives the number of rows deleted.</summary>
    public async Task<long> EnforceAsync(CancellationToken cancellationToken)
    {
        var size = await store.MeasureAsync(cancellationToken);
        var deleted = 0L;
        if (size.Used >= Act * store.Settings.MaxSize)
        {
            deleted = size.DeletesShow ? await MakeRoomAsync(cancellationToken) : await MakeRoomOnceAsync(size, cancellationToken);
            if (deleted > 0) log.RowsDeletedForSpace(deleted, store.Settings.MaxSize);
            size = await store.MeasureAsync(cancellationToken);
        }

        await GiveBackAsync(cancellationToken);
        _warning = Judge(size);
        return deleted;
    }

    private async Task<long> MakeRoomAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        while ((await store.MeasureAsync(cancellationToken)).Used > Enough * store.Settings.MaxSize)
        {
            var deleted = await DeleteTenthAsync(cancellationToken);
            if (deleted == 0) break;
            total += deleted;
        }

        return total;
    }

    // Where deleting frees room inside the files but does not shrink them, size alone would have everything deleted.
    // So one step is taken each time the files have grown by a hundredth since the last: the room it freed was used.
    private async Task<long> MakeRoomOnceAsync(StoreSize size, CancellationToken cancellationToken)
    {
        var last = await store.ReadAsync((connection, token) => StoreValues.GetAsync(connection, ActedAt, token), cancellationToken);
        if (size.Used < last * 1.01) return 0;

        var deleted = await DeleteTenthAsync(cancellationToken);
        await store.WriteAsync(Lane.Background, transaction => StoreValues.Set(transaction, ActedAt, size.Used), cancellationToken);
        return deleted;
    }

    private async Task<long> DeleteTenthAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Youngest;
        foreach (var kind in RetentionKind.All)
        {
            var deleted = 0L;
            foreach (var rule in retention.RulesOf(kind))
            {
                var count = await retention.CountAsync(rule, before, cancellationToken);
                deleted += await retention.DeleteAsync(rule, before, (count + 9) / 10, "space", cancellationToken);
            }

            if (deleted > 0) return deleted;
        }

        return 0;
    }

    // Some free room inside the file is used again by tomorrow's rows; only a lot of it goes back to the disk.
    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        const long worthIt = 16_000_000;
        var before = long.MaxValue;
        for (var size = await store.MeasureAsync(cancellationToken);
            size.OnDisk - size.Used > Math.Max(worthIt, size.OnDisk / 4) && size.OnDisk - size.Used < before;
            size = await store.MeasureAsync(cancellationToken))
        {
            before = size.OnDisk - size.Used;
            await store.WriteAsync(Lane.Background, store.Dialect.GiveBack, cancellationToken);
        }
    }

    private Warning? Judge(StoreSize size)
    {
        var max = store.Settings.MaxSize;
        if (size.Used >= Act * max)
        {
            return new Warning(new Bilingual(
                $"{store.Dialect.Where} takes {Megabytes(size.Used)} MB of {Megabytes(max)} MB (store.maxSize) and there is nothing old left to delete. Raise store.maxSize or lower store.keep.",
                $"{store.Dialect.Where} occupe {Megabytes(size.Used)} Mo sur {Megabytes(max)} Mo (store.maxSize) et il n'y a plus rien d'ancien à supprimer. Augmentez store.maxSize ou réduisez store.keep."));
        }

        if (size.Used >= Warn * max)
        {
            return new Warning(new Bilingual(
                $"{store.Dialect.Where} takes {Megabytes(size.Used)} MB of {Megabytes(max)} MB (store.maxSize); near the limit the oldest records are deleted.",
                $"{store.Dialect.Where} occupe {Megabytes(size.Used)} Mo sur {Megabytes(max)} Mo (store.maxSize) ; près de la limite, les plus anciens enregistrements sont supprimés."));
        }

        return store.Dialect.FreeDisk() is { } free and < LowDisk
            ? new Warning(new Bilingual(
                $"Only {Megabytes(free)} MB are free on the disk of {store.Dialect.Where}.",
                $"Il ne reste que {Megabytes(free)} Mo sur le disque de {store.Dialect.Where}."))
            : null;
    }

    private static long Megabytes(long bytes) => bytes / 1_000_000;

    private sealed record Warning(Bilingual Text);
}
