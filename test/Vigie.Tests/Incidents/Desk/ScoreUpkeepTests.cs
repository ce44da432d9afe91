using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine.Findings;
using Vigie.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Incidents.Placing;
using Vigie.Tests.Incidents.Placing;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Desk;

public sealed class ScoreUpkeepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verdicts_change_the_scores_of_open_incidents_visibly_and_without_touching_them()
    {
        await using var test = await TestStore.SqliteAsync();
        await using var rig = new PlacerRig(test);
        Finding[] noisy = [.. Enumerable.Range(0, 8).Select(i => PlacerRig.Some(i, i, Severity.High, "noisy", PlacerRig.Host($"ws-{i}")))];
        var other = PlacerRig.Some(100, 1, Severity.High, "other", PlacerRig.Host("ws-100"));
        await rig.PlaceAsync([.. noisy, other]);
        var table = new IncidentTable(test.Store);
        var open = await rig.FindAsync(noisy[7]);
        var unconcerned = await rig.FindAsync(other);

        for (var i = 0; i < 6; i++)
        {
            var judged = await rig.FindAsync(noisy[i]);
            Assert.IsType<DeskOutcome.Done>(await rig.Desk.JudgeAsync(new ActOn(judged.Id, judged.Version, "awa"), IncidentVerdict.False, "The backup.", Token));
        }

        // Only what is stored counts: this stands for a node that stopped before it came to it.
        var upkeep = NewUpkeep(rig);
        Assert.True(await upkeep.RescoreAsync(Token) > 0);
        var after = (await table.FindAsync(open.Id, Token))!;
        Assert.True(after.Score.Value < open.Score.Value, $"{after.Score.Value} is not below {open.Score.Value}");
        Assert.Equal((open.Version + 1, (DateTimeOffset?)null), (after.Version, after.TouchedAt));
        Assert.Equal(unconcerned.Version, (await table.FindAsync(unconcerned.Id, Token))!.Version);
        Assert.Equal(2, await rig.CountAsync("SELECT count(*) FROM incident_history WHERE action = 'rescored' AND actor = 'vigie'"));
        Assert.Equal(0, await upkeep.RescoreAsync(Token));

        // Taking verdicts back brings the scores back.
        for (var i = 0; i < 6; i++)
        {
            var judged = await rig.FindAsync(noisy[i]);
            Assert.IsType<DeskOutcome.Done>(await rig.Desk.UndoVerdictAsync(new ActOn(judged.Id, judged.Version, "awa"), "It was not the backup.", Token));
        }

        await upkeep.RescoreAsync(Token);
        Assert.Equal(open.Score.Value, (await table.FindAsync(open.Id, Token))!.Score.Value, 0.5);
        await rig.AssertConsistentAsync();
    }

    private static ScoreUpkeep NewUpkeep(PlacerRig rig) => new(
        rig.Test.Store, rig.Precision, new DeskRows(rig.Test.Store, new IncidentSummaries(rig.Precision, rig.Settings)), rig.Changes, TimeProvider.System, NullLogger<ScoreUpkeep>.Instance);
}
