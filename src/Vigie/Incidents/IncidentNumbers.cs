using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Vigie.Incidents;

/// <summary>
/// Gives incidents their numbers. A number is drawn in the transaction that makes the incident and never again, also when its
/// incident was deleted since: what was exported or written down under a number stays the only one of that number.
/// </summary>
internal static class IncidentNumbers
{
    private const string Name = "incident.last";
    private const long Step = 10_000;

    /// <summary>
    /// Passes over numbers that may have been given after the backup that is being restored was made: to the next but one full
    /// ten thousand. What was exported meanwhile stays the only one of its number, and people see where the restored store begins.
    /// </summary>
    public static void PassOver(DbTransaction transaction)
    {
        var last = Last(transaction);
        if (last > 0) Store.StoreValues.Set(transaction, Name, ((last / Step) + 2) * Step);
    }

    /// <summary>Draws numbers that follow each other; gives the first.</summary>
    /// <param name="transaction">The one that makes the incidents.</param>
    /// <param name="count">How many.</param>
    public static long Take(DbTransaction transaction, int count = 1)
    {
        var last = Last(transaction);
        Store.StoreValues.Set(transaction, Name, last + count);
        return last + 1;
    }

    private static long Last(DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        var text = connection.ExecuteScalar<string?>("SELECT value FROM store_state WHERE name = @Name", new { Name }, transaction);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stored)
            ? stored
            : connection.ExecuteScalar<long?>("SELECT max(id) FROM incident", transaction: transaction) ?? 0;
    }
}
