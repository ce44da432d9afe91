using System.Data.Common;
using Dapper;
using Vigie.Engine;
using Vigie.Store;

namespace Vigie.Governance;

/// <summary>
/// The people who may log in. Every change is journalled in its own transaction, and none may leave the node without an
/// administrator who can log in.
/// </summary>
public sealed class Accounts(Store.Store store, Journal journal, TimeProvider time)
{
    private const string Columns = """
        SELECT id AS Id, name AS Name, role AS Role, language AS Language, theme AS Theme,
               CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS HasPassword,
               CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END AS HasSecondFactor,
               disabled AS Disabled, created AS Created, last_login AS LastLogin
        FROM accounts
        """;

    /// <summary>Everybody, administrators first.</summary>
    public Task<IReadOnlyList<Account>> ListAsync(CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
        {
            var rows = await connection.QueryAsync<Row>(new CommandDefinition($"{Columns} ORDER BY name_key", cancellationToken: token));
            return (IReadOnlyList<Account>)[.. rows.Select(row => row.ToAccount()).OrderByDescending(account => account.Role)];
        },
        ct);

    /// <summary>One person by id; null where there is none.</summary>
    public Task<Account?> FindAsync(string id, CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition($"{Columns} WHERE id = @id", new { id }, cancellationToken: token));
            return row?.ToAccount();
        },
        ct);

    /// <summary>Whether anybody exists at all; before that, only the set-up link does something.</summary>
    public Task<bool> AnyAsync(CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
            await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM accounts", cancellationToken: token)) > 0,
        ct);

    /// <summary>Adds a person who has no password yet; the caller makes the invitation link.</summary>
    /// <returns>The new account's id, or why it was not added.</returns>
    public Task<Outcome<string>> AddAsync(string name, Role role, string actor, CancellationToken ct)
    {
        if (AccountName.Problem(name) is { } problem) return Task.FromResult(Outcome.Refused<string>(problem));
        return store.WriteAsync(Lane.Console, tx =>
        {
            if (Insert(tx, name, role, passwordHash: null) is not { } id)
                return Outcome.Refused<string>(AccountTexts.NameTaken);

            journal.Append(tx, actor, "account.add", AccountName.Tidy(name), "", $$"""{"role":"{{role}}"}""");
            return Outcome.Done<string>(id);
        }, ct);
    }

    /// <summary>Gives a person another role.</summary>
    public Task<Bilingual?> ChangeRoleAsync(string id, Role role, string actor, CancellationToken ct) => ChangeAsync(id, (tx, account) =>
    {
        if (account.Role == role) return null;
        if (role != Role.Admin && IsLastAdministrator(tx, account)) return AccountTexts.LastAdministrator;

        tx.Connection!.Execute("UPDATE accounts SET role = @role WHERE id = @id", new { role = role.ToString(), id }, tx);
        journal.Append(tx, actor, "account.role", account.Name, "", $$"""{"from":"{{account.Role}}","to":"{{role}}"}""");
        return null;
    }, ct);

    /// <summary>Locks a person out, ending every session, or lets the person in again.</summary>
    public Task<Bilingual?> SetDisabledAsync(string id, bool disabled, string actor, CancellationToken ct) => ChangeAsync(id, (tx, account) =>
    {
        if (account.Disabled == disabled) return null;
        if (disabled && IsLastAdministrator(tx, account)) return AccountTexts.LastAdministrator;

        tx.Connection!.Execute("UPDATE accounts SET disabled = @disabled WHERE id = @id", new { disabled = disabled ? 1 : 0, id }, tx);
        if (disabled) EndEverything(tx, id);
        journal.Append(tx, actor, disabled ? "account.disable" : "account.enable", account.Name, "", null);
        return null;
    }, ct);

    /// <summary>
    /// Takes away password, second factor and sessions, for somebody who lost them; the caller makes a new link. An
    /// administrator may be reset by another one, but the last who can log in may not.
    /// </summary>
    public Task<Bilingual?> ResetAsync(string id, string actor, CancellationToken ct) => ChangeAsync(id, (tx, account) =>
    {
        if (IsLastAdministrator(tx, account)) return AccountTexts.LastAdministrator;
        tx.Connection!.Execute(
            "UPDATE accounts SET password_hash = NULL, totp_secret = NULL, totp_pending = NULL, totp_last_step = 0 WHERE id = @id", new { id }, tx);
        tx.Connection!.Execute("DELETE FROM account_recovery_codes WHERE account_id = @id", new { id }, tx);
        EndEverything(tx, id);
        journal.Append(tx, actor, "account.reset", account.Name, "", null);
        return null;
    }, ct);

    /// <summary>Keeps somebody's language and theme; null means to follow the browser or device.</summary>
    public Task SetPreferencesAsync(string id, string? language, string? theme, CancellationToken ct) => store.WriteAsync(
        Lane.Console,
        tx => tx.Connection!.Execute("UPDATE accounts SET language = @language, theme = @theme WHERE id = @id", new { id, language, theme }, tx),
        ct);

    /// <summary>Changes one's own password, knowing the present one; every other session ends.</summary>
    /// <param name="id">The account.</param>
    /// <param name="current">The present password.</param>
    /// <param name="next">The new password, already found acceptable by <see cref="PasswordRule"/>.</param>
    /// <param name="keepSessionHash">The session in which this is done, which goes on.</param>
    /// <param name="ct">Stops waiting.</param>
    public async Task<Bilingual?> ChangePasswordAsync(string id, string current, string next, string keepSessionHash, CancellationToken ct)
    {
        var stored = await store.ReadAsync(
            async (connection, token) => await connection.ExecuteScalarAsync<string?>(
                new CommandDefinition("SELECT password_hash FROM accounts WHERE id = @id", new { id }, cancellationToken: token)), ct);
        if (!PasswordHash.Verify(current, stored, out _)) return AccountTexts.CurrentPasswordWrong;

        var hash = PasswordHash.Create(next);
        return await ChangeAsync(id, (tx, account) =>
        {
            // Compared again inside the transaction: a reset in between must win.
            var changed = tx.Connection!.Execute(
                "UPDATE accounts SET password_hash = @hash WHERE id = @id AND password_hash = @stored", new { id, hash, stored }, tx);
            if (changed == 0) return AccountTexts.CurrentPasswordWrong;

            tx.Connection!.Execute(
                "DELETE FROM account_sessions WHERE account_id = @id AND token_hash <> @keepSessionHash", new { id, keepSessionHash }, tx);
            tx.Connection!.Execute("DELETE FROM account_links WHERE account_id = @id", new { id }, tx);
            journal.Append(tx, account.Name, "account.password", account.Name, "", null);
            return null;
        }, ct);
    }

    /// <summary>Adds a row inside somebody else's transaction.</summary>
    /// <returns>The new id; null where the name is taken.</returns>
    internal string? Insert(DbTransaction tx, string name, Role role, string? passwordHash)
    {
        var id = Guid.NewGuid().ToString("N");
        var added = tx.Connection!.Execute(
            """
            INSERT INTO accounts (id, name, name_key, role, password_hash, created) VALUES (@id, @name, @key, @role, @passwordHash, @now)
            ON CONFLICT (name_key) DO NOTHING
            """,
            new { id, name = AccountName.Tidy(name), key = AccountName.Key(name), role = role.ToString(), passwordHash, now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            tx);
        return added == 1 ? id : null;
    }

    private Task<Bilingual?> ChangeAsync(string id, Func<DbTransaction, Account, Bilingual?> change, CancellationToken ct) => store.WriteAsync(
        Lane.Console,
        tx =>
        {
            var row = tx.Connection!.QuerySingleOrDefault<Row>($"{Columns} WHERE id = @id", new { id }, tx);
            return row is null ? AccountTexts.NoSuchAccount : change(tx, row.ToAccount());
        },
        ct);

    private static bool IsLastAdministrator(DbTransaction tx, Account account)
    {
        if (account is not { Role: Role.Admin, Disabled: false, HasPassword: true }) return false;
        return tx.Connection!.ExecuteScalar<long>(
            "SELECT COUNT(*) FROM accounts WHERE role = 'Admin' AND disabled = 0 AND password_hash IS NOT NULL AND id <> @id",
            new { id = account.Id }, tx) == 0;
    }

    private static void EndEverything(DbTransaction tx, string id)
    {
        tx.Connection!.Execute("DELETE FROM account_sessions WHERE account_id = @id", new { id }, tx);
        tx.Connection!.Execute("DELETE FROM account_links WHERE account_id = @id", new { id }, tx);
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
        public string Role { get; set; } = "";
        public string? Language { get; set; }
        public string? Theme { get; set; }
        public long HasPassword { get; set; }
        public long HasSecondFactor { get; set; }
        public long Disabled { get; set; }
        public long Created { get; set; }
        public long? LastLogin { get; set; }

        public Account ToAccount() => new(
            Id, Name, Enum.Parse<Role>(Role), Language, Theme, HasPassword != 0, HasSecondFactor != 0, Disabled != 0,
            DateTimeOffset.FromUnixTimeMilliseconds(Created),
            LastLogin is { } last ? DateTimeOffset.FromUnixTimeMilliseconds(last) : null);
    }
}
