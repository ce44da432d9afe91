using System.Data.Common;
using Dapper;

namespace Vigie.Watches.Logs.Tables;

/// <summary>What one rule has brought.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Matches">Every match.</param>
/// <param name="Findings">Of them stored as a finding of their own.</param>
/// <param name="Folded">Of them only counted: too many of the same within an hour.</param>
/// <param name="Muted">Of the findings, those stored while the rule was muted.</param>
/// <param name="FirstFired">When it first matched, as the event says.</param>
/// <param name="LastFired">When it last matched, as the event says.</param>
internal sealed record LogRuleCounts(string Rule, long Matches, long Findings, long Folded, long Muted, DateTimeOffset FirstFired, DateTimeOffset LastFired);

/// <summary>What the rules have brought, in the store.</summary>
internal sealed class LogRuleTable(Store.Store store)
{
    private const string Columns = "rule, matches, findings, folded, muted, first_fired, last_fired";

    /// <summary>Every rule that ever matched, by id.</summary>
    public Task<IReadOnlyDictionary<string, LogRuleCounts>> LoadAsync(CancellationToken ct) => store.ReadAsync<IReadOnlyDictionary<string, LogRuleCounts>>(
        async (connection, token) => (await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM log_rule", cancellationToken: token)))
            .ToDictionary(row => row.Rule, row => row.ToCounts(), StringComparer.Ordinal),
        ct);

    /// <summary>Adds what a rule brought in one group of events.</summary>
    public static void Add(DbTransaction transaction, LogRuleCounts counts) => transaction.Connection!.Execute(
        $"""
         INSERT INTO log_rule ({Columns}) VALUES (@Rule, @Matches, @Findings, @Folded, @Muted, @FirstFired, @LastFired)
         ON CONFLICT (rule) DO UPDATE SET matches = log_rule.matches + excluded.matches, findings = log_rule.findings + excluded.findings,
             folded = log_rule.folded + excluded.folded, muted = log_rule.muted + excluded.muted,
             first_fired = CASE WHEN excluded.first_fired < log_rule.first_fired THEN excluded.first_fired ELSE log_rule.first_fired END,
             last_fired = CASE WHEN excluded.last_fired > log_rule.last_fired THEN excluded.last_fired ELSE log_rule.last_fired END
         """,
        new
        {
            counts.Rule,
            counts.Matches,
            counts.Findings,
            counts.Folded,
            counts.Muted,
            FirstFired = counts.FirstFired.ToUnixTimeMilliseconds(),
            LastFired = counts.LastFired.ToUnixTimeMilliseconds(),
        },
        transaction);

    private sealed class Row
    {
        public string Rule { get; init; } = "";

        public long Matches { get; init; }

        public long Findings { get; init; }

        public long Folded { get; init; }

        public long Muted { get; init; }

        public long FirstFired { get; init; }

        public long LastFired { get; init; }

        public LogRuleCounts ToCounts() => new(
            Rule, Matches, Findings, Folded, Muted, DateTimeOffset.FromUnixTimeMilliseconds(FirstFired), DateTimeOffset.FromUnixTimeMilliseconds(LastFired));
    }
}
