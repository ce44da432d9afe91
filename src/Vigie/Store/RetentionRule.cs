using System.Text.RegularExpressions;

namespace Vigie.Store;

/// <summary>Which rows of a table are too old to keep. All names are SQL identifiers from code, never from input.</summary>
public sealed partial record RetentionRule
{
    /// <summary>Makes a rule.</summary>
    /// <param name="kind">The kind of data, which decides how long it is kept.</param>
    /// <param name="table">The table.</param>
    /// <param name="timeColumn">Unix milliseconds UTC the age is counted from; should be indexed.</param>
    /// <param name="keyColumn">A unique column, by which small portions are deleted.</param>
    /// <param name="only">A further SQL condition on rows that may be deleted, for example <c>state IN ('Released', 'Returned')</c>.</param>
    public RetentionRule(RetentionKind kind, string table, string timeColumn, string keyColumn = "id", string? only = null)
    {
        foreach (var name in (string[])[table, timeColumn, keyColumn])
        {
            if (!Identifier().IsMatch(name)) throw new ArgumentException($"\"{name}\" is not an SQL identifier.", nameof(table));
        }

        (Kind, Table, TimeColumn, KeyColumn, Only) = (kind, table, timeColumn, keyColumn, only);
    }

    public RetentionKind Kind { get; }

    public string Table { get; }

    public string TimeColumn { get; }

    public string KeyColumn { get; }

    public string? Only { get; }

    /// <summary>Done after rows were deleted and that was committed, by whoever holds some of them in memory.</summary>
    internal Action? AfterDelete { get; init; }

    [GeneratedRegex("^[a-z_][a-z0-9_]*$")]
    private static partial Regex Identifier();
}
