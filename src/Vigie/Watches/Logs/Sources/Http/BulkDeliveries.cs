using System.Collections.Concurrent;
using Dapper;
using Vigie.Store;

namespace Vigie.Watches.Logs.Sources.Http;

/// <summary>
/// Which deliveries over HTTP were read, so that one that is sent again, because its answer was lost, is answered and not read
/// again. Those that brought something are written with what they brought; the others may be read again without a trace.
/// </summary>
internal sealed class BulkDeliveries(Store.Store store, TimeProvider time)
{
    /// <summary>Senders try again within minutes.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(2);

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private long _forgotten;

    /// <summary>Reads what the store has.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var since = (time.GetUtcNow() - Kept).ToUnixTimeMilliseconds();
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<(string Id, long Received)>(new CommandDefinition("SELECT id, received FROM log_delivery WHERE received >= @since", new { since }, cancellationToken: token)),
            ct).ConfigureAwait(false);
        foreach (var (id, received) in rows) _known[id] = received;
    }

    /// <summary>The delivery as it goes through: at once where it is through already, or with the one that is under way.</summary>
    /// <param name="id">Its identity.</param>
    /// <param name="deliver">Delivers it where nobody did.</param>
    public async Task OnceAsync(string id, Func<Task> deliver)
    {
        if (_known.ContainsKey(id)) return;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = _underWay.GetOrAdd(id, mine.Task);
        if (first != mine.Task)
        {
            await first.ConfigureAwait(false);
            return;
        }

        try
        {
            await deliver().ConfigureAwait(false);
            _known[id] = time.GetUtcNow().ToUnixTimeMilliseconds();
            mine.SetResult();
        }
        catch (Exception e)
        {
            mine.SetException(e);
            // Whoever waits with us hears of it too; nobody else must.
            _ = mine.Task.Exception;
            throw;
        }
        finally
        {
            _underWay.TryRemove(id, out _);
        }
    }

    /// <summary>Forgets, now and then, what nobody will send again.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var before = (now - Kept).ToUnixTimeMilliseconds();
        var last = Interlocked.Read(ref _forgotten);
        if (now.ToUnixTimeMilliseconds() - last < ForgetEvery.TotalMilliseconds || Interlocked.CompareExchange(ref _forgotten, now.ToUnixTimeMilliseconds(), last) != last) return;
        foreach (var (id, received) in _known)
        {
            if (received < before) _known.TryRemove(id, out _);
        }

        const int portion = 2000;
        while (await store.WriteAsync(
            Lane.Background,
            transaction => transaction.Connection!.Execute(
                "DELETE FROM log_delivery WHERE id IN (SELECT id FROM log_delivery WHERE received < @before LIMIT @portion)", new { before, portion }, transaction),
            ct).ConfigureAwait(false) == portion)
        {
        }
    }
}
