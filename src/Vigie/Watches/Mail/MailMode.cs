using System.Data.Common;
using Dapper;
using Vigie.Governance;
using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>The mode and who set it.</summary>
/// <param name="Mode">The mode in force.</param>
/// <param name="BypassUntil">When a bypass ends by itself, UTC.</param>
/// <param name="BackTo">The mode it ends in.</param>
/// <param name="ChangedAt">When it was switched; null on a new installation.</param>
/// <param name="ChangedBy">Who switched it.</param>
/// <param name="Reason">The reason given.</param>
public sealed record ModeState(Mode Mode, DateTimeOffset? BypassUntil, Mode? BackTo, DateTimeOffset? ChangedAt, string? ChangedBy, string? Reason);

/// <summary>
/// The one switch. Kept in the store and journalled; the value in memory follows at once, and within
/// <see cref="RefreshEvery"/> when another process (<c>vigie mode</c>) switched it.
/// </summary>
public sealed class MailMode(Store.Store store, Journal journal, TimeProvider time, MailSettings settings)
{
    /// <summary>How soon a switch by another process takes effect.</summary>
    public static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(1);

    /// <summary>The longest bypass that can be asked for.</summary>
    public static readonly TimeSpan MaxBypass = TimeSpan.FromDays(7);

    /// <summary>How long a bypass lasts where nobody says.</summary>
    public static readonly TimeSpan DefaultBypass = TimeSpan.FromHours(1);

    private volatile ModeState _state = new(settings.Mode, null, null, null, null, null);

    /// <summary>Whether the store has been asked. Before that, nobody can know whether verdicts are to be applied.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The mode in force now.</summary>
    public Mode Current => State.Mode;

    /// <summary>The mode in force now, with who set it. A bypass that has run out is over, whether or not that was written down yet.</summary>
    public ModeState State
    {
        get
        {
            var state = _state;
            return state is { Mode: Mode.Bypass, BypassUntil: { } until } && time.GetUtcNow() >= until
                ? state with { Mode = state.BackTo ?? Mode.Enforce, BypassUntil = null, BackTo = null }
                : state;
        }
    }

    /// <summary>Switches the mode; recorded with its reason in the journal in the same transaction.</summary>
    /// <param name="mode">The new mode.</param>
    /// <param name="actor">Who switches.</param>
    /// <param name="reason">Why; must not be empty.</param>
    /// <param name="bypassFor">How long a bypass lasts; <see cref="DefaultBypass"/> where null, at most <see cref="MaxBypass"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task SetAsync(Mode mode, string actor, string reason, TimeSpan? bypassFor, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var length = bypassFor ?? DefaultBypass;
        if (mode == Mode.Bypass && (length <= TimeSpan.Zero || length > MaxBypass))
            throw new ArgumentOutOfRangeException(nameof(bypassFor), length, $"A bypass lasts at most {MaxBypass.TotalDays} days.");

        var now = time.GetUtcNow();
        _state = await store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                var before = Read(transaction.Connection!, transaction) ?? _state;
                var after = new ModeState(
                    mode,
                    mode == Mode.Bypass ? now + length : null,
                    mode == Mode.Bypass ? before.Mode == Mode.Bypass ? before.BackTo : before.Mode : null,
                    now, actor, reason);
                Save(transaction, after);
                journal.Append(transaction, actor, "mail.mode", mode.ToString().ToLowerInvariant(), reason, DetailsOf(before, after));
                return after;
            },
            cancellationToken);
        IsKnown = true;
    }

    /// <summary>Takes over what the store says; where it says nothing the settings' default stays.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync((connection, _) => Task.FromResult(Read(connection, null)), cancellationToken) is { } state) _state = state;
        IsKnown = true;
    }

    private static ModeState? Read(DbConnection connection, DbTransaction? transaction)
    {
        var row = connection.QuerySingleOrDefault<Row>(
            """
            SELECT mode AS Mode, bypass_until AS BypassUntil, back_to AS BackTo, changed_at AS ChangedAt, changed_by AS ChangedBy, reason AS Reason
            FROM mail_mode WHERE id = 1
            """,
            transaction: transaction);
        return row is null
            ? null
            : new ModeState(
                Enum.Parse<Mode>(row.Mode),
                row.BypassUntil is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
                row.BackTo is { } back ? Enum.Parse<Mode>(back) : null,
                DateTimeOffset.FromUnixTimeMilliseconds(row.ChangedAt),
                row.ChangedBy,
                row.Reason);
    }

    private static void Save(DbTransaction transaction, ModeState state) =>
        transaction.Connection!.Execute(
            """
            INSERT INTO mail_mode (id, mode, bypass_until, back_to, changed_at, changed_by, reason)
            VALUES (1, @mode, @until, @back, @at, @ChangedBy, @Reason)
            ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, bypass_until = excluded.bypass_until, back_to = excluded.back_to,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by, reason = excluded.reason
            """,
            new
            {
                mode = state.Mode.ToString(),
                until = state.BypassUntil?.ToUnixTimeMilliseconds(),
                back = state.BackTo?.ToString(),
                at = state.ChangedAt!.Value.ToUnixTimeMilliseconds(),
                state.ChangedBy,
                state.Reason,
            },
            transaction);

    private static string DetailsOf(ModeState before, ModeState after) =>
        System.Text.Json.JsonSerializer.Serialize(new
        {
            before = before.Mode.ToString(),
            after = after.Mode.ToString(),
            until = after.BypassUntil,
        });

    private sealed class Row
    {
        public string Mode { get; set; } = "";

        public long? BypassUntil { get; set; }

        public string? BackTo { get; set; }

        public long ChangedAt { get; set; }

        public string ChangedBy { get; set; } = "";

        public string Reason { get; set; } = "";
    }
}
