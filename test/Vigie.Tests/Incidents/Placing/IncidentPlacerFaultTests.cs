using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Incidents;
using Vigie.Incidents.Placing;
using Vigie.Store;
using Vigie.Store.Backups;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Placing;

public sealed class SqliteIncidentPlacerFaultTests : IncidentPlacerFaultTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();

    [Fact]
    public async Task A_full_disk_holds_placing_up_and_loses_nothing()
    {
        using var disk = SmallDisk.Mount(megabytes: 6);
        await using var test = await TestStore.SqliteAsync(settings => settings with { DataDirectory = Path.Combine(disk.Folder, "node", "data") });
        await using var rig = new PlacerRig(test);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var world = PlacerRig.World(5, 60);
        await rig.SaveAsync(world);
        var filler = disk.Fill();
        var running = rig.NewPlacer().RunAsync(stop.Token);
        while (rig.State.Problem is null) await Task.Delay(20, Token);
        Assert.Contains("space", rig.State.Problem, StringComparison.Ordinal);

        File.Delete(filler);
        while ((await rig.HomesAsync()).Count < world.Length) await Task.Delay(20, Token);
        while (rig.State.Problem is not null) await Task.Delay(20, Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(rig.Batch(world), await rig.PartitionAsync());
        await rig.AssertConsistentAsync();
    }
}

public sealed class PostgreSqlIncidentPlacerFaultTests(PostgreSqlServer server) : IncidentPlacerFaultTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class IncidentPlacerFaultTests
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task A_finding_with_ten_thousand_entities_is_placed_bounded_and_says_so()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var huge = PlacerRig.Some(1, 0, Severity.High, "scan", [.. Enumerable.Range(0, 10_000).Select(i => PlacerRig.Ip($"10.0.{i / 250}.{i % 250}"))]);
        await rig.PlaceAsync(huge, Small(2));
        var incident = await rig.FindAsync(huge);
        Assert.InRange(incident.About.Length, 1, Incident.MaxAbout);
        Assert.InRange((await rig.Findings.FindAsync(huge.Id, Token))!.Entities.Length, LinkKeys.Max, 1000);
        Assert.Contains("10000", (await rig.Findings.FindAsync(huge.Id, Token))!.Explanation.English, StringComparison.Ordinal);
        Assert.InRange(await rig.CountAsync("SELECT max(length(because)) FROM incident_finding"), 0, 4000);
    }

    [Fact]
    public async Task Hostile_texts_are_stored_bounded_and_placed()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var bad = "<script>alert(1)</script>\0\u202Egnp.exe\uD800";
        var hostile = Small(1) with
        {
            Title = new Bilingual(new string('A', 1_000_000), bad),
            Explanation = new Bilingual(new string('x', 1_000_000), bad),
            Rule = bad,
            Entities = [PlacerRig.Host(bad), new Entity(EntityKinds.Url, "https://example.org/" + new string('u', 1_000_000)), PlacerRig.User(new string('w', 100_000))],
            Techniques = [.. Enumerable.Range(0, 5000).Select(i => $"T{i.ToString(CultureInfo.InvariantCulture)}")],
        };
        await rig.PlaceAsync(hostile, Small(2));
        var incident = await rig.FindAsync(hostile);
        Assert.InRange(incident.Title.English.Length, 1, 500);
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM incident_queue"));
        Assert.InRange(await rig.CountAsync("SELECT max(length(title_en) + length(title_fr) + length(about) + length(techniques) + length(terms)) FROM incident"), 1, 30_000);
        Assert.InRange(await rig.CountAsync("SELECT max(length(value)) FROM finding_entity"), 1, 512);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_changes_neither_order_nor_numbers()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test, new StoppedAt(PlacerRig.Start.AddDays(1)));
        var world = PlacerRig.World(7, 120);
        await rig.PlaceAsync([.. world.Take(60)]);
        var before = await rig.HomesAsync();
        await using var early = new PlacerRig(test, new StoppedAt(PlacerRig.Start.AddDays(1).AddHours(-1)));
        await early.PlaceAsync([.. world.Skip(60)]);
        Assert.Equal(rig.Batch(world), await rig.PartitionAsync());
        Assert.Equal(before.Values.Max(), await rig.CountAsync($"SELECT max(id) FROM incident WHERE id <= {before.Values.Max()}"));
        await rig.AssertConsistentAsync();
    }

    [Fact]
    public async Task A_tool_that_saves_findings_beside_the_node_has_them_placed()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = rig.NewPlacer().RunAsync(stop.Token);
        await using (var tool = await TestStore.OpenStoreAsync(test.Settings))
        {
            var world = PlacerRig.World(9, 80);
            await Task.WhenAll(
                new Findings(tool, TimeProvider.System).SaveAsync(Lane.Background, [.. world.Take(40)], Token),
                rig.SaveAsync([.. world.Skip(40)]));
            while ((await rig.HomesAsync()).Count < world.Length) await Task.Delay(20, Token);
            Assert.Equal(rig.Batch(world), await rig.PartitionAsync());
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await rig.AssertConsistentAsync();
    }

    [Fact]
    public async Task Two_placers_on_one_store_double_nothing()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var world = PlacerRig.World(11, 150);
        await rig.SaveAsync(world);
        await Task.WhenAll(Try(), Try());
        await rig.NewPlacer().PlaceWaitingAsync(Token);
        Assert.Equal(world.Length, (await rig.HomesAsync()).Count);
        await rig.AssertConsistentAsync();

        async Task Try()
        {
            try
            {
                await rig.NewPlacer().PlaceWaitingAsync(Token);
            }
            catch (PlacingOvertakenException)
            {
                // The one that finds itself overtaken starts anew; the runner of stages does that.
            }
        }
    }

    [Fact]
    public async Task A_store_restored_from_yesterday_goes_on_with_numbers_nobody_has_seen()
    {
        await using var test = await OpenAsync();
        var world = PlacerRig.World(13, 100);
        await using var rig = new PlacerRig(test);
        await rig.PlaceAsync([.. world.Take(50)]);
        var backup = Path.Combine(Path.GetDirectoryName(test.Folder)!, "yesterday.vigie");
        await new BackupWriter(test.Settings, TimeProvider.System).WriteAsync(backup, null, Token);
        await rig.PlaceAsync([.. world.Skip(50)]);
        var seen = (await rig.HomesAsync()).Values.Max();

        await test.Store.DisposeAsync();
        await new Restoring(test.Settings, TimeProvider.System).RunAsync(backup, replace: true, null, Token);
        await test.ReopenAsync();
        await using var after = new PlacerRig(test);
        await after.AssertConsistentAsync();
        var old = (await after.HomesAsync()).Values.Max();
        // The sources read on from where the backup has them, so that what came since comes again.
        await after.PlaceAsync([.. world.Skip(50)]);
        Assert.Equal(after.Batch(world), await after.PartitionAsync());
        Assert.All((await after.HomesAsync()).Values.Where(number => number > old), number => Assert.True(number > seen, $"{number} was given before"));
        await after.AssertConsistentAsync();
    }

    [Fact]
    public async Task An_incident_outlives_its_findings_and_goes_on()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var (one, two, three) = (Small(1), Small(2), Small(3));
        await rig.PlaceAsync(one, two);
        var incident = await rig.FindAsync(one);
        await test.Store.WriteAsync(Lane.Background, transaction => transaction.Connection!.Execute("DELETE FROM finding WHERE id = @Value", new { one.Id.Value }, transaction), Token);
        Assert.Equal([two.Id.Value], (await rig.HomesAsync()).Keys);
        await rig.PlaceAsync(three);
        Assert.Equal((incident.Id, 3L), ((await rig.FindAsync(three)).Id, (await rig.FindAsync(three)).Findings));

        // Once its own time is up, everything that is its goes with it.
        await test.Store.WriteAsync(Lane.Background, transaction => transaction.Connection!.Execute("DELETE FROM incident", transaction: transaction), Token);
        Assert.Equal(0, await rig.CountAsync("SELECT (SELECT count(*) FROM incident_finding) + (SELECT count(*) FROM incident_history)"));
    }

    [Fact]
    public async Task A_finding_deleted_while_it_waits_is_forgotten()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        await rig.SaveAsync(Small(1), Small(2));
        var rule = new RetentionRule(RetentionKind.Findings, "finding", "last_seen") { AfterDelete = rig.Findings.Fresh.Clear };
        Assert.Equal(1, await new Retention(test.Store, [rule], TimeProvider.System, NullLogger<Retention>.Instance).DeleteAsync(rule, Small(2).LastSeen, long.MaxValue, "age", Token));
        await rig.NewPlacer().PlaceWaitingAsync(Token);
        Assert.Equal([Small(2).Id.Value], (await rig.HomesAsync()).Keys);
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM incident_queue"));
    }

    private static Finding Small(int number) => IncidentPlacerTests.Some(number, number, "ws-1");

    private sealed class StoppedAt(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
