using Vigie.Engine.Findings;
using Vigie.Incidents.Desk;
using Vigie.Tests.Incidents.Placing;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Desk;

public sealed class SqliteSuppressionsTests : SuppressionsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlSuppressionsTests(PostgreSqlServer server) : SuppressionsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class SuppressionsTests
{
    private static readonly Entity Scanner = PlacerRig.Host("scanner");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task What_is_suppressed_is_stored_counted_and_listed_and_changes_neither_past_nor_future()
    {
        await using var test = await OpenAsync();
        var clock = new Clock(PlacerRig.Start);
        await using var rig = new PlacerRig(test, clock);
        var desk = new SuppressionDesk(test.Store, rig.Suppressions, rig.Journal, clock);
        var before = At(1, clock, "ws-1", "scanner");
        await rig.PlaceAsync(before);

        var id = (await desk.AddAsync(Draft(clock, entity: Scanner), "awa", sure: true, Token)).Value;
        clock.Advance(TimeSpan.FromMinutes(5));
        var (during, unconcerned, late) = (At(2, clock, "scanner"), At(3, clock, "ws-2"), At(4, clock, "scanner") with { LastSeen = PlacerRig.Start.AddMinutes(-1) });
        await rig.PlaceAsync(during, unconcerned, late);
        var homes = await rig.HomesAsync();
        Assert.Contains(before.Id.Value, homes.Keys);
        Assert.Contains(unconcerned.Id.Value, homes.Keys);
        Assert.Contains(late.Id.Value, homes.Keys);
        Assert.DoesNotContain(during.Id.Value, homes.Keys);
        Assert.NotNull(await rig.Findings.FindAsync(during.Id, Token));

        var one = (await desk.FindAsync(id, Token))!;
        Assert.Equal((1L, (DateTimeOffset?)clock.GetUtcNow()), (one.Hits, one.LastHit));
        Assert.Equal([during.Id], (await desk.SuppressedAsync(id, 0, 10, Token)).Select(finding => finding.Id));
        Assert.Equal(id, await desk.OfAsync(during.Id, Token));
        Assert.Equal((1, 1), await desk.CountAsync(PlacerRig.Start, Token));

        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(await desk.EndAsync(id, "awa", "", Token));
        Assert.Null(await desk.EndAsync(id, "awa", "The scan is over.", Token));
        Assert.NotNull(await desk.EndAsync(id, "awa", "Again.", Token));
        clock.Advance(TimeSpan.FromMinutes(5));
        var (after, belated) = (At(5, clock, "scanner"), At(6, clock, "scanner") with { LastSeen = PlacerRig.Start.AddMinutes(7) });
        await rig.PlaceAsync(after, belated);
        homes = await rig.HomesAsync();
        Assert.Contains(after.Id.Value, homes.Keys);
        // What happened during the window and comes late is of the window; what it suppressed does not come back.
        Assert.DoesNotContain(belated.Id.Value, homes.Keys);
        Assert.DoesNotContain(during.Id.Value, homes.Keys);
        Assert.Equal(id, Assert.Single(await desk.ListAsync(SuppressionShown.Ended, Token)).Id);
        Assert.Empty(await desk.ListAsync(SuppressionShown.Active, Token));
        var acts = (await rig.Journal.SearchAsync(new Vigie.Governance.JournalQuery(), Token)).Entries.Select(entry => entry.Action);
        Assert.Equal(["suppression.end", "suppression.add"], acts);

        // A time in a log can be made up: long after the end nothing is suppressed any more.
        clock.Advance(TimeSpan.FromDays(8));
        var forged = At(7, clock, "scanner") with { LastSeen = PlacerRig.Start.AddMinutes(7) };
        await rig.PlaceAsync(forged);
        Assert.Contains(forged.Id.Value, (await rig.HomesAsync()).Keys);
    }

    [Fact]
    public async Task Every_condition_must_hold()
    {
        await using var test = await OpenAsync();
        var clock = new Clock(PlacerRig.Start);
        await using var rig = new PlacerRig(test, clock);
        var desk = new SuppressionDesk(test.Store, rig.Suppressions, rig.Journal, clock);
        await desk.AddAsync(Draft(clock, rule: "run", entity: Scanner) with { Detector = "logs.sigma" }, "awa", sure: true, Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(rig.Suppressions.Find(At(1, clock, "ws-1", "scanner")));
        Assert.Null(rig.Suppressions.Find(At(1, clock, "ws-1")));
        Assert.Null(rig.Suppressions.Find(At(1, clock, "scanner") with { Rule = "another" }));
        Assert.Null(rig.Suppressions.Find(At(1, clock, "scanner") with { Detector = "mail.x" }));
        Assert.Null(rig.Suppressions.Find(At(1, clock, "SCANNER")));
        Assert.Equal(Scanner, await WithAsync(rig, desk, "SCANNER"));
    }

    [Fact]
    public async Task A_window_begins_when_it_says()
    {
        await using var test = await OpenAsync();
        var clock = new Clock(PlacerRig.Start);
        await using var rig = new PlacerRig(test, clock);
        var desk = new SuppressionDesk(test.Store, rig.Suppressions, rig.Journal, clock);
        var window = Draft(clock, rule: "run") with { StartsAt = clock.GetUtcNow().AddHours(2), Until = clock.GetUtcNow().AddHours(4) };
        Assert.Null((await desk.AddAsync(window, "awa", sure: false, Token)).Problem);
        Assert.Single(await desk.ListAsync(SuppressionShown.Coming, Token));
        Assert.Null(rig.Suppressions.Find(At(1, clock, "ws-1")));
        clock.Advance(TimeSpan.FromHours(3));
        Assert.NotNull(rig.Suppressions.Find(At(1, clock, "ws-1")));
        Assert.Single(await desk.ListAsync(SuppressionShown.Active, Token));
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(rig.Suppressions.Find(At(1, clock, "ws-1")));
        Assert.Single(await desk.ListAsync(SuppressionShown.Ended, Token));
    }

    [Fact]
    public async Task What_is_too_wide_too_long_or_nobodys_is_refused()
    {
        await using var test = await OpenAsync();
        var clock = new Clock(PlacerRig.Start);
        await using var rig = new PlacerRig(test, clock);
        var desk = new SuppressionDesk(test.Store, rig.Suppressions, rig.Journal, clock);
        await rig.SaveAsync([.. Enumerable.Range(0, 10).Select(i => PlacerRig.Some(i, -60 - i, Severity.High, i < 6 ? "often" : "seldom", PlacerRig.Host($"ws-{i}")))]);
        await rig.SaveAsync([.. Enumerable.Range(20, 30).Select(i => PlacerRig.Some(i, -60 * 24 * 10, Severity.High, "seldom", PlacerRig.Host($"ws-{i}")))]);

        Assert.Equal(new SuppressionPreview(6, 40, 6, 10), await desk.PreviewAsync(Draft(clock, rule: "often"), Token));
        Assert.Equal(new SuppressionPreview(1, 40, 1, 10), await desk.PreviewAsync(Draft(clock, entity: PlacerRig.Host("ws-3")), Token));
        var wide = await desk.AddAsync(Draft(clock, rule: "often"), "awa", sure: false, Token);
        Assert.Contains("6 of the 10", wide.Problem!.Value.English, StringComparison.Ordinal);
        Assert.Empty(await desk.ListAsync(SuppressionShown.Active, Token));
        Assert.Null((await desk.AddAsync(Draft(clock, rule: "often"), "awa", sure: true, Token)).Problem);
        Assert.Null((await desk.AddAsync(Draft(clock, rule: "seldom"), "awa", sure: false, Token)).Problem);

        var sound = Draft(clock, rule: "seldom");
        Assert.Null(desk.ProblemOf(sound));
        Assert.NotNull(desk.ProblemOf(sound with { Rule = null }));
        Assert.NotNull(desk.ProblemOf(sound with { Owner = "" }));
        Assert.NotNull(desk.ProblemOf(sound with { Reason = "" }));
        Assert.NotNull(desk.ProblemOf(sound with { Until = null }));
        Assert.NotNull(desk.ProblemOf(sound with { Until = clock.GetUtcNow() }));
        Assert.NotNull(desk.ProblemOf(sound with { Until = clock.GetUtcNow().AddDays(401) }));
        Assert.NotNull(desk.ProblemOf(sound with { StartsAt = clock.GetUtcNow().AddDays(500), Until = clock.GetUtcNow().AddDays(600) }));
        Assert.NotNull(desk.ProblemOf(sound with { Reason = new string('x', 1_000_000) }));
    }

    private static async Task<Entity> WithAsync(PlacerRig rig, SuppressionDesk desk, string typed)
    {
        await rig.SaveAsync(PlacerRig.Some(77, 0, Severity.Low, "run", Scanner));
        return await desk.AsStoredAsync(EntityKinds.Host, typed, Token);
    }

    private static SuppressionDraft Draft(Clock clock, string? rule = null, Entity? entity = null) =>
        new(null, rule, entity, null, clock.GetUtcNow().AddDays(2), "The network team", "A scan we ordered.");

    private static Finding At(int number, Clock clock, params string[] hosts) =>
        PlacerRig.Some(number, 0, Severity.High, "run", [.. hosts.Select(PlacerRig.Host)]) with { FirstSeen = clock.GetUtcNow(), LastSeen = clock.GetUtcNow() };

    private sealed class Clock(DateTimeOffset start) : TimeProvider
    {
        private DateTimeOffset _now = start;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
