using System.Data.Common;
using Dapper;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteStoreWriterTests : StoreWriterTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlStoreWriterTests(PostgreSqlServer server) : StoreWriterTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

/// <summary>Groups in which something fails, against what would have happened one after another.</summary>
public abstract class StoreWriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task Whatever_fails_in_a_group_the_others_are_stored_once_and_each_is_answered_with_its_own(int seed, bool mixed)
    {
        await using var test = await OpenAsync();
        await test.Store.WriteAsync(Lane.Console, transaction => { transaction.Connection!.Execute("CREATE TABLE written (name TEXT PRIMARY KEY, place INTEGER NOT NULL)", transaction: transaction); }, Token);
        var random = new Random(seed);
        var oracle = new List<string>();
        var repeated = 0;
        for (var round = 0; round < 25; round++)
        {
            var works = Enumerable.Range(0, random.Next(2, 20)).Select(number => new Work(test.Store, $"{round}-{number}", oracle, random, mixed)).ToList();
            await InOneGroupAsync(test.Store, works);
            foreach (var work in works)
            {
                await work.AssertAsync(oracle);
                if (work.Runs > 1) repeated++;
            }
        }

        var stored = await test.Store.ReadAsync((connection, _) => connection.QueryAsync<string>("SELECT name FROM written ORDER BY place"), Token);
        Assert.Equal(oracle, stored);
        Assert.Null(test.Store.Problem);
        Assert.True(repeated > 0, "no group began anew: the test shows nothing");
    }

    // What waits behind a long item is taken together.
    private static async Task InOneGroupAsync(Vigie.Store.Store store, List<Work> works)
    {
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var first = store.WriteRepeatableAsync(
            Lane.Console,
            _ =>
            {
                begun.Set();
                gate.Wait(Token);
                return true;
            },
            Token);
        begun.Wait(Token);
        foreach (var work in works) work.HandIn();
        gate.Set();
        await first;
    }

    private enum End
    {
        Good,
        Throws,
        Twice,
    }

    /// <summary>Something written, or not: it says how many were there before it, and fails in a way of its own.</summary>
    private sealed class Work
    {
        private readonly Vigie.Store.Store _store;
        private readonly string _name;
        private readonly string _stored;
        private readonly End _end;
        private readonly bool _isRepeatable;
        private Task<long> _answer = null!;
        private int _done;

        public Work(Vigie.Store.Store store, string name, List<string> before, Random random, bool mixed)
        {
            (_store, _name) = (store, name);
            _end = random.Next(4) switch
            {
                0 => End.Throws,
                1 when before.Count > 0 => End.Twice,
                _ => End.Good,
            };
            _stored = _end == End.Twice ? before[random.Next(before.Count)] : name;
            _isRepeatable = !mixed || random.Next(3) > 0;
        }

        public int Runs { get; private set; }

        public void HandIn() => _answer = _isRepeatable ? _store.WriteRepeatableAsync(Lane.Console, Run, Token) : _store.WriteAsync(Lane.Console, Run, Token);

        public async Task AssertAsync(List<string> oracle)
        {
            switch (_end)
            {
                case End.Good:
                    Assert.Equal(oracle.Count, await _answer);
                    oracle.Add(_name);
                    Assert.Equal(1, Volatile.Read(ref _done));
                    break;
                case End.Throws:
                    Assert.Equal(_name, (await Assert.ThrowsAsync<InvalidDataException>(() => _answer)).Message);
                    break;
                default:
                    await Assert.ThrowsAnyAsync<DbException>(() => _answer);
                    break;
            }

            if (_end != End.Good) Assert.Equal(0, Volatile.Read(ref _done));
            if (!_isRepeatable) Assert.Equal(1, Runs);
        }

        private long Run(DbTransaction transaction)
        {
            Runs++;
            var before = transaction.Connection!.ExecuteScalar<long>("SELECT count(*) FROM written", transaction: transaction);
            _store.WhenCommitted(transaction, () => Interlocked.Increment(ref _done));
            transaction.Connection!.Execute("INSERT INTO written (name, place) VALUES (@stored, @before)", new { stored = _stored, before }, transaction);
            if (_end == End.Throws) throw new InvalidDataException(_name);
            return before;
        }
    }
}
