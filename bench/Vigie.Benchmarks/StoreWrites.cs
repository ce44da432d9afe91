using System.Data.Common;
using BenchmarkDotNet.Attributes;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Store;

namespace Vigie.Benchmarks;

/// <summary>
/// Durable writes (each acknowledged after an fsync) by as many callers at once as there are sessions of a busy mail
/// server. Budget: one caller pays one commit; 256 callers together reach at least twenty times the writes per second
/// of one, because their writes share commits. Set TMPDIR to the disk to be measured: a memory file system measures
/// no fsync.
/// </summary>
[InProcess]
[WarmupCount(2)]
[IterationCount(8)]
[InvocationCount(1, 1)]
[MemoryDiagnoser]
public class StoreWrites
{
    private const int Writes = 2048;

    private DirectoryInfo _folder = null!;
    private Store.Store _store = null!;
    private int _next;

    /// <summary>How many wait for an answer at a time.</summary>
    [Params(1, 16, 256)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("vigie-bench-");
        _store = Store.Store.OpenAsync(
            new StoreSettings { DataDirectory = _folder.FullName }, TimeProvider.System, NullLoggerFactory.Instance, StoreRole.Node, CancellationToken.None).GetAwaiter().GetResult();
    }

    [GlobalCleanup]
    public void Close()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Delete(recursive: true);
    }

    /// <summary>One write: an upsert of a row with an index, as a mail decision makes several.</summary>
    [Benchmark(OperationsPerInvoke = Writes)]
    public Task Write() => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => WriteAsync(Writes / Callers)));

    private async Task WriteAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = $"source{Interlocked.Increment(ref _next)}";
            await _store.WriteAsync(Lane.Mail, transaction => Save(transaction, name), CancellationToken.None);
        }
    }

    private static void Save(DbTransaction transaction, string name) => transaction.Connection!.Execute(
        "INSERT INTO position (source, position, updated_at) VALUES (@name, '0', 0) ON CONFLICT (source) DO NOTHING", new { name }, transaction);
}
