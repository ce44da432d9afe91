using System.Text.Json;

namespace Vigie.Store.Backups;

/// <summary>
/// What a backup says about itself: the last entry of the archive, <c>manifest.json</c>. An archive is a ZIP of one
/// <c>tables/NAME.ndjson</c> a table (first line the column names, then one JSON array a row; bytes as
/// <c>{"base64": …}</c>) and one <c>keys/NAME</c> a key file, so it can be read without Vigie and restored into
/// either engine.
/// </summary>
internal sealed record Manifest
{
    public const int CurrentFormat = 1;
    public const string EntryName = "manifest.json";
    public const int MaxBytes = 1_000_000;

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required int Format { get; init; }

    /// <summary>The program that wrote it.</summary>
    public required string Program { get; init; }

    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The moment the whole backup shows.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The steps the schema had taken.</summary>
    public required IReadOnlyList<AppliedMigration> Migrations { get; init; }

    public required IReadOnlyList<ArchivedTable> Tables { get; init; }

    public required IReadOnlyList<ArchivedKey> Keys { get; init; }
}

/// <summary>A table in a backup; the hash is of the uncompressed entry, in lower-case hex.</summary>
internal sealed record ArchivedTable(string Name, long Rows, string Sha256)
{
    public string EntryName => $"tables/{Name}.ndjson";
}

/// <summary>A key file in a backup; the hash is of its content, in lower-case hex.</summary>
internal sealed record ArchivedKey(string Name, string Sha256)
{
    public string EntryName => $"keys/{Name}";
}

/// <summary>A backup cannot be made or used; the message says why and what to do.</summary>
public sealed class BackupException(Engine.Bilingual text, Exception? inner = null) : Exception(text.English, inner)
{
    /// <summary>The message in both languages.</summary>
    public Engine.Bilingual Text { get; } = text;
}
