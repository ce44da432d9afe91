using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Store;

namespace Vigie.Tests.Store;

public sealed class StoreFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_said_and_over_when_there_is_room_again()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        var settings = new StoreSettings { DataDirectory = Path.Combine(disk.Folder, "data") };
        await using var store = await TestStore.OpenStoreAsync(settings);
        await StoreTests.AddAsync(store, Lane.Mail, "before");

        var filler = disk.Fill();
        var refused = await FillUntilRefusedAsync(store);
        Assert.Equal(StoreFault.DiskFull, refused.Problem.Fault);
        Assert.Contains(settings.SqliteFile, refused.Message, StringComparison.Ordinal);
        Assert.Equal(StoreFault.DiskFull, store.Problem?.Fault);
        Assert.Contains("before", await StoreTests.NamesAsync(store));

        // Without anybody writing: the store finds out by itself.
        File.Delete(filler);
        await UntilAsync(() => store.Problem is null);
        await StoreTests.AddAsync(store, Lane.Mail, "after");
        Assert.Contains("after", await StoreTests.NamesAsync(store));
    }

    [Fact]
    public async Task What_was_acknowledged_before_the_disk_was_full_is_there_and_nothing_else()
    {
        await using var test = await TestStore.SqliteAsync(settings => settings with { SqliteMaxPages = 600 });
        var acknowledged = new List<string>();
        StoreUnavailableException? refused = null;
        for (var i = 0; refused is null; i++)
        {
            var name = $"{i:00000}{new string('x', 20_000)}";
            try
            {
                await StoreTests.AddAsync(test.Store, Lane.Mail, name);
                acknowledged.Add(name);
            }
            catch (StoreUnavailableException e)
            {
                refused = e;
            }
        }

        Assert.Equal(StoreFault.DiskFull, refused.Problem.Fault);
        Assert.NotEmpty(acknowledged);
        await test.ReopenAsync();
        Assert.Equal(acknowledged, await StoreTests.NamesAsync(test.Store));
    }

    [Fact]
    public async Task A_store_another_process_keeps_locked_answers_busy_within_its_wait_and_goes_on_afterwards()
    {
        await using var test = await TestStore.SqliteAsync(settings => settings with { LockWait = TimeSpan.FromMilliseconds(300) });
        await using (var other = new SqliteConnection($"Data Source={test.Settings.SqliteFile};Pooling=false"))
        {
            other.Open();
            await using var held = other.BeginTransaction(deferred: false);
            var busy = await Assert.ThrowsAsync<StoreBusyException>(() => StoreTests.AddAsync(test.Store, Lane.Mail, "late"));
            Assert.Equal(StoreFault.Locked, busy.Problem.Fault);
            Assert.Contains(test.Settings.SqliteFile, busy.Message, StringComparison.Ordinal);
            // Readers do not care.
            Assert.Empty(await StoreTests.NamesAsync(test.Store));
        }

        await StoreTests.AddAsync(test.Store, Lane.Mail, "now");
        Assert.Equal(["now"], await StoreTests.NamesAsync(test.Store));
        Assert.Null(test.Store.Problem);
    }

    [Fact]
    public async Task Two_processes_that_write_at_once_both_get_their_turn()
    {
        await using var test = await TestStore.SqliteAsync();
        await using var tool = await TestStore.OpenStoreAsync(test.Settings);
        var both = new[] { test.Store, tool }.Select((store, index) => Task.Run(
            async () =>
            {
                for (var i = 0; i < 100; i++) await StoreTests.AddAsync(store, Lane.Background, $"{index}-{i}");
            },
            Token));
        await Task.WhenAll(both);
        Assert.Equal(200, (await StoreTests.NamesAsync(test.Store)).Count);
    }

    [Fact]
    public async Task A_full_mail_lane_answers_busy_instead_of_waiting_forever()
    {
        await using var test = await TestStore.SqliteAsync(settings => settings with { MailWait = TimeSpan.FromMilliseconds(200) });
        var gate = new ManualResetEventSlim();
        var started = new ManualResetEventSlim();
        var first = test.Store.WriteAsync(
            Lane.Mail,
            _ =>
            {
                started.Set();
                gate.Wait(Token);
            },
            Token);
        started.Wait(Token);
        var all = Enumerable.Range(0, Vigie.Store.Store.LaneCapacity + 5).Select(i => StoreTests.AddAsync(test.Store, Lane.Mail, $"n{i:00000}")).ToArray();
        await UntilAsync(() => all.Count(task => task.IsFaulted) == 5);
        gate.Set();
        await first;
        await Task.WhenAll(all.Where(task => !task.IsFaulted));
        Assert.All(all.Where(task => task.IsFaulted), task => Assert.Contains("waiting", Assert.IsType<StoreBusyException>(task.Exception!.InnerException).Message, StringComparison.Ordinal));
        Assert.Equal(Vigie.Store.Store.LaneCapacity, (await StoreTests.NamesAsync(test.Store)).Count);
    }

    [Theory]
    [InlineData("this is not a database, it is a text that is longer than a header")]
    [InlineData("SQLite format 3\0and then nothing that makes sense, for quite a while, so that the header is complete and wrong ............")]
    public async Task A_file_that_is_no_store_is_refused_and_left_alone(string content)
    {
        var folder = TestStore.NewFolder();
        var settings = new StoreSettings { DataDirectory = folder };
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(settings.SqliteFile, content, Token);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => TestStore.OpenStoreAsync(settings));
        Assert.Equal(StoreFault.Corrupted, refused.Problem.Fault);
        Assert.Contains("vigie restore", refused.Message, StringComparison.Ordinal);
        Assert.Contains(settings.SqliteFile, refused.Problem.Text.French, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(settings.SqliteFile, Token));
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task Pages_damaged_while_the_store_was_closed_are_reported_not_read_as_data()
    {
        await using var test = await TestStore.SqliteAsync();
        for (var i = 0; i < 300; i++) await StoreTests.AddAsync(test.Store, Lane.Background, $"{i:000}{new string('y', 500)}");
        await test.Store.DisposeAsync();
        await using (var file = File.OpenWrite(test.Settings.SqliteFile))
        {
            file.Position = 4096;
            file.Write(new byte[file.Length - 4096 is var rest and > 0 ? (int)rest : 0]);
        }

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            await test.ReopenAsync();
            await StoreTests.NamesAsync(test.Store);
        });
        Assert.Equal(StoreFault.Corrupted, refused.Problem.Fault);
    }

    [Fact]
    public async Task A_read_only_folder_is_named()
    {
        using var disk = SmallDisk.Mount(megabytes: 4);
        var settings = new StoreSettings { DataDirectory = Path.Combine(disk.Folder, "data") };
        await (await TestStore.OpenStoreAsync(settings)).DisposeAsync();
        disk.Remount("ro");
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => TestStore.OpenStoreAsync(settings));
        Assert.Equal(StoreFault.AccessDenied, refused.Problem.Fault);
        Assert.Contains(settings.SqliteFile, refused.Message, StringComparison.Ordinal);
        var newFolder = await Assert.ThrowsAsync<StoreUnavailableException>(() => TestStore.OpenStoreAsync(new StoreSettings { DataDirectory = Path.Combine(disk.Folder, "new") }));
        Assert.Equal(StoreFault.AccessDenied, newFolder.Problem.Fault);
    }

    [Fact]
    public async Task A_second_node_on_the_same_folder_is_refused_and_a_command_is_not()
    {
        await using var test = await TestStore.SqliteAsync();
        await using var node = Node(test.Settings);
        await node.OpenAsync(Token);
        await using (var second = Node(test.Settings))
        {
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => second.OpenAsync(Token));
            Assert.Equal(StoreFault.InUse, refused.Problem.Fault);
            Assert.Contains(test.Folder, refused.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        await StoreTests.AddAsync(test.Store, Lane.Background, "command");
        Assert.Equal(["command"], await StoreTests.NamesAsync(node));
        await node.DisposeAsync();
        await using var next = Node(test.Settings);
        await next.OpenAsync(Token);
    }

    [Fact]
    public async Task Folder_and_files_are_for_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        await using var test = await TestStore.SqliteAsync();
        await StoreTests.AddAsync(test.Store, Lane.Mail, "one");
        const UnixFileMode others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(test.Folder) & others);
        foreach (var file in Directory.GetFiles(test.Folder)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.NotEmpty(Directory.GetFiles(test.Folder));
    }

    private static Vigie.Store.Store Node(StoreSettings settings) =>
        new(settings, TimeProvider.System, NullLoggerFactory.Instance, null, StoreRole.Node);

    private static async Task<StoreUnavailableException> FillUntilRefusedAsync(Vigie.Store.Store store)
    {
        while (true)
        {
            try
            {
                await store.WriteAsync(
                    Lane.Background,
                    transaction => { transaction.Connection!.Execute("INSERT INTO position (source, position, updated_at) VALUES (@name, @text, 0)", new { name = Guid.NewGuid().ToString(), text = new string('z', 20_000) }, transaction); },
                    Token);
            }
            catch (StoreUnavailableException e)
            {
                return e;
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(50, limit.Token);
    }
}
