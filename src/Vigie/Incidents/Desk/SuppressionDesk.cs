using System.Net;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Store;

namespace Vigie.Incidents.Desk;

/// <summary>A suppression as somebody would have it.</summary>
/// <param name="Detector">Only findings of this detector; null for any.</param>
/// <param name="Rule">Only findings of this rule; null for any.</param>
/// <param name="Entity">Only findings with this entity; null for any.</param>
/// <param name="StartsAt">When it begins; at once where it is null or past: what was told stays told.</param>
/// <param name="Until">Until when.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Reason">Why.</param>
public sealed record SuppressionDraft(string? Detector, string? Rule, Entity? Entity, DateTimeOffset? StartsAt, DateTimeOffset? Until, string Owner, string Reason);

/// <summary>What a suppression would have done, had it been there: of findings that become incidents, medium and above.</summary>
/// <param name="Month">Findings of the last 30 days it would have suppressed.</param>
/// <param name="OfMonth">All findings of the last 30 days.</param>
/// <param name="Week">Findings of the last 7 days it would have suppressed.</param>
/// <param name="OfWeek">All findings of the last 7 days.</param>
public sealed record SuppressionPreview(long Month, long OfMonth, long Week, long OfWeek)
{
    /// <summary>Whether more than half of the last week would not have been told.</summary>
    public bool IsWide => Week * 2 > OfWeek;
}

/// <summary>Which suppressions to list.</summary>
public enum SuppressionShown
{
    /// <summary>Those that hold now.</summary>
    Active,

    /// <summary>Those that will.</summary>
    Coming,

    /// <summary>Those that are over.</summary>
    Ended,
}

/// <summary>Making, ending and listing suppressions.</summary>
public sealed class SuppressionDesk(Store.Store store, Suppressions suppressions, Journal journal, TimeProvider time)
{
    /// <summary>The most characters of an owner's name.</summary>
    public const int MaxOwner = 100;

    /// <summary>The most characters of a condition or a reason.</summary>
    public const int MaxText = 300;

    /// <summary>The most suppressions of one list.</summary>
    public const int Most = 500;

    /// <summary>Why a draft cannot be a suppression; null where it can.</summary>
    public Bilingual? ProblemOf(SuppressionDraft draft)
    {
        var now = time.GetUtcNow();
        if (draft is { Detector: null, Rule: null, Entity: null }) return SuppressionTexts.NoCondition;
        if (draft.Owner.Length == 0) return SuppressionTexts.OwnerMissing;
        if (draft.Reason.Length == 0) return DeskTexts.ReasonMissing;
        if (draft.Owner.Length > MaxOwner) return DeskTexts.TooLong(MaxOwner, draft.Owner.Length);
        if (new[] { draft.Reason, draft.Detector, draft.Rule, draft.Entity?.Value }.Max(text => text?.Length ?? 0) is > MaxText and var length) return DeskTexts.TooLong(MaxText, length);
        if (draft.Until is not { } until) return SuppressionTexts.EndMissing;
        var start = StartOf(draft, now);
        if (until <= start) return SuppressionTexts.EndsBeforeItStarts;
        return until > start + Suppressions.Longest || start > now + Suppressions.Longest ? SuppressionTexts.TooFar : null;
    }

    /// <summary>Counts what a draft's conditions would have suppressed.</summary>
    public Task<SuppressionPreview> PreviewAsync(SuppressionDraft draft, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var parameters = new
        {
            draft.Detector,
            draft.Rule,
            draft.Entity?.Kind,
            draft.Entity?.Value,
            month = now.AddDays(-30).ToUnixTimeMilliseconds(),
            week = now.AddDays(-7).ToUnixTimeMilliseconds(),
            least = (int)Severity.Medium,
        };
        const string Counts = "SELECT COUNT(*) AS month, COALESCE(SUM(CASE WHEN last_seen >= @week THEN 1 ELSE 0 END), 0) AS week FROM finding WHERE last_seen >= @month AND severity >= @least AND muted = 0";
        var narrowed = Counts
            + (draft.Detector is null ? "" : " AND detector = @Detector")
            + (draft.Rule is null ? "" : " AND rule = @Rule")
            + (draft.Entity is null ? "" : $" AND id IN ({FindingBuckets.Named})");
        return store.ReadAsync(
            async (connection, token) =>
            {
                var matched = await connection.QuerySingleAsync<(long Month, long Week)>(new CommandDefinition(narrowed, parameters, cancellationToken: token));
                var all = await connection.QuerySingleAsync<(long Month, long Week)>(new CommandDefinition(Counts, parameters, cancellationToken: token));
                return new SuppressionPreview(matched.Month, all.Month, matched.Week, all.Week);
            },
            ct);
    }

    /// <summary>The entity as findings have it: values are compared exactly, and people type names in whatever case.</summary>
    public async Task<Entity> AsStoredAsync(string kind, string value, CancellationToken ct)
    {
        value = value.Trim();
        if (kind == EntityKinds.Ip && IPAddress.TryParse(value, out var address)) return new Entity(kind, address.ToString());
        if (kind == EntityKinds.Domain) return new Entity(kind, value.ToLowerInvariant().TrimEnd('.'));
        string[] spellings = [value, value.ToLowerInvariant(), value.ToUpperInvariant()];
        foreach (var spelling in spellings)
        {
            var known = await store.ReadAsync(
                (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
                    $"SELECT COUNT(*) FROM ({FindingBuckets.Named} LIMIT 1) known", new { Kind = kind, Value = spelling }, cancellationToken: token)),
                ct);
            if (known > 0) return new Entity(kind, spelling);
        }

        return new Entity(kind, value);
    }

    /// <summary>Makes a suppression; gives its number, or why not. It holds from now at the earliest.</summary>
    /// <param name="draft">What somebody wants.</param>
    /// <param name="actor">Who.</param>
    /// <param name="sure">Whether they have been told how much it would suppress, where that is much.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Outcome<long>> AddAsync(SuppressionDraft draft, string actor, bool sure, CancellationToken ct)
    {
        if (ProblemOf(draft) is { } problem) return Outcome.Refused<long>(problem);
        var preview = await PreviewAsync(draft, ct);
        if (preview is { IsWide: true, Week: > 0 } && !sure) return Outcome.Refused<long>(SuppressionTexts.Wide(preview));
        var now = time.GetUtcNow();
        var id = await store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                var connection = transaction.Connection!;
                var number = connection.ExecuteScalar<long>(
                    """
                    INSERT INTO suppression (detector, rule, entity_kind, entity_value, starts_at, until, owner, reason, created_at, created_by)
                    VALUES (@Detector, @Rule, @Kind, @Value, @start, @until, @Owner, @Reason, @now, @actor) RETURNING id
                    """,
                    new
                    {
                        draft.Detector,
                        draft.Rule,
                        draft.Entity?.Kind,
                        draft.Entity?.Value,
                        start = StartOf(draft, now).ToUnixTimeMilliseconds(),
                        until = draft.Until!.Value.ToUnixTimeMilliseconds(),
                        draft.Owner,
                        draft.Reason,
                        now = now.ToUnixTimeMilliseconds(),
                        actor,
                    },
                    transaction);
                journal.Append(transaction, actor, "suppression.add", DeskTexts.Subject(number), draft.Reason, Details(draft));
                return number;
            },
            ct);
        await suppressions.LoadAsync(CancellationToken.None);
        return Outcome.Done(id);
    }

    /// <summary>Ends a suppression before its time, or one that has not begun; says why not where it is over.</summary>
    public async Task<Bilingual?> EndAsync(long id, string actor, string reason, CancellationToken ct)
    {
        if (reason.Length == 0) return DeskTexts.ReasonMissing;
        if (reason.Length > MaxText) return DeskTexts.TooLong(MaxText, reason.Length);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var ended = await store.WriteAsync(
            Lane.Console,
            transaction =>
            {
                var rows = transaction.Connection!.Execute(
                    "UPDATE suppression SET ended_at = @now, ended_by = @actor, end_reason = @reason WHERE id = @id AND ended_at IS NULL AND until > @now", new { id, actor, reason, now }, transaction);
                if (rows > 0) journal.Append(transaction, actor, "suppression.end", DeskTexts.Subject(id), reason);
                return rows > 0;
            },
            ct);
        await suppressions.LoadAsync(CancellationToken.None);
        return ended ? null : SuppressionTexts.IsOver;
    }

    /// <summary>The suppressions that hold now, will, or did: those that end first come first, those that are over last ended first.</summary>
    public async Task<IReadOnlyList<Suppression>> ListAsync(SuppressionShown shown, CancellationToken ct)
    {
        var (which, order) = shown switch
        {
            SuppressionShown.Active => ("ended_at IS NULL AND starts_at <= @now AND until > @now", "until, id"),
            SuppressionShown.Coming => ("ended_at IS NULL AND starts_at > @now", "starts_at, id"),
            _ => ("(ended_at IS NOT NULL OR until <= @now)", "COALESCE(ended_at, until) DESC, id DESC"),
        };
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Suppressions.Row>(new CommandDefinition(
                $"SELECT {Suppressions.Columns} FROM suppression WHERE {which} ORDER BY {order} LIMIT @Most", new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), Most }, cancellationToken: token)),
            ct);
        return [.. rows.Select(row => row.ToSuppression())];
    }

    /// <summary>One suppression; null where there is none of this number.</summary>
    public Task<Suppression?> FindAsync(long id, CancellationToken ct) => store.ReadAsync(
        async (connection, token) => (await connection.QueryAsync<Suppressions.Row>(new CommandDefinition($"SELECT {Suppressions.Columns} FROM suppression WHERE id = @id", new { id }, cancellationToken: token)))
            .SingleOrDefault()?.ToSuppression(),
        ct);

    /// <summary>The suppression under which a finding was not told; null where it was told.</summary>
    public Task<long?> OfAsync(FindingId finding, CancellationToken ct) => store.ReadAsync(
        (connection, token) => connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT suppression_id FROM suppressed_finding WHERE finding_id = @Value", new { finding.Value }, cancellationToken: token)),
        ct);

    /// <summary>What a suppression has suppressed, latest first; at most <paramref name="limit"/> after so many.</summary>
    public async Task<IReadOnlyList<SuppressedFinding>> SuppressedAsync(long id, int offset, int limit, CancellationToken ct)
    {
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<SuppressedRow>(new CommandDefinition(
                """
                SELECT f.id, f.title_en, f.title_fr, f.severity, f.last_seen, s.time FROM suppressed_finding s JOIN finding f ON f.id = s.finding_id
                WHERE s.suppression_id = @id ORDER BY s.time DESC, f.id LIMIT @limit OFFSET @offset
                """,
                new { id, limit, offset },
                cancellationToken: token)),
            ct);
        return [.. rows.Select(row => new SuppressedFinding(
            new FindingId(row.Id), new Bilingual(row.TitleEn, row.TitleFr), (Severity)row.Severity, DateTimeOffset.FromUnixTimeMilliseconds(row.LastSeen), DateTimeOffset.FromUnixTimeMilliseconds(row.Time)))];
    }

    /// <summary>How many suppressions hold now, and how many findings were suppressed since a time.</summary>
    public Task<(long Active, long Findings)> CountAsync(DateTimeOffset since, CancellationToken ct) => store.ReadAsync(
        (connection, token) => connection.QuerySingleAsync<(long, long)>(new CommandDefinition(
            """
            SELECT (SELECT COUNT(*) FROM suppression WHERE ended_at IS NULL AND starts_at <= @now AND until > @now), (SELECT COUNT(*) FROM suppressed_finding WHERE time >= @since)
            """,
            new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), since = since.ToUnixTimeMilliseconds() },
            cancellationToken: token)),
        ct);

    private static DateTimeOffset StartOf(SuppressionDraft draft, DateTimeOffset now) => draft.StartsAt is { } start && start > now ? start : now;

    private static string Details(SuppressionDraft draft) => System.Text.Json.JsonSerializer.Serialize(new
    {
        detector = draft.Detector,
        rule = draft.Rule,
        entity = draft.Entity is { } entity ? $"{entity.Kind}={entity.Value}" : null,
        until = draft.Until,
        owner = draft.Owner,
    });

    private sealed class SuppressedRow
    {
        public string Id { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public long LastSeen { get; init; }

        public long Time { get; init; }
    }
}

/// <summary>A finding that was not told.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="At">When it was suppressed.</param>
public sealed record SuppressedFinding(FindingId Id, Bilingual Title, Severity Severity, DateTimeOffset LastSeen, DateTimeOffset At);
