using System.Collections.Immutable;
using System.Data.Common;
using System.Text;
using Dapper;
using Vigie.Engine.Events;
using Vigie.Watches.Logs.Context;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Watches.Logs.Pipeline;

/// <summary>
/// The correlations that run, and how they survive: what they are told is written down with the findings and positions of the
/// same events, as entries after the last whole snapshot. Restored, the snapshot and its entries give exactly the state that
/// was committed, so that no event counts twice or is forgotten. One thread uses it.
/// </summary>
internal sealed class CorrelationState(LogsSettings settings, LogContexts contexts, TimeProvider time)
{
    private const string Row = "correlations";
    private const int SnapshotAfterEntries = 500;
    private const long SnapshotAfterBytes = 4_000_000;
    private const byte Observed = 1;
    private const byte Advanced = 2;

    private readonly LiveCorrelations _live = new(settings.Lateness, time);
    private DateTimeOffset? _advance;
    private long _sequence;
    private int _entries;
    private long _entryBytes;
    private bool _snapshotDue;

    /// <summary>Takes up the state the store has.</summary>
    public async Task RestoreAsync(Store.Store store, LoadedRules rules, CancellationToken ct)
    {
        var saved = await store.ReadAsync(
            async (connection, token) => await connection.QuerySingleOrDefaultAsync<SavedRow>(new CommandDefinition("SELECT sequence, snapshot FROM log_correlation WHERE name = @Row", new { Row }, cancellationToken: token)), ct);
        var entries = (await store.ReadAsync(
            (connection, token) => connection.QueryAsync<EntryRow>(new CommandDefinition("SELECT sequence, entries FROM log_correlation_entry WHERE sequence > @after ORDER BY sequence", new { after = saved?.Sequence ?? 0 }, cancellationToken: token)), ct)).AsList();
        _live.Begin(rules, saved?.Snapshot);
        _sequence = saved?.Sequence ?? 0;
        foreach (var row in entries)
        {
            Replay(row.Entries);
            // Their findings were committed with them.
            _live.Repeated();
            _sequence = row.Sequence;
            _entryBytes += row.Entries.Length;
        }

        _live.Repeated();
        _entries = entries.Count;
        _advance = null;
    }

    /// <summary>Goes on with other rules; what is remembered for correlations that are still there stays.</summary>
    public void Adopt(LoadedRules rules)
    {
        if (ReferenceEquals(rules, _live.Rules)) return;
        _live.Adopt(rules);
        _snapshotDue = true;
    }

    /// <summary>Tells of a rule that matched an event.</summary>
    public void Feed(int rule, EventRecord record, in LogOrigin origin, LogGroup group)
    {
        var captured = _live.Needed(record);
        var identity = LiveCorrelations.IdentityOf(record, origin);
        using (var writer = new BinaryWriter(group.Correlated, Encoding.UTF8, leaveOpen: true))
        {
            WriteAdvance(writer);
            WriteObserved(writer, _live.Rules.Rules[rule].Id, captured, identity);
        }

        group.Correlate();
        contexts.TakePart(identity, record);
        _live.Observe(rule, captured, identity);
    }

    /// <summary>Hears how far a source has come; correlations wait for the slowest that still sends.</summary>
    public void Heard(string source, DateTimeOffset? lastEvent, DateTimeOffset received) => _live.Heard(source, lastEvent, received);

    /// <summary>Called after each group, and now and then when nothing comes: what has come true goes into <paramref name="group"/>.</summary>
    /// <param name="group">Takes the findings.</param>
    /// <param name="isIdle">Whether nothing has come for a while, so that time itself goes on.</param>
    /// <param name="isMuted">Whether a rule is muted.</param>
    public void Conclude(LogGroup group, bool isIdle, Func<string, bool> isMuted)
    {
        _advance = _live.Advance(isIdle) ?? _advance;
        foreach (var match in _live.Take())
        {
            var finding = LogFindings.Of(match, _live.Rules);
            var muted = isMuted(match.Rule.Id);
            group.Count(match.Rule.Id, finding.LastSeen, stored: true, muted);
            group.Add(finding, muted, contexts.Open(finding, match));
        }

        if (group.Changes == 0 || _advance is null) return;
        using var writer = new BinaryWriter(group.Correlated, Encoding.UTF8, leaveOpen: true);
        WriteAdvance(writer);
    }

    /// <summary>Writes what was told in the group, or now and then everything that is remembered.</summary>
    public void Save(DbTransaction transaction, LogGroup group)
    {
        if (group.Correlated.Length == 0 && !_snapshotDue) return;
        var connection = transaction.Connection!;
        var sequence = _sequence + 1;
        if (!_snapshotDue && _entries < SnapshotAfterEntries && _entryBytes + group.Correlated.Length < SnapshotAfterBytes)
        {
            connection.Execute("INSERT INTO log_correlation_entry (sequence, entries) VALUES (@sequence, @entries)", new { sequence, entries = group.Correlated.ToArray() }, transaction);
            return;
        }

        connection.Execute(
            """
            INSERT INTO log_correlation (name, sequence, snapshot, updated_at) VALUES (@Row, @sequence, @snapshot, @now)
            ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, snapshot = excluded.snapshot, updated_at = excluded.updated_at
            """,
            new { Row, sequence, snapshot = _live.Snapshot(), now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction);
        connection.Execute("DELETE FROM log_correlation_entry WHERE sequence <= @sequence", new { sequence }, transaction);
        group.HasSnapshot = true;
    }

    /// <summary>Says that what <see cref="Save"/> wrote is committed.</summary>
    public void Saved(LogGroup group)
    {
        if (group.HasSnapshot)
        {
            (_sequence, _entries, _entryBytes, _snapshotDue) = (_sequence + 1, 0, 0, false);
        }
        else if (group.Correlated.Length > 0)
        {
            (_sequence, _entries, _entryBytes) = (_sequence + 1, _entries + 1, _entryBytes + group.Correlated.Length);
        }
    }

    private void WriteAdvance(BinaryWriter writer)
    {
        if (_advance is not { } reached) return;
        writer.Write(Advanced);
        writer.Write(reached.UtcTicks);
        _advance = null;
    }

    private static void WriteObserved(BinaryWriter writer, string rule, CapturedEvent captured, string identity)
    {
        writer.Write(Observed);
        writer.Write(rule);
        writer.Write(identity);
        writer.Write(captured.Time?.UtcTicks ?? -1);
        writer.Write(captured.Fields.Length);
        foreach (var field in captured.Fields)
        {
            writer.Write(field.Name);
            writer.Write(field.Value);
        }
    }

    private void Replay(byte[] entries)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < _live.Rules.Rules.Length; i++) places[_live.Rules.Rules[i].Id] = i;
        using var reader = new BinaryReader(new MemoryStream(entries), Encoding.UTF8);
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            if (reader.ReadByte() == Advanced)
            {
                _live.RepeatAdvance(new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero));
                continue;
            }

            var (rule, identity, ticks) = (reader.ReadString(), reader.ReadString(), reader.ReadInt64());
            var fields = ImmutableArray.CreateBuilder<CapturedField>();
            for (var left = reader.ReadInt32(); left > 0; left--) fields.Add(new CapturedField(reader.ReadString(), FieldKind.String, reader.ReadString()));
            var captured = new CapturedEvent(ticks < 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero), EventClass.Unknown, fields.ToImmutable());
            if (places.TryGetValue(rule, out var place)) _live.RepeatObserve(place, captured, identity);
        }
    }

    private sealed class SavedRow
    {
        public long Sequence { get; init; }

        public byte[] Snapshot { get; init; } = [];
    }

    private sealed class EntryRow
    {
        public long Sequence { get; init; }

        public byte[] Entries { get; init; } = [];
    }
}
