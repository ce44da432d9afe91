using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class FreshFindingsTests
{
    [Fact]
    public void Keeps_a_bounded_number_and_gives_each_once()
    {
        var fresh = new FreshFindings();
        for (var i = 0; i < FreshFindings.Most + 10; i++) fresh.Add(SomeFinding.Number(i));
        Assert.True(fresh.TryTake(IdOf(0), out var first));
        Assert.Equal(IdOf(0), first.Id.Value);
        Assert.False(fresh.TryTake(IdOf(0), out _));
        Assert.False(fresh.TryTake(IdOf(FreshFindings.Most), out _));

        // There is room for one again, and for one only.
        fresh.Add(SomeFinding.Number(FreshFindings.Most));
        fresh.Add(SomeFinding.Number(FreshFindings.Most + 1));
        Assert.True(fresh.TryTake(IdOf(FreshFindings.Most), out _));
        Assert.False(fresh.TryTake(IdOf(FreshFindings.Most + 1), out _));
    }

    [Fact]
    public void Added_twice_it_is_the_later_one_and_takes_one_place()
    {
        var fresh = new FreshFindings();
        for (var i = 0; i < FreshFindings.Most; i++) fresh.Add(SomeFinding.Number(i));
        for (var i = 0; i < FreshFindings.Most; i++) fresh.Add(SomeFinding.Number(i, domain: "later.example"));
        for (var i = 0; i < FreshFindings.Most; i++)
        {
            Assert.True(fresh.TryTake(IdOf(i), out var finding));
            Assert.StartsWith("later.example", finding.Title.English, StringComparison.Ordinal);
        }

        for (var i = 0; i < FreshFindings.Most; i++) fresh.Add(SomeFinding.Number(i));
        Assert.True(fresh.TryTake(IdOf(FreshFindings.Most - 1), out _));
    }

    [Fact]
    public void Of_many_who_take_at_once_one_gets_it_and_no_room_is_lost()
    {
        var fresh = new FreshFindings();
        var given = new int[4000];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, worker =>
        {
            var random = new Random(worker);
            for (var i = worker; i < given.Length; i += 4) fresh.Add(SomeFinding.Number(i));
            for (var i = 0; i < 8000; i++)
            {
                var number = random.Next(given.Length);
                if (fresh.TryTake(IdOf(number), out _)) Interlocked.Increment(ref given[number]);
            }
        });
        for (var i = 0; i < given.Length; i++)
        {
            if (fresh.TryTake(IdOf(i), out _)) given[i]++;
        }

        Assert.All(given, times => Assert.Equal(1, times));
        for (var i = 0; i < FreshFindings.Most; i++) fresh.Add(SomeFinding.Number(i));
        Assert.True(fresh.TryTake(IdOf(FreshFindings.Most - 1), out _));
    }

    internal static string IdOf(int number) => SomeFinding.Number(number).Id.Value;
}

public sealed class SqliteFreshFindingsTests : FreshFindingsInStoreTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlFreshFindingsTests(PostgreSqlServer server) : FreshFindingsInStoreTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

/// <summary>What whoever reads the queue is given beside it, on either engine.</summary>
public abstract class FreshFindingsInStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_rolled_back_is_given_to_nobody_who_reads_the_queue(int seed)
    {
        await using var test = await OpenAsync();
        var findings = new Findings(test.Store, TimeProvider.System);
        var random = new Random(seed);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var saves = new List<Task>();
        for (var step = 0; step < 200; step++)
        {
            var finding = SomeFinding.Number(random.Next(60));
            if (random.Next(2) == 0)
            {
                // Known already, or not: in either case nothing of this is stored.
                saves.Add(Assert.ThrowsAsync<InvalidDataException>(() => test.Store.WriteAsync(
                    Lane.Background,
                    transaction =>
                    {
                        findings.Save(transaction, finding with { Title = new Bilingual("lost", "perdu") });
                        throw new InvalidDataException();
                    },
                    Token)));
            }
            else
            {
                kept.Add(finding.Id.Value);
                saves.Add(findings.SaveAsync(Lane.Background, [finding], Token));
            }
        }

        await Task.WhenAll(saves);
        var queue = (await test.Store.ReadAsync((connection, _) => connection.QueryAsync<string>("SELECT finding_id FROM incident_queue"), Token)).ToList();
        Assert.Equal(kept.Order(StringComparer.Ordinal), queue.Order(StringComparer.Ordinal));
        var given = 0;
        foreach (var id in queue)
        {
            if (!findings.Fresh.TryTake(id, out var fresh)) continue;
            given++;
            var stored = await findings.FindAsync(fresh.Id, Token);
            Assert.Equal((stored!.Title, stored.Severity, stored.LastSeen), (fresh.Title, fresh.Severity, fresh.LastSeen));
            Assert.Equal(stored.Entities.Order(ByText), fresh.Entities.Order(ByText));
            Assert.False(findings.Fresh.TryTake(id, out _));
        }

        Assert.True(given > 0, "nothing was given: every reader would read it again");
    }

    private static Comparer<Entity> ByText => Comparer<Entity>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()));
}
