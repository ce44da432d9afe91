using Dapper;
using Vigie.Store;

namespace Vigie.Governance;

/// <summary>Checks a name and password, giving nothing away about which of the two was wrong, not even by time.</summary>
public sealed class Logins(Store.Store store) : IDisposable
{
    // Hashing is dear on purpose; one at a time keeps a flood of logins from taking the processor away from mail.
    private readonly SemaphoreSlim _oneHash = new(1);

    /// <summary>Checks name and password.</summary>
    /// <returns>The account; null where name or password are wrong, or the account is disabled or has no password yet.</returns>
    public async Task<Known?> CheckAsync(string name, string password, CancellationToken ct)
    {
        var row = await store.ReadAsync(
            async (connection, stop) => await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                """
                SELECT id AS Id, name AS Name, password_hash AS PasswordHash, disabled AS Disabled,
                       CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END AS HasSecondFactor
                FROM accounts WHERE name_key = @key
                """,
                new { key = AccountName.Key(name) }, cancellationToken: stop)),
            ct);

        bool right, outdated;
        string? better = null;
        await _oneHash.WaitAsync(ct);
        try
        {
            right = PasswordHash.Verify(password, row?.PasswordHash, out outdated);
            if (right && outdated) better = PasswordHash.Create(password);
        }
        finally
        {
            _oneHash.Release();
        }

        if (!right || row is null || row.Disabled != 0) return null;
        if (better is not null)
        {
            await store.WriteAsync(
                Lane.Console,
                tx => tx.Connection!.Execute(
                    "UPDATE accounts SET password_hash = @better WHERE id = @Id AND password_hash = @PasswordHash",
                    new { better, row.Id, row.PasswordHash }, tx),
                ct);
        }

        return new Known(row.Id, row.Name, row.HasSecondFactor != 0);
    }

    public void Dispose() => _oneHash.Dispose();

    /// <summary>Somebody whose password was right.</summary>
    public sealed record Known(string AccountId, string Name, bool NeedsCode);

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
        public string? PasswordHash { get; set; }
        public long Disabled { get; set; }
        public long HasSecondFactor { get; set; }
    }
}
