using System.Data.Common;
using Dapper;
using Vigie.Store;

namespace Vigie.Governance;

/// <summary>
/// One-time links: the set-up link that makes the first administrator, and the links with which people choose a
/// password. Each works once and for a limited time; the store holds only hashes.
/// </summary>
public sealed class AccountLinks(Store.Store store, Accounts accounts, Journal journal, TimeProvider time)
{
    /// <summary>How long a set-up link works; a restart prints a new one.</summary>
    public static readonly TimeSpan SetUpLifetime = TimeSpan.FromHours(24);

    /// <summary>How long an invitation or reset link works.</summary>
    public static readonly TimeSpan PasswordLifetime = TimeSpan.FromDays(3);

    private const string SetUp = "setup";
    private const string Password = "password";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Makes the set-up link's token, in place of an earlier one; null once anybody has an account.</summary>
    public Task<string?> IssueSetUpAsync(CancellationToken ct) => store.WriteAsync(Lane.Console, tx =>
    {
        if (AnyAccount(tx)) return null;
        tx.Connection!.Execute("DELETE FROM account_links WHERE kind = @SetUp", new { SetUp }, tx);
        return Insert(tx, SetUp, null, SetUpLifetime);
    }, ct);

    /// <summary>Makes a link with which somebody chooses a password, in place of an earlier one.</summary>
    public Task<string> IssuePasswordAsync(string accountId, CancellationToken ct) => store.WriteAsync(Lane.Console, tx =>
    {
        tx.Connection!.Execute("DELETE FROM account_links WHERE account_id = @accountId", new { accountId }, tx);
        return Insert(tx, Password, accountId, PasswordLifetime);
    }, ct);

    /// <summary>Whether a set-up token still works, without using it.</summary>
    public Task<bool> IsSetUpValidAsync(string token, CancellationToken ct) => store.ReadAsync(
        async (connection, stop) => await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM account_links WHERE token_hash = @hash AND kind = @SetUp AND expires > @Now",
            new { hash = Token.Hash(token), SetUp, Now }, cancellationToken: stop)) > 0,
        ct);

    /// <summary>Whose password a token lets choose, without using it; null where it does not work.</summary>
    public Task<string?> FindPasswordNameAsync(string token, CancellationToken ct) => store.ReadAsync(
        async (connection, stop) => await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            SELECT a.name FROM account_links l JOIN accounts a ON a.id = l.account_id
            WHERE l.token_hash = @hash AND l.kind = @Password AND l.expires > @Now AND a.disabled = 0
            """,
            new { hash = Token.Hash(token), Password, Now }, cancellationToken: stop)),
        ct);

    /// <summary>Uses a set-up token: the first administrator exists afterwards, and no set-up link works any more.</summary>
    /// <returns>The administrator's account id.</returns>
    public Task<Outcome<string>> RedeemSetUpAsync(string token, string name, string password, CancellationToken ct)
    {
        var hash = PasswordHash.Create(password);
        return store.WriteAsync(Lane.Console, tx =>
        {
            if (AnyAccount(tx) || Take(tx, token, SetUp) is null) return Outcome.Refused<string>(AccountTexts.LinkUsedOrExpired);
            var id = accounts.Insert(tx, name, Role.Admin, hash)!;
            tx.Connection!.Execute("DELETE FROM account_links WHERE kind = @SetUp", new { SetUp }, tx);
            journal.Append(tx, AccountName.Tidy(name), "account.setup", AccountName.Tidy(name), "", null);
            return Outcome.Done<string>(id);
        }, ct);
    }

    /// <summary>Uses an invitation or reset token: the password is set, other sessions are over.</summary>
    /// <returns>The account's id.</returns>
    public Task<Outcome<string>> RedeemPasswordAsync(string token, string password, CancellationToken ct)
    {
        var hash = PasswordHash.Create(password);
        return store.WriteAsync(Lane.Console, tx =>
        {
            if (Take(tx, token, Password) is not { AccountId: { } id }) return Outcome.Refused<string>(AccountTexts.LinkUsedOrExpired);
            var name = tx.Connection!.ExecuteScalar<string?>("SELECT name FROM accounts WHERE id = @id AND disabled = 0", new { id }, tx);
            if (name is null) return Outcome.Refused<string>(AccountTexts.LinkUsedOrExpired);

            tx.Connection!.Execute("UPDATE accounts SET password_hash = @hash WHERE id = @id", new { id, hash }, tx);
            tx.Connection!.Execute("DELETE FROM account_sessions WHERE account_id = @id", new { id }, tx);
            journal.Append(tx, name, "account.password", name, "", """{"by":"link"}""");
            return Outcome.Done<string>(id);
        }, ct);
    }

    private string Insert(DbTransaction tx, string kind, string? accountId, TimeSpan lifetime)
    {
        var token = Token.Create();
        tx.Connection!.Execute(
            "INSERT INTO account_links (token_hash, kind, account_id, created, expires) VALUES (@hash, @kind, @accountId, @Now, @expires)",
            new { hash = Token.Hash(token), kind, accountId, Now, expires = Now + (long)lifetime.TotalMilliseconds },
            tx);
        return token;
    }

    // Reads and deletes in one transaction of the single writer: the same link cannot be used twice, not even at once.
    private Link? Take(DbTransaction tx, string token, string kind)
    {
        var hash = Token.Hash(token);
        var link = tx.Connection!.QuerySingleOrDefault<Link>(
            "SELECT account_id AS AccountId FROM account_links WHERE token_hash = @hash AND kind = @kind AND expires > @Now",
            new { hash, kind, Now }, tx);
        if (link is null) return null;
        return tx.Connection!.Execute("DELETE FROM account_links WHERE token_hash = @hash", new { hash }, tx) == 1 ? link : null;
    }

    private static bool AnyAccount(DbTransaction tx) => tx.Connection!.ExecuteScalar<long>("SELECT COUNT(*) FROM accounts", transaction: tx) > 0;

    private sealed class Link
    {
        public string? AccountId { get; set; }
    }
}
