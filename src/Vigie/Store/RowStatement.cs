using System.Collections.Immutable;
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
    /// <inheritdoc/>
    public bool Equals(RowStatement? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The columns' names, parted by commas.</summary>
    public string Names => string.Join(", ", Columns.Select(column => column.Name));
}
