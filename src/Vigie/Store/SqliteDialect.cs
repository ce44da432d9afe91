using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Vigie.Engine;

namespace Vigie.Store;

/// <summary>The embedded store: one file in WAL mode, one writer, readers that never wait for it.</summary>
internal sealed class SqliteDialect : Dialect
{
    private const int MaxReaders = 8;

    private readonly StoreSettings _settings;
    private readonly ConcurrentBag<DbConnection> _idle = [];
    private readonly SemaphoreSlim _readers = new(MaxReaders, MaxReaders);
    private volatile bool _disposed;

    public SqliteDialect(StoreSettings settings) => _settings = settings;

    public override string Name => "sqlite";

    public override string Where => _settings.SqliteFile;

    protected override string Blob => "BLOB";

    protected override string Identity => "INTEGER PRIMARY KEY AUTOINCREMENT";

    public override string Contains(string column, string parameter) => $"instr(lower({column}), lower({parameter})) > 0";

    protected override string AppendOnly(string table) =>
        $"""
        CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
        CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
        """;

    internal override void Prepare()
    {
        DataDirectory.Prepare(_settings.DataDirectory);
        DataDirectory.CreatePrivate(_settings.SqliteFile);
    }

    internal override DbConnection OpenWriter()
    {
        var connection = Open();
        try
        {
            // auto_vacuum takes effect only before the first table exists; it lets the disk budget give room back.
            if (connection.ExecuteScalar<long>("PRAGMA page_count") == 0) connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            var mode = connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL");
            if (mode != "wal") throw new StoreUnavailableException(WalRefused());

            // FULL in WAL mode is an fsync of the log at every commit: what was acknowledged survives a power cut.
            connection.Execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216; PRAGMA secure_delete = FAST; PRAGMA cache_size = -4000");
            if (_settings.SqliteMaxPages > 0) connection.ExecuteScalar<long>($"PRAGMA max_page_count = {_settings.SqliteMaxPages}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal override DbTransaction Begin(DbConnection writer) => ((SqliteConnection)writer).BeginTransaction(IsolationLevel.Serializable, deferred: false);

    // BEGIN IMMEDIATE already is the one write lock.
    internal override void LockMigrations(DbTransaction transaction)
    {
    }

    internal override async ValueTask<ReaderLease> RentReaderAsync(CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_idle.TryTake(out var connection)) connection = OpenReader();
            return new ReaderLease(connection, GiveBackReader);
        }
        catch
        {
            _readers.Release();
            throw;
        }
    }

    internal override DbTransaction BeginSnapshot(DbConnection reader) =>
        ((SqliteConnection)reader).BeginTransaction(IsolationLevel.Serializable, deferred: true);

    internal override StoreProblem? Diagnose(Exception exception) => exception switch
    {
        StoreException e => e.Problem,
        SqliteException e => Diagnose(e),
        UnauthorizedAccessException e => Denied(e.Message),
        IOException e when SqliteFaults.IsDiskFull(e) => DiskFull(),
        IOException e => Failed(e.Message),
        _ => null,
    };

    internal override IReadOnlyList<string> Tables(DbConnection connection) =>
    [
        .. connection.Query<string>(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'schema_version' ORDER BY rowid"),
    ];

    internal override bool HasTable(DbConnection connection, string table) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = @table", new { table }) > 0;

    internal override StoreSize Measure(DbConnection connection)
    {
        var page = connection.ExecuteScalar<long>("PRAGMA page_size");
        var pages = connection.ExecuteScalar<long>("PRAGMA page_count");
        var free = connection.ExecuteScalar<long>("PRAGMA freelist_count");
        var log = new FileInfo(_settings.SqliteFile + "-wal") is { Exists: true } wal ? wal.Length : 0;
        return new StoreSize(pages * page + log, (pages - free) * page, DeletesShow: true);
    }

    internal override void GiveBack(DbTransaction transaction) =>
        transaction.Connection!.Execute("PRAGMA incremental_vacuum(256)", transaction: transaction);

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection)) connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteConnection OpenReader()
    {
        var connection = Open();
        connection.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -2000");
        return connection;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _settings.SqliteFile,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            ForeignKeys = true,
            // The provider's own wait is a loop of 150 ms sleeps; SQLite's, below, is finer, so the provider's is kept minimal.
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, (int)_settings.LockWait.TotalMilliseconds);
            // The first statement that reads the file: says at once if it is no database.
            connection.ExecuteScalar<long>("PRAGMA schema_version");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void GiveBackReader(DbConnection connection)
    {
        if (_disposed) connection.Dispose();
        else _idle.Add(connection);
        _readers.Release();
    }

    private StoreProblem? Diagnose(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => DiskFull(),
        raw.SQLITE_IOERR when SqliteFaults.IsDiskFull(_settings.DataDirectory) => DiskFull(),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Locked(),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Corrupted(e.Message),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => Denied(e.Message),
        raw.SQLITE_IOERR or raw.SQLITE_NOMEM or raw.SQLITE_PROTOCOL => Failed(e.Message),
        _ => null,
    };

    private StoreProblem DiskFull() => new(StoreFault.DiskFull, new Bilingual(
        $"No space is left for {Where}. Free space on that disk, or lower store.keep and store.maxSize; Vigie goes on by itself when there is room.",
        $"Il n'y a plus de place pour {Where}. Libérez de l'espace sur ce disque, ou réduisez store.keep et store.maxSize ; Vigie reprend de lui-même dès qu'il y a de la place."));

    private StoreProblem Locked() => new(StoreFault.Locked, new Bilingual(
        $"Another process has been writing to {Where} for longer than store.lockWait. See who with \"fuser {Where}\"; Vigie goes on by itself when it is done.",
        $"Un autre processus écrit dans {Where} depuis plus longtemps que store.lockWait. « fuser {Where} » dit lequel ; Vigie reprend de lui-même ensuite."));

    private StoreProblem Corrupted(string detail) => new(StoreFault.Corrupted, new Bilingual(
        $"{Where} is damaged or is not a Vigie store ({detail}). Stop Vigie, then run \"vigie restore FILE --replace\" with your latest backup: the damaged file is kept aside.",
        $"{Where} est endommagé ou n'est pas un magasin de Vigie ({detail}). Arrêtez Vigie, puis lancez « vigie restore FICHIER --replace » avec votre dernière sauvegarde : le fichier endommagé est mis de côté."));

    private StoreProblem Denied(string detail) => new(StoreFault.AccessDenied, new Bilingual(
        $"{Where} cannot be written ({detail}). The folder and its files must belong to the account Vigie runs as, on a disk that is not mounted read-only.",
        $"{Where} ne peut pas être écrit ({detail}). Le dossier et ses fichiers doivent appartenir au compte de Vigie, sur un disque qui n'est pas monté en lecture seule."));

    private StoreProblem Failed(string detail) => new(StoreFault.Failed, new Bilingual(
        $"{Where} cannot be read or written: {detail}",
        $"{Where} ne peut pas être lu ou écrit : {detail}"));

    private StoreProblem WalRefused() => new(StoreFault.Failed, new Bilingual(
        $"The file system under {Where} does not support a write-ahead log (network file systems often do not). Put the data folder on a local disk.",
        $"Le système de fichiers de {Where} ne permet pas de journal d'écriture (c'est fréquent en réseau). Mettez le dossier de données sur un disque local."));
}

/// <summary>Tells a full disk from other faults.</summary>
internal static class SqliteFaults
{
    private const int Enospc = 28;

    public static bool IsDiskFull(IOException e) => (e.HResult & 0xffff) == Enospc;

    // Some file systems report a full disk as an input/output error; then the free space decides.
    public static bool IsDiskFull(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace < 64 * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
