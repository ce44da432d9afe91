using Dapper;
using Vigie.Store;
using Vigie.Tests.Store;

namespace Vigie.Tests.Acceptance;

[Collection("acceptance")]
public sealed class NodeOnPostgreSqlTests(PostgreSqlServer server) : IDisposable
{
    private const int Count = 3000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // More rows than fit in what a connection has read at once: whoever waits for the rest must not be the one who brings it,
    // not even when the environment asks for that.
    [Fact(Timeout = 120_000)]
    public async Task A_node_places_what_was_saved_before_it_started()
    {
        PostgreSqlServer.Require();
        var token = TestContext.Current.CancellationToken;
        var settings = new StoreSettings { DataDirectory = _folder.Combine("tool"), PostgreSql = await server.CreateDatabaseAsync() };
        await using var store = await TestStore.OpenStoreAsync(settings);
        await new Findings(store, TimeProvider.System).SaveAsync(Lane.Background, [.. Enumerable.Range(0, Count).Select(number => SomeFinding.Number(number))], token);

        await using (await NodeProcess.StartAsync(_folder.Combine("node"), $"store:\n  postgresql: \"{settings.PostgreSql}\"\n", inlineSockets: "1", cancellationToken: token))
        {
            while (await CountAsync(store, "incident_queue", token) > 0) await Task.Delay(100, token);
        }

        Assert.Equal(Count, await CountAsync(store, "incident_finding", token));

        // And reads it all again.
        await using var again = await NodeProcess.StartAsync(_folder.Combine("node"), $"store:\n  postgresql: \"{settings.PostgreSql}\"\n", cancellationToken: token);
        await new Findings(store, TimeProvider.System).SaveAsync(Lane.Background, [SomeFinding.Number(Count)], token);
        while (await CountAsync(store, "incident_queue", token) > 0) await Task.Delay(100, token);
        Assert.Equal(Count + 1, await CountAsync(store, "incident_finding", token));
    }

    private static Task<long> CountAsync(Vigie.Store.Store store, string table, CancellationToken token) =>
        store.ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}"), token);
}
