using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteRetentionTests : RetentionTests
{
    protected override Task<TestStore> OpenAsync(Func<StoreSettings, StoreSettings>? adjust = null) => TestStore.SqliteAsync(adjust);

    [Fact]
    public async Task Near_the_budget_old_rows_go_until_there_is_room_and_the_file_shrinks()
    {
        await using var test = await OpenAsync(settings => settings with { MaxSize = 60_000_000 });
        await FillAsync(test, 3700);
        var before = await test.Store.MeasureAsync(Token);
        Assert.True(before.Used > 0.95 * 60_000_000, $"{before.Used}");

        var (_, budget) = Make(test, SomeFinding.Start.AddDays(30));
        var deleted = await budget.EnforceAsync(Token);
        var after = await test.Store.MeasureAsync(Token);
        Assert.InRange(deleted, 100, 3000);
        Assert.InRange(after.Used, 0.5 * 60_000_000, 0.90 * 60_000_000);
        Assert.True(after.OnDisk - after.Used < 20_000_000, $"{after}");
        // The oldest went, the youngest stayed.
        Assert.Equal(SomeFinding.Number(3699).LastSeen, (await OldestAndYoungestAsync(test)).Youngest);
        Assert.Equal(SomeFinding.Number((int)deleted).LastSeen, (await OldestAndYoungestAsync(test)).Oldest);
        Assert.NotNull(budget.Notice);
    }
}

public sealed class PostgreSqlRetentionTests(PostgreSqlServer server) : RetentionTests
{
    protected override Task<TestStore> OpenAsync(Func<StoreSettings, StoreSettings>? adjust = null) => TestStore.PostgreSqlAsync(server, adjust);

    [Fact]
    public async Task Where_files_do_not_shrink_one_step_is_taken_each_time_they_grow()
    {
        await using var test = await OpenAsync(settings => settings with { MaxSize = 10_000_000 });
        await FillAsync(test, 1500);
        var (_, budget) = Make(test, SomeFinding.Start.AddDays(30));
        Assert.Equal(150, await budget.EnforceAsync(Token));
        Assert.Equal(0, await budget.EnforceAsync(Token));
        await FillAsync(test, 1000, first: 5000);
        Assert.InRange(await budget.EnforceAsync(Token), 200, 240);
    }
}

public abstract class RetentionTests
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync(Func<StoreSettings, StoreSettings>? adjust = null);

    [Fact]
    public async Task What_is_older_than_its_kind_is_kept_goes_with_all_that_hangs_on_it()
    {
        await using var test = await OpenAsync(settings => settings with { Keep = new Dictionary<RetentionKind, TimeSpan> { [RetentionKind.Findings] = TimeSpan.FromDays(1) } });
        await FillAsync(test, 700, size: 10);
        // Number n was seen n minutes after the start.
        var (retention, _) = Make(test, SomeFinding.Start.AddDays(1).AddMinutes(450));
        Assert.Equal(450, await retention.DeleteExpiredAsync(Token));
        Assert.Equal(0, await retention.DeleteExpiredAsync(Token));
        Assert.Equal(SomeFinding.Number(450).LastSeen, (await OldestAndYoungestAsync(test)).Oldest);
        Assert.Equal(500, await test.Store.ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM finding_entity"), Token));
    }

    [Fact]
    public async Task Rows_a_rule_does_not_name_are_kept_however_old_also_for_space()
    {
        await using var test = await OpenAsync(settings => settings with { MaxSize = 1 });
        await FillAsync(test, 50, size: 10);
        var (retention, budget) = Make(test, SomeFinding.Start.AddYears(10), "severity >= 4");
        Assert.Equal(0, await retention.DeleteExpiredAsync(Token));
        Assert.Equal(0, await budget.EnforceAsync(Token));
        Assert.Contains("nothing old left", budget.Notice!.Value.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_younger_than_a_week_goes_for_space()
    {
        await using var test = await OpenAsync(settings => settings with { MaxSize = 1 });
        await FillAsync(test, 50, size: 10);
        var (_, budget) = Make(test, SomeFinding.Start.AddDays(6));
        Assert.Equal(0, await budget.EnforceAsync(Token));
    }

    [Fact]
    public void A_rule_takes_identifiers_only() =>
        Assert.Throws<ArgumentException>(() => new RetentionRule(RetentionKind.Findings, "finding; --", "last_seen"));

    private protected static (Retention Retention, DiskBudget Budget) Make(TestStore test, DateTimeOffset now, string? only = null)
    {
        var time = new StoppedAt(now);
        var retention = new Retention(test.Store, [new RetentionRule(RetentionKind.Findings, "finding", "last_seen", only: only)], time, NullLogger<Retention>.Instance);
        return (retention, new DiskBudget(test.Store, retention, time, NullLogger<DiskBudget>.Instance));
    }

    protected static async Task FillAsync(TestStore test, int count, int first = 0, int size = 15_000)
    {
        var findings = new Findings(test.Store, TimeProvider.System);
        var random = new Random(1);
        for (var start = first; start < first + count; start += 50)
        {
            await findings.SaveAsync(
                Lane.Background,
                [
                    .. Enumerable.Range(start, 50).Select(i => SomeFinding.Number(i)).Select(finding => finding with
                    {
                        // Random, so that PostgreSQL cannot compress it away.
                        Evidence = [finding.Evidence[0] with { Copy = Convert.ToHexString(RandomBytes(random, size / 2)) }],
                    }),
                ],
                Token);
        }
    }

    protected static async Task<(DateTimeOffset Oldest, DateTimeOffset Youngest)> OldestAndYoungestAsync(TestStore test)
    {
        var (oldest, youngest) = await test.Store.ReadAsync(
            (connection, _) => connection.QuerySingleAsync<(long, long)>("SELECT min(last_seen), max(last_seen) FROM finding"), Token);
        return (DateTimeOffset.FromUnixTimeMilliseconds(oldest), DateTimeOffset.FromUnixTimeMilliseconds(youngest));
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class StoppedAt(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
