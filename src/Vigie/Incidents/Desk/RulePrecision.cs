using System.Collections.Frozen;
using System.Data.Common;
using Dapper;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Desk;

/// <summary>How often a rule was right, from verdicts.</summary>
/// <param name="True">Incidents judged true in which it spoke.</param>
/// <param name="Benign">Incidents judged benign.</param>
/// <param name="False">Incidents judged false.</param>
public readonly record struct RuleVotes(long True, long Benign, long False)
{
    /// <summary>All of them.</summary>
    public long Total => True + Benign + False;
}

/// <summary>
/// How far each rule can be trusted: a Beta distribution whose prior depends on the level of the rule and which every verdict
/// moves, one vote an incident and rule. A benign incident counts half against the rule: it saw what it says it sees, and nobody
/// needed to be told.
/// </summary>
public sealed class RulePrecision(Store.Store store)
{
    /// <summary>How many verdicts the prior weighs as much as.</summary>
    public const double PriorWeight = 4;

    private FrozenDictionary<(string Detector, string Rule), RuleVotes> _votes = FrozenDictionary<(string, string), RuleVotes>.Empty;

    /// <summary>Raised after a verdict that changed the votes on rules is stored.</summary>
    internal event Action<IReadOnlyCollection<(string Detector, string Rule)>>? Changed;

    /// <summary>What is assumed of a rule nobody has judged yet, by the level its author gave it.</summary>
    public static double PriorOf(Severity level) => level switch
    {
        Severity.Critical => 0.8,
        Severity.High => 0.6,
        Severity.Medium => 0.4,
        Severity.Low => 0.25,
        _ => 0.1,
    };

    /// <summary>The precision of a rule of this level after these votes; in (0, 1).</summary>
    public static double Of(Severity level, RuleVotes votes)
    {
        var (right, wrong) = Parameters(level, votes);
        return right / (right + wrong);
    }

    /// <summary>The standard deviation of what <see cref="Of(Severity, RuleVotes)"/> estimates: falls as verdicts come in.</summary>
    public static double UncertaintyOf(Severity level, RuleVotes votes)
    {
        var (right, wrong) = Parameters(level, votes);
        var all = right + wrong;
        return Math.Sqrt(right * wrong / (all * all * (all + 1)));
    }

    /// <summary>The precision of a rule as verdicts have it now. Answered from memory: <see cref="LoadAsync"/> comes first.</summary>
    /// <param name="detector">Whose rule.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="level">The gravest of the findings it is asked for.</param>
    public double Of(string detector, string rule, Severity level) => Of(level, VotesOf(detector, rule));

    /// <summary>The votes on a rule; none where nobody has judged an incident in which it spoke.</summary>
    public RuleVotes VotesOf(string detector, string rule) => Volatile.Read(ref _votes).GetValueOrDefault((detector, rule));

    /// <summary>Reads the votes.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<(string Detector, string Rule, long True, long Benign, long False)>(
                new CommandDefinition("SELECT detector, rule, true_count, benign_count, false_count FROM rule_record", cancellationToken: token)),
            ct);
        Volatile.Write(ref _votes, rows.ToFrozenDictionary(row => (row.Detector, row.Rule), row => new RuleVotes(row.True, row.Benign, row.False)));
    }

    /// <summary>Says that votes on these rules are stored: they are read again, and scores follow.</summary>
    internal async Task ChangedAsync(IReadOnlyCollection<(string Detector, string Rule)> rules, CancellationToken ct)
    {
        if (rules.Count == 0) return;
        await LoadAsync(ct);
        Changed?.Invoke(rules);
    }

    /// <summary>Gives every rule that speaks in an incident its vote, in place of those it may have had from this incident.</summary>
    /// <param name="transaction">The one that stores the verdict.</param>
    /// <param name="incident">The incident.</param>
    /// <param name="verdict">What it was; null takes the votes back.</param>
    /// <returns>The rules whose votes changed.</returns>
    internal static IReadOnlyCollection<(string Detector, string Rule)> Cast(DbTransaction transaction, long incident, IncidentVerdict? verdict)
    {
        var connection = transaction.Connection!;
        var before = connection.Query<(string Detector, string Rule, int Verdict)>(
            "SELECT detector, rule, verdict FROM incident_vote WHERE incident_id = @incident", new { incident }, transaction).AsList();
        var after = verdict is null ? [] : connection.Query<(string Detector, string Rule)>(
            "SELECT DISTINCT f.detector, f.rule FROM incident_finding placed JOIN finding f ON f.id = placed.finding_id WHERE placed.incident_id = @incident", new { incident }, transaction).AsList();
        connection.Execute("DELETE FROM incident_vote WHERE incident_id = @incident", new { incident }, transaction);
        foreach (var (detector, rule, voted) in before) Count(transaction, detector, rule, (IncidentVerdict)voted, -1);
        foreach (var (detector, rule) in after)
        {
            connection.Execute("INSERT INTO incident_vote (incident_id, detector, rule, verdict) VALUES (@incident, @detector, @rule, @verdict)", new { incident, detector, rule, verdict = (int)verdict!.Value }, transaction);
            Count(transaction, detector, rule, verdict.Value, 1);
        }

        return [.. before.Select(vote => (vote.Detector, vote.Rule)).Concat(after).Distinct()];
    }

    private static void Count(DbTransaction transaction, string detector, string rule, IncidentVerdict verdict, int by) => transaction.Connection!.Execute(
        """
        INSERT INTO rule_record (detector, rule, true_count, benign_count, false_count, pending) VALUES (@detector, @rule, @right, @benign, @wrong, 1)
        ON CONFLICT (detector, rule) DO UPDATE SET
            true_count = rule_record.true_count + excluded.true_count,
            benign_count = rule_record.benign_count + excluded.benign_count,
            false_count = rule_record.false_count + excluded.false_count,
            pending = rule_record.pending + 1
        """,
        new { detector, rule, right = verdict == IncidentVerdict.True ? by : 0, benign = verdict == IncidentVerdict.Benign ? by : 0, wrong = verdict == IncidentVerdict.False ? by : 0 },
        transaction);

    private static (double Right, double Wrong) Parameters(Severity level, RuleVotes votes)
    {
        var prior = PriorOf(level);
        return ((prior * PriorWeight) + votes.True + (votes.Benign / 2.0), ((1 - prior) * PriorWeight) + votes.False + (votes.Benign / 2.0));
    }
}
