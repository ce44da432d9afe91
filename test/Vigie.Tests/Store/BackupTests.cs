using System.Globalization;
using System.IO.Compression;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Governance;
using Vigie.Store;
using Vigie.Store.Backups;
using Vigie.Tests.Commands;

namespace Vigie.Tests.Store;

/// <summary>Backups between both engines, in every direction.</summary>
public sealed class BackupTests(PostgreSqlServer server)
{
    private const string Embedded = "sqlite";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite", "sqlite")]
    [InlineData("sqlite", "postgresql")]
    [InlineData("postgresql", "sqlite")]
    [InlineData("postgresql", "postgresql")]
    public async Task A_store_comes_back_whole_in_either_engine(string from, string to)
    {
        await using var source = await OpenAsync(from);
        var findings = await FillAsync(source, 40);
        var file = Path.Combine(source.Folder, "b.zip");
        var manifest = await new BackupWriter(source.Settings, TimeProvider.System).WriteAsync(file, null, Token);
        Assert.Equal(40, manifest.Tables.Single(table => table.Name == "finding").Rows);
        Assert.Equal(from, manifest.Engine);

        await using var target = await OpenAsync(to);
        await target.Store.DisposeAsync();
        await new Restoring(target.Settings, TimeProvider.System).RunAsync(file, replace: true, null, Token);
        await target.ReopenAsync();

        var restored = new Findings(target.Store, TimeProvider.System);
        var page = await restored.SearchAsync(new FindingQuery { Limit = 500 }, Token);
        Assert.Equal(findings.Select(finding => finding.Id).Reverse(), page.Items.Select(finding => finding.Id));
        Assert.Equal(findings.Select(finding => finding.Confidence).Reverse(), page.Items.Select(finding => finding.Confidence));
        Assert.Equal(findings[0].Evidence[0].Fields.AsEnumerable(), page.Items[^1].Evidence[0].Fields);

        // Keys that count up go on after the highest restored, and the triggers are there again.
        var journal = new Journal(target.Store, TimeProvider.System);
        await target.Store.WriteAsync(Lane.Console, transaction => journal.Append(transaction, "amina", "mail.release", "late", ""), Token);
        Assert.Equal([3L, 2, 1], (await journal.SearchAsync(new JournalQuery(), Token)).Entries.Select(entry => entry.Id));
        await Assert.ThrowsAnyAsync<Exception>(() => target.Store.WriteAsync(
            Lane.Console, transaction => transaction.Connection!.Execute("DELETE FROM journal", transaction: transaction), Token));
    }

    [Fact]
    public async Task A_backup_taken_while_others_write_shows_one_moment()
    {
        await using var test = await OpenAsync(Embedded);
        await FillAsync(test, 200);
        using var stop = new CancellationTokenSource();
        var findings = new Findings(test.Store, TimeProvider.System);
        var positions = new Positions(test.Store, TimeProvider.System);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 1000; !stop.IsCancellationRequested; i++)
                {
                    await test.Store.WriteAsync(
                        Lane.Mail,
                        transaction =>
                        {
                            findings.Save(transaction, SomeFinding.Number(i));
                            positions.Save(transaction, "count", FormattableString.Invariant($"{i - 999}"));
                        },
                        Token);
                }
            },
            Token);
        var file = Path.Combine(test.Folder, "b.zip");
        for (var round = 0; round < 3; round++)
        {
            File.Delete(file);
            await new BackupWriter(test.Settings, TimeProvider.System).WriteAsync(file, null, Token);
            using var archive = BackupReader.Open(file);
            var counted = 0;
            archive.ReadTable(
                archive.Manifest.Tables.Single(table => table.Name == "position"), _ => { }, row => counted = row[0].GetString() == "count" ? int.Parse(row[1].GetString()!, CultureInfo.InvariantCulture) : counted, Token);
            Assert.Equal(200 + counted, archive.Manifest.Tables.Single(table => table.Name == "finding").Rows);
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task The_old_store_is_kept_aside_and_keys_come_back()
    {
        await using var test = await OpenAsync(Embedded);
        await FillAsync(test, 3);
        DataDirectory.Prepare(DataDirectory.Keys(test.Folder));
        await File.WriteAllTextAsync(Path.Combine(DataDirectory.Keys(test.Folder), "link.key"), "secret", Token);
        var file = Path.Combine(Path.GetDirectoryName(test.Folder)!, "b.zip");
        await new BackupWriter(test.Settings, TimeProvider.System).WriteAsync(file, null, Token);
        await File.WriteAllTextAsync(Path.Combine(DataDirectory.Keys(test.Folder), "link.key"), "changed", Token);
        await FillAsync(test, 5);
        await test.Store.DisposeAsync();

        var refused = await Assert.ThrowsAsync<BackupException>(() => new Restoring(test.Settings, TimeProvider.System).RunAsync(file, replace: false, null, Token));
        Assert.Contains("--replace", refused.Message, StringComparison.Ordinal);
        var restored = await new Restoring(test.Settings, TimeProvider.System).RunAsync(file, replace: true, null, Token);
        await test.ReopenAsync();

        Assert.Equal(3, await CountAsync(test.Store));
        var key = Path.Combine(DataDirectory.Keys(test.Folder), "link.key");
        Assert.Equal("secret", await File.ReadAllTextAsync(key, Token));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(test.Settings.SqliteFile));
        }

        File.Delete(test.Settings.SqliteFile + "-wal");
        await test.Store.DisposeAsync();
        File.Move(restored.Aside!, test.Settings.SqliteFile, overwrite: true);
        await test.ReopenAsync();
        Assert.Equal(5, await CountAsync(test.Store));
    }

    [Fact]
    public async Task An_archive_that_is_cut_or_altered_is_refused_and_nothing_is_changed()
    {
        const int seed = 77;
        await using var test = await OpenAsync(Embedded);
        await FillAsync(test, 30);
        var file = Path.Combine(test.Folder, "b.zip");
        await new BackupWriter(test.Settings, TimeProvider.System).WriteAsync(file, null, Token);
        await test.Store.DisposeAsync();

        var whole = await File.ReadAllBytesAsync(file, Token);
        var random = new Random(seed);
        var refusals = 0;
        for (var round = 0; round < 150; round++)
        {
            var bytes = whole.ToArray();
            if (random.Next(2) == 0) bytes = bytes[..random.Next(bytes.Length)];
            else for (var i = 0; i < 4; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await File.WriteAllBytesAsync(file, bytes, Token);
            try
            {
                // A changed byte in a time stamp or a comment of the ZIP harms nothing; anything else is noticed.
                await new Restoring(test.Settings, TimeProvider.System).RunAsync(file, replace: true, null, Token);
            }
            catch (BackupException e)
            {
                Assert.Contains(file, e.Message, StringComparison.Ordinal);
                refusals++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}: {e}");
            }
        }

        Assert.InRange(refusals, 75, 150);
        await test.ReopenAsync();
        Assert.Equal(30, await CountAsync(test.Store));
    }

    [Theory]
    [InlineData("../../etc/passwd", "x")]
    [InlineData("x", "finding; DROP TABLE journal")]
    public async Task Names_in_an_archive_cannot_leave_their_place(string key, string table)
    {
        await using var test = await OpenAsync(Embedded);
        var file = Path.Combine(test.Folder, "b.zip");
        await using (var archive = await ZipFile.OpenAsync(file, ZipArchiveMode.Create, Token))
        {
            await using var entry = await archive.CreateEntry(Manifest.EntryName).OpenAsync(Token);
            await entry.WriteAsync(Encoding.UTF8.GetBytes(
                $$"""{"format":1,"program":"x","engine":"sqlite","time":"2026-01-01T00:00:00Z","migrations":[],"tables":[{"name":"{{table}}","rows":0,"sha256":""}],"keys":[{"name":"{{key}}","sha256":""}]}"""), Token);
        }

        Assert.Throws<BackupException>(() => BackupReader.Open(file));
    }

    [Fact]
    public async Task The_commands_say_what_they_did_and_refuse_over_a_running_node()
    {
        await using var test = await OpenAsync(Embedded);
        await FillAsync(test, 2);
        var file = Path.Combine(test.Folder, "b.zip");
        var made = await CommandLine.RunAsync("backup", file, "--data", test.Folder);
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Contains("verified", made.Output, StringComparison.Ordinal);
        var again = await CommandLine.RunAsync("backup", file, "--data", test.Folder, "--lang", "fr");
        Assert.Equal(3, again.ExitCode);
        Assert.Contains("existe déjà", again.Error, StringComparison.Ordinal);

        await test.Store.DisposeAsync();
        using (NodeLock.TryAcquire(test.Folder))
        {
            var refused = await CommandLine.RunAsync("restore", file, "--replace", "--data", test.Folder);
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("already runs", refused.Error, StringComparison.Ordinal);
        }

        var restored = await CommandLine.RunAsync("restore", file, "--replace", "--data", test.Folder);
        Assert.True(restored.ExitCode == 0, restored.Error);
        await test.ReopenAsync();
        Assert.Equal(2, await CountAsync(test.Store));
        Assert.Equal(3, (await CommandLine.RunAsync("backup", Path.Combine(test.Folder, "c.zip"), "--data", Path.Combine(test.Folder, "nothing"))).ExitCode);
    }

    [Fact]
    public async Task Restoring_is_refused_while_a_node_elsewhere_uses_the_database()
    {
        await using var test = await OpenAsync("postgresql");
        var file = Path.Combine(test.Folder, "b.zip");
        await new BackupWriter(test.Settings, TimeProvider.System).WriteAsync(file, null, Token);
        await using var node = new Vigie.Store.Store(
            test.Settings with { DataDirectory = Path.Combine(test.Folder, "elsewhere") }, TimeProvider.System, NullLoggerFactory.Instance, null, StoreRole.Node);
        await node.OpenAsync(Token);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => new Restoring(test.Settings, TimeProvider.System).RunAsync(file, replace: true, null, Token));
        Assert.Equal(StoreFault.InUse, refused.Problem.Fault);
    }

    private Task<TestStore> OpenAsync(string engine) => engine == "sqlite" ? TestStore.SqliteAsync() : TestStore.PostgreSqlAsync(server);

    private static async Task<List<Engine.Findings.Finding>> FillAsync(TestStore test, int count)
    {
        var findings = Enumerable.Range(0, count).Select(i => SomeFinding.Number(i)).ToList();
        var journal = new Journal(test.Store, TimeProvider.System);
        await new Findings(test.Store, TimeProvider.System).SaveAsync(Lane.Background, findings, Token);
        await test.Store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                journal.Append(transaction, "amina", "mail.release", "q\0é", "\"quoted\"\n", "{}");
                journal.Append(transaction, "amina", "mail.delete", "q2", "");
            },
            Token);
        return findings;
    }

    private static async Task<long> CountAsync(Vigie.Store.Store store) =>
        await store.ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM finding"), Token);
}
