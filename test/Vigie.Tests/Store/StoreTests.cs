using System.Data.Common;
using Dapper;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteStoreTests : StoreTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlStoreTests(PostgreSqlServer server) : StoreTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);

    [Fact]
    public async Task A_server_that_drops_the_connection_is_reported_and_found_again()
    {
        await using var test = await OpenAsync();
        await AddAsync(test.Store, Lane.Mail, "before");
        await test.Store.ReadAsync(
            (connection, _) => connection.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"), Token);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(test.Store, Lane.Mail, "lost"));
        Assert.Equal(StoreFault.Unreachable, refused.Problem.Fault);
        await AddAsync(test.Store, Lane.Mail, "after");
        Assert.Equal(["after", "before"], await NamesAsync(test.Store));
        Assert.Null(test.Store.Problem);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_without_its_password()
    {
        await using var test = await OpenAsync();
        var elsewhere = test.Settings with { PostgreSql = test.Settings.PostgreSql + ";Database=nowhere;Password=hunter2" };
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => TestStore.OpenStoreAsync(elsewhere));
        Assert.Contains("createdb", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }
}

/// <summary>What both engines promise alike.</summary>
public abstract class StoreTests
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task What_was_written_is_there_after_reopening()
    {
        await using var test = await OpenAsync();
        await AddAsync(test.Store, Lane.Mail, "one");
        await test.ReopenAsync();
        Assert.Equal(["one"], await NamesAsync(test.Store));
    }

    [Fact]
    public async Task A_read_that_starts_after_a_write_completed_sees_it()
    {
        await using var test = await OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await AddAsync(test.Store, Lane.Console, $"n{i}");
            Assert.Equal(i + 1, (await NamesAsync(test.Store)).Count);
        }
    }

    [Fact]
    public async Task One_item_that_fails_fails_alone_in_its_group()
    {
        await using var test = await OpenAsync();
        var gate = new ManualResetEventSlim();
        var first = test.Store.WriteAsync(Lane.Mail, _ => gate.Wait(Token), Token);
        var before = AddAsync(test.Store, Lane.Mail, "before");
        var failing = test.Store.WriteAsync(
            Lane.Mail,
            transaction =>
            {
                Insert(transaction, "half");
                throw new InvalidDataException("mine");
            },
            Token);
        var refused = AddAsync(test.Store, Lane.Mail, "before");
        var after = AddAsync(test.Store, Lane.Mail, "after");
        gate.Set();

        await first;
        await before;
        await after;
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidDataException>(() => failing)).Message);
        await Assert.ThrowsAnyAsync<DbException>(() => refused);
        Assert.Equal(["after", "before"], await NamesAsync(test.Store));
        Assert.Null(test.Store.Problem);
    }

    [Fact]
    public async Task Mail_is_written_before_the_console_and_the_console_before_the_background()
    {
        await using var test = await OpenAsync();
        var order = new List<string>();
        var (begun, gate) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        var first = test.Store.WriteAsync(
            Lane.Background,
            _ =>
            {
                begun.Set();
                gate.Wait(Token);
            },
            Token);
        // Else a writer that wakes late could find some of the others and not yet the mail.
        begun.Wait(Token);
        Task[] all =
        [
            test.Store.WriteAsync(Lane.Background, _ => order.Add("background"), Token),
            test.Store.WriteAsync(Lane.Console, _ => order.Add("console"), Token),
            test.Store.WriteAsync(Lane.Mail, _ => order.Add("mail"), Token),
        ];
        gate.Set();
        await first;
        await Task.WhenAll(all);
        Assert.Equal(["mail", "console", "background"], order);
    }

    [Fact]
    public async Task A_long_burst_of_mail_does_not_starve_the_background()
    {
        await using var test = await OpenAsync();
        var mailBefore = -1;
        var mails = 0;
        var gate = new ManualResetEventSlim();
        var first = test.Store.WriteAsync(Lane.Mail, _ => gate.Wait(Token), Token);
        var background = test.Store.WriteAsync(Lane.Background, _ => mailBefore = mails, Token);
        var burst = Enumerable.Range(0, 1000).Select(_ => test.Store.WriteAsync(Lane.Mail, _ => mails++, Token)).ToArray();
        gate.Set();
        await first;
        await background;
        await Task.WhenAll(burst);
        Assert.InRange(mailBefore, 1, 100);
    }

    [Fact]
    public async Task A_write_given_up_while_waiting_never_runs()
    {
        await using var test = await OpenAsync();
        using var giveUp = new CancellationTokenSource();
        var gate = new ManualResetEventSlim();
        var first = test.Store.WriteAsync(Lane.Mail, _ => gate.Wait(Token), Token);
        var waiting = test.Store.WriteAsync(Lane.Mail, transaction => Insert(transaction, "never"), giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Set();
        await first;
        await AddAsync(test.Store, Lane.Background, "later");
        Assert.Equal(["later"], await NamesAsync(test.Store));
    }

    [Fact]
    public async Task Closing_writes_what_was_handed_in()
    {
        await using var test = await OpenAsync();
        var handedIn = Enumerable.Range(0, 500).Select(i => AddAsync(test.Store, Lane.Background, $"n{i}")).ToArray();
        await test.ReopenAsync();
        await Task.WhenAll(handedIn);
        Assert.Equal(500, (await NamesAsync(test.Store)).Count);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await using var test = await OpenAsync();
        await test.Store.DisposeAsync();
        var thrown = await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(test.Store, Lane.Mail, "late"));
        Assert.Equal(StoreFault.Closed, thrown.Problem.Fault);
        await test.ReopenAsync();
    }

    [Fact]
    public async Task Reading_cannot_write()
    {
        await using var test = await OpenAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => test.Store.ReadAsync(
            (connection, _) => connection.ExecuteAsync("INSERT INTO store_state (name, value) VALUES ('x', 'y')"), Token));
        Assert.Empty(await NamesAsync(test.Store));
    }

    [Fact]
    public async Task A_query_whose_caller_gave_up_ends()
    {
        await using var test = await OpenAsync();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        giveUp.CancelAfter(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(
            () => test.Store.ReadAsync(
                (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n", cancellationToken: token)),
                giveUp.Token),
            Token));
        await AddAsync(test.Store, Lane.Console, "still works");
        Assert.Equal(["still works"], await NamesAsync(test.Store));
    }

    [Fact]
    public async Task Foreign_keys_are_checked()
    {
        await using var test = await OpenAsync();
        await Assert.ThrowsAnyAsync<DbException>(() => test.Store.WriteAsync(
            Lane.Background,
            transaction => transaction.Connection!.Execute(
                "INSERT INTO finding_entity (finding_id, ordinal, kind, value) VALUES ('none', 0, 'domain', 'a')", transaction: transaction),
            Token));
    }

    [Fact]
    public async Task Text_that_an_engine_would_refuse_is_written_with_replacement_characters()
    {
        (string Written, string Read)[] pairs =
        [
            ("a\0b", "a\uFFFDb"),
            ("\uD800", "\uFFFD"),
            ("x\uDC00\0y\uD83D\uDE00", "x\uFFFD\uFFFDy\uD83D\uDE00"),
            ("\uD83D\uDE00\0", "\uD83D\uDE00\uFFFD"),
            ("Koulikoro – Ségou", "Koulikoro – Ségou"),
        ];
        await using var test = await OpenAsync();
        foreach (var (written, _) in pairs) await AddAsync(test.Store, Lane.Mail, written);
        Assert.Equal(pairs.Select(pair => pair.Read).Order(StringComparer.Ordinal), (await NamesAsync(test.Store)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_writers_at_once_are_all_answered_and_all_stored()
    {
        await using var test = await OpenAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), Token, async (i, token) =>
            await test.Store.WriteAsync((Lane)(i % 3), transaction => Insert(transaction, $"n{i}"), token));
        Assert.Equal(2000, (await NamesAsync(test.Store)).Count);
    }

    internal static Task AddAsync(Vigie.Store.Store store, Lane lane, string name) => store.WriteAsync(lane, transaction => Insert(transaction, name), Token);

    internal static async Task<IReadOnlyList<string>> NamesAsync(Vigie.Store.Store store) =>
        (await store.ReadAsync((connection, _) => connection.QueryAsync<string>("SELECT source FROM position ORDER BY source"), Token)).AsList();

    private static void Insert(DbTransaction transaction, string name) => transaction.Connection!.Execute(
        "INSERT INTO position (source, position, updated_at) VALUES (@name, '', 0)", new { name }, transaction);
}
