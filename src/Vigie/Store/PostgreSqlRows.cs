using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Vigie.Store;

/// <summary>Runs a <see cref="RowStatement"/> in one round trip: each column travels as an array.</summary>
internal static class PostgreSqlRows
{
    /// <inheritdoc cref="Dialect.Run"/>
    public static int Run(DbTransaction transaction, RowStatement statement, IReadOnlyList<object?[]> rows, bool[]? changed)
    {
        if (rows.Count == 0) return 0;
        using var command = new NpgsqlCommand(Sql(statement, changed is not null), (NpgsqlConnection)transaction.Connection!, (NpgsqlTransaction)transaction);
        for (var i = 0; i < statement.Columns.Length; i++) command.Parameters.Add(Column(statement.Columns[i].Type, rows, i));
        return changed is null ? command.ExecuteNonQuery() : Added(command, rows, changed);
    }

    private static int Added(NpgsqlCommand command, IReadOnlyList<object?[]> rows, bool[] changed)
    {
        var added = new HashSet<string>(StringComparer.Ordinal);
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) added.Add(reader.GetString(0));
        }

        // Of the same key twice in one call the first is the one that was added.
        for (var i = 0; i < rows.Count; i++) changed[i] = added.Remove(PortableText.Clean((string)rows[i][0]!));
        return changed.Count(one => one);
    }

    private static string Sql(RowStatement statement, bool returning)
    {
        var columns = statement.Columns;
        var arrays = string.Join(", ", columns.Select((column, i) => $"${i + 1}::{TypeOf(column.Type)}[]"));
        // Not the columns' own names: an update may ask for a version and set the next one.
        var given = string.Join(", ", columns.Select((_, i) => $"c{i}"));
        return statement.Action switch
        {
            RowAction.Insert or RowAction.InsertNew =>
                $"INSERT INTO {statement.Table} ({statement.Names}) SELECT * FROM unnest({arrays}){(statement.Action == RowAction.InsertNew ? " ON CONFLICT DO NOTHING" : "")}{(returning ? $" RETURNING {columns[0].Name}" : "")}",
            RowAction.Update =>
                $"UPDATE {statement.Table} SET {string.Join(", ", columns.Select((column, i) => $"{column.Name} = given.c{i}").Skip(statement.Keys))} FROM unnest({arrays}) AS given ({given}) WHERE {Same(statement, statement.Keys)}",
            _ => $"DELETE FROM {statement.Table} USING unnest({arrays}) AS given ({given}) WHERE {Same(statement, columns.Length)}",
        };
    }

    private static string Same(RowStatement statement, int keys) =>
        string.Join(" AND ", statement.Columns.Take(keys).Select((column, i) => $"{statement.Table}.{column.Name} = given.c{i}"));

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Short => "smallint",
        ColumnType.Int => "integer",
        ColumnType.Long => "bigint",
        ColumnType.Double => "double precision",
        _ => "text",
    };

    private static NpgsqlParameter Column(ColumnType type, IReadOnlyList<object?[]> rows, int column) => type switch
    {
        ColumnType.Short => new NpgsqlParameter<short?[]> { TypedValue = Values(rows, column, value => (short?)value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint },
        ColumnType.Int => new NpgsqlParameter<int?[]> { TypedValue = Values(rows, column, value => (int?)value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
        ColumnType.Long => new NpgsqlParameter<long?[]> { TypedValue = Values(rows, column, value => (long?)value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        ColumnType.Double => new NpgsqlParameter<double?[]> { TypedValue = Values(rows, column, value => (double?)value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double },
        _ => new NpgsqlParameter<string?[]> { TypedValue = Values(rows, column, value => value is string text ? PortableText.Clean(text) : null), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
    };

    private static T[] Values<T>(IReadOnlyList<object?[]> rows, int column, Func<object?, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(rows[i][column]);
        return values;
    }
}
