using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Search;
using Vigie.Incidents.Search;
using Vigie.Store;
using Vigie.Store.Backups;
using Vigie.Tests.Console;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Search;

public sealed class SqliteSearchIndexTests : SearchIndexTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlSearchIndexTests(PostgreSqlServer server) : SearchIndexTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class SearchIndexTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Theory]
    [InlineData("arrny.ml")]
    [InlineData("ARRNY.ML arrn")]
    [InlineData("chief@arrny.ml")]
    [InlineData("retrouvee")]
    [InlineData("évadé")]
    [InlineData("C:\\Users\\Aïcha\\invoice.exe")]
    [InlineData("invoice.exe")]
    [InlineData("users aicha")]
    [InlineData(Hash)]
    [InlineData("9f86d081")]
    [InlineData("203.0.113.77")]
    [InlineData("203.0.113")]
    [InlineData("T1566.001")]
    [InlineData("rule-special")]
    public async Task Finds_a_finding_by_what_it_says(string typed)
    {
        await using var test = await OpenAsync();
        await SaveAsync(test, [Special, .. Enumerable.Range(0, 30).Select(i => SomeFinding.Number(i, "other.example"))]);
        await IndexAsync(test);
        Assert.Equal([Special.Id], (await FindAsync(test, typed)).Findings.Select(hit => hit.Id));
    }

    [Fact]
    public async Task Finds_entities_from_within_their_words_the_equal_one_first()
    {
        await using var test = await OpenAsync();
        await SaveAsync(test, [.. ((string[])["mypaypal-login.example", "paypal.example", "xn--pypal-4ve.example", "secure.paypal.example"]).Select((domain, i) => SomeFinding.Number(i, domain))]);
        await IndexAsync(test);
        var found = await FindAsync(test, "paypal");
        Assert.Equal(["paypal.example", "secure.paypal.example", "mypaypal-login.example"], found.Entities.Select(hit => hit.Entity.Value));
        Assert.All(found.Entities, hit => Assert.Equal(1, hit.Findings));
        Assert.Equal("secure.paypal.example", (await FindAsync(test, "secure.paypal.example")).Entities[0].Entity.Value);
    }

    [Fact]
    public async Task Latest_findings_come_first_and_no_more_than_fit()
    {
        await using var test = await OpenAsync();
        await SaveAsync(test, [.. Enumerable.Range(0, 60).Select(i => SomeFinding.Number(i))]);
        await IndexAsync(test);
        var found = await FindAsync(test, "army");
        Assert.Equal(Enumerable.Range(0, SearchIndex.MostOfGroup).Select(i => SomeFinding.Number(59 - i).Id), found.Findings.Select(hit => hit.Id));
        Assert.True(found.HasMore.Findings);
    }

    [Fact]
    public async Task What_is_deleted_is_forgotten_and_what_is_shared_stays()
    {
        await using var test = await OpenAsync();
        await SaveAsync(test, [SomeFinding.Number(1), SomeFinding.Number(2)]);
        await IndexAsync(test);
        await test.Store.WriteAsync(Lane.Background, tx => tx.Connection!.Execute("DELETE FROM finding WHERE id = @Value", new { SomeFinding.Number(1).Id.Value }, tx), Token);
        await IndexAsync(test);
        Assert.Empty((await FindAsync(test, "writer1")).Findings);
        Assert.Empty((await FindAsync(test, "writer1")).Entities);
        Assert.Equal(["army.ml"], (await FindAsync(test, "army.ml")).Entities.Select(hit => hit.Entity.Value));
        Assert.Single((await FindAsync(test, "army.ml")).Findings);

        // It may come again: a feed that is read anew.
        await SaveAsync(test, [SomeFinding.Number(1)]);
        await IndexAsync(test);
        Assert.Single((await FindAsync(test, "writer1@example.org")).Entities);
    }

    [Fact]
    public async Task Incidents_are_found_as_they_are_now()
    {
        await using var test = await OpenAsync();
        await LargeStore.FillAsync(test.Store, SomeFinding.Start, 400, 6, Token);
        await IndexAsync(test);
        await test.Store.WriteAsync(Lane.Console, tx => tx.Connection!.Execute("UPDATE incident SET title_en = 'Fire at the lighthouse', title_fr = 'Feu au phare', status = 0 WHERE id = (SELECT min(id) FROM incident)", transaction: tx), Token);
        Assert.Empty((await FindAsync(test, "lighthouse")).Incidents);
        await IndexAsync(test);
        var incident = Assert.Single((await FindAsync(test, "lighthouse")).Incidents);
        Assert.Equal(incident.Id, Assert.Single((await FindAsync(test, "phar")).Incidents).Id);
        await test.Store.WriteAsync(Lane.Console, tx => tx.Connection!.Execute("INSERT INTO incident_comment (incident_id, time, actor, text) VALUES (@Id, 0, 'ines', 'Asked the harbour master')", new { incident.Id }, tx), Token);
        await IndexAsync(test);
        Assert.Single((await FindAsync(test, "harbour")).Incidents);
        await test.Store.WriteAsync(Lane.Console, tx => tx.Connection!.Execute("UPDATE incident SET status = 4, merged_into = 2 WHERE id = @Id", new { incident.Id }, tx), Token);
        await IndexAsync(test);
        Assert.Empty((await FindAsync(test, "lighthouse")).Incidents);
    }

    [Fact]
    public async Task Nobody_is_shown_what_they_may_not_see()
    {
        await using var test = await OpenAsync();
        await LargeStore.FillAsync(test.Store, SomeFinding.Start, 400, 6, Token);
        await IndexAsync(test);
        var query = SearchQuery.Parse("powershell");
        var index = new SearchIndex(test.Store);
        Assert.NotEmpty((await index.FindAsync(query, new SearchScope(true, true), "powershell", Token)).Findings);
        Assert.Empty((await index.FindAsync(query, new SearchScope(true, false), "powershell", Token)).Findings);
        Assert.Empty((await index.FindAsync(SearchQuery.Parse("server"), new SearchScope(false, true), "server", Token)).Incidents);
        Assert.True((await index.FindAsync(query, default, "powershell", Token)).IsEmpty);
    }

    [Fact]
    public async Task Nothing_that_is_typed_breaks_a_search()
    {
        await using var test = await OpenAsync();
        await SaveAsync(test, [Special]);
        await IndexAsync(test);
        var random = new Random(3);
        const string signs = "armyé'\"*()^:-+~{}[]<>|&!\\/%_. \t\0\uD83D\uDE00\uDC00東¶AND OR NEAR";
        foreach (var typed in MailStory.Hostile.Concat(Enumerable.Range(0, 300).Select(_ => string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => signs[random.Next(signs.Length)])))))
            Assert.NotNull(await FindAsync(test, typed));
    }

    [Fact]
    public async Task Hostile_findings_are_indexed_bounded()
    {
        await using var test = await OpenAsync();
        var huge = SomeFinding.Number(1) with
        {
            Title = new Bilingual(new string('x', 1_000_000), "NUL\0 \u202E " + string.Concat(Enumerable.Repeat("mot ", 100_000))),
            Entities = [.. Enumerable.Range(0, 400).Select(i => new Entity(EntityKinds.Ip, $"10.1.{i / 250}.{i % 250}")), new Entity(EntityKinds.User, ""), new Entity(EntityKinds.User, "\0\u202E\uD800 ' ¶")],
        };
        await SaveAsync(test, [huge]);
        await IndexAsync(test);
        Assert.Single((await FindAsync(test, "10.1.1.149")).Entities);
        Assert.Single((await FindAsync(test, "mot mot")).Findings);
        Assert.Equal(0, await new SearchIndex(test.Store).BehindAsync(10, Token));
    }

    [Fact]
    public async Task A_restored_store_is_indexed_anew_and_its_backup_holds_no_index()
    {
        await using var test = await OpenAsync();
        await SaveAsync(test, [SomeFinding.Number(1), SomeFinding.Number(2)]);
        await IndexAsync(test);
        await SaveAsync(test, [SomeFinding.Number(3)]);
        Assert.DoesNotContain(await test.Store.ReadAsync((connection, _) => Task.FromResult(test.Store.Dialect.Tables(connection)), Token), table => table.StartsWith("search", StringComparison.Ordinal));

        var archive = Path.Combine(Path.GetDirectoryName(test.Folder)!, "backup.zip");
        await new BackupWriter(test.Settings, TimeProvider.System).WriteAsync(archive, null, Token);
        await test.Store.DisposeAsync();
        await new Restoring(test.Settings, TimeProvider.System).RunAsync(archive, replace: true, null, Token);
        await test.ReopenAsync();
        Assert.Equal(3, await new SearchIndex(test.Store).BehindAsync(10, Token));
        await IndexAsync(test);
        Assert.Equal(3, (await FindAsync(test, "army.ml")).Findings.Count);
        Assert.Single((await FindAsync(test, "army.ml")).Entities);
    }

    private static Finding Special => SomeFinding.Number(77) with
    {
        Rule = "rule-special",
        Title = new Bilingual("Found again: the clerk Évadé", "Retrouvée : l’employée"),
        Entities = [new Entity(EntityKinds.Mailbox, "chief@arrny.ml"), new Entity(EntityKinds.Ip, "203.0.113.77"), new Entity(EntityKinds.FileHash, $"sha256:{Hash}")],
        Techniques = ["T1566.001"],
        Evidence = [new Evidence { Kind = "log-event", Location = "here", Fields = [new("Image", "C:\\Users\\Aïcha\\invoice.exe")], Copy = "a copy" }],
    };

    private static Task SaveAsync(TestStore test, IReadOnlyCollection<Finding> findings) => new Findings(test.Store, TimeProvider.System).SaveAsync(Lane.Background, findings, Token);

    private static Task IndexAsync(TestStore test) => new SearchIndexer(test.Store, TimeProvider.System, NullLogger<SearchIndexer>.Instance).IndexAllAsync(Token);

    private static Task<SearchResults> FindAsync(TestStore test, string typed) => new SearchIndex(test.Store).FindAsync(SearchQuery.Parse(typed), new SearchScope(true, true), typed, Token);
}
