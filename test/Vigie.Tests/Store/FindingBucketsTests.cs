using Dapper;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteFindingBucketsTests : FindingBucketsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();

    protected override Task<StoreSettings> NewPlaceAsync() => Task.FromResult(new StoreSettings { DataDirectory = TestStore.NewFolder() });

    [Fact]
    public async Task Indexes_serve_to_look_entities_up_and_to_read_what_belongs_to_a_finding()
    {
        await using var test = await OpenAsync();
        await SaveAsync(test, 1, 3);
        Assert.Contains("finding_entity_by_value (bucket=? AND value=? AND kind=?)", await PlanAsync(test, FindingBuckets.Named), StringComparison.Ordinal);
        foreach (var join in (string[])[FindingBuckets.Entities, FindingBuckets.Evidence])
            Assert.Contains("(bucket=? AND finding_id=?)", await PlanAsync(test, $"SELECT e.ordinal FROM finding f {join} WHERE f.id = @Value ORDER BY e.ordinal"), StringComparison.Ordinal);
        Assert.Contains("COVERING INDEX finding_by_time", await PlanAsync(test, "SELECT detector, rule, max(severity), count(*), min(first_seen) FROM finding WHERE last_seen >= 0 AND muted = 0 GROUP BY detector, rule"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_closed_leaves_no_log_behind()
    {
        await using var test = await OpenAsync();
        for (var i = 0; i < 12; i++) await SaveAsync(test, i * 10, 10, entities: 500);
        await test.Store.DisposeAsync();
        Assert.Equal(["vigie.db"], Directory.GetFiles(test.Folder, "vigie.db*").Select(Path.GetFileName));
    }

    private static Task<string> PlanAsync(TestStore test, string sql) => test.Store.ReadAsync(
        async (connection, _) => string.Join('\n', (await connection.QueryAsync("EXPLAIN QUERY PLAN " + sql, new { Kind = "domain", Value = "army.ml" })).Select(row => (string)row.detail)), Token);
}

public sealed class PostgreSqlFindingBucketsTests(PostgreSqlServer server) : FindingBucketsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);

    protected override async Task<StoreSettings> NewPlaceAsync()
    {
        PostgreSqlServer.Require();
        return new StoreSettings { DataDirectory = TestStore.NewFolder(), PostgreSql = await server.CreateDatabaseAsync() };
    }
}

public abstract class FindingBucketsTests
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    protected abstract Task<StoreSettings> NewPlaceAsync();

    [Fact]
    public async Task Whoever_is_in_several_buckets_is_found_in_each()
    {
        await using var test = await OpenAsync();
        // 500 entities each: some thirty findings fill a bucket.
        for (var i = 0; i < 4; i++) await SaveAsync(test, i * 20, 20, entities: 500);
        await test.ReopenAsync();
        await SaveAsync(test, 80, 20, entities: 500);

        var findings = new Findings(test.Store, TimeProvider.System);
        Assert.Equal(100, (await findings.SearchAsync(new FindingQuery { EntityKind = EntityKinds.Domain, EntityValue = "army.ml", Limit = 500 }, Token)).Items.Count);
        var only = Assert.Single((await findings.SearchAsync(new FindingQuery { EntityValue = "writer37@example.org" }, Token)).Items);
        Assert.Equal((Large(37, 500).Id, 500, 1), (only.Id, only.Entities.Length, only.Evidence.Length));
        var buckets = await test.Store.ReadAsync(async (connection, _) => (await connection.QueryAsync<(long Bucket, long Count)>("SELECT bucket, count(*) FROM finding_entity GROUP BY bucket ORDER BY bucket")).AsList(), Token);
        Assert.Equal([0, 1, 2], buckets.Select(bucket => bucket.Bucket));
        Assert.All(buckets.Take(2), bucket => Assert.InRange(bucket.Count, FindingBuckets.Size, FindingBuckets.Size + 10_000));
        Assert.Equal([0, 1, 2], await test.Store.ReadAsync((connection, _) => connection.QueryAsync<long>("SELECT bucket FROM finding_bucket ORDER BY bucket"), Token));
    }

    [Fact]
    public async Task Findings_from_before_there_were_buckets_stay_whole()
    {
        var settings = await NewPlaceAsync();
        await using (var dialect = Dialect.For(settings))
        {
            dialect.Prepare();
            using var writer = dialect.OpenWriter();
            new Migrator(dialect, TimeProvider.System, [.. Migration.All.Where(step => step.Version <= 13)]).Run(writer);
            await writer.ExecuteAsync(
                """
                INSERT INTO finding (id, detector, rule, rule_version, title_en, title_fr, severity, first_seen, last_seen, techniques, explanation_en, explanation_fr, saved_at)
                    VALUES ('old', 'mail.x', 'x', '1', 'Old', 'Ancien', 3, 1000, 2000, '["T1566"]', 'why', 'pourquoi', 2000);
                INSERT INTO finding_entity (finding_id, ordinal, kind, value) VALUES ('old', 0, 'domain', 'army.ml'), ('old', 1, 'mailbox', 'a@army.ml');
                INSERT INTO finding_evidence (finding_id, ordinal, kind, location, fields, copy) VALUES ('old', 0, 'smtp', 'queue 1', '[["a","b"]]', 'RCPT');
                """);
        }

        await using var store = await TestStore.OpenStoreAsync(settings);
        var findings = new Findings(store, TimeProvider.System);
        await findings.SaveAsync(Lane.Background, [SomeFinding.Number(1)], Token);
        var old = await findings.FindAsync(new FindingId("old"), Token);
        Assert.Equal(("Old", 2, "RCPT"), (old!.Title.English, old.Entities.Length, old.Evidence[0].Copy));
        Assert.Equal(2, (await findings.SearchAsync(new FindingQuery { EntityValue = "army.ml" }, Token)).Items.Count);

        // What belongs to a finding still goes with it, and is forgotten by the search.
        await store.WriteAsync(Lane.Background, transaction => transaction.Connection!.Execute("DELETE FROM search_queue; DELETE FROM finding WHERE id = 'old'", transaction: transaction), Token);
        Assert.Equal((2, 1), await store.ReadAsync(
            (connection, _) => connection.QuerySingleAsync<(long, long)>("SELECT (SELECT count(*) FROM finding_entity), (SELECT count(*) FROM finding_evidence)"), Token));
        Assert.Equal(["a@army.ml", "army.ml"], (await store.ReadAsync((connection, _) => connection.QueryAsync<string>("SELECT ref FROM search_queue WHERE kind = 2 ORDER BY ref"), Token)).Select(entity => entity.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_row_that_is_refused_takes_nothing_with_it_and_the_next_goes_in()
    {
        await using var test = await OpenAsync();
        var statement = new RowStatement(RowAction.Insert, "store_state", [("name", ColumnType.Text), ("value", ColumnType.Text)]);
        // Longer than any buffer, with a character of four bytes and half of one.
        var text = string.Concat(Enumerable.Repeat("é\U0001F512\ud800", 20_000));
        await test.Store.WriteAsync(Lane.Background, transaction => test.Store.Dialect.Run(transaction, statement, [["one", text]]), Token);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => test.Store.WriteAsync(Lane.Background, transaction => test.Store.Dialect.Run(transaction, statement, [["two", ""], ["one", "again"]]), Token));
        Assert.Equal(1, await test.Store.WriteAsync(Lane.Background, transaction => test.Store.Dialect.Run(transaction, statement, [["three", "kept"]]), Token));
        var rows = await test.Store.ReadAsync(async (connection, _) => (await connection.QueryAsync<(string Name, string Value)>("SELECT name, value FROM store_state WHERE name IN ('one', 'two', 'three')")).ToDictionary(row => row.Name, row => row.Value), Token);
        Assert.Equal(["one", "three"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(PortableText.Clean(text), rows["one"]);
    }

    protected static Task SaveAsync(TestStore test, int first, int count, int entities = 2) =>
        new Findings(test.Store, TimeProvider.System).SaveAsync(Lane.Background, [.. Enumerable.Range(first, count).Select(number => Large(number, entities))], Token);

    private static Finding Large(int number, int entities)
    {
        var finding = SomeFinding.Number(number);
        return finding with { Entities = [.. finding.Entities, .. Enumerable.Range(2, entities - 2).Select(i => new Entity(EntityKinds.Host, $"host-{number}-{i}"))] };
    }
}
