using Dapper;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class SqliteMigratorTests : MigratorTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

public sealed class PostgreSqlMigratorTests(PostgreSqlServer server) : MigratorTests
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}

public abstract class MigratorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task A_store_newer_than_the_program_is_refused_and_named()
    {
        await using var test = await OpenAsync();
        await ExecuteAsync(test, "INSERT INTO schema_version (version, name, checksum, applied_at, program) VALUES (9999, 'future', 'x', 0, '42.0')");
        await test.Store.DisposeAsync();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(test.ReopenAsync);
        Assert.Equal(StoreFault.Newer, refused.Problem.Fault);
        Assert.Contains("42.0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("9999_future", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_was_changed_after_it_was_applied_is_refused()
    {
        await using var test = await OpenAsync();
        await ExecuteAsync(test, "UPDATE schema_version SET checksum = 'other' WHERE version = 1");
        await test.Store.DisposeAsync();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(test.ReopenAsync);
        Assert.Equal(StoreFault.Migration, refused.Problem.Fault);
        Assert.Contains("0001_spine", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_behind_and_the_steps_before_it_stay()
    {
        await using var test = await OpenAsync();
        Migration[] steps =
        [
            .. Migration.All,
            new Migration(9001, "good", "CREATE TABLE good (id {identity}, content {blob})"),
            new Migration(9002, "bad", "CREATE TABLE half (id TEXT); INSERT INTO nowhere VALUES (1)"),
        ];
        using var writer = test.Store.Dialect.OpenWriter();
        var migrator = new Migrator(test.Store.Dialect, TimeProvider.System, steps);
        var failed = Assert.Throws<StoreUnavailableException>(() => migrator.Run(writer));
        Assert.Contains("9002_bad", failed.Message, StringComparison.Ordinal);
        Assert.True(test.Store.Dialect.HasTable(writer, "good"));
        Assert.False(test.Store.Dialect.HasTable(writer, "half"));
        Assert.Equal(9001, migrator.Applied(writer)[^1].Version);
    }

    [Fact]
    public async Task Several_processes_that_migrate_at_once_take_each_step_once()
    {
        await using var test = await OpenAsync();
        Migration[] steps = [.. Migration.All, .. Enumerable.Range(9001, 5).Select(version => new Migration(version, "t", $"CREATE TABLE t{version} (id {{identity}})"))];
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                using var writer = test.Store.Dialect.OpenWriter();
                return new Migrator(test.Store.Dialect, TimeProvider.System, steps).Run(writer);
            },
            Token)));
        Assert.Equal(5, taken.Sum());
    }

    [Fact]
    public async Task Opening_again_takes_no_step()
    {
        await using var test = await OpenAsync();
        using var writer = test.Store.Dialect.OpenWriter();
        Assert.Equal(0, new Migrator(test.Store.Dialect, TimeProvider.System, Migration.All).Run(writer));
    }

    [Fact]
    public async Task A_command_never_changes_the_schema_under_a_running_node()
    {
        await using var test = await OpenAsync();
        await ExecuteAsync(test, "DELETE FROM schema_version WHERE version = (SELECT max(version) FROM schema_version)");
        await test.Store.DisposeAsync();
        using (NodeLock.TryAcquire(test.Folder))
        {
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(test.ReopenAsync);
            Assert.Equal(StoreFault.InUse, refused.Problem.Fault);
        }
    }

    [Fact]
    public void Tokens_are_written_out_for_the_engine()
    {
        var expanded = new SqliteDialect(new StoreSettings { DataDirectory = "/nowhere" }).Expand("CREATE TABLE t (id {identity}, b {blob}); {append-only:t}");
        Assert.DoesNotContain('{', expanded);
        Assert.Contains("t_never_deleted", expanded, StringComparison.Ordinal);
    }

    private static Task ExecuteAsync(TestStore test, string sql) => test.Store.WriteAsync(
        Lane.Console, transaction => { transaction.Connection!.Execute(sql, transaction: transaction); }, Token);
}
