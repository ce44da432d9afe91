using System.Data.Common;
using Dapper;
using Vigie.Governance;
using Vigie.Store;

namespace Vigie.Protection;

/// <summary>The names an operator added, in the store; every change is journalled in the same transaction.</summary>
internal sealed class ProtectedNameTable(Store.Store store, Journal journal, TimeProvider time)
{
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken ct) =>
        store.ReadAsync<IReadOnlyList<string>>(
            async (connection, token) => [.. await connection.QueryAsync<string>(
                new CommandDefinition("SELECT domain FROM protected_name ORDER BY domain", cancellationToken: token))],
            ct);

    /// <summary>Adds a name; false where it was there already.</summary>
    public Task<bool> AddAsync(string domain, string actor, string reason, CancellationToken ct) =>
        store.WriteAsync(Lane.Console, tx => Add(tx, domain, actor, reason), ct);

    /// <summary>Removes a name; false where it was not there.</summary>
    public Task<bool> RemoveAsync(string domain, string actor, string reason, CancellationToken ct) =>
        store.WriteAsync(Lane.Console, tx => Remove(tx, domain, actor, reason), ct);

    private bool Add(DbTransaction tx, string domain, string actor, string reason)
    {
        var added = tx.Connection!.Execute(
            """
            INSERT INTO protected_name (domain, actor, reason, added_at) VALUES (@domain, @actor, @reason, @now)
            ON CONFLICT (domain) DO NOTHING
            """,
            new { domain, actor, reason, now = time.GetUtcNow().ToUnixTimeMilliseconds() }, tx) > 0;
        if (added) journal.Append(tx, actor, "protection.name-added", domain, reason, null);
        return added;
    }

    private bool Remove(DbTransaction tx, string domain, string actor, string reason)
    {
        var removed = tx.Connection!.Execute("DELETE FROM protected_name WHERE domain = @domain", new { domain }, tx) > 0;
        if (removed) journal.Append(tx, actor, "protection.name-removed", domain, reason, null);
        return removed;
    }
}
