using System.Data.Common;
using Npgsql;
using Vigie.Operations;

namespace Vigie.Store;

/// <summary>The <c>store:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record StoreSettings
{
    /// <summary>The smallest disk budget: less would have no room for a day of mail.</summary>
    public const long SmallestMaxSize = 50_000_000;

    /// <summary>The node's data folder; the embedded store is <c>vigie.db</c> in it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary><c>store.postgresql</c>: the connection string of the team store; null means the embedded SQLite store.</summary>
    public string? PostgreSql { get; init; }

    /// <summary><c>store.maxSize</c>: the disk budget in bytes; near it the oldest rows are deleted (<see cref="RetentionKind"/>).</summary>
    public long MaxSize { get; init; } = 20_000_000_000;

    /// <summary><c>store.mailWait</c>: how long a mail decision waits for room in its lane before the mail server is told to come back.</summary>
    public TimeSpan MailWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>store.lockWait</c>: how long a write waits for another process that writes to the same file.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>store.keep</c>: how long each kind of data is kept; kinds that are absent keep their default.</summary>
    public IReadOnlyDictionary<RetentionKind, TimeSpan> Keep { get; init; } = new Dictionary<RetentionKind, TimeSpan>();

    /// <summary>Test seam: the most pages the SQLite file may have, as <c>PRAGMA max_page_count</c>; 0 is no limit.</summary>
    internal int SqliteMaxPages { get; init; }

    /// <summary>The embedded store's file.</summary>
    public string SqliteFile => Path.Combine(DataDirectory, "vigie.db");

    internal static StoreSettings Read(SettingsSection section, string dataDirectory)
    {
        var settings = new StoreSettings { DataDirectory = dataDirectory };
        return settings with
        {
            PostgreSql = ReadConnectionString(section),
            MaxSize = section.Size("maxSize", settings.MaxSize, SmallestMaxSize, 1_000_000_000_000_000),
            MailWait = section.Duration("mailWait", settings.MailWait, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            LockWait = section.Duration("lockWait", settings.LockWait, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            Keep = ReadKeep(section.Section("keep")),
        };
    }

    private static Dictionary<RetentionKind, TimeSpan> ReadKeep(SettingsSection section) =>
        RetentionKind.All.ToDictionary(
            kind => kind,
            kind => section.Duration(kind.Name, kind.Default, TimeSpan.FromDays(1), TimeSpan.FromDays(36_500)));

    private static string? ReadConnectionString(SettingsSection section)
    {
        if (section.OptionalString("postgresql") is not { } text) return null;
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(parsed.Host)) section.Problem("postgresql", "names no Host, for example \"Host=/run/postgresql;Database=vigie\"");
            return text;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or DbException)
        {
            // The value may hold a password, so it is not repeated.
            section.Problem("postgresql", "is not a PostgreSQL connection string such as \"Host=/run/postgresql;Database=vigie;Username=vigie\"");
            return null;
        }
    }
}
