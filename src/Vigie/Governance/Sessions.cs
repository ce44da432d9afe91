using Dapper;
using Vigie.Console;
using Vigie.Store;

namespace Vigie.Governance;

/// <summary>Who is logged in, kept in the store so that a session can be ended from elsewhere and outlives a restart.</summary>
public sealed class Sessions(Store.Store store, ConsoleSettings settings, TimeProvider time)
{
    // last_used is written at most this often; finer would turn every page view into a write.
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Starts a session after a successful login.</summary>
    /// <returns>The token for the cookie; a new one each time, so nobody can plant one beforehand.</returns>
    public Task<string> OpenAsync(string accountId, string client, string agent, CancellationToken ct) => store.WriteAsync(Lane.Console, tx =>
    {
        var token = Token.Create();
        tx.Connection!.Execute(
            """
            INSERT INTO account_sessions (token_hash, account_id, created, last_used, client, agent)
            VALUES (@hash, @accountId, @Now, @Now, @client, @agent)
            """,
            new { hash = Token.Hash(token), accountId, Now, client = Bounded(client), agent = Bounded(agent) }, tx);
        tx.Connection!.Execute("UPDATE accounts SET last_login = @Now WHERE id = @accountId", new { accountId, Now }, tx);
        tx.Connection!.Execute(
            "DELETE FROM account_sessions WHERE last_used <= @idle OR created <= @old", new { idle = OldestUse, old = OldestStart }, tx);
        return token;
    }, ct);

    /// <summary>The account behind a cookie and the hash that names its session; null where the session is over.</summary>
    /// <param name="token">The cookie.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <param name="isUse">Whether a person asks: what a page asks by itself keeps no session open.</param>
    public async Task<OpenSession?> FindAsync(string token, CancellationToken ct, bool isUse = true)
    {
        var hash = Token.Hash(token);
        var row = await store.ReadAsync(
            async (connection, stop) => await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                """
                SELECT s.token_hash AS Hash, s.account_id AS AccountId, s.created AS Created, s.last_used AS LastUsed, s.client AS Client, s.agent AS Agent
                FROM account_sessions s JOIN accounts a ON a.id = s.account_id
                WHERE s.token_hash = @hash AND s.last_used > @idle AND s.created > @old AND a.disabled = 0
                """,
                new { hash, idle = OldestUse, old = OldestStart }, cancellationToken: stop)),
            ct);
        if (row is null) return null;

        if (isUse && Now - row.LastUsed >= TouchEvery.TotalMilliseconds)
        {
            await store.WriteAsync(
                Lane.Console,
                tx => tx.Connection!.Execute("UPDATE account_sessions SET last_used = @Now WHERE token_hash = @hash", new { hash, Now }, tx),
                ct);
        }

        return row.ToSession();
    }

    /// <summary>The sessions of one person, latest use first.</summary>
    public Task<IReadOnlyList<OpenSession>> ListAsync(string accountId, CancellationToken ct) => store.ReadAsync(
        async (connection, stop) =>
        {
            var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                """
                SELECT token_hash AS Hash, account_id AS AccountId, created AS Created, last_used AS LastUsed, client AS Client, agent AS Agent
                FROM account_sessions WHERE account_id = @accountId AND last_used > @idle AND created > @old
                ORDER BY last_used DESC, token_hash
                """,
                new { accountId, idle = OldestUse, old = OldestStart }, cancellationToken: stop));
            return (IReadOnlyList<OpenSession>)[.. rows.Select(row => row.ToSession())];
        },
        ct);

    /// <summary>Ends one session of a person.</summary>
    public Task CloseAsync(string accountId, string hash, CancellationToken ct) => store.WriteAsync(
        Lane.Console,
        tx => tx.Connection!.Execute("DELETE FROM account_sessions WHERE account_id = @accountId AND token_hash = @hash", new { accountId, hash }, tx),
        ct);

    /// <summary>Ends every session of a person but one.</summary>
    public Task CloseOthersAsync(string accountId, string keepHash, CancellationToken ct) => store.WriteAsync(
        Lane.Console,
        tx => tx.Connection!.Execute("DELETE FROM account_sessions WHERE account_id = @accountId AND token_hash <> @keepHash", new { accountId, keepHash }, tx),
        ct);

    private long OldestUse => Now - (long)settings.SessionIdle.TotalMilliseconds;

    private long OldestStart => Now - (long)settings.SessionLifetime.TotalMilliseconds;

    private static string Bounded(string text) => text.Length <= 200 ? text : text[..200];

    private sealed class Row
    {
        public string Hash { get; set; } = "";
        public string AccountId { get; set; } = "";
        public long Created { get; set; }
        public long LastUsed { get; set; }
        public string Client { get; set; } = "";
        public string Agent { get; set; } = "";

        public OpenSession ToSession() => new(
            Hash, AccountId, DateTimeOffset.FromUnixTimeMilliseconds(Created), DateTimeOffset.FromUnixTimeMilliseconds(LastUsed), Client, Agent);
    }
}

/// <summary>A session that is not over.</summary>
/// <param name="Hash">Names the session; it is not the cookie and opens nothing.</param>
/// <param name="AccountId">Whose session it is.</param>
/// <param name="Created">When the person logged in.</param>
/// <param name="LastUsed">The last request, to the minute.</param>
/// <param name="Client">The address at login.</param>
/// <param name="Agent">What the browser called itself at login, cut to 200 characters.</param>
public sealed record OpenSession(string Hash, string AccountId, DateTimeOffset Created, DateTimeOffset LastUsed, string Client, string Agent);
