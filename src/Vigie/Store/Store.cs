using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Vigie.Engine;
using Vigie.Operations;

namespace Vigie.Store;

/// <summary>
/// Where everything Vigie knows is kept: an SQLite file or a PostgreSQL database, behind the same SQL.
/// One writer, grouped durable transactions; readers beside it. See <c>docs/store.md</c>.
/// </summary>
public sealed class Store : IAsyncDisposable
{
    internal const int LaneCapacity = 4096;

    private readonly StoreSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly StoreRole _role;
    private readonly WriteQueue _queue = new(LaneCapacity);
    private readonly StoreState _state = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private StoreWriter? _writer;
    private NodeLock? _presence;
    private long _bytes = -1;

    static Store() => PortableText.Register();

    /// <summary>Makes a store that is still closed; <see cref="OpenAsync(CancellationToken)"/> opens it.</summary>
    internal Store(StoreSettings settings, TimeProvider time, ILoggerFactory loggers, IMeterFactory? meters, StoreRole role)
    {
        _settings = settings;
        _time = time;
        _log = loggers.CreateLogger<Store>();
        _role = role;
        Dialect = Dialect.For(settings);
        Metrics = new StoreMetrics(meters, _queue.Depth, () => Interlocked.Read(ref _bytes) is var bytes and >= 0 ? bytes : null);
    }

    /// <summary>The seam between the two engines.</summary>
    public Dialect Dialect { get; }

    /// <summary>What keeps the store from working now; null while it works.</summary>
    public StoreProblem? Problem => IsOpen ? _state.Problem : _state.WriteProblem ?? Closed();

    internal StoreMetrics Metrics { get; }

    internal StoreSettings Settings => _settings;

    /// <summary>Whether reads and writes are accepted.</summary>
    public bool IsOpen => _opened.Task.IsCompletedSuccessfully;

    /// <summary>
    /// Opens the store for a tool (a command that runs beside a node or without one), and migrates it where needed.
    /// </summary>
    /// <exception cref="StoreException">It cannot be opened; the message says why and what to do.</exception>
    public static Task<Store> OpenAsync(StoreSettings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(settings, time, loggers, StoreRole.Tool, cancellationToken);

    internal static async Task<Store> OpenAsync(StoreSettings settings, TimeProvider time, ILoggerFactory loggers, StoreRole role, CancellationToken cancellationToken)
    {
        var store = new Store(settings, time, loggers, meters: null, role);
        try
        {
            await store.OpenAsync(cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens this store unless it is open; may be tried again after a failure.</summary>
    /// <exception cref="StoreException">It cannot be opened; <see cref="Problem"/> tells the same from then on.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (IsOpen) return;
            var connection = await Task.Run(Open, cancellationToken);
            _state.WriteWorked();
            _writer = new StoreWriter(Dialect, connection, OpenWriter, _queue, _state, Metrics, _time, _log, yield: _role == StoreRole.Tool);
            _opened.TrySetResult();
        }
        catch (Exception e) when (Dialect.Diagnose(e) is { } problem)
        {
            _state.WriteFailed(problem);
            if (e is StoreException) throw;
            throw problem.Fault == StoreFault.Locked ? new StoreBusyException(problem, e) : new StoreUnavailableException(problem, e);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Completes when the store is open: for background work that starts while it may still be down.</summary>
    public Task WhenOpenAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Runs a query on a connection that can only read. It sees everything whose write has completed and never waits for the writer.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        if (!IsOpen) throw new StoreUnavailableException(Problem ?? Closed());
        cancellationToken.ThrowIfCancellationRequested();
        // SQLite reads files on the thread that asks, and that may be the one every socket waits for (see SocketThreads).
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var lease = await Dialect.RentReaderAsync(cancellationToken);
            var connection = lease.Connection;
            using var interrupt = cancellationToken.UnsafeRegister(_ => Dialect.Interrupt(connection), null);
            var result = await query(connection, cancellationToken);
            _state.ReadWorked();
            return result;
        }
        catch (DbException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is not StoreException && Dialect.Diagnose(e) is { } problem)
        {
            _state.ReadFailed(problem);
            throw problem.Fault == StoreFault.Locked ? new StoreBusyException(problem, e) : new StoreUnavailableException(problem, e);
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the writer and completes when it is committed durably. The work should take a few
    /// milliseconds at most, must not wait for another write, and must have no effect but on the transaction: it is
    /// rolled back alone when it throws (the exception arrives here), and with its group when the store fails.
    /// </summary>
    /// <param name="lane">Who waits for it.</param>
    /// <param name="work">Uses the transaction's connection; neither commits nor rolls back.</param>
    /// <param name="cancellationToken">Gives up while the work waits; once it runs, its outcome is reported.</param>
    /// <exception cref="StoreBusyException">The mail lane stayed full, or another process writes; repeat later.</exception>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public Task<T> WriteAsync<T>(Lane lane, Func<DbTransaction, T> work, CancellationToken cancellationToken) =>
        WriteAsync(lane, work, isRepeatable: false, cancellationToken);

    /// <summary>
    /// As <see cref="WriteAsync{T}(Lane, Func{DbTransaction, T}, CancellationToken)"/>, for work that may be run a second time where what it
    /// did was rolled back because of another in its group: that saves a savepoint, in which each page that changes is kept once more.
    /// </summary>
    internal Task<T> WriteRepeatableAsync<T>(Lane lane, Func<DbTransaction, T> work, CancellationToken cancellationToken) =>
        WriteAsync(lane, work, isRepeatable: true, cancellationToken);

    /// <summary>As <see cref="WriteAsync{T}(Lane, Func{DbTransaction, T}, CancellationToken)"/>, for work without a result.</summary>
    public Task WriteAsync(Lane lane, Action<DbTransaction> work, CancellationToken cancellationToken) =>
        WriteAsync(
            lane,
            transaction =>
            {
                work(transaction);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Has something short done after the transaction is durable; not where it is rolled back. Called within the work of
    /// <see cref="WriteAsync{T}(Lane, Func{DbTransaction, T}, CancellationToken)"/>; on a transaction that is not the writer's own it is done at once.
    /// </summary>
    internal void WhenCommitted(DbTransaction transaction, Action action)
    {
        if (_writer is null || !_writer.TryAddAfter(transaction, action)) action();
    }

    /// <summary>Writes what was handed in, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        if (_writer is not null) await _writer.StopAsync();
        await Dialect.DisposeAsync();
        _presence?.Dispose();
        _queue.Dispose();
    }

    /// <summary>Measures the store and remembers its size for the metrics.</summary>
    internal async Task<StoreSize> MeasureAsync(CancellationToken cancellationToken)
    {
        var size = await ReadAsync((connection, _) => Task.FromResult(Dialect.Measure(connection)), cancellationToken);
        Interlocked.Exchange(ref _bytes, size.OnDisk);
        return size;
    }

    private async Task<T> WriteAsync<T>(Lane lane, Func<DbTransaction, T> work, bool isRepeatable, CancellationToken cancellationToken)
    {
        if (!IsOpen) throw new StoreUnavailableException(Problem ?? Closed());
        var item = new WriteItem<T>(lane, _time.GetTimestamp(), work, isRepeatable);
        await EnterAsync(item, cancellationToken);
        using var giveUp = cancellationToken.UnsafeRegister(static (state, token) => ((WriteItem)state!).Cancel(token), item);
        return await item.Completion;
    }

    private async ValueTask EnterAsync(WriteItem item, CancellationToken cancellationToken)
    {
        try
        {
            // Elsewhere a full lane makes its caller wait; a mail server would rather be told to come back.
            if (item.Lane != Lane.Mail)
            {
                await _queue.AddAsync(item, cancellationToken);
                return;
            }

            using var timeout = new CancellationTokenSource(_settings.MailWait, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            await _queue.AddAsync(item, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreBusyException(LaneFull());
        }
        catch (ChannelClosedException)
        {
            throw new StoreUnavailableException(Closed());
        }
    }

    private DbConnection Open()
    {
        if (_role == StoreRole.Node) _presence ??= NodeLock.TryAcquire(_settings.DataDirectory) ?? throw new StoreUnavailableException(NodeLock.InUse(_settings.DataDirectory));
        Dialect.Prepare();
        var connection = OpenWriter();
        try
        {
            Migrate(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private DbConnection OpenWriter()
    {
        var connection = Dialect.OpenWriter();
        try
        {
            if (_role == StoreRole.Node) Dialect.AnnounceNode(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // A tool of another version must not change the schema under a running node.
    private void Migrate(DbConnection connection)
    {
        var migrator = new Migrator(Dialect, _time, Migration.All);
        if (_role == StoreRole.Tool && migrator.Pending(migrator.Applied(connection)).Count > 0)
        {
            using var alone = NodeLock.TryAcquire(_settings.DataDirectory) ?? throw new StoreUnavailableException(NodeIsOlder());
            migrator.Run(connection);
            return;
        }

        var taken = migrator.Run(connection);
        if (taken > 0) _log.StoreMigrated(Dialect.Where, taken);
    }

    private StoreProblem NodeIsOlder() => new(StoreFault.InUse, new Bilingual(
        $"The node that runs on {_settings.DataDirectory} is of an older version than this command. Restart the node with this version first.",
        $"Le nœud qui tourne sur {_settings.DataDirectory} est d'une version plus ancienne que cette commande. Redémarrez-le d'abord avec cette version."));

    private StoreProblem Closed() => new(StoreFault.Closed, new Bilingual(
        $"{Dialect.Where} is not open.",
        $"{Dialect.Where} n'est pas ouvert."));

    private StoreProblem LaneFull() => new(StoreFault.Locked, new Bilingual(
        $"{Dialect.Where} has {LaneCapacity} mail decisions waiting to be written; the disk does not keep up.",
        $"{Dialect.Where} a {LaneCapacity} décisions en attente d'écriture ; le disque ne suit pas."));
}

/// <summary>Who opens a store.</summary>
internal enum StoreRole
{
    /// <summary>A command: writes beside a running node, leaving it its turns; migrates only where no node runs.</summary>
    Tool,

    /// <summary>The node: one a data folder.</summary>
    Node,
}
