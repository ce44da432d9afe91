using System.Data.Common;
using Dapper;
using Vigie.Engine.Findings;

namespace Vigie.Store;

/// <summary>An event that stood around a finding.</summary>
/// <param name="Id">Tells it from others: a hash of where it was read and of its bytes.</param>
/// <param name="Time">When it happened, as it says; null where it does not.</param>
/// <param name="Place">Where it was read.</param>
/// <param name="Copy">The event, cut where it is long.</param>
/// <param name="Cut">How many bytes of it were not kept.</param>
public sealed record ContextEvent(string Id, DateTimeOffset? Time, string Place, string Copy, int Cut);

/// <summary>The events around a finding, as they were read: logs rotate away, these stay as long as the finding.</summary>
public sealed record FindingContext
{
    /// <summary>The source they were read from.</summary>
    public required string Source { get; init; }

    /// <summary>The machine they are about; empty where events name none.</summary>
    public string Host { get; init; } = "";

    /// <summary>The events before it, in order of reading.</summary>
    public IReadOnlyList<ContextEvent> Before { get; init; } = [];

    /// <summary>The events after it, in order of reading.</summary>
    public IReadOnlyList<ContextEvent> After { get; init; } = [];

    /// <summary>Of a correlation: the events that took part, in order of time.</summary>
    public IReadOnlyList<ContextEvent> Parts { get; init; } = [];

    /// <summary>How many more there were that could not be kept.</summary>
    public long Missing { get; init; }

    /// <summary>Until when further events after it are taken; null when it is complete.</summary>
    public DateTimeOffset? AwaitsUntil { get; init; }
}

/// <summary>What is written of a finding's context: the ids of its events.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Source">The source they were read from.</param>
/// <param name="Host">The machine they are about; empty where events name none.</param>
/// <param name="Before">The events before it, in order of reading.</param>
/// <param name="After">The events after it.</param>
/// <param name="Parts">The events that took part.</param>
/// <param name="Missing">How many more there were.</param>
/// <param name="Awaits">How many after it are still to come.</param>
/// <param name="AwaitsUntil">Until when they may.</param>
public sealed record ContextEntry(
    FindingId Finding, string Source, string Host, IReadOnlyList<string> Before, IReadOnlyList<string> After, IReadOnlyList<string> Parts,
    long Missing, int Awaits, DateTimeOffset AwaitsUntil);

/// <summary>
/// The events around findings. Every watch may keep some; writing the same again changes nothing, and writing less than is
/// there takes nothing away, so that what is read twice after a fault does no harm.
/// </summary>
public sealed class FindingContexts(Store store)
{
    /// <summary>Writes the copy of an event within a transaction.</summary>
    /// <param name="transaction">The one that also writes what refers to it.</param>
    /// <param name="copy">The event.</param>
    /// <param name="lastSeen">When the latest finding it is kept for was last seen.</param>
    public static void Save(DbTransaction transaction, ContextEvent copy, DateTimeOffset lastSeen) => transaction.Connection!.Execute(
        """
        INSERT INTO context_event (id, time, place, copy, cut, last_seen) VALUES (@Id, @time, @Place, @Copy, @Cut, @last)
        ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen WHERE context_event.last_seen < excluded.last_seen
        """,
        new { copy.Id, time = copy.Time?.ToUnixTimeMilliseconds(), copy.Place, copy.Copy, copy.Cut, last = lastSeen.ToUnixTimeMilliseconds() },
        transaction);

    /// <summary>Writes which events stand around a finding; of one that is no longer stored nothing is.</summary>
    public static void Save(DbTransaction transaction, ContextEntry entry) => transaction.Connection!.Execute(
        """
        INSERT INTO finding_context (finding_id, source, host, before_events, after_events, part_events, missing, awaits, awaits_until)
        SELECT @id, @Source, @Host, @before, @after, @parts, @Missing, @Awaits, @until WHERE EXISTS (SELECT 1 FROM finding WHERE id = @id)
        ON CONFLICT (finding_id) DO UPDATE SET
            before_events = CASE WHEN length(excluded.before_events) > length(finding_context.before_events) THEN excluded.before_events ELSE finding_context.before_events END,
            after_events = CASE WHEN length(excluded.after_events) > length(finding_context.after_events) THEN excluded.after_events ELSE finding_context.after_events END,
            part_events = CASE WHEN length(excluded.part_events) > length(finding_context.part_events) THEN excluded.part_events ELSE finding_context.part_events END,
            missing = CASE WHEN excluded.missing < finding_context.missing THEN excluded.missing ELSE finding_context.missing END,
            awaits = excluded.awaits, awaits_until = excluded.awaits_until
        """,
        new
        {
            id = entry.Finding.Value,
            entry.Source,
            entry.Host,
            before = string.Join(' ', entry.Before),
            after = string.Join(' ', entry.After),
            parts = string.Join(' ', entry.Parts),
            entry.Missing,
            entry.Awaits,
            until = entry.AwaitsUntil.ToUnixTimeMilliseconds(),
        },
        transaction);

    /// <summary>The events around a finding; null where none were kept.</summary>
    public async Task<FindingContext?> ReadAsync(FindingId id, CancellationToken cancellationToken)
    {
        var row = await store.ReadAsync(
            (connection, token) => connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                $"SELECT {Row.Columns} FROM finding_context c WHERE finding_id = @Value", new { id.Value }, cancellationToken: token)),
            cancellationToken);
        if (row is null) return null;
        var (before, after, parts) = (Ids(row.BeforeEvents), Ids(row.AfterEvents), Ids(row.PartEvents));
        var ids = before.Concat(after).Concat(parts).Distinct(StringComparer.Ordinal).ToList();
        var events = (await store.ReadAsync(
            (connection, token) => connection.QueryAsync<EventRow>(new CommandDefinition(
                $"SELECT id, time, place, copy, cut FROM context_event WHERE {store.Dialect.In("id", "@ids")}", new { ids }, cancellationToken: token)),
            cancellationToken)).ToDictionary(e => e.Id, e => e.ToEvent(), StringComparer.Ordinal);
        return new FindingContext
        {
            Source = row.Source,
            Host = row.Host,
            Before = [.. before.Where(events.ContainsKey).Select(e => events[e])],
            After = [.. after.Where(events.ContainsKey).Select(e => events[e])],
            Parts = [.. parts.Where(events.ContainsKey).Select(e => events[e])],
            Missing = row.Missing,
            AwaitsUntil = row.Awaits > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(row.AwaitsUntil) : null,
        };
    }

    /// <summary>Those that still take events, with when their finding was last seen; the first to end first.</summary>
    public async Task<IReadOnlyList<(ContextEntry Entry, DateTimeOffset LastSeen)>> OpenAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                $"SELECT {Row.Columns}, f.last_seen FROM finding_context c JOIN finding f ON f.id = c.finding_id WHERE awaits > 0 ORDER BY awaits_until, finding_id", cancellationToken: token)),
            cancellationToken);
        return [.. rows.Select(row => (row.ToEntry(), DateTimeOffset.FromUnixTimeMilliseconds(row.LastSeen)))];
    }

    private static string[] Ids(string joined) => joined.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed class Row
    {
        public const string Columns = "c.finding_id, c.source, c.host, c.before_events, c.after_events, c.part_events, c.missing, c.awaits, c.awaits_until";

        public string FindingId { get; init; } = "";

        public string Source { get; init; } = "";

        public string Host { get; init; } = "";

        public string BeforeEvents { get; init; } = "";

        public string AfterEvents { get; init; } = "";

        public string PartEvents { get; init; } = "";

        public long Missing { get; init; }

        public int Awaits { get; init; }

        public long AwaitsUntil { get; init; }

        public long LastSeen { get; init; }

        public ContextEntry ToEntry() => new(
            new FindingId(FindingId), Source, Host, Ids(BeforeEvents), Ids(AfterEvents), Ids(PartEvents), Missing, Awaits, DateTimeOffset.FromUnixTimeMilliseconds(AwaitsUntil));
    }

    private sealed class EventRow
    {
        public string Id { get; init; } = "";

        public long? Time { get; init; }

        public string Place { get; init; } = "";

        public string Copy { get; init; } = "";

        public int Cut { get; init; }

        public ContextEvent ToEvent() => new(Id, Time is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null, Place, Copy, Cut);
    }
}
