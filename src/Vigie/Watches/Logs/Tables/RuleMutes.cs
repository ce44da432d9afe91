using System.Collections.Frozen;
using Dapper;
using Vigie.Governance;
using Vigie.Store;

namespace Vigie.Watches.Logs.Tables;

/// <summary>A rule whose findings nobody wants to be shown for a while. They are stored all the same, marked.</summary>
/// <param name="Id">Counts up.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Actor">Who muted it.</param>
/// <param name="Reason">Why.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="Until">Until when; never for good.</param>
internal sealed record RuleMute(long Id, string Rule, string Actor, string Reason, DateTimeOffset CreatedAt, DateTimeOffset Until);

/// <summary>The mutes that hold: read again every few seconds, and at once where this process changes them.</summary>
internal sealed class RuleMutes(Store.Store store, Journal journal, TimeProvider time)
{
    /// <summary>The longest a mute may hold; what is always noise wants a better rule, or a filter.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private volatile FrozenDictionary<string, long> _until = FrozenDictionary<string, long>.Empty;

    /// <summary>Whether findings of a rule are marked as muted now.</summary>
    public bool IsMuted(string rule) => _until.TryGetValue(rule, out var until) && until > time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The mutes that hold now, the first to end first.</summary>
    public async Task<IReadOnlyList<RuleMute>> ActiveAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                "SELECT id, rule, actor, reason, created_at, until FROM log_mute WHERE until > @now AND ended_at IS NULL ORDER BY until, id", new { now }, cancellationToken: token)),
            ct);
        return [.. rows.Select(row => row.ToMute())];
    }

    /// <summary>Reads which mutes hold.</summary>
    public async Task RefreshAsync(CancellationToken ct) =>
        _until = (await ActiveAsync(ct)).GroupBy(mute => mute.Rule, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.Max(mute => mute.Until.ToUnixTimeMilliseconds()), StringComparer.Ordinal);

    /// <summary>Mutes a rule from now on for a while, at most <see cref="Longest"/>, and writes down who did.</summary>
    public async Task MuteAsync(string rule, string actor, string reason, TimeSpan length, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        var until = now + (length < Longest ? length : Longest);
        await store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                transaction.Connection!.Execute(
                    "INSERT INTO log_mute (rule, actor, reason, created_at, until) VALUES (@rule, @actor, @reason, @now, @until)",
                    new { rule, actor, reason, now = now.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds() },
                    transaction);
                journal.Append(transaction, actor, "logs.mute", rule, reason);
            },
            ct);
        await RefreshAsync(ct);
    }

    /// <summary>Ends the mutes of a rule before their time, and writes down who did.</summary>
    public async Task UnmuteAsync(string rule, string actor, string reason, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                transaction.Connection!.Execute(
                    "UPDATE log_mute SET ended_at = @now, ended_by = @actor WHERE rule = @rule AND until > @now AND ended_at IS NULL", new { rule, actor, now }, transaction);
                journal.Append(transaction, actor, "logs.unmute", rule, reason);
            },
            ct);
        await RefreshAsync(ct);
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public string Rule { get; init; } = "";

        public string Actor { get; init; } = "";

        public string Reason { get; init; } = "";

        public long CreatedAt { get; init; }

        public long Until { get; init; }

        public RuleMute ToMute() => new(Id, Rule, Actor, Reason, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), DateTimeOffset.FromUnixTimeMilliseconds(Until));
    }
}
