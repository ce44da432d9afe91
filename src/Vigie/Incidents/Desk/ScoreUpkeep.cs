using System.Data.Common;
using System.Globalization;
using Dapper;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Incidents.Desk;

/// <summary>
/// Takes the scores of open incidents anew when people's verdicts changed what is thought of a rule that speaks in them. Which rules
/// wait is stored with the votes, so that a node that stops in between goes on where it was. Nobody has touched such an incident:
/// its history says that its score changed, and why.
/// </summary>
internal sealed class ScoreUpkeep(Store.Store store, RulePrecision precision, DeskRows rows, IncidentChanges changes, TimeProvider time, ILogger<ScoreUpkeep> log) : IStage
{
    /// <summary>The most incidents taken anew for one rule: the highest scores first, for those are what somebody reads.</summary>
    public const int Most = 1000;

    /// <summary>A change of the score that is worth a line in the history.</summary>
    public const double Least = 0.5;

    private const int Portion = 20;

    // Several verdicts in a row are one change.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => "incidents.scores";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken);
        using var signal = new SemaphoreSlim(0);
        void Wake(IReadOnlyCollection<(string, string)> _) => signal.Release();
        precision.Changed += Wake;
        try
        {
            while (true)
            {
                await RescoreAsync(cancellationToken);
                if (await signal.WaitAsync(LookEvery, cancellationToken)) await Task.Delay(Calm, time, cancellationToken);
                while (signal.Wait(0, CancellationToken.None))
                {
                }
            }
        }
        finally
        {
            precision.Changed -= Wake;
        }
    }

    /// <summary>Takes anew what waits; gives how many scores changed.</summary>
    internal async Task<int> RescoreAsync(CancellationToken ct)
    {
        var waiting = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<(string Detector, string Rule, long Changes)>(new CommandDefinition("SELECT detector, rule, pending FROM rule_record WHERE pending > 0", cancellationToken: token)), ct);
        var changed = 0;
        foreach (var (detector, rule, pending) in waiting)
        {
            foreach (var portion in (await ConcernedAsync(detector, rule, ct)).Chunk(Portion))
            {
                var numbers = await store.WriteAsync(Lane.Background, transaction => portion.Where(id => Rescore(transaction, id, detector, rule)).ToList(), ct);
                changes.Raise(numbers);
                changed += numbers.Count;
            }

            // Votes that came meanwhile still wait.
            await store.WriteAsync(
                Lane.Background,
                transaction => transaction.Connection!.Execute("UPDATE rule_record SET pending = pending - @pending WHERE detector = @detector AND rule = @rule", new { pending, detector, rule }, transaction),
                ct);
        }

        if (changed > 0) log.ScoresChanged(changed);
        return changed;
    }

    private async Task<List<long>> ConcernedAsync(string detector, string rule, CancellationToken ct) => (await store.ReadAsync(
        (connection, token) => connection.QueryAsync<long>(new CommandDefinition(
            $"""
            SELECT i.id FROM incident i WHERE i.status < {(int)IncidentStatus.Closed}
                AND EXISTS (SELECT 1 FROM incident_finding placed JOIN finding f ON f.id = placed.finding_id WHERE placed.incident_id = i.id AND f.rule = @rule AND f.detector = @detector)
            ORDER BY i.score DESC, i.id LIMIT @Most
            """,
            new { detector, rule, Most },
            cancellationToken: token)),
        ct)).AsList();

    private bool Rescore(DbTransaction transaction, long id, string detector, string rule)
    {
        if (IncidentTable.Find(transaction, id) is not { Status: < IncidentStatus.Closed } incident || rows.Score(transaction, incident) is not { } score) return false;
        if (Math.Abs(score.Value - incident.Score.Value) < Least) return false;
        var (now, version) = (time.GetUtcNow(), incident.Version + 1);
        transaction.Connection!.Execute(
            "UPDATE incident SET score = @Value, terms = @terms, version = @version, changed_at = @at WHERE id = @id",
            new { score.Value, terms = IncidentJson.Of(score.Terms), version, at = now.ToUnixTimeMilliseconds(), id },
            transaction);
        IncidentHistory.Append(
            transaction, id, version, now, IncidentHistoryEntry.Vigie, IncidentActions.Rescored,
            ("from", Text(incident.Score.Value)), ("to", Text(score.Value)), ("detector", detector), ("rule", rule), ("votes", VotesOf(detector, rule)));
        return true;
    }

    private string VotesOf(string detector, string rule)
    {
        var votes = precision.VotesOf(detector, rule);
        return string.Create(CultureInfo.InvariantCulture, $"{votes.True}/{votes.Benign}/{votes.False}");
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
