using System.Data.Common;
using Dapper;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Desk;

/// <summary>
/// What is not told for a while. The placer asks <see cref="Find"/> for each finding and writes what it suppressed with
/// <see cref="Record"/>: the finding stays stored, is counted, and is listed under its suppression.
/// </summary>
public sealed class Suppressions(Store.Store store, TimeProvider time)
{
    /// <summary>The longest a suppression may hold.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    /// <summary>
    /// How long after its end a suppression still concerns findings of its time that come late. Later ones are told: nobody
    /// looks at a window that is long over, and a time in a log can be made up.
    /// </summary>
    public static readonly TimeSpan Late = TimeSpan.FromDays(7);

    internal const string Columns =
        "id, detector, rule, entity_kind, entity_value, starts_at, until, owner, reason, created_at, created_by, ended_at, ended_by, end_reason, hits, last_hit";

    private volatile SuppressionIndex _index = SuppressionIndex.Empty;

    /// <summary>The suppression that concerns a finding; null where none does. Answered from memory: <see cref="LoadAsync"/> comes first.</summary>
    public Suppression? Find(Finding finding)
    {
        var found = _index.Find(finding);
        return found is not null && time.GetUtcNow() < found.EffectiveEnd + Late ? found : null;
    }

    /// <summary>Writes down, in the transaction that takes a finding from the queue, that it was suppressed; once for each finding.</summary>
    public void Record(DbTransaction transaction, Suppression suppression, FindingId finding)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var added = transaction.Connection!.Execute(
            "INSERT INTO suppressed_finding (finding_id, suppression_id, time) VALUES (@Value, @Id, @now) ON CONFLICT (finding_id) DO NOTHING",
            new { finding.Value, suppression.Id, now },
            transaction);
        if (added > 0) transaction.Connection!.Execute("UPDATE suppression SET hits = hits + 1, last_hit = @now WHERE id = @Id", new { suppression.Id, now }, transaction);
    }

    /// <summary>Reads which suppressions hold or will; what this process changes is known to it at once.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        var since = (time.GetUtcNow() - Late).ToUnixTimeMilliseconds();
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                $"SELECT {Columns} FROM suppression WHERE until > @since AND (ended_at IS NULL OR ended_at > @since)", new { since }, cancellationToken: token)),
            ct);
        _index = new SuppressionIndex(rows.Select(row => row.ToSuppression()));
    }

    internal sealed class Row
    {
        public long Id { get; init; }

        public string? Detector { get; init; }

        public string? Rule { get; init; }

        public string? EntityKind { get; init; }

        public string? EntityValue { get; init; }

        public long StartsAt { get; init; }

        public long Until { get; init; }

        public string Owner { get; init; } = "";

        public string Reason { get; init; } = "";

        public long CreatedAt { get; init; }

        public string CreatedBy { get; init; } = "";

        public long? EndedAt { get; init; }

        public string? EndedBy { get; init; }

        public string? EndReason { get; init; }

        public long Hits { get; init; }

        public long? LastHit { get; init; }

        public Suppression ToSuppression() => new()
        {
            Id = Id,
            Detector = Detector,
            Rule = Rule,
            EntityKind = EntityKind,
            EntityValue = EntityValue,
            StartsAt = DateTimeOffset.FromUnixTimeMilliseconds(StartsAt),
            Until = DateTimeOffset.FromUnixTimeMilliseconds(Until),
            Owner = Owner,
            Reason = Reason,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            CreatedBy = CreatedBy,
            EndedAt = EndedAt is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
            EndedBy = EndedBy,
            EndReason = EndReason,
            Hits = Hits,
            LastHit = LastHit is { } last ? DateTimeOffset.FromUnixTimeMilliseconds(last) : null,
        };
    }
}
