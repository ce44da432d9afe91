using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vigie.Engine;

namespace Vigie.Store.Backups;

/// <summary>
/// Reads an archive. It may be cut, altered or no archive at all: every way of that ends in a
/// <see cref="BackupException"/> that names the file, before anything of a store is touched.
/// </summary>
internal sealed partial class BackupReader : IDisposable
{
    /// <summary>The longest row that is read: far above what any table holds, far below what harms.</summary>
    private const int MaxLine = 64_000_000;

    private readonly string _file;
    private readonly ZipArchive _archive;

    private BackupReader(string file, ZipArchive archive)
    {
        _file = file;
        _archive = archive;
        Manifest = ReadManifest();
    }

    public Manifest Manifest { get; }

    /// <exception cref="BackupException">It is no backup.</exception>
    public static BackupReader Open(string file)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(new Bilingual($"{file} cannot be read: {e.Message}", $"{file} ne peut pas être lu : {e.Message}"), e);
        }

        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(stream, ZipArchiveMode.Read);
            return new BackupReader(file, archive);
        }
        catch (Exception e)
        {
            archive?.Dispose();
            stream.Dispose();
            if (e is InvalidDataException or JsonException or IOException or NotSupportedException) throw NoBackup(file, e);
            throw;
        }
    }

    /// <summary>Reads everything once and compares it with the manifest.</summary>
    /// <exception cref="BackupException">Something differs.</exception>
    public void Verify(CancellationToken cancellationToken)
    {
        foreach (var table in Manifest.Tables) ReadTable(table, _ => { }, _ => { }, cancellationToken);
        foreach (var key in Manifest.Keys) ReadKey(key);
    }

    /// <summary>Reads a table, then compares its hash and number of rows with the manifest.</summary>
    /// <param name="table">Which.</param>
    /// <param name="columns">Given the column names first.</param>
    /// <param name="row">Given each row: an array of as many values as there are columns, valid during the call.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    public void ReadTable(ArchivedTable table, Action<IReadOnlyList<string>> columns, Action<JsonElement> row, CancellationToken cancellationToken)
    {
        try
        {
            using var hashed = new HashingStream(Entry(table.EntryName));
            var rows = -1L;
            var width = 0;
            foreach (var line in Lines(hashed))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var json = JsonDocument.Parse(line);
                if (rows++ < 0)
                {
                    var names = ColumnNames(json.RootElement);
                    width = names.Count;
                    columns(names);
                }
                else
                {
                    if (json.RootElement.ValueKind != JsonValueKind.Array || json.RootElement.GetArrayLength() != width) throw new InvalidDataException($"a row of {table.Name} has not {width} values");
                    row(json.RootElement);
                }
            }

            if (rows != table.Rows) throw new InvalidDataException($"{table.Name} has {rows} rows instead of {table.Rows}");
            if (hashed.Sha256() != table.Sha256) throw new InvalidDataException($"the checksum of {table.Name} differs");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw NoBackup(_file, e);
        }
    }

    /// <summary>The content of a key file, after comparing its hash with the manifest.</summary>
    public byte[] ReadKey(ArchivedKey key)
    {
        try
        {
            using var hashed = new HashingStream(Entry(key.EntryName));
            using var content = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (var count = hashed.Read(buffer); count > 0; count = hashed.Read(buffer))
            {
                if (content.Length + count > MaxLine) throw new InvalidDataException($"key {key.Name} is too large");
                content.Write(buffer, 0, count);
            }

            return hashed.Sha256() == key.Sha256 ? content.ToArray() : throw new InvalidDataException($"the checksum of key {key.Name} differs");
        }
        catch (InvalidDataException e)
        {
            throw NoBackup(_file, e);
        }
    }

    public void Dispose() => _archive.Dispose();

    private Manifest ReadManifest()
    {
        var entry = _archive.GetEntry(Manifest.EntryName) ?? throw new InvalidDataException("it has no manifest.json");
        if (entry.Length > Manifest.MaxBytes) throw new InvalidDataException("its manifest is too large");
        using var stream = entry.Open();
        var manifest = JsonSerializer.Deserialize<Manifest>(stream, Manifest.Json) ?? throw new InvalidDataException("its manifest is empty");
        if (manifest.Format != Manifest.CurrentFormat) throw new InvalidDataException($"its format is {manifest.Format}; this program reads {Manifest.CurrentFormat}");
        // Names become SQL and file names below, so they are checked where they enter.
        if (manifest.Tables.FirstOrDefault(table => !TableName().IsMatch(table.Name)) is { } odd) throw new InvalidDataException($"it names a table \"{odd.Name}\"");
        if (manifest.Keys.FirstOrDefault(key => !KeyName().IsMatch(key.Name)) is { } strange) throw new InvalidDataException($"it names a key file \"{strange.Name}\"");
        return manifest;
    }

    private static List<string> ColumnNames(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Array) throw new InvalidDataException("a table does not begin with its column names");
        var names = line.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? name.GetString()! : "").ToList();
        return names.Find(name => !TableName().IsMatch(name)) is { } odd ? throw new InvalidDataException($"it names a column \"{odd}\"") : names;
    }

    private Stream Entry(string name) => (_archive.GetEntry(name) ?? throw new InvalidDataException($"it has no {name}")).Open();

    private static IEnumerable<string> Lines(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 64 * 1024, leaveOpen: true);
        var line = new StringBuilder();
        var buffer = new char[32 * 1024];
        for (var count = reader.Read(buffer); count > 0; count = reader.Read(buffer))
        {
            var rest = buffer.AsMemory(0, count);
            for (var end = rest.Span.IndexOf('\n'); end >= 0; end = rest.Span.IndexOf('\n'))
            {
                line.Append(rest[..end]);
                yield return line.ToString();
                line.Clear();
                rest = rest[(end + 1)..];
            }

            line.Append(rest);
            if (line.Length > MaxLine) throw new InvalidDataException("a row is too long");
        }

        if (line.Length > 0) throw new InvalidDataException("the last row is cut");
    }

    /// <summary>The answer to an archive that cannot be used.</summary>
    internal static BackupException NoBackup(string file, Exception e) => new(
        new Bilingual(
            $"{file} is not a whole Vigie backup: {e.Message}. Use another one; nothing was changed.",
            $"{file} n'est pas une sauvegarde entière de Vigie : {e.Message}. Prenez-en une autre ; rien n'a été changé."),
        e);

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex TableName();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")]
    private static partial Regex KeyName();
}
