using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vigie.Store;

/// <summary>
/// Puts the log into the file beside the writer, on a thread and a connection of its own (https://sqlite.org/wal.html §3.2): the writer,
/// which would do it after a commit, finds little left to do and keeps nobody waiting. Whatever goes wrong here the writer meets and says.
/// </summary>
internal sealed class SqliteCheckpoints(Func<SqliteConnection> open) : IDisposable
{
    /// <summary>Pages written after which it is worth it; far fewer than those after which the writer does it itself.</summary>
    private const long Every = 1000;

    private readonly AutoResetEvent _wanted = new(false);
    private Thread? _thread;
    private long _pages;
    private volatile bool _disposed;

    /// <summary>Told after each commit, on the writer's thread.</summary>
    public void Committed(SqliteConnection writer)
    {
        // Read and set back to 0: how many pages this connection wrote since it was last asked.
        if (_disposed || raw.sqlite3_db_status(writer.Handle!, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 1) != raw.SQLITE_OK) return;
        _pages += written;
        if (_pages < Every) return;
        _pages = 0;
        if (_thread is null)
        {
            _thread = new Thread(Run) { Name = "store checkpoints", IsBackground = true };
            _thread.Start();
        }

        _wanted.Set();
    }

    /// <summary>Waits for what is being done.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _wanted.Set();
        _thread?.Join();
        _wanted.Dispose();
    }

    private void Run()
    {
        SqliteConnection? connection = null;
        while (_wanted.WaitOne() && !_disposed)
        {
            try
            {
                connection ??= open();
                // Passive: takes neither the lock of the writer nor that of a reader, and does what can be done meanwhile.
                raw.sqlite3_wal_checkpoint_v2(connection.Handle!, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                connection?.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
    }
}
