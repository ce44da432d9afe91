using Dapper;
using Vigie.Engine;
using Vigie.Store;

namespace Vigie.Incidents.Desk;

/// <summary>What came of an act on many incidents.</summary>
/// <param name="Done">The incidents it was done to.</param>
/// <param name="Changed">Those that somebody else changed since they were seen: left as they are.</param>
/// <param name="Gone">Those that are no more.</param>
/// <param name="Refused">Those to which it cannot be done, with why.</param>
public sealed record ManyOutcome(IReadOnlyList<long> Done, IReadOnlyList<long> Changed, IReadOnlyList<long> Gone, IReadOnlyList<(long Incident, Bilingual Why)> Refused)
{
    internal static readonly ManyOutcome Nothing = new([], [], [], []);

    internal ManyOutcome Plus(ManyOutcome other) => new([.. Done, .. other.Done], [.. Changed, .. other.Changed], [.. Gone, .. other.Gone], [.. Refused, .. other.Refused]);
}

/// <summary>The same act on many incidents: each by itself, a portion a transaction.</summary>
public sealed partial class IncidentDesk
{
    /// <summary>The most incidents of one call.</summary>
    public const int MostAtOnce = 5000;

    // As much as keeps the writer from nobody for long.
    private const int Portion = 50;

    /// <summary>Gives many incidents to somebody, or to nobody.</summary>
    /// <param name="seen">The incidents with the versions that were seen.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="assignee">An account's name; null for nobody.</param>
    /// <param name="ct">Gives up between portions; what is done stays done.</param>
    public Task<ManyOutcome> AssignManyAsync(IReadOnlyCollection<(long Incident, long Version)> seen, string actor, string? assignee, CancellationToken ct) =>
        ManyAsync(seen, actor, step => Assign(step, assignee), heedsFindings: false, ct);

    /// <summary>Closes many incidents with one verdict.</summary>
    public Task<ManyOutcome> JudgeManyAsync(IReadOnlyCollection<(long Incident, long Version)> seen, string actor, IncidentVerdict verdict, string reason, CancellationToken ct) =>
        ManyAsync(seen, actor, step => Judge(step, verdict, reason), heedsFindings: true, ct);

    /// <summary>The incidents behind a folded row of the inbox: nobody has touched them, and the rule alone speaks in them.</summary>
    /// <param name="onlyRule">Detector and rule, parted by a blank.</param>
    /// <param name="status">Where they stand.</param>
    /// <param name="seenAt">When the row was seen: what changed after that was not part of it.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyList<(long Incident, long Version)>> FoldedAsync(string onlyRule, IncidentStatus status, DateTimeOffset seenAt, CancellationToken ct) =>
        [.. await store.ReadAsync(
            (connection, token) => connection.QueryAsync<(long, long)>(new CommandDefinition(
                "SELECT id, version FROM incident WHERE only_rule = @onlyRule AND status = @status AND touched_at IS NULL AND changed_at <= @at ORDER BY id LIMIT @MostAtOnce",
                new { onlyRule, status = (int)status, at = seenAt.ToUnixTimeMilliseconds(), MostAtOnce },
                cancellationToken: token)),
            ct)];

    private async Task<ManyOutcome> ManyAsync(
        IReadOnlyCollection<(long Incident, long Version)> seen, string actor, Func<DeskStep, Bilingual?> act, bool heedsFindings, CancellationToken ct)
    {
        var outcome = ManyOutcome.Nothing;
        foreach (var portion in seen.DistinctBy(one => one.Incident).Take(MostAtOnce).Chunk(Portion))
        {
            var steps = await store.WriteAsync(
                Lane.Console,
                transaction => Array.ConvertAll(portion, one => (one.Incident, Step: Act(
                    transaction, new ActOn(one.Incident, one.Version, actor), act, since => since.Any(entry => StandsAgainst(entry, actor, heedsFindings))))),
                ct);
            changes.Raise([.. steps.SelectMany(one => one.Step.Touched)]);
            await precision.ChangedAsync([.. steps.SelectMany(one => one.Step.Votes).Distinct()], CancellationToken.None);
            outcome = outcome.Plus(new ManyOutcome(
                [.. steps.Where(one => one.Step.Outcome is DeskOutcome.Done).Select(one => one.Incident)],
                [.. steps.Where(one => one.Step.Outcome is DeskOutcome.ChangedMeanwhile).Select(one => one.Incident)],
                [.. steps.Where(one => one.Step.Outcome is DeskOutcome.Gone).Select(one => one.Incident)],
                [.. steps.Where(one => one.Step.Outcome is DeskOutcome.Invalid).Select(one => (one.Incident, ((DeskOutcome.Invalid)one.Step.Outcome).Why))]));
        }

        return outcome;
    }
}
