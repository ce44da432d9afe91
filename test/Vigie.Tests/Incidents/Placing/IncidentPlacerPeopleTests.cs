using Dapper;
using Vigie.Engine.Findings;
using Vigie.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Placing;

public sealed class SqliteIncidentPlacerPeopleTests : IncidentPlacerPeopleTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlIncidentPlacerPeopleTests(PostgreSqlServer server) : IncidentPlacerPeopleTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

/// <summary>What a person has touched is theirs: the placer adds to it and asks, and does nothing else.</summary>
public abstract class IncidentPlacerPeopleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task A_finding_joins_an_incident_somebody_works_on_visibly_and_leaves_its_name()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var (one, two) = (Some(1, 0, "ws-1"), Some(2, 5, "ws-1", rule: "dump"));
        await rig.PlaceAsync(one);
        await DoneAsync(rig.Desk.RenameAsync(await OnAsync(rig, one), "The printer again", Token));
        await rig.PlaceAsync(two);

        var incident = await rig.FindAsync(two);
        Assert.Equal((await rig.IncidentOfAsync(one), "The printer again", 2L), (incident.Id, incident.Title.English, incident.Findings));
        Assert.Equal(1, await rig.CountAsync($"SELECT count(*) FROM incident_history WHERE incident_id = {incident.Id} AND action = 'joined' AND actor = 'vigie'"));
        await rig.AssertConsistentAsync();
    }

    [Fact]
    public async Task Incidents_of_people_are_not_merged_but_asked_about_once()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var (one, two) = (Some(1, 0, "ws-1"), Some(2, 5, "ws-2"));
        await rig.PlaceAsync(one, two);
        await DoneAsync(rig.Desk.CommentAsync(await OnAsync(rig, one), "Mine.", Token));
        await rig.PlaceAsync(Both(3, 10));
        await rig.PlaceAsync(Both(4, 11));

        var (mine, other) = (await rig.IncidentOfAsync(one), await rig.IncidentOfAsync(two));
        Assert.NotEqual(mine, other);
        Assert.Equal(1, await rig.CountAsync($"SELECT count(*) FROM incident_proposal WHERE incident_id = {mine} AND other_id = {other} AND kind = 0 AND decided_at IS NULL"));
        Assert.Equal(1, await rig.CountAsync("SELECT count(*) FROM incident_proposal"));
        await rig.AssertConsistentAsync();

        // Declined is declined: the same question is not put again.
        var proposal = await rig.CountAsync("SELECT id FROM incident_proposal");
        await DoneAsync(rig.Desk.DeclineAsync(await OnAsync(rig, one), proposal, Token));
        await rig.PlaceAsync(Both(5, 12));
        Assert.Equal(1, await rig.CountAsync("SELECT count(*) FROM incident_proposal"));
    }

    [Fact]
    public async Task What_comes_after_a_case_was_closed_opens_one_new_incident_that_says_so()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        var (one, two, three) = (Some(1, 0, "ws-1"), Some(2, 5, "ws-1"), Some(3, 7, "ws-1"));
        await rig.PlaceAsync(one);
        await DoneAsync(rig.Desk.JudgeAsync(await OnAsync(rig, one), IncidentVerdict.False, "A test.", Token));
        await rig.PlaceAsync(two);
        var (closed, follows) = (await rig.FindAsync(one), await rig.FindAsync(two));
        Assert.Equal((IncidentStatus.Closed, 1L), (closed.Status, closed.Findings));
        Assert.NotEqual(closed.Id, follows.Id);
        Assert.Equal(closed.Id, await rig.CountAsync($"SELECT follows FROM incident WHERE id = {follows.Id}"));

        // Also once somebody works on the new one, and after a restart.
        await DoneAsync(rig.Desk.CommentAsync(await OnAsync(rig, two), "Again?", Token));
        await rig.PlaceAsync(three);
        Assert.Equal(follows.Id, await rig.IncidentOfAsync(three));
        Assert.Equal(2, await rig.CountAsync("SELECT count(*) FROM incident"));
        await rig.AssertConsistentAsync();
    }

    [Fact]
    public async Task What_people_do_while_the_placer_runs_is_heeded_at_once()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = rig.NewPlacer().RunAsync(stop.Token);
        var (one, two) = (Some(1, 0, "ws-1"), Some(2, 1, "ws-2"));
        await rig.SaveAsync(one, two);
        await UntilAsync(rig, 2);
        await DoneAsync(rig.Desk.MergeAsync(await OnAsync(rig, two), await rig.IncidentOfAsync(one), Token));
        await rig.SaveAsync(Some(3, 2, "ws-2"));
        await UntilAsync(rig, 3);
        Assert.Single((await rig.HomesAsync()).Values.Distinct());

        // Without being told, as by a command in another process: the version gives it away.
        await test.Store.WriteAsync(
            Vigie.Store.Lane.Console, transaction => transaction.Connection!.Execute("UPDATE incident SET status = 3, version = version + 1, touched_at = 1", transaction: transaction), Token);
        await rig.SaveAsync(Some(4, 3, "ws-2"));
        await UntilAsync(rig, 4);
        Assert.Equal(2, (await rig.HomesAsync()).Values.Distinct().Count());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await rig.AssertConsistentAsync();
    }

    [Fact]
    public async Task Suppressed_findings_are_counted_and_not_placed()
    {
        await using var test = await OpenAsync();
        await using var rig = new PlacerRig(test);
        await test.Store.WriteAsync(
            Vigie.Store.Lane.Console,
            transaction => transaction.Connection!.Execute(
                """
                INSERT INTO suppression (detector, rule, starts_at, until, owner, reason, created_at, created_by)
                VALUES ('logs.sigma', 'scan', 0, 99999999999999, 'awa', 'our scanner', 0, 'awa')
                """,
                transaction: transaction),
            Token);
        var (scan, run) = (Some(1, 0, "ws-1", rule: "scan"), Some(2, 1, "ws-1"));
        await rig.PlaceAsync(scan, run);
        Assert.Equal([run.Id.Value], (await rig.HomesAsync()).Keys);
        Assert.Equal(1, await rig.CountAsync("SELECT hits FROM suppression"));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM incident_queue"));
    }

    private static async Task UntilAsync(PlacerRig rig, int placed)
    {
        while ((await rig.HomesAsync()).Count < placed) await Task.Delay(10, Token);
    }

    private static async Task<ActOn> OnAsync(PlacerRig rig, Finding finding)
    {
        var incident = await rig.FindAsync(finding);
        return new ActOn(incident.Id, incident.Version, "awa");
    }

    private static async Task DoneAsync(Task<DeskOutcome> act) => Assert.IsType<DeskOutcome.Done>(await act);

    private static Finding Both(int number, double minute) => PlacerRig.Some(number, minute, Severity.Medium, "move", PlacerRig.Host("ws-1"), PlacerRig.Host("ws-2"));

    private static Finding Some(int number, double minute, string host, Severity severity = Severity.Medium, string rule = "run") => IncidentPlacerTests.Some(number, minute, host, severity, rule);
}
