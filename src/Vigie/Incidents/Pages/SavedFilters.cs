using Dapper;

namespace Vigie.Incidents.Pages;

/// <summary>A filter of the inbox that somebody gave a name.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="Query">A query string of the inbox.</param>
public sealed record SavedFilter(long Id, string Name, string Query);

/// <summary>The named filters of each account; nobody sees those of others.</summary>
public sealed class SavedFilters(Store.Store store, TimeProvider time)
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 60;

    /// <summary>The most one account has.</summary>
    public const int Most = 30;

    /// <summary>The filters of an account by name.</summary>
    public Task<IReadOnlyList<SavedFilter>> ListAsync(string account, CancellationToken ct) => store.ReadAsync<IReadOnlyList<SavedFilter>>(
        async (connection, token) => [.. await connection.QueryAsync<SavedFilter>(new CommandDefinition(
            "SELECT id, name, query FROM saved_filter WHERE account = @account ORDER BY name, id", new { account }, cancellationToken: token))],
        ct);

    /// <summary>Keeps a filter, in the place of one with the same name; false where there are too many.</summary>
    public Task<bool> SaveAsync(string account, string name, string query, CancellationToken ct) => store.WriteAsync(
        Store.Lane.Console,
        transaction =>
        {
            var connection = transaction.Connection!;
            connection.Execute("DELETE FROM saved_filter WHERE account = @account AND name = @name", new { account, name }, transaction);
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM saved_filter WHERE account = @account", new { account }, transaction) >= Most) return false;
            connection.Execute(
                "INSERT INTO saved_filter (account, name, query, created_at) VALUES (@account, @name, @query, @now)",
                new { account, name, query, now = time.GetUtcNow().ToUnixTimeMilliseconds() },
                transaction);
            return true;
        },
        ct);

    /// <summary>Forgets a filter of an account; nothing happens where it is not one of theirs.</summary>
    public Task DeleteAsync(string account, long id, CancellationToken ct) => store.WriteAsync(
        Store.Lane.Console,
        transaction => transaction.Connection!.Execute("DELETE FROM saved_filter WHERE account = @account AND id = @id", new { account, id }, transaction),
        ct);
}
