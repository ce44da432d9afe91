using Vigie.Engine.Findings;
using Vigie.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Tests.Incidents.Placing;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Desk;

/// <summary>People and the placer work on the same incidents: what a person grouped stays, and what comes later follows it.</summary>
public sealed class DeskAndPlacerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_after_a_merge_by_hand_joins_what_stayed(bool restarts)
    {
        await using var test = await TestStore.SqliteAsync();
        await using var rig = new PlacerRig(test);
        await using var placing = new Placing(rig, restarts);
        var (one, two) = (On(1, 0, "ws-1"), On(2, 5, "ws-2"));
        await placing.PlaceAsync(one, two);
        var (kept, gone) = (await rig.FindAsync(one), await rig.FindAsync(two));
        Assert.IsType<DeskOutcome.Done>(await rig.Desk.MergeAsync(new ActOn(gone.Id, gone.Version, "awa"), kept.Id, Token));

        var (toOne, toTwo) = (On(3, 10, "ws-1"), On(4, 12, "ws-2"));
        await placing.PlaceAsync(toOne, toTwo);
        Assert.Equal([kept.Id, kept.Id], [await rig.IncidentOfAsync(toOne), await rig.IncidentOfAsync(toTwo)]);
        Assert.Equal(4, (await rig.FindAsync(one)).Findings);
        Assert.True(await rig.CountAsync("SELECT count(*) FROM incident_history WHERE action = 'joined'") > 0);
        await rig.AssertConsistentAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_split_by_hand_is_not_put_together_again(bool restarts)
    {
        await using var test = await TestStore.SqliteAsync();
        await using var rig = new PlacerRig(test);
        await using var placing = new Placing(rig, restarts);
        // One host, and two processes on it that an analyst tells apart.
        var (one, two) = (On(1, 0, "ws-1", "p-1"), On(2, 5, "ws-1", "p-2"));
        await placing.PlaceAsync(one, two);
        var both = await rig.FindAsync(one);
        Assert.Equal(both.Id, await rig.IncidentOfAsync(two));
        var split = Assert.IsType<DeskOutcome.Done>(await rig.Desk.SplitAsync(new ActOn(both.Id, both.Version, "awa"), [two.Id], Token)).Incident;

        var (toOne, toTwo) = (On(3, 6, "ws-9", "p-1"), On(4, 7, "ws-8", "p-2"));
        await placing.PlaceAsync(toOne, toTwo);
        Assert.Equal([both.Id, split], [await rig.IncidentOfAsync(one), await rig.IncidentOfAsync(two)]);
        Assert.Equal([both.Id, split], [await rig.IncidentOfAsync(toOne), await rig.IncidentOfAsync(toTwo)]);
        await rig.AssertConsistentAsync();
    }

    [Fact]
    public async Task People_and_the_placer_at_once_leave_everything_whole()
    {
        await using var test = await TestStore.SqliteAsync();
        await using var rig = new PlacerRig(test);
        await using var placing = new Placing(rig, restarts: false);
        var world = PlacerRig.World(11, 240);
        await placing.PlaceAsync(world[..60]);
        var random = new Random(5);
        var saving = Task.Run(
            async () =>
            {
                foreach (var portion in world[60..].Chunk(12)) await rig.SaveAsync(portion);
            },
            Token);
        var table = new IncidentTable(test.Store);
        for (var i = 0; i < 60; i++)
        {
            var (items, _) = await table.SearchAsync(new IncidentQuery { Limit = 40 }, Token);
            var (one, other) = (items[random.Next(items.Count)], items[random.Next(items.Count)]);
            var on = new ActOn(one.Id, one.Version, "awa");
            var outcome = random.Next(5) switch
            {
                0 => await rig.Desk.MergeAsync(on, other.Id, Token),
                1 => await rig.Desk.SplitAsync(on, [.. (await rig.HomesAsync()).Where(pair => pair.Value == one.Id).Take(1).Select(pair => new FindingId(pair.Key))], Token),
                2 => await rig.Desk.JudgeAsync(on, (IncidentVerdict)random.Next(3), "As it looks.", Token),
                3 => await rig.Desk.UndoVerdictAsync(on, "Not so.", Token),
                _ => await rig.Desk.CommentAsync(on, $"Comment {i}", Token),
            };
            Assert.NotNull(outcome);
        }

        await saving;
        await placing.PlaceAsync();
        Assert.Equal(world.Select(finding => finding.Id.Value).Order(StringComparer.Ordinal), (await rig.HomesAsync()).Keys.Order(StringComparer.Ordinal));
        await rig.AssertConsistentAsync();
        // The sums of votes are the votes.
        Assert.Equal(0, await rig.CountAsync(
            """
            SELECT count(*) FROM rule_record r
            WHERE r.true_count <> (SELECT count(*) FROM incident_vote v WHERE v.detector = r.detector AND v.rule = r.rule AND v.verdict = 0)
               OR r.benign_count <> (SELECT count(*) FROM incident_vote v WHERE v.detector = r.detector AND v.rule = r.rule AND v.verdict = 1)
               OR r.false_count <> (SELECT count(*) FROM incident_vote v WHERE v.detector = r.detector AND v.rule = r.rule AND v.verdict = 2)
            """));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM incident_vote v LEFT JOIN incident i ON i.id = v.incident_id WHERE i.status <> 3 OR i.verdict <> v.verdict"));
    }

    private static Finding On(int number, double minute, string host, string? process = null) => process is null
        ? PlacerRig.Some(number, minute, Severity.High, "run", PlacerRig.Host(host))
        : PlacerRig.Some(number, minute, Severity.High, "run", PlacerRig.Host(host), new Entity(EntityKinds.Process, process));

    /// <summary>One placer that stays, or a new one each time.</summary>
    private sealed class Placing : IAsyncDisposable
    {
        private readonly PlacerRig _rig;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task? _running;

        public Placing(PlacerRig rig, bool restarts)
        {
            _rig = rig;
            if (!restarts) _running = Task.Run(() => rig.NewPlacer().RunAsync(_stop.Token));
        }

        public async Task PlaceAsync(params Finding[] findings)
        {
            if (_running is null)
            {
                await _rig.PlaceAsync(findings);
                return;
            }

            await _rig.SaveAsync(findings);
            while (await _rig.CountAsync("SELECT count(*) FROM incident_queue") > 0)
            {
                if (_running.IsFaulted) await _running;
                await Task.Delay(20, Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            if (_running is not null) await _running.ContinueWith(_ => { }, TaskScheduler.Default);
            _stop.Dispose();
        }
    }
}
