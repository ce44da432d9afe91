using System.Buffers;
using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vigie.Store;

/// <summary>
/// Runs a <see cref="RowStatement"/> row by row, which is what SQLite is made for. The statement stays prepared for as long as its
/// connection is open, and values are bound by their places: the provider's commands look each name up again for every row.
/// </summary>
internal static class SqliteRows
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<RowStatement, sqlite3_stmt>> Prepared = [];

    /// <inheritdoc cref="Dialect.Run"/>
    public static int Run(DbTransaction transaction, RowStatement statement, IReadOnlyList<object?[]> rows, bool[]? changed)
    {
        if (rows.Count == 0) return 0;
        var connection = (SqliteConnection)transaction.Connection!;
        var (database, prepared) = (connection.Handle!, PreparedOn(connection, statement));
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var total = 0;
        try
        {
            for (var i = 0; i < rows.Count; i++)
            {
                for (var column = 0; column < statement.Columns.Length; column++) Check(Bind(prepared, column + 1, rows[i][column], ref buffer), database);
                var result = raw.sqlite3_step(prepared);
                if (result != raw.SQLITE_DONE) Check(result, database);
                raw.sqlite3_reset(prepared);
                var count = raw.sqlite3_changes(database);
                if (changed is not null) changed[i] = count > 0;
                total += count;
            }
        }
        finally
        {
            raw.sqlite3_reset(prepared);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total;
    }

    private static int Bind(sqlite3_stmt statement, int place, object? value, ref byte[] buffer) => value switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        string text => Bind(statement, place, PortableText.Clean(text), ref buffer),
        short number => raw.sqlite3_bind_int(statement, place, number),
        int number => raw.sqlite3_bind_int(statement, place, number),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        double number => raw.sqlite3_bind_double(statement, place, number),
        _ => throw new NotSupportedException($"No column has values of type {value.GetType().Name}."),
    };

    private static int Bind(sqlite3_stmt statement, int place, string text, ref byte[] buffer)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (buffer.Length < most)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(most);
        }

        // SQLite makes its own copy.
        return raw.sqlite3_bind_text(statement, place, buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer)));
    }

    private static sqlite3_stmt PreparedOn(SqliteConnection connection, RowStatement statement)
    {
        if (!Prepared.TryGetValue(connection, out var known))
        {
            Prepared.Add(connection, known = []);
            // A connection is closed for good only when nothing is prepared on it.
            connection.StateChange += (_, change) =>
            {
                if (change.CurrentState != ConnectionState.Closed) return;
                foreach (var one in known.Values) one.Dispose();
                known.Clear();
            };
        }

        if (known.TryGetValue(statement, out var prepared)) return prepared;
        Check(raw.sqlite3_prepare_v3(connection.Handle!, Sql(statement), raw.SQLITE_PREPARE_PERSISTENT, out prepared), connection.Handle!);
        known.Add(statement, prepared);
        return prepared;
    }

    private static void Check(int result, sqlite3 database)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, database);
    }

    private static string Sql(RowStatement statement)
    {
        var places = statement.Columns.Select((column, i) => (column.Name, Place: $"?{i + 1}")).ToList();
        return statement.Action switch
        {
            RowAction.Insert or RowAction.InsertNew =>
                $"INSERT INTO {statement.Table} ({statement.Names}) VALUES ({string.Join(", ", places.Select(p => p.Place))}){(statement.Action == RowAction.InsertNew ? " ON CONFLICT DO NOTHING" : "")}",
            RowAction.Update =>
                $"UPDATE {statement.Table} SET {string.Join(", ", places.Skip(statement.Keys).Select(p => $"{p.Name} = {p.Place}"))} WHERE {string.Join(" AND ", places.Take(statement.Keys).Select(p => $"{p.Name} = {p.Place}"))}",
            _ => $"DELETE FROM {statement.Table} WHERE {string.Join(" AND ", places.Select(p => $"{p.Name} = {p.Place}"))}",
        };
    }
}
