using System.Data.Common;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Engine;

namespace Vigie.Store.Backups;

/// <summary>
/// Writes one moment of a store into an archive while a node goes on working. Rows are streamed: the memory it needs
/// does not grow with the store. It changes nothing, and never migrates, so it can be run before an upgrade.
/// </summary>
internal sealed class BackupWriter(StoreSettings settings, TimeProvider time)
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Writes the archive, reads it again and compares; only then does it get its name.</summary>
    /// <param name="file">Must not exist.</param>
    /// <param name="progress">Told after each table.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is left behind.</param>
    /// <exception cref="BackupException">There is no store, it is damaged, or the file exists.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<Manifest> WriteAsync(string file, IProgress<ArchivedTable>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(file)) throw new BackupException(Exists(file));
        var partial = file + ".partial";
        try
        {
            Manifest manifest;
            await using (var stream = DataDirectory.OpenPrivate(partial, FileMode.Create, FileShare.None))
            {
                manifest = await WriteAsync(stream, progress, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            using (var reader = BackupReader.Open(partial)) reader.Verify(cancellationToken);
            File.Move(partial, file, overwrite: false);
            return manifest;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async Task<Manifest> WriteAsync(Stream stream, IProgress<ArchivedTable>? progress, CancellationToken cancellationToken)
    {
        await using var dialect = Dialect.For(settings);
        try
        {
            if (!dialect.Exists()) throw new BackupException(Missing(dialect));
            using var lease = await dialect.RentReaderAsync(cancellationToken);
            using var snapshot = dialect.BeginSnapshot(lease.Connection);
            if (dialect.FindDamage(lease.Connection) is { } damage) throw new BackupException(Damaged(dialect, damage));

            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            var manifest = new Manifest
            {
                Format = Manifest.CurrentFormat,
                Program = Migrator.Program,
                Engine = dialect.Name,
                Time = time.GetUtcNow(),
                Migrations = new Migrator(dialect, time, []).Applied(lease.Connection, snapshot),
                Tables = await WriteTablesAsync(dialect, snapshot, archive, progress, cancellationToken),
                Keys = await WriteKeysAsync(archive, cancellationToken),
            };
            await using var entry = await archive.CreateEntry(Manifest.EntryName).OpenAsync(cancellationToken);
            await JsonSerializer.SerializeAsync(entry, manifest, Manifest.Json, cancellationToken);
            return manifest;
        }
        catch (Exception e) when (e is DbException && dialect.Diagnose(e) is { } problem)
        {
            throw new StoreUnavailableException(problem, e);
        }
    }

    private static async Task<IReadOnlyList<ArchivedTable>> WriteTablesAsync(
        Dialect dialect, DbTransaction snapshot, ZipArchive archive, IProgress<ArchivedTable>? progress, CancellationToken cancellationToken)
    {
        var tables = new List<ArchivedTable>();
        foreach (var name in dialect.Tables(snapshot.Connection!))
        {
            var table = new ArchivedTable(name, 0, "");
            await using var hashed = new HashingStream(await archive.CreateEntry(table.EntryName, CompressionLevel.Fastest).OpenAsync(cancellationToken));
            var rows = await WriteRowsAsync(snapshot, name, hashed, cancellationToken);
            table = table with { Rows = rows, Sha256 = hashed.Sha256() };
            tables.Add(table);
            progress?.Report(table);
        }

        return tables;
    }

    private static async Task<long> WriteRowsAsync(DbTransaction snapshot, string table, Stream stream, CancellationToken cancellationToken)
    {
        await using var command = snapshot.Connection!.CreateCommand();
        command.Transaction = snapshot;
        command.CommandText = $"SELECT * FROM {table}";
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);

        await using var json = new Utf8JsonWriter(stream, Compact);
        WriteLine(json, stream, Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray());
        var rows = 0L;
        var values = new object?[reader.FieldCount];
        while (await reader.ReadAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.GetValues(values!);
            WriteLine(json, stream, values);
            rows++;
        }

        return rows;
    }

    private static void WriteLine(Utf8JsonWriter json, Stream stream, IReadOnlyList<object?> values)
    {
        json.Reset(stream);
        json.WriteStartArray();
        foreach (var value in values) WriteValue(json, value);
        json.WriteEndArray();
        json.Flush();
        stream.Write(NewLine);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or DBNull: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case long or int or short: json.WriteNumberValue(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)); break;
            // JSON has no word for them, and no column means them.
            case double number when !double.IsFinite(number): json.WriteNullValue(); break;
            case double number: json.WriteNumberValue(number); break;
            case byte[] bytes:
                json.WriteStartObject();
                json.WriteBase64String("base64", bytes);
                json.WriteEndObject();
                break;
            default: throw new NotSupportedException($"No table may have a column of type {value.GetType().Name}; docs/store.md lists the types both engines have.");
        }
    }

    private async Task<IReadOnlyList<ArchivedKey>> WriteKeysAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        var folder = DataDirectory.Keys(settings.DataDirectory);
        if (!Directory.Exists(folder)) return [];

        var keys = new List<ArchivedKey>();
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            var key = new ArchivedKey(Path.GetFileName(file), "");
            await using var hashed = new HashingStream(await archive.CreateEntry(key.EntryName).OpenAsync(cancellationToken));
            await hashed.WriteAsync(await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken);
            keys.Add(key with { Sha256 = hashed.Sha256() });
        }

        return keys;
    }

    private static Bilingual Exists(string file) => new(
        $"{file} exists; a backup never overwrites a file.",
        $"{file} existe déjà ; une sauvegarde n'écrase jamais un fichier.");

    private static Bilingual Missing(Dialect dialect) => new(
        $"There is no store at {dialect.Where}. Name its folder with --data or --settings.",
        $"Il n'y a pas de magasin à {dialect.Where}. Indiquez son dossier avec --data ou --settings.");

    private static Bilingual Damaged(Dialect dialect, string damage) => new(
        $"{dialect.Where} is damaged ({damage}); a backup of it would be no good. Restore an earlier one with \"vigie restore FILE --replace\".",
        $"{dialect.Where} est endommagé ({damage}) ; en faire une sauvegarde ne servirait à rien. Restaurez-en une plus ancienne avec « vigie restore FICHIER --replace ».");
}
