using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace Vigie.Watches.Domains.Feeds;

/// <summary>A line that could not be read, and why.</summary>
internal sealed record MalformedSample(string Problem, string Line);

/// <summary>What a feed has brought since it was first read.</summary>
internal sealed record FeedStatus(string Name)
{
    /// <summary>The most malformed lines kept: the latest.</summary>
    public const int MaxSamples = 5;

    public long Lines { get; init; }

    public long Names { get; init; }

    /// <summary>Names that imitate a protected one.</summary>
    public long Matches { get; init; }

    public long Malformed { get; init; }

    public ImmutableArray<MalformedSample> Samples { get; init; } = [];

    /// <summary>When the latest thing the feed tells of happened; the time of reading where it does not say.</summary>
    public DateTimeOffset? LastEvent { get; init; }

    /// <summary>When a line was last read.</summary>
    public DateTimeOffset? LastRead { get; init; }

    /// <summary>When it was last looked at without a failure.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Bytes still to read; null where unknown.</summary>
    public long? Behind { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Whether the last look failed.</summary>
    public bool IsFailing => LastErrorAt is { } at && (LastSuccess is not { } good || at > good);
}

/// <summary>How the feeds do, in the store.</summary>
internal sealed class FeedTable(Store.Store store)
{
    private const string Columns = "name, lines, names, matches, malformed, samples, last_event, last_read, last_success, behind, last_error, last_error_at";

    public Task<IReadOnlyDictionary<string, FeedStatus>> LoadAsync(CancellationToken ct) => store.ReadAsync<IReadOnlyDictionary<string, FeedStatus>>(
        async (connection, token) => (await connection.QueryAsync<FeedRow>(new CommandDefinition($"SELECT {Columns} FROM domain_feed", cancellationToken: token)))
            .ToDictionary(row => row.Name, row => row.ToStatus(), StringComparer.Ordinal),
        ct);

    public static void Save(DbTransaction transaction, FeedStatus status) => transaction.Connection!.Execute(
        $"""
         INSERT INTO domain_feed ({Columns})
         VALUES (@Name, @Lines, @Names, @Matches, @Malformed, @Samples, @LastEvent, @LastRead, @LastSuccess, @Behind, @LastError, @LastErrorAt)
         ON CONFLICT (name) DO UPDATE SET lines = excluded.lines, names = excluded.names, matches = excluded.matches, malformed = excluded.malformed,
             samples = excluded.samples, last_event = excluded.last_event, last_read = excluded.last_read, last_success = excluded.last_success,
             behind = excluded.behind, last_error = excluded.last_error, last_error_at = excluded.last_error_at
         """,
        FeedRow.Of(status),
        transaction);

    private sealed class FeedRow
    {
        public string Name { get; init; } = "";

        public long Lines { get; init; }

        public long Names { get; init; }

        public long Matches { get; init; }

        public long Malformed { get; init; }

        public string Samples { get; init; } = "[]";

        public long? LastEvent { get; init; }

        public long? LastRead { get; init; }

        public long? LastSuccess { get; init; }

        public long? Behind { get; init; }

        public string? LastError { get; init; }

        public long? LastErrorAt { get; init; }

        public static FeedRow Of(FeedStatus status) => new()
        {
            Name = status.Name,
            Lines = status.Lines,
            Names = status.Names,
            Matches = status.Matches,
            Malformed = status.Malformed,
            Samples = JsonSerializer.Serialize(status.Samples),
            LastEvent = status.LastEvent?.ToUnixTimeMilliseconds(),
            LastRead = status.LastRead?.ToUnixTimeMilliseconds(),
            LastSuccess = status.LastSuccess?.ToUnixTimeMilliseconds(),
            Behind = status.Behind,
            LastError = status.LastError,
            LastErrorAt = status.LastErrorAt?.ToUnixTimeMilliseconds(),
        };

        public FeedStatus ToStatus() => new(Name)
        {
            Lines = Lines,
            Names = Names,
            Matches = Matches,
            Malformed = Malformed,
            Samples = [.. JsonSerializer.Deserialize<MalformedSample[]>(Samples)!],
            LastEvent = Time(LastEvent),
            LastRead = Time(LastRead),
            LastSuccess = Time(LastSuccess),
            Behind = Behind,
            LastError = LastError,
            LastErrorAt = Time(LastErrorAt),
        };

        private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } m ? DateTimeOffset.FromUnixTimeMilliseconds(m) : null;
    }
}
