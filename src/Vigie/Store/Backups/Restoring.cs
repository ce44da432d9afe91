using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Vigie.Engine;

namespace Vigie.Store.Backups;

/// <summary>
/// Puts a backup in the place of a store, of either engine. The new store is built beside the old one, checked, and
/// only then changes places with it; the old one is kept aside. Whatever fails before leaves the old one as it was.
/// </summary>
internal sealed class Restoring(StoreSettings settings, TimeProvider time)
{
    /// <summary>Restores.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="replace">Whether an existing store may be put aside.</param>
    /// <param name="progress">Told after each table.</param>
    /// <param name="cancellationToken">Until the exchange; the old store is then unchanged.</param>
    /// <exception cref="BackupException">The archive is no good, or a store exists and <paramref name="replace"/> is false.</exception>
    /// <exception cref="StoreException">A node runs, or the place cannot be written.</exception>
    public async Task<RestoreResult> RunAsync(string file, bool replace, IProgress<ArchivedTable>? progress, CancellationToken cancellationToken)
    {
        using var reader = BackupReader.Open(file);
        reader.Verify(cancellationToken);

        await using var dialect = Dialect.For(settings);
        try
        {
            using var alone = NodeLock.TryAcquire(settings.DataDirectory) ?? throw new StoreUnavailableException(NodeLock.InUse(settings.DataDirectory));
            using var aloneOnServer = dialect.ExcludeNodes();
            if (!replace && dialect.Exists()) throw new BackupException(Occupied(dialect));

            await using (var staging = dialect.Staging()) Build(staging, reader, progress, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var suffix = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
            var aside = dialect.PutStagingInPlace($"before_{suffix}");
            RestoreKeys(reader, $".before_{suffix}");
            return new RestoreResult(reader.Manifest, dialect.Where, aside);
        }
        catch (Exception e) when (e is not StoreException and not BackupException && dialect.Diagnose(e) is { } problem)
        {
            throw new StoreUnavailableException(problem, e);
        }
        catch (Exception e) when (e is InvalidDataException or DbException)
        {
            throw BackupReader.NoBackup(file, e);
        }
    }

    private void Build(Dialect staging, BackupReader reader, IProgress<ArchivedTable>? progress, CancellationToken cancellationToken)
    {
        staging.Prepare();
        using var connection = staging.OpenWriter();

        // First the schema the backup had, so that its rows fit; then the later steps, which carry the rows along.
        new Migrator(staging, time, Known(reader.Manifest)).Run(connection);
        Load(staging, connection, reader, progress, cancellationToken);
        new Migrator(staging, time, Migration.All).Run(connection);
        using (var transaction = staging.Begin(connection))
        {
            Incidents.IncidentNumbers.PassOver(transaction);
            transaction.Commit();
        }

        if (staging.FindDamage(connection) is { } damage) throw new InvalidDataException(damage);
        staging.Settle(connection);
    }

    private static List<Migration> Known(Manifest manifest)
    {
        var known = new List<Migration>();
        foreach (var step in manifest.Migrations)
        {
            known.Add(Migration.All.FirstOrDefault(migration => migration.Version == step.Version && migration.Checksum == step.Checksum)
                ?? throw new BackupException(OtherVersion(manifest, step)));
        }

        return known;
    }

    private static void Load(Dialect staging, DbConnection connection, BackupReader reader, IProgress<ArchivedTable>? progress, CancellationToken cancellationToken)
    {
        using var transaction = staging.Begin(connection);
        var tables = staging.Tables(connection);

        // Rows that a migration itself put in are in the backup as well.
        foreach (var table in tables.Reverse())
        {
            if (connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}", transaction: transaction) > 0)
                connection.Execute($"DELETE FROM {table}", transaction: transaction);
        }

        foreach (var table in tables)
        {
            if (reader.Manifest.Tables.FirstOrDefault(archived => archived.Name == table) is not { } archived) continue;
            LoadTable(staging, transaction, reader, archived, cancellationToken);
            progress?.Report(archived);
        }

        if (reader.Manifest.Tables.FirstOrDefault(archived => !tables.Contains(archived.Name)) is { } unknown)
            throw new InvalidDataException($"it has a table \"{unknown.Name}\" that its schema has not");
        transaction.Commit();
    }

    private static void LoadTable(Dialect staging, DbTransaction transaction, BackupReader reader, ArchivedTable table, CancellationToken cancellationToken)
    {
        RowLoader? loader = null;
        object?[] values = [];
        try
        {
            reader.ReadTable(
                table,
                columns =>
                {
                    loader = staging.Load(transaction, table.Name, columns);
                    values = new object?[columns.Count];
                },
                row =>
                {
                    for (var i = 0; i < values.Length; i++) values[i] = Value(row[i], loader!.Types[i]);
                    loader!.Add(values);
                },
                cancellationToken);
            loader?.Complete();
        }
        finally
        {
            loader?.Dispose();
        }
    }

    // SQLite keeps any type in any column, so there (typeof(object)) the value decides; PostgreSQL wants the column's type.
    private static object? Value(JsonElement json, Type type)
    {
        var any = type == typeof(object);
        return json.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String when any || type == typeof(string) => json.GetString(),
            JsonValueKind.Number when type == typeof(double) => json.GetDouble(),
            JsonValueKind.Number when type == typeof(short) && json.TryGetInt16(out var number) => number,
            JsonValueKind.Number when type == typeof(int) && json.TryGetInt32(out var number) => number,
            JsonValueKind.Number when (any || type == typeof(long)) && json.TryGetInt64(out var number) => number,
            JsonValueKind.Number when any => json.GetDouble(),
            JsonValueKind.Object when (any || type == typeof(byte[])) && json.TryGetProperty("base64", out var text) && text.TryGetBytesFromBase64(out var bytes) => bytes,
            _ => throw new InvalidDataException($"a value is {json.ValueKind} where the column is {type.Name}"),
        };
    }

    private void RestoreKeys(BackupReader reader, string suffix)
    {
        if (reader.Manifest.Keys.Count == 0) return;
        var folder = DataDirectory.Keys(settings.DataDirectory);
        if (Directory.Exists(folder)) Directory.Move(folder, folder + suffix);
        DataDirectory.Prepare(folder);
        foreach (var key in reader.Manifest.Keys)
        {
            using var file = DataDirectory.OpenPrivate(Path.Combine(folder, key.Name), FileMode.CreateNew);
            file.Write(reader.ReadKey(key));
            file.Flush(flushToDisk: true);
        }
    }

    private static Bilingual Occupied(Dialect dialect) => new(
        $"{dialect.Where} holds a store already. With --replace it is put aside and the backup takes its place.",
        $"{dialect.Where} contient déjà un magasin. Avec --replace il est mis de côté et la sauvegarde prend sa place.");

    private static Bilingual OtherVersion(Manifest manifest, AppliedMigration step) => new(
        $"The backup was made by Vigie {manifest.Program}, whose schema (step {step.Version:0000}_{step.Name}) this program ({Migrator.Program}) does not know. Restore it with that version or a later one.",
        $"La sauvegarde vient de Vigie {manifest.Program}, dont ce programme ({Migrator.Program}) ne connaît pas le schéma (étape {step.Version:0000}_{step.Name}). Restaurez-la avec cette version ou une suivante.");
}

/// <summary>What was restored, where, and where the old store lies now (null where there was none).</summary>
internal sealed record RestoreResult(Manifest Manifest, string Where, string? Aside);
