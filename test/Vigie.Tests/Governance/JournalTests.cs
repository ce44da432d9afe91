using System.Data.Common;
using Dapper;
using Vigie.Governance;
using Vigie.Store;
using Vigie.Tests.Store;

namespace Vigie.Tests.Governance;

public sealed class SqliteJournalTests : JournalTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlJournalTests(PostgreSqlServer server) : JournalTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class JournalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task Entries_come_back_latest_first_and_in_pages()
    {
        await using var test = await OpenAsync();
        var journal = new Journal(test.Store, TimeProvider.System);
        for (var i = 0; i < 5; i++) await AppendAsync(test, journal, $"q{i}");

        var first = await journal.SearchAsync(new JournalQuery { Limit = 3 }, Token);
        Assert.Equal(["q4", "q3", "q2"], first.Entries.Select(entry => entry.Subject));
        var second = await journal.SearchAsync(new JournalQuery { Limit = 3, Before = first.Next }, Token);
        Assert.Equal(["q1", "q0"], second.Entries.Select(entry => entry.Subject));
        Assert.Null(second.Next);

        var entry = Assert.Single((await journal.SearchAsync(new JournalQuery { Subject = "q3", Actor = "amina", Action = "mail.release" }, Token)).Entries);
        Assert.Equal(("confirmed by telephone", "{\"mode\":\"enforce\"}"), (entry.Reason, entry.DetailsJson));
        Assert.Empty((await journal.SearchAsync(new JournalQuery { Actor = "nobody" }, Token)).Entries);
    }

    [Theory]
    [InlineData("UPDATE journal SET reason = 'other'")]
    [InlineData("DELETE FROM journal")]
    public async Task The_database_itself_refuses_to_change_or_delete_entries(string sql)
    {
        await using var test = await OpenAsync();
        var journal = new Journal(test.Store, TimeProvider.System);
        await AppendAsync(test, journal, "q1");
        var refused = await Assert.ThrowsAnyAsync<DbException>(() => test.Store.WriteAsync(
            Lane.Console, transaction => transaction.Connection!.Execute(sql, transaction: transaction), Token));
        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        Assert.Equal("confirmed by telephone", Assert.Single((await journal.SearchAsync(new JournalQuery(), Token)).Entries).Reason);
    }

    private static Task AppendAsync(TestStore test, Journal journal, string subject) => test.Store.WriteAsync(
        Lane.Console,
        transaction => journal.Append(transaction, "amina", "mail.release", subject, "confirmed by telephone", "{\"mode\":\"enforce\"}"),
        Token);
}
