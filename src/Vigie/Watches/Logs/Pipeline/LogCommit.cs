using System.Data.Common;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Operations;
using Vigie.Store;
using Vigie.Watches.Logs.Context;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>
/// Writes what a group brought: findings, counts, correlations, deliveries and positions in one transaction. Of very many
/// findings the first are written before, in portions that hold nobody up: their ids make writing them again harmless, and
/// positions move only with the last. What cannot be written is kept and tried again, and nothing is read meanwhile.
/// </summary>
internal sealed class LogCommit(
    Store.Store store, Findings findings, Positions positions, FindingFold fold, CorrelationState correlations, LogContexts contexts, IEnumerable<LogSourceState> sources, TimeProvider time, ILogger<LogPipeline> log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly LogSourceState[] _sources = [.. sources];
    private readonly WritePace _portion = WritePace.ForFindings();

    /// <summary>Whether what was found can be written now.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Writes a group; returns when it is durable.</summary>
    /// <exception cref="OperationCanceledException">The node stops; nothing of the group counts.</exception>
    public async Task SaveAsync(LogGroup group, CancellationToken ct)
    {
        var written = 0;
        while (group.Findings.Count - written > _portion.Count)
        {
            var portion = group.Findings.GetRange(written, _portion.Count);
            var around = contexts.Part(portion.Select(entry => entry.Context).OfType<ContextWindow>());
            var prepared = Prepare(portion);
            await PersistAsync(
                transaction => _portion.Run(portion.Count, () =>
                {
                    findings.Save(transaction, prepared);
                    around.Save(transaction);
                    return true;
                }),
                ct).ConfigureAwait(false);
            written += portion.Count;
        }

        var statuses = _sources.Select(source => source.TakeChanged()).OfType<LogSourceStatus>().ToList();
        var rest = contexts.Rest();
        var last = Prepare(group.Findings.Skip(written));
        await PersistAsync(transaction => SaveRest(transaction, group, last, rest, statuses), ct).ConfigureAwait(false);
        fold.Saved();
        correlations.Saved(group);
        contexts.Saved();
    }

    private void SaveRest(DbTransaction transaction, LogGroup group, IReadOnlyList<PreparedFinding> last, ContextRows around, List<LogSourceStatus> statuses)
    {
        findings.Save(transaction, last);
        around.Save(transaction);
        foreach (var counts in group.Rules) LogRuleTable.Add(transaction, counts);
        foreach (var status in statuses) LogSourceTable.Save(transaction, status);
        fold.Save(transaction);
        correlations.Save(transaction, group);
        SaveDeliveries(transaction, group);
        foreach (var (name, position) in group.Positions) positions.Save(transaction, name, position);
    }

    private static IReadOnlyList<PreparedFinding> Prepare(IEnumerable<(Finding Finding, bool Muted, ContextWindow? Context)> found) => Findings.Prepare(found.Select(one => (one.Finding, one.Muted)));

    private void SaveDeliveries(DbTransaction transaction, LogGroup group)
    {
        if (group.Deliveries.Count == 0) return;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        transaction.Connection!.Execute(
            "INSERT INTO log_delivery (id, received) VALUES (@id, @now) ON CONFLICT (id) DO NOTHING",
            group.Deliveries.Select(id => new { id, now }),
            transaction);
    }

    private async Task PersistAsync(Action<DbTransaction> work, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await store.WriteRepeatableAsync(
                    Lane.Background,
                    transaction =>
                    {
                        work(transaction);
                        return true;
                    },
                    ct).ConfigureAwait(false);
                if (IsFailing) log.LogCommitRecovered();
                IsFailing = false;
                return;
            }
            catch (StoreException e)
            {
                if (!IsFailing) log.LogCommitFailed(e.Message);
                IsFailing = true;
                await Task.Delay(RetryAfter, time, ct).ConfigureAwait(false);
            }
        }
    }
}
