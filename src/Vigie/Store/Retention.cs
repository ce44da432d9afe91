using System.Data.Common;
using System.Globalization;
using Dapper;
using Vigie.Operations;

namespace Vigie.Store;

/// <summary>
/// Deletes what is older than its kind is kept, in portions small enough that mail never waits behind them.
/// </summary>
internal sealed class Retention(Store store, IEnumerable<RetentionRule> rules, TimeProvider time, ILogger<Retention> log)
{
    /// <summary>Rows deleted in one write.</summary>
    private const int Portion = 200;

    private readonly RetentionRule[] _rules = [.. rules];

    /// <summary>The rules of a kind.</summary>
    public IEnumerable<RetentionRule> RulesOf(RetentionKind kind) => _rules.Where(rule => rule.Kind == kind);

    /// <summary>Deletes everything that is too old; gives the number of rows.</summary>
    public async Task<long> DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var rule in _rules)
        {
            var keep = store.Settings.Keep.GetValueOrDefault(rule.Kind, rule.Kind.Default);
            var deleted = await DeleteAsync(rule, time.GetUtcNow() - keep, long.MaxValue, "age", cancellationToken);
            if (deleted > 0) log.RowsExpired(deleted, rule.Table, keep.TotalDays);
            total += deleted;
        }

        return total;
    }

    /// <summary>Deletes the oldest rows under a rule that are from before <paramref name="before"/>, at most <paramref name="most"/>.</summary>
    public async Task<long> DeleteAsync(RetentionRule rule, DateTimeOffset before, long most, string why, CancellationToken cancellationToken)
    {
        var total = 0L;
        while (total < most)
        {
            var portion = (int)Math.Min(Portion, most - total);
            var deleted = await store.WriteAsync(Lane.Background, transaction => DeletePortion(transaction, rule, before, portion), cancellationToken);
            store.Metrics.Deleted(rule.Kind.Name, why, deleted);
            total += deleted;
            if (deleted < portion) break;
        }

        return total;
    }

    /// <summary>How many rows a rule could delete that are from before <paramref name="before"/>.</summary>
    public Task<long> CountAsync(RetentionRule rule, DateTimeOffset before, CancellationToken cancellationToken) => store.ReadAsync(
        (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"SELECT count(*) FROM {rule.Table} WHERE {Condition(rule)}", new { before = before.ToUnixTimeMilliseconds() }, cancellationToken: token)),
        cancellationToken);

    private int DeletePortion(DbTransaction transaction, RetentionRule rule, DateTimeOffset before, int portion)
    {
        var deleted = Delete(transaction, rule, before, portion);
        if (deleted > 0 && rule.AfterDelete is { } after) store.WhenCommitted(transaction, after);
        return deleted;
    }

    private static int Delete(DbTransaction transaction, RetentionRule rule, DateTimeOffset before, int portion) => transaction.Connection!.Execute(
        string.Create(CultureInfo.InvariantCulture, $"""
            DELETE FROM {rule.Table} WHERE {rule.KeyColumn} IN (
                SELECT {rule.KeyColumn} FROM {rule.Table} WHERE {Condition(rule)} ORDER BY {rule.TimeColumn} LIMIT {portion})
            """),
        new { before = before.ToUnixTimeMilliseconds() },
        transaction);

    private static string Condition(RetentionRule rule) =>
        $"{rule.TimeColumn} < @before{(rule.Only is null ? "" : $" AND ({rule.Only})")}";
}
