using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Vigie.Store;

namespace Vigie.Governance;

/// <summary>The optional second factor: an authenticator app's codes, and ten recovery codes for when it is lost.</summary>
public sealed class SecondFactor(Store.Store store, Journal journal, TimeProvider time, IDataProtectionProvider protection)
{
    private const int RecoveryCodes = 10;

    private readonly IDataProtector _seal = protection.CreateProtector("second-factor");

    /// <summary>Makes a secret to be confirmed with a first code; the account is not changed until then.</summary>
    public async Task<byte[]> BeginAsync(string accountId, CancellationToken ct)
    {
        var secret = TimeBasedCode.NewSecret();
        var pending = Seal(secret);
        await store.WriteAsync(
            Lane.Console,
            tx => tx.Connection!.Execute("UPDATE accounts SET totp_pending = @pending WHERE id = @accountId", new { accountId, pending }, tx),
            ct);
        return secret;
    }

    /// <summary>The secret waiting to be confirmed; null where there is none.</summary>
    public async Task<byte[]?> PendingAsync(string accountId, CancellationToken ct) =>
        Unseal((await ReadAsync(accountId, ct))?.Pending);

    /// <summary>Turns the second factor on, if the code shows that the app has the secret.</summary>
    /// <returns>The recovery codes, shown once.</returns>
    public async Task<Outcome<IReadOnlyList<string>>> ConfirmAsync(string accountId, string code, CancellationToken ct)
    {
        if (await ReadAsync(accountId, ct) is not { Pending: { } pending } || Unseal(pending) is not { } secret)
            return Outcome.Refused<IReadOnlyList<string>>(AccountTexts.NotPending);
        if (!TimeBasedCode.Verify(secret, code, time.GetUtcNow(), lastStep: 0, out var step))
            return Outcome.Refused<IReadOnlyList<string>>(AccountTexts.CodeWrong);

        return await store.WriteAsync(Lane.Console, tx =>
        {
            var changed = tx.Connection!.Execute(
                """
                UPDATE accounts SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = @step
                WHERE id = @accountId AND totp_pending = @pending
                """,
                new { accountId, pending, step }, tx);
            if (changed == 0) return Outcome.Refused<IReadOnlyList<string>>(AccountTexts.NotPending);

            var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => NewRecoveryCode()).ToList();
            tx.Connection!.Execute("DELETE FROM account_recovery_codes WHERE account_id = @accountId", new { accountId }, tx);
            foreach (var recovery in codes)
            {
                tx.Connection!.Execute(
                    "INSERT INTO account_recovery_codes (account_id, code_hash) VALUES (@accountId, @hash)",
                    new { accountId, hash = Token.Hash(Plain(recovery)) }, tx);
            }

            Note(tx, accountId, "account.second-factor-on");
            return Outcome.Done<IReadOnlyList<string>>(codes);
        }, ct);
    }

    /// <summary>Turns the second factor off.</summary>
    public Task RemoveAsync(string accountId, CancellationToken ct) => store.WriteAsync(Lane.Console, tx =>
    {
        var changed = tx.Connection!.Execute(
            "UPDATE accounts SET totp_secret = NULL, totp_pending = NULL, totp_last_step = 0 WHERE id = @accountId AND totp_secret IS NOT NULL",
            new { accountId }, tx);
        tx.Connection!.Execute("DELETE FROM account_recovery_codes WHERE account_id = @accountId", new { accountId }, tx);
        if (changed > 0) Note(tx, accountId, "account.second-factor-off");
        return changed;
    }, ct);

    /// <summary>Checks a code, or a recovery code, which is used up by it.</summary>
    public async Task<bool> VerifyAsync(string accountId, string typed, CancellationToken ct)
    {
        if (await ReadAsync(accountId, ct) is not { Secret: { } sealedSecret } row) return false;
        if (Unseal(sealedSecret) is { } secret && TimeBasedCode.Verify(secret, typed, time.GetUtcNow(), row.LastStep, out var step))
        {
            // Two requests with one code: only the first finds the earlier step.
            return await store.WriteAsync(
                Lane.Console,
                tx => tx.Connection!.Execute(
                    "UPDATE accounts SET totp_last_step = @step WHERE id = @accountId AND totp_last_step < @step", new { accountId, step }, tx),
                ct) == 1;
        }

        var hash = Token.Hash(Plain(typed));
        return await store.WriteAsync(Lane.Console, tx =>
        {
            var used = tx.Connection!.Execute(
                "DELETE FROM account_recovery_codes WHERE account_id = @accountId AND code_hash = @hash", new { accountId, hash }, tx) == 1;
            if (used) Note(tx, accountId, "account.recovery-code");
            return used;
        }, ct);
    }

    /// <summary>How many recovery codes are left.</summary>
    public Task<int> RecoveryCodesLeftAsync(string accountId, CancellationToken ct) => store.ReadAsync(
        async (connection, stop) => (int)await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM account_recovery_codes WHERE account_id = @accountId", new { accountId }, cancellationToken: stop)),
        ct);

    private Task<Row?> ReadAsync(string accountId, CancellationToken ct) => store.ReadAsync(
        async (connection, stop) => await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT totp_secret AS Secret, totp_pending AS Pending, totp_last_step AS LastStep FROM accounts WHERE id = @accountId",
            new { accountId }, cancellationToken: stop)),
        ct);

    private void Note(DbTransaction tx, string accountId, string action)
    {
        var name = tx.Connection!.ExecuteScalar<string?>("SELECT name FROM accounts WHERE id = @accountId", new { accountId }, tx) ?? accountId;
        journal.Append(tx, name, action, name, "", null);
    }

    private string Seal(byte[] secret) => Convert.ToBase64String(_seal.Protect(secret));

    // The keys of the node may be gone (restored on another machine): then the factor cannot be checked, and only a
    // recovery code or a reset by an administrator helps.
    private byte[]? Unseal(string? text)
    {
        if (text is null) return null;
        try
        {
            return _seal.Unprotect(Convert.FromBase64String(text));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // 80 bits in groups of four: readable aloud, and beyond guessing even with the hash in hand.
    private static string NewRecoveryCode()
    {
        var text = TimeBasedCode.ToBase32(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant();
        return string.Join('-', text.Chunk(4).Select(group => new string(group)));
    }

    private static string Plain(string code) => string.Concat(code.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private sealed class Row
    {
        public string? Secret { get; set; }
        public string? Pending { get; set; }
        public long LastStep { get; set; }
    }
}
