using System.Collections.Immutable;
using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Vigie.Store;

/// <summary>What is done with each row.</summary>
internal enum RowAction
{
    Insert,

    /// <summary>Inserts those whose key is not there yet.</summary>
    InsertNew,

    /// <summary>Sets the columns after the keys where the keys hold.</summary>
    Update,

    /// <summary>Deletes where all columns hold.</summary>
    Delete,
}

/// <summary>The types a column can have here.</summary>
internal enum ColumnType
{
    Text,
    Short,
    Int,
    Long,
    Double,
}

/// <summary>
/// One statement for many rows: SQLite prepares it once a connection and runs it row by row, PostgreSQL takes all rows in one
/// round trip. For the few places that write thousands of rows a second; elsewhere Dapper is fast enough. Column and table names
/// come from code, never from input.
/// </summary>
/// <param name="Action">What is done.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">In the order of a row's values. The keys come first.</param>
/// <param name="Keys">How many of the columns say which row is meant; only for updates.</param>
internal sealed record RowStatement(RowAction Action, string Table, ImmutableArray<(string Name, ColumnType Type)> Columns, int Keys = 1)
{
    // Statements that SQLite prepared, for as long as their connection lives.
    private static readonly ConditionalWeakTable<DbConnection, Dictionary<RowStatement, DbCommand>> Prepared = [];

    /// <inheritdoc/>
    public bool Equals(RowStatement? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Runs it, one row after the other, with a statement that stays prepared; gives how many rows it changed.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="rows">Each a value a column; texts are made portable here.</param>
    /// <param name="changed">Where given, told for each row whether it had an effect.</param>
    public int RunRowByRow(DbTransaction transaction, IReadOnlyList<object?[]> rows, bool[]? changed)
    {
        var command = PreparedOn(transaction);
        var total = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            for (var column = 0; column < Columns.Length; column++) command.Parameters[column].Value = Portable(rows[i][column]);
            var count = command.ExecuteNonQuery();
            if (changed is not null) changed[i] = count > 0;
            total += count;
        }

        return total;
    }

    /// <summary>A value as both engines take it.</summary>
    public static object Portable(object? value) => value switch
    {
        null => DBNull.Value,
        string text => PortableText.Clean(text),
        _ => value,
    };

    private DbCommand PreparedOn(DbTransaction transaction)
    {
        var commands = Prepared.GetOrCreateValue(transaction.Connection!);
        if (!commands.TryGetValue(this, out var command))
        {
            command = transaction.Connection!.CreateCommand();
            command.CommandText = Sql();
            for (var i = 0; i < Columns.Length; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = $"@p{i}";
                command.Parameters.Add(parameter);
            }

            commands.Add(this, command);
        }

        command.Transaction = transaction;
        return command;
    }

    private string Sql()
    {
        var places = Columns.Select((column, i) => (column.Name, Place: $"@p{i}")).ToList();
        return Action switch
        {
            RowAction.Insert or RowAction.InsertNew =>
                $"INSERT INTO {Table} ({Names}) VALUES ({string.Join(", ", places.Select(p => p.Place))}){(Action == RowAction.InsertNew ? " ON CONFLICT DO NOTHING" : "")}",
            RowAction.Update =>
                $"UPDATE {Table} SET {string.Join(", ", places.Skip(Keys).Select(p => $"{p.Name} = {p.Place}"))} WHERE {string.Join(" AND ", places.Take(Keys).Select(p => $"{p.Name} = {p.Place}"))}",
            _ => $"DELETE FROM {Table} WHERE {string.Join(" AND ", places.Select(p => $"{p.Name} = {p.Place}"))}",
        };
    }

    /// <summary>The columns' names, parted by commas.</summary>
    public string Names => string.Join(", ", Columns.Select(column => column.Name));
}
