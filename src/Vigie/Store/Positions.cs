using System.Data.Common;
using Dapper;

namespace Vigie.Store;

/// <summary>
/// How far each source has been read. A position is saved in the transaction that stores what was found up to it:
/// after a crash the source goes on exactly there, and nothing is lost or doubled.
/// </summary>
public sealed class Positions(Store store, TimeProvider time)
{
    /// <summary>Saves where a source stands.</summary>
    /// <param name="transaction">The one that stores what was found.</param>
    /// <param name="source">The source's stable name, for example <c>maillog:/var/log/mail.log</c>.</param>
    /// <param name="position">Whatever the source needs to go on: an offset, an id.</param>
    public void Save(DbTransaction transaction, string source, string position) => transaction.Connection!.Execute(
        """
        INSERT INTO position (source, position, updated_at) VALUES (@source, @position, @now)
        ON CONFLICT (source) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at
        """,
        new { source, position, now = time.GetUtcNow().ToUnixTimeMilliseconds() },
        transaction);

    /// <summary>Where a source stands; null when it has never been read.</summary>
    public Task<string?> FindAsync(string source, CancellationToken cancellationToken) => store.ReadAsync(
        (connection, token) => connection.ExecuteScalarAsync<string?>(
            new CommandDefinition("SELECT position FROM position WHERE source = @source", new { source }, cancellationToken: token)),
        cancellationToken);
}
