using System.Data.Common;
using Vigie.Engine.Search;

namespace Vigie.Store;

/// <summary>
/// The one seam between the two engines: everything above it is the same SQL. A slice needs it only for
/// <see cref="Contains"/> and <see cref="In"/>; migrations reach it through tokens (<see cref="Expand"/>).
/// </summary>
public abstract class Dialect : IAsyncDisposable
{
    /// <summary>The dialect of the store that <paramref name="settings"/> name; nothing is opened yet.</summary>
    internal static Dialect For(StoreSettings settings) =>
        settings.PostgreSql is null ? new SqliteDialect(settings) : new PostgreSqlDialect(settings);

    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What a person calls this store: the file, or the server and database. No password in it.</summary>
    public abstract string Where { get; }

    /// <summary>An SQL condition: the text of <paramref name="column"/> contains that of <paramref name="parameter"/>, whatever the case of ASCII letters.</summary>
    public abstract string Contains(string column, string parameter);

    /// <summary>An SQL condition: <paramref name="column"/> is one of the list given as <paramref name="parameter"/>, which may be empty.</summary>
    public abstract string In(string column, string parameter);

    /// <summary>
    /// The SQL of a migration with its tokens <c>{blob}</c>, <c>{identity}</c>, <c>{append-only:TABLE}</c>, <c>{full-text:TABLE}</c>
    /// and <c>{enqueue:CHANGE TABLE KIND EXPRESSION}</c> written out.
    /// </summary>
    internal string Expand(string sql)
    {
        sql = sql.Replace("{blob}", Blob, StringComparison.Ordinal).Replace("{identity}", Identity, StringComparison.Ordinal);
        sql = WriteOut(sql, "{append-only:", AppendOnly);
        sql = WriteOut(sql, "{full-text:", FullText);
        return WriteOut(sql, "{enqueue:", argument =>
        {
            var parts = argument.Split(' ', 4);
            return Enqueue(parts[0], parts[1], parts[2], parts[3]);
        });
    }

    private static string WriteOut(string sql, string token, Func<string, string> written)
    {
        for (var start = sql.IndexOf(token, StringComparison.Ordinal); start >= 0; start = sql.IndexOf(token, StringComparison.Ordinal))
        {
            var end = sql.IndexOf('}', start);
            if (end < 0) throw new FormatException($"\"{token}\" is not closed.");
            sql = string.Concat(sql.AsSpan(0, start), written(sql[(start + token.Length)..end]), sql.AsSpan(end + 1));
        }

        return sql;
    }

    /// <summary>The column type of bytes.</summary>
    protected abstract string Blob { get; }

    /// <summary>Type and constraints of a primary key that counts up by itself.</summary>
    protected abstract string Identity { get; }

    /// <summary>Statements after which UPDATE and DELETE on <paramref name="table"/> are refused by the engine itself.</summary>
    protected abstract string AppendOnly(string table);

    /// <summary>Statements that make a full-text index: rows with a number and words, filled and asked by the methods below.</summary>
    protected abstract string FullText(string table);

    /// <summary>
    /// Statements after which every <paramref name="change"/> of a row of <paramref name="table"/> puts <paramref name="kind"/> and
    /// <paramref name="expression"/> (over the row's columns, written <c>row.column</c>) into <c>search_queue</c>; what may change often (a
    /// kind above 0), once.
    /// </summary>
    protected abstract string Enqueue(string change, string table, string kind, string expression);

    /// <summary>
    /// The statement that puts the words of a document (<c>@id</c>, <c>@words</c>, <c>@parts</c>, as made by <see cref="Indexed"/>) into a
    /// full-text index that has none with this number.
    /// </summary>
    internal abstract string AddToFullText(string table);

    /// <summary>The statement that takes the document with number <c>@id</c> out of a full-text index.</summary>
    internal abstract string RemoveFromFullText(string table);

    /// <summary>Words in the form of <see cref="AddToFullText"/>; all of them letters and digits.</summary>
    /// <param name="words">In the order of the text.</param>
    internal abstract string Indexed(IReadOnlyList<string> words);

    /// <summary>A query of the numbers of documents in <paramref name="table"/> that match <c>@match</c>, the latest first, at most <c>@most</c>.</summary>
    internal abstract string FromFullText(string table);

    /// <summary>A search in the form of <see cref="FromFullText"/>.</summary>
    internal abstract string Match(SearchQuery query);

    /// <summary>The beginning of the names of tables that are made from others and can be made again: they are in no backup.</summary>
    internal const string DerivedTables = "search_";

    /// <summary>Makes the place of the store ready: folder, file, schema. Throws what <see cref="Diagnose"/> understands.</summary>
    internal abstract void Prepare();

    /// <summary>Opens a connection for the writer: durable commits, foreign keys checked. Not pooled; the caller disposes it.</summary>
    internal abstract DbConnection OpenWriter();

    /// <summary>Begins a transaction that may write, waiting for other writers no longer than the settings say.</summary>
    internal abstract DbTransaction Begin(DbConnection writer);

    /// <summary>Told on the writer's thread that a transaction of it has been committed.</summary>
    internal virtual void Committed(DbConnection writer)
    {
    }

    /// <summary>Holds off other processes that migrate, until <paramref name="transaction"/> ends.</summary>
    internal abstract void LockMigrations(DbTransaction transaction);

    /// <summary>Opens or reuses a connection on which only reading is possible.</summary>
    internal abstract ValueTask<ReaderLease> RentReaderAsync(CancellationToken cancellationToken);

    /// <summary>Makes a query that runs on a read connection end soon; harmless where none runs.</summary>
    internal abstract void Interrupt(DbConnection reader);

    /// <summary>Makes a transaction on a read connection that sees one moment of the store however long it lasts.</summary>
    internal abstract DbTransaction BeginSnapshot(DbConnection reader);

    /// <summary>The fault of the environment behind <paramref name="exception"/>; null when the statement itself is to blame.</summary>
    internal abstract StoreProblem? Diagnose(Exception exception);

    /// <summary>The tables that hold data, such that a table comes after those it refers to; without the list of migrations.</summary>
    internal abstract IReadOnlyList<string> Tables(DbConnection connection);

    /// <summary>Whether the table exists.</summary>
    internal abstract bool HasTable(DbConnection connection, string table);

    /// <summary>Whether there is a store at this place, sound or not.</summary>
    internal abstract bool Exists();

    /// <summary>What is wrong with the store's content, as far as the engine can tell; null when nothing is. Reads everything.</summary>
    internal abstract string? FindDamage(DbConnection connection);

    /// <summary>Keeps nodes elsewhere from using the same database, until disposed; throws where one does.</summary>
    internal abstract IDisposable? ExcludeNodes();

    /// <summary>Tells <see cref="ExcludeNodes"/> of others that a node uses this connection; ends with it.</summary>
    internal abstract void AnnounceNode(DbConnection writer);

    /// <summary>An empty place of the same engine beside this one, in which a store can be built; what an earlier attempt left there is removed.</summary>
    internal abstract Dialect Staging();

    /// <summary>Makes everything on <paramref name="writer"/> durable and whole, before its place is moved.</summary>
    internal abstract void Settle(DbConnection writer);

    /// <summary>Puts what <see cref="Staging"/> holds in this place; gives where the store that was here lies now, null where there was none.</summary>
    internal abstract string? PutStagingInPlace(string suffix);

    /// <summary>Begins to add many rows to a table.</summary>
    internal abstract RowLoader Load(DbTransaction transaction, string table, IReadOnlyList<string> columns);

    /// <summary>Does the same with many rows; gives how many rows it changed.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="statement">What is done; one object for each place in the code, made once.</param>
    /// <param name="rows">Each a value a column, of the column's type or null.</param>
    /// <param name="changed">Where given, as long as <paramref name="rows"/>: told for each row whether it had an effect. Only for <see cref="RowAction.InsertNew"/>, whose first column is then the key.</param>
    internal abstract int Run(DbTransaction transaction, RowStatement statement, IReadOnlyList<object?[]> rows, bool[]? changed = null);

    /// <summary>How much room the data takes.</summary>
    internal abstract StoreSize Measure(DbConnection connection);

    /// <summary>Bytes free on the disk of the store; null where that is not this machine's affair.</summary>
    internal abstract long? FreeDisk();

    /// <summary>Gives room freed by deletes back, a little at a time; where the engine does that by itself, nothing.</summary>
    internal abstract void GiveBack(DbTransaction transaction);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>How much room the data takes.</summary>
/// <param name="OnDisk">Bytes of the files.</param>
/// <param name="Used">Bytes of them that hold rows.</param>
/// <param name="DeletesShow">Whether <paramref name="Used"/> falls as soon as rows are deleted.</param>
internal readonly record struct StoreSize(long OnDisk, long Used, bool DeletesShow);

/// <summary>Adds many rows to one table within a transaction, as fast as the engine can.</summary>
internal abstract class RowLoader : IDisposable
{
    /// <summary>The type a value of each column must have.</summary>
    public abstract IReadOnlyList<Type> Types { get; }

    public abstract void Add(object?[] values);

    /// <summary>Ends a load that was complete.</summary>
    public abstract void Complete();

    public abstract void Dispose();

    protected static Type[] TypesOf(DbTransaction transaction, string table, IReadOnlyList<string> columns)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {table} WHERE 1 = 0";
        using var reader = command.ExecuteReader();
        return [.. Enumerable.Range(0, columns.Count).Select(reader.GetFieldType)];
    }
}

/// <summary>A read connection on loan; disposing gives it back.</summary>
internal readonly struct ReaderLease(DbConnection connection, Action<DbConnection>? giveBack) : IDisposable
{
    public DbConnection Connection { get; } = connection;

    public void Dispose()
    {
        if (giveBack is null) Connection.Dispose();
        else giveBack(Connection);
    }
}
