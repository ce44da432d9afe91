using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Vigie.Engine;
using Vigie.Engine.Search;

namespace Vigie.Store;

/// <summary>The embedded store: one file in WAL mode, one writer, readers that never wait for it.</summary>
internal sealed class SqliteDialect : Dialect
{
    private const int MaxReaders = 8;

    /// <summary>Bytes of a page, as SQLite makes them where nobody asks for others.</summary>
    private const int PageBytes = 4096;

    private static readonly string[] Extensions = ["", "-wal", "-shm"];

    private readonly StoreSettings _settings;
    private readonly string _file;
    private readonly ConcurrentBag<DbConnection> _idle = [];
    private readonly SemaphoreSlim _readers = new(MaxReaders, MaxReaders);
    private readonly SqliteCheckpoints _checkpoints;
    private volatile bool _disposed;

    public SqliteDialect(StoreSettings settings)
        : this(settings, settings.SqliteFile)
    {
    }

    private SqliteDialect(StoreSettings settings, string file) => (_settings, _file, _checkpoints) = (settings, file, new SqliteCheckpoints(Open));

    public override string Name => "sqlite";

    public override string Where => _file;

    private string StagingFile => _settings.SqliteFile + ".restoring";

    protected override string Blob => "BLOB";

    protected override string Identity => "INTEGER PRIMARY KEY AUTOINCREMENT";

    public override string Contains(string column, string parameter) => $"instr(lower({column}), lower({parameter})) > 0";

    // Dapper writes the list out in the place of the parameter.
    public override string In(string column, string parameter) => $"{column} IN {parameter}";

    protected override string AppendOnly(string table) =>
        $"""
        CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
        CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
        """;

    // Contentless: the words alone are kept, not the text. The tokenizer has nothing to do but to part words at blanks.
    protected override string FullText(string table) =>
        $"CREATE VIRTUAL TABLE {table} USING fts5(words, parts, content='', contentless_delete=1, tokenize='ascii', prefix='2 3');";

    protected override string Enqueue(string change, string table, string kind, string expression) =>
        $"""
        CREATE TRIGGER search_after_{change.ToLowerInvariant()}_{table} AFTER {change} ON {table} BEGIN
            INSERT INTO search_queue (kind, ref) VALUES ({kind}, {expression.Replace("row.", change == "DELETE" ? "OLD." : "NEW.", StringComparison.Ordinal)}) ON CONFLICT (kind, ref) WHERE kind > 0 DO NOTHING;
        END;
        """;

    internal override string AddToFullText(string table) => $"INSERT INTO {table} (rowid, words, parts) VALUES (@id, @words, @parts)";

    internal override string RemoveFromFullText(string table) => $"DELETE FROM {table} WHERE rowid = @id";

    internal override string Indexed(IReadOnlyList<string> words) => string.Join(' ', words);

    internal override string FromFullText(string table) => $"SELECT rowid FROM {table} WHERE {table} MATCH @match ORDER BY rowid DESC LIMIT @most";

    // Words are quoted, so that none is an operator; they hold letters and digits only.
    internal override string Match(SearchQuery query) => string.Join(" AND ", query.Phrases.Select(phrase =>
    {
        var words = $"words : \"{string.Join(' ', phrase.Words)}\"{(phrase.IsBegun ? " *" : "")}";
        return phrase.Words.Length == 1 && phrase.IsBegun && phrase.Words[0].Length >= SearchText.MinPart ? $"({words} OR parts : \"{phrase.Words[0]}\" *)" : $"({words})";
    }));

    internal override void Prepare()
    {
        DataDirectory.Prepare(_settings.DataDirectory);
        DataDirectory.CreatePrivate(_file);
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

            // FULL in WAL mode is an fsync of the log at every commit: what was acknowledged survives a power cut. Keys are hashes, so
            // each row changes other pages of the indexes: the writer keeps them at hand, up to 64 MB once there are so many. The log is
            // put into the file by a thread beside it (SqliteCheckpoints), but begins anew only where nobody wrote meanwhile: the writer
            // waits for that after 64 MB, or a sixteenth of the disk budget. What a savepoint needs is kept in memory, not in a file.
            var logPages = Math.Clamp(_settings.MaxSize / 16 / PageBytes, 1000, 16_000);
            connection.Execute($"PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216; PRAGMA wal_autocheckpoint = {logPages}; PRAGMA secure_delete = FAST; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -64000");
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

    internal override void Committed(DbConnection writer) => _checkpoints.Committed((SqliteConnection)writer);

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

    // The provider's own cancellation does nothing once a statement runs.
    internal override void Interrupt(DbConnection reader) => raw.sqlite3_interrupt(((SqliteConnection)reader).Handle);

    internal override DbTransaction BeginSnapshot(DbConnection reader) =>
        ((SqliteConnection)reader).BeginTransaction(IsolationLevel.Serializable, deferred: true);

    internal override StoreProblem? Diagnose(Exception exception) => exception switch
    {
        StoreException e => e.Problem,
        SqliteException e => Diagnose(e),
        UnauthorizedAccessException e => Denied(e.Message),
        IOException e when SqliteFaults.IsDiskFull(e) => DiskFull(),
        IOException e when SqliteFaults.IsReadOnly(e) => Denied(e.Message),
        IOException e => Failed(e.Message),
        _ => null,
    };

    internal override IReadOnlyList<string> Tables(DbConnection connection) =>
    [
        .. connection.Query<string>(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'schema_version' ORDER BY rowid")
            .Where(name => !name.StartsWith(DerivedTables, StringComparison.Ordinal)),
    ];

    internal override bool HasTable(DbConnection connection, string table) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = @table", new { table }) > 0;

    internal override bool Exists() => File.Exists(_file);

    internal override string? FindDamage(DbConnection connection)
    {
        var found = connection.Query<string>("PRAGMA integrity_check(3)", commandTimeout: 0).AsList();
        if (found is not ["ok"]) return string.Join("; ", found);
        return connection.Query("PRAGMA foreign_key_check").Any() ? "a row refers to one that is missing" : null;
    }

    // The lock on the data folder says it all: the file is in it.
    internal override IDisposable? ExcludeNodes() => null;

    internal override void AnnounceNode(DbConnection writer)
    {
    }

    internal override Dialect Staging()
    {
        var staging = new SqliteDialect(_settings, StagingFile);
        foreach (var extension in Extensions) File.Delete(StagingFile + extension);
        return staging;
    }

    internal override void Settle(DbConnection writer) => writer.Query("PRAGMA wal_checkpoint(TRUNCATE)");

    internal override string? PutStagingInPlace(string suffix)
    {
        string? aside = null;
        if (Exists())
        {
            // The log moves with its file: SQLite finds it by name.
            aside = $"{_file}.{suffix}";
            foreach (var extension in Extensions.Where(extension => File.Exists(_file + extension))) File.Move(_file + extension, aside + extension);
        }

        File.Move(StagingFile, _file);
        return aside;
    }

    internal override RowLoader Load(DbTransaction transaction, string table, IReadOnlyList<string> columns) => new SqliteLoader(transaction, table, columns);

    internal override int Run(DbTransaction transaction, RowStatement statement, IReadOnlyList<object?[]> rows, bool[]? changed = null) =>
        SqliteRows.Run(transaction, statement, rows, changed);

    internal override StoreSize Measure(DbConnection connection)
    {
        var page = connection.ExecuteScalar<long>("PRAGMA page_size");
        var pages = connection.ExecuteScalar<long>("PRAGMA page_count");
        var free = connection.ExecuteScalar<long>("PRAGMA freelist_count");
        var log = new FileInfo(_file + "-wal") is { Exists: true } wal ? wal.Length : 0;
        return new StoreSize(pages * page + log, (pages - free) * page, DeletesShow: true);
    }

    internal override long? FreeDisk() => SqliteFaults.FreeDisk(_settings.DataDirectory);

    // Each page is a step of the statement, so it is read to its end.
    internal override void GiveBack(DbTransaction transaction) =>
        transaction.Connection!.Query("PRAGMA incremental_vacuum(256)", transaction: transaction);

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        _checkpoints.Dispose();
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
            DataSource = _file,
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

/// <summary>One prepared INSERT, run a row at a time: in a single transaction SQLite needs no more.</summary>
internal sealed class SqliteLoader : RowLoader
{
    private readonly DbCommand _insert;

    public SqliteLoader(DbTransaction transaction, string table, IReadOnlyList<string> columns)
    {
        Types = [.. columns.Select(_ => typeof(object))];
        _insert = transaction.Connection!.CreateCommand();
        _insert.Transaction = transaction;
        _insert.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
        for (var i = 0; i < columns.Count; i++)
        {
            var parameter = _insert.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            _insert.Parameters.Add(parameter);
        }
    }

    public override IReadOnlyList<Type> Types { get; }

    public override void Add(object?[] values)
    {
        for (var i = 0; i < values.Length; i++) _insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        _insert.ExecuteNonQuery();
    }

    public override void Complete()
    {
    }

    public override void Dispose() => _insert.Dispose();
}

/// <summary>Tells a full disk and a read-only one from other faults.</summary>
internal static class SqliteFaults
{
    // errno(3), which the runtime passes on as the low half of HResult.
    private const int Enospc = 28;
    private const int Erofs = 30;

    public static bool IsDiskFull(IOException e) => (e.HResult & 0xffff) == Enospc;

    public static bool IsReadOnly(IOException e) => (e.HResult & 0xffff) == Erofs;

    // Some file systems report a full disk as an input/output error; then the free space decides.
    public static bool IsDiskFull(string folder) => FreeDisk(folder) < 64 * 1024;

    /// <summary>Bytes free on the disk of a folder; null where that cannot be asked.</summary>
    public static long? FreeDisk(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
