using Dapper;
using Vigie.Engine.Findings;
using Vigie.Incidents;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Placing;

public sealed class SqliteIncidentPlacerTests : IncidentPlacerTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlIncidentPlacerTests(PostgreSqlServer server) : IncidentPlacerTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class IncidentPlacerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task Findings_that_share_something_rare_become_one_incident_and_others_another()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var (one, two, other) = (Some(1, 0, "ws-1"), Some(2, 30, "ws-1", Severity.Critical, "dump"), Some(3, 5, "ws-2"));
        await rig.PlaceAsync(one, two, other);

        var incident = await rig.FindAsync(one);
        Assert.Equal(incident.Id, await rig.IncidentOfAsync(two));
        Assert.NotEqual(incident.Id, await rig.IncidentOfAsync(other));
        Assert.Equal((2, 2, Severity.Critical, PlacerRig.Start, PlacerRig.Start.AddMinutes(30)), (incident.Findings, incident.Rules, incident.Severity, incident.FirstSeen, incident.LastSeen));
        Assert.Equal("Title of dump on ws-1, and another kind of alert", incident.Title.English);
        Assert.Equal("Titre de dump sur ws-1, et une alerte d’un autre type", incident.Title.French);
        Assert.Null(incident.OnlyRule);
        Assert.Equal("logs.sigma run", (await rig.FindAsync(other)).OnlyRule);
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM incident_queue"));
        await rig.AssertConsistentAsync();
    }

    [Fact]
    public async Task What_is_mute_or_below_medium_is_not_placed()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        await rig.PlaceAsync(Some(1, 0, "ws-1", Severity.Low));
        await test.Store.WriteAsync(Vigie.Store.Lane.Background, transaction => rig.Findings.Save(transaction, Some(2, 0, "ws-1"), muted: true), Token);
        await rig.NewPlacer().PlaceWaitingAsync(Token);
        Assert.Empty(await rig.HomesAsync());
    }

    [Fact]
    public async Task A_finding_that_links_two_incidents_merges_them_and_the_older_number_survives()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var (one, two) = (Some(1, 0, "ws-1"), Some(2, 10, "ws-2"));
        await rig.PlaceAsync(one);
        await rig.PlaceAsync(two);
        var (older, newer) = (await rig.FindAsync(one), await rig.FindAsync(two));
        await rig.PlaceAsync(PlacerRig.Some(3, 20, Severity.High, "move", PlacerRig.Host("ws-1"), PlacerRig.Host("ws-2")));

        var merged = await new IncidentTable(test.Store).FindAsync(newer.Id, Token);
        Assert.Equal((IncidentStatus.Merged, (long?)older.Id), (merged!.Status, merged.MergedInto));
        Assert.Equal(3, (await rig.FindAsync(two)).Findings);
        Assert.Equal(older.Id, await rig.IncidentOfAsync(two));
        Assert.Equal(2, await rig.CountAsync("SELECT count(*) FROM incident_history WHERE action = 'merged'"));
        await rig.AssertConsistentAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_the_order_the_portions_and_the_restarts_the_incidents_are_those_of_one_computation(int seed)
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var world = PlacerRig.World(seed, 240);
        var random = new Random(seed * 77);
        var order = world.ToArray();
        random.Shuffle(order);
        var placer = rig.NewPlacer();
        for (var at = 0; at < order.Length;)
        {
            var count = random.Next(1, 60);
            await rig.SaveAsync([.. order.Skip(at).Take(count)]);
            at += count;
            switch (random.Next(3))
            {
                case 0:
                    await KillAsync(rig, random);
                    break;
                case 1:
                    await placer.PlaceWaitingAsync(Token);
                    break;
            }
        }

        await rig.NewPlacer().PlaceWaitingAsync(Token);
        Assert.Equal(rig.Batch(world), await rig.PartitionAsync());
        await rig.AssertConsistentAsync();
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public async Task Batches_prepared_while_others_are_written_give_what_one_computation_gives(int seed, bool disturbed)
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var world = PlacerRig.World(seed, 1500);
        var order = world.ToArray();
        new Random(seed * 31).Shuffle(order);
        await rig.SaveAsync(order);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var disturbing = disturbed ? DisturbAsync(test, done.Token) : Task.FromResult(0);
        try
        {
            await rig.NewPlacer().PlaceWaitingAsync(Token);
        }
        finally
        {
            await done.CancelAsync();
        }

        Assert.Equal(disturbed, await disturbing > 0);
        // Where what is in memory has gone on too far to write again, the next run reads what is stored.
        await rig.NewPlacer().PlaceWaitingAsync(Token);
        Assert.Equal(rig.Batch(world), await rig.PartitionAsync());
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM incident_queue"));
        await rig.AssertConsistentAsync();
    }

    // Whoever changes an incident without saying so: what the placer writes next meets a version it does not know.
    private static async Task<int> DisturbAsync(TestStore test, CancellationToken done)
    {
        var changed = 0;
        for (var time = 0; time < 12 && !done.IsCancellationRequested; time++)
        {
            changed += await test.Store.WriteAsync(
                Vigie.Store.Lane.Console, transaction => transaction.Connection!.Execute("UPDATE incident SET version = version + 1 WHERE status <> 4 AND id % 3 = 0", transaction: transaction), Token);
            await Task.Delay(15, Token);
        }

        return changed;
    }

    // Stops somewhere in the middle, as a process that is killed does: what it had in memory is gone.
    private static async Task KillAsync(PlacerRig rig, Random random)
    {
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(Token);
        kill.CancelAfter(TimeSpan.FromMilliseconds(random.Next(0, 25)));
        try
        {
            await rig.NewPlacer().PlaceWaitingAsync(kill.Token);
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested)
        {
        }
    }

    internal static Finding Some(int number, double minute, string host, Severity severity = Severity.Medium, string rule = "run") =>
        PlacerRig.Some(number, minute, severity, rule, PlacerRig.Host(host));
}
