using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace Vigie.Watches.Logs.Tables;

/// <summary>Something in a source that could not be read.</summary>
/// <param name="Code">The diagnostic's code.</param>
/// <param name="Place">Where: a path or address, and the offset.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record LogProblemSample(string Code, string Place, string Message);

/// <summary>How one source does.</summary>
internal sealed record LogSourceStatus(string Name, string Kind)
{
    /// <summary>How many problems are kept as samples.</summary>
    public const int MaxSamples = 5;

    public long Events { get; init; }

    public long Bytes { get; init; }

    public long Findings { get; init; }

    /// <summary>How often something could not be read.</summary>
    public long Problems { get; init; }

    public ImmutableArray<LogProblemSample> Samples { get; init; } = [];

    /// <summary>Messages that arrived and were lost before they could be read.</summary>
    public long Dropped { get; init; }

    /// <summary>Bytes still to read; null where unknown.</summary>
    public long? Behind { get; init; }

    /// <summary>The time of the latest event, as the event says.</summary>
    public DateTimeOffset? LastEvent { get; init; }

    /// <summary>When something last came.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>How long after it had happened the latest event came; null where unknown.</summary>
    public TimeSpan? Lag => LastReceived - LastEvent is { Ticks: > 0 } lag ? lag : null;

    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }
}

/// <summary>How the sources do, in the store.</summary>
internal sealed class LogSourceTable(Store.Store store)
{
    private const string Columns = "name, kind, events, bytes, findings, problems, samples, dropped, behind, last_event, last_received, last_error, last_error_at";

    /// <summary>Every source that ever brought something, by name.</summary>
    public Task<IReadOnlyDictionary<string, LogSourceStatus>> LoadAsync(CancellationToken ct) => store.ReadAsync<IReadOnlyDictionary<string, LogSourceStatus>>(
        async (connection, token) => (await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM log_source ORDER BY name", cancellationToken: token)))
            .ToDictionary(row => row.Name, row => row.ToStatus(), StringComparer.Ordinal),
        ct);

    public static void Save(DbTransaction transaction, LogSourceStatus status) => transaction.Connection!.Execute(
        $"""
         INSERT INTO log_source ({Columns})
         VALUES (@Name, @Kind, @Events, @Bytes, @Findings, @Problems, @Samples, @Dropped, @Behind, @LastEvent, @LastReceived, @LastError, @LastErrorAt)
         ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, events = excluded.events, bytes = excluded.bytes, findings = excluded.findings,
             problems = excluded.problems, samples = excluded.samples, dropped = excluded.dropped, behind = excluded.behind, last_event = excluded.last_event,
             last_received = excluded.last_received, last_error = excluded.last_error, last_error_at = excluded.last_error_at
         """,
        Row.Of(status),
        transaction);

    private sealed class Row
    {
        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public long Events { get; init; }

        public long Bytes { get; init; }

        public long Findings { get; init; }

        public long Problems { get; init; }

        public string Samples { get; init; } = "[]";

        public long Dropped { get; init; }

        public long? Behind { get; init; }

        public long? LastEvent { get; init; }

        public long? LastReceived { get; init; }

        public string? LastError { get; init; }

        public long? LastErrorAt { get; init; }

        public static Row Of(LogSourceStatus status) => new()
        {
            Name = status.Name,
            Kind = status.Kind,
            Events = status.Events,
            Bytes = status.Bytes,
            Findings = status.Findings,
            Problems = status.Problems,
            Samples = JsonSerializer.Serialize(status.Samples),
            Dropped = status.Dropped,
            Behind = status.Behind,
            LastEvent = status.LastEvent?.ToUnixTimeMilliseconds(),
            LastReceived = status.LastReceived?.ToUnixTimeMilliseconds(),
            LastError = status.LastError,
            LastErrorAt = status.LastErrorAt?.ToUnixTimeMilliseconds(),
        };

        public LogSourceStatus ToStatus() => new(Name, Kind)
        {
            Events = Events,
            Bytes = Bytes,
            Findings = Findings,
            Problems = Problems,
            Samples = [.. JsonSerializer.Deserialize<LogProblemSample[]>(Samples)!],
            Dropped = Dropped,
            Behind = Behind,
            LastEvent = Time(LastEvent),
            LastReceived = Time(LastReceived),
            LastError = LastError,
            LastErrorAt = Time(LastErrorAt),
        };

        private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } m ? DateTimeOffset.FromUnixTimeMilliseconds(m) : null;
    }
}
