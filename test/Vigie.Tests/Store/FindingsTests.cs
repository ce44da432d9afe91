using System.Collections.Immutable;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteFindingsTests : FindingsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlFindingsTests(PostgreSqlServer server) : FindingsTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class FindingsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task A_finding_comes_back_whole()
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        var saved = SomeFinding.Number(1);
        await findings.SaveAsync(Lane.Mail, [saved], Token);
        AssertSame(saved, await findings.FindAsync(saved.Id, Token));
        Assert.Null(await findings.FindAsync(new FindingId("none"), Token));
    }

    [Fact]
    public async Task The_same_input_twice_gives_the_same_findings()
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        Finding[] batch = [.. Enumerable.Range(0, 20).Select(i => SomeFinding.Number(i))];
        await findings.SaveAsync(Lane.Mail, batch, Token);
        await findings.SaveAsync(Lane.Background, [.. batch, batch[3]], Token);
        Assert.Equal(20, (await findings.SearchAsync(new FindingQuery { Limit = 500 }, Token)).Items.Count);
        Assert.False(await test.Store.WriteAsync(Lane.Mail, transaction => findings.Save(transaction, batch[0]), Token));
        Assert.Equal(40, await CountAsync(test, "finding_entity"));
        Assert.Equal(20, await CountAsync(test, "finding_evidence"));
    }

    [Fact]
    public async Task Findings_are_counted_by_rule_gravest_and_most_frequent_first()
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        Finding[] all =
        [
            .. Enumerable.Range(0, 3).Select(i => SomeFinding.Number(i) with { Rule = "often" }),
            SomeFinding.Number(10) with { Rule = "once" },
            SomeFinding.Number(20, severity: Severity.Critical) with { Rule = "grave" },
            SomeFinding.Number(30) with { Detector = "logs.sigma", Rule = "other-watch" },
            SomeFinding.Number(31) with { Detector = "logsomething.else", Rule = "not-of-it" },
        ];
        await findings.SaveAsync(Lane.Background, all, Token);

        var groups = await findings.GroupAsync(new FindingQuery { Watch = "mail" }, Token);
        Assert.Equal(["grave", "often", "once"], groups.Select(group => group.Rule));
        Assert.Equal((3, SomeFinding.Start, SomeFinding.Start.AddMinutes(2)), (groups[1].Count, groups[1].FirstSeen, groups[1].LastSeen));
        Assert.Equal(["other-watch"], (await findings.SearchAsync(new FindingQuery { Watch = "logs" }, Token)).Items.Select(finding => finding.Rule));
        Assert.Equal(3, (await findings.SearchAsync(new FindingQuery { Rule = "often" }, Token)).Items.Count);
        Assert.Equal(2, (await findings.GroupAsync(new FindingQuery { Limit = 2 }, Token)).Count);
    }

    [Fact]
    public async Task Pages_give_every_finding_once_newest_first_also_when_new_ones_arrive()
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        // Seven in every minute, so that the id decides within a millisecond too.
        Finding[] all = [.. Enumerable.Range(0, 70).Select(i => SomeFinding.Number(i) with { LastSeen = SomeFinding.Start.AddMinutes(i / 7) })];
        await findings.SaveAsync(Lane.Background, all, Token);

        var seen = new List<Finding>();
        Cursor? after = null;
        do
        {
            var page = await findings.SearchAsync(new FindingQuery { Limit = 9, After = after }, Token);
            seen.AddRange(page.Items);
            after = page.Next;
            await findings.SaveAsync(Lane.Mail, [SomeFinding.Number(1000 + seen.Count)], Token);
        }
        while (after is not null);

        Assert.Equal(all.OrderByDescending(f => f.LastSeen).ThenByDescending(f => f.Id.Value, StringComparer.Ordinal).Select(f => f.Id), seen.Select(f => f.Id));
    }

    [Fact]
    public async Task A_search_narrows_by_everything_asked_for()
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        await findings.SaveAsync(
            Lane.Background,
            [
                SomeFinding.Number(1, "army.ml", Severity.Low),
                SomeFinding.Number(2, "army.ml", Severity.High),
                SomeFinding.Number(3, "navy.ml", Severity.High),
                SomeFinding.Number(4, "navy.ml", Severity.High) with { Detector = "domains.registered" },
            ],
            Token);

        async Task AssertFound(FindingQuery query, params int[] numbers) => Assert.Equal(
            numbers.Select(number => SomeFinding.Number(number).Id), (await findings.SearchAsync(query, Token)).Items.Select(finding => finding.Id));

        await AssertFound(new FindingQuery(), 4, 3, 2, 1);
        await AssertFound(new FindingQuery { Detector = "domains.registered" }, 4);
        await AssertFound(new FindingQuery { AtLeast = Severity.Medium }, 4, 3, 2);
        await AssertFound(new FindingQuery { EntityValue = "army.ml" }, 2, 1);
        await AssertFound(new FindingQuery { EntityKind = EntityKinds.Domain, EntityValue = "navy.ml", AtLeast = Severity.High }, 4, 3);
        await AssertFound(new FindingQuery { EntityKind = EntityKinds.Mailbox, EntityValue = "army.ml" });
        await AssertFound(new FindingQuery { From = SomeFinding.Start.AddMinutes(2), Until = SomeFinding.Start.AddMinutes(4) }, 3, 2);
        await AssertFound(new FindingQuery { Text = "NAVY.ML imite" }, 4, 3);
        await AssertFound(new FindingQuery { Text = "100%_" });
        await AssertFound(new FindingQuery { Text = "'; DROP TABLE finding; --" });
        await AssertFound(new FindingQuery { Limit = -5 }, 4);
    }

    [Fact]
    public async Task Position_and_findings_are_stored_together_or_not_at_all()
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        var positions = new Positions(test.Store, TimeProvider.System);
        await Assert.ThrowsAsync<InvalidDataException>(() => test.Store.WriteAsync(
            Lane.Background,
            transaction =>
            {
                findings.Save(transaction, SomeFinding.Number(1));
                positions.Save(transaction, "maillog", "100");
                throw new InvalidDataException();
            },
            Token));
        Assert.Null(await positions.FindAsync("maillog", Token));
        Assert.Empty((await findings.SearchAsync(new FindingQuery(), Token)).Items);

        foreach (var position in (string[])["100", "250"])
        {
            await test.Store.WriteAsync(
                Lane.Background,
                transaction =>
                {
                    findings.Save(transaction, SomeFinding.Number(1));
                    positions.Save(transaction, "maillog", position);
                },
                Token);
        }

        Assert.Equal("250", await positions.FindAsync("maillog", Token));
        Assert.Single((await findings.SearchAsync(new FindingQuery(), Token)).Items);
    }

    [Fact]
    public async Task Evidence_longer_than_allowed_is_cut()
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        var long1 = SomeFinding.Number(1) with { Evidence = [new Evidence { Kind = "log-line", Location = "x", Copy = new string('x', 100_000) }] };
        await findings.SaveAsync(Lane.Mail, [long1], Token);
        Assert.Equal(Evidence.MaxCopyLength, (await findings.FindAsync(long1.Id, Token))!.Evidence[0].Copy!.Length);
    }

    private static async Task<long> CountAsync(TestStore test, string table) =>
        await test.Store.ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}"), Token);

    private static void AssertSame(Finding expected, Finding? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Entities.AsEnumerable(), actual.Entities);
        Assert.Equal(expected.Techniques.AsEnumerable(), actual.Techniques);
        Assert.Equal(expected.Evidence.Length, actual.Evidence.Length);
        for (var i = 0; i < expected.Evidence.Length; i++)
        {
            Assert.Equal(expected.Evidence[i].Fields.AsEnumerable(), actual.Evidence[i].Fields);
            Assert.Equal(expected.Evidence[i] with { Fields = [], Asked = [] }, actual.Evidence[i] with { Fields = [], Asked = [] });
            Assert.Equal(expected.Evidence[i].Asked.Select(passages => string.Join('|', passages)), actual.Evidence[i].Asked.Select(passages => string.Join('|', passages)));
        }

        var none = ImmutableArray<string>.Empty;
        Assert.Equal(
            expected with { Entities = [], Techniques = none, Evidence = [] },
            actual with { Entities = [], Techniques = none, Evidence = [] });
    }
}
