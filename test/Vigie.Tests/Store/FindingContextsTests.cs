using Dapper;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteFindingContextsTests : FindingContextsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlFindingContextsTests(PostgreSqlServer server) : FindingContextsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class FindingContextsTests
{
    private static readonly DateTimeOffset Until = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task What_is_written_is_read_in_its_order_and_writing_less_takes_nothing_away()
    {
        await using var test = await OpenAsync();
        var (contexts, finding) = (new FindingContexts(test.Store), SomeFinding.Number(1));
        await new Findings(test.Store, TimeProvider.System).SaveAsync(Lane.Background, [finding], Token);
        await SaveAsync(test, Entry(finding.Id, ["b", "a"], ["c"], awaits: 2), "a", "b", "c");
        await SaveAsync(test, Entry(finding.Id, ["a"], ["c", "d"], awaits: 1), "d", "a");

        var context = await contexts.ReadAsync(finding.Id, Token);
        Assert.Equal(["b", "a"], context!.Before.Select(kept => kept.Id));
        Assert.Equal(["c", "d"], context.After.Select(kept => kept.Id));
        Assert.Equal(Until, context.AwaitsUntil);
        Assert.Equal(("web", "h1"), (context.Source, context.Host));
        Assert.Equal(new ContextEvent("a", SomeFinding.Start, "log:1", "event a\u202e<b>", 7), context.Before[1]);

        var (entry, lastSeen) = Assert.Single(await contexts.OpenAsync(Token));
        Assert.Equal((finding.Id, 1, finding.LastSeen), (entry.Finding, entry.Awaits, lastSeen));
        await SaveAsync(test, Entry(finding.Id, [], [], awaits: 0));
        Assert.Empty(await contexts.OpenAsync(Token));
        Assert.Null((await contexts.ReadAsync(finding.Id, Token))!.AwaitsUntil);
    }

    [Fact]
    public async Task Nothing_is_kept_of_a_finding_that_is_not_stored_and_nothing_stays_of_one_that_goes()
    {
        await using var test = await OpenAsync();
        var (contexts, finding) = (new FindingContexts(test.Store), SomeFinding.Number(1));
        await SaveAsync(test, Entry(finding.Id, ["a"], [], awaits: 3), "a");
        Assert.Null(await contexts.ReadAsync(finding.Id, Token));
        await new Findings(test.Store, TimeProvider.System).SaveAsync(Lane.Background, [finding], Token);
        await SaveAsync(test, Entry(finding.Id, ["a"], [], awaits: 3), "a");
        Assert.NotNull(await contexts.ReadAsync(finding.Id, Token));
        await test.Store.WriteAsync(Lane.Background, tx => tx.Connection!.Execute("DELETE FROM finding", null, tx), Token);
        Assert.Null(await contexts.ReadAsync(finding.Id, Token));
        Assert.Empty(await contexts.OpenAsync(Token));
    }

    [Fact]
    public async Task A_shared_event_is_kept_as_long_as_the_latest_finding_it_stands_around()
    {
        await using var test = await OpenAsync();
        foreach (var minutes in (int[])[5, 90, 30])
            await test.Store.WriteAsync(Lane.Background, tx => FindingContexts.Save(tx, Event("a"), SomeFinding.Start.AddMinutes(minutes)), Token);
        var kept = await test.Store.ReadAsync((connection, _) => connection.QueryAsync<long>("SELECT last_seen FROM context_event"), Token);
        Assert.Equal([SomeFinding.Start.AddMinutes(90).ToUnixTimeMilliseconds()], kept);
    }

    private static ContextEntry Entry(FindingId finding, string[] before, string[] after, int awaits) => new(finding, "web", "h1", before, after, [], 0, awaits, Until);

    private static ContextEvent Event(string id) => new(id, SomeFinding.Start, "log:1", $"event {id}\u202e<b>", 7);

    private static Task SaveAsync(TestStore test, ContextEntry entry, params string[] events) => test.Store.WriteAsync(
        Lane.Background,
        tx =>
        {
            foreach (var id in events) FindingContexts.Save(tx, Event(id), SomeFinding.Start);
            FindingContexts.Save(tx, entry);
        },
        Token);
}
