using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Vigie.Store;

/// <summary>The few single values the store itself remembers between runs.</summary>
internal static class StoreValues
{
    public static void Set(DbTransaction transaction, string name, long value) => transaction.Connection!.Execute(
        "INSERT INTO store_state (name, value) VALUES (@name, @text) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        new { name, text = value.ToString(CultureInfo.InvariantCulture) },
        transaction);

    public static async Task<long?> GetAsync(DbConnection connection, string name, CancellationToken cancellationToken)
    {
        var text = await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition("SELECT value FROM store_state WHERE name = @name", new { name }, cancellationToken: cancellationToken));
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
