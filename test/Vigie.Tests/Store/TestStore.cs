using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Store;

namespace Vigie.Tests.Store;

/// <summary>A real store of its own for one test, and its folder; both go with it.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private TestStore(StoreSettings settings) => Settings = settings;

    public StoreSettings Settings { get; }

    public string Folder => Settings.DataDirectory;

    public Vigie.Store.Store Store { get; private set; } = null!;

    /// <summary>An embedded store in a new folder.</summary>
    public static Task<TestStore> SqliteAsync(Func<StoreSettings, StoreSettings>? adjust = null) =>
        OpenAsync(new StoreSettings { DataDirectory = NewFolder() }, adjust);

    /// <summary>A store in a new database of <paramref name="server"/>.</summary>
    public static async Task<TestStore> PostgreSqlAsync(PostgreSqlServer server, Func<StoreSettings, StoreSettings>? adjust = null)
    {
        PostgreSqlServer.Require();
        return await OpenAsync(new StoreSettings { DataDirectory = NewFolder(), PostgreSql = await server.CreateDatabaseAsync() }, adjust);
    }

    /// <summary>A folder that does not exist yet, below a new temporary one.</summary>
    public static string NewFolder() => Path.Combine(Directory.CreateTempSubdirectory("vigie-store-").FullName, "data");

    /// <summary>Closes the store and opens the same one again.</summary>
    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenStoreAsync(Settings);
    }

    /// <summary>Opens a further store on the same place.</summary>
    public static Task<Vigie.Store.Store> OpenStoreAsync(StoreSettings settings) =>
        Vigie.Store.Store.OpenAsync(settings, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    private static async Task<TestStore> OpenAsync(StoreSettings settings, Func<StoreSettings, StoreSettings>? adjust)
    {
        var test = new TestStore(adjust is null ? settings : adjust(settings));
        test.Store = await OpenStoreAsync(test.Settings);
        return test;
    }
}
