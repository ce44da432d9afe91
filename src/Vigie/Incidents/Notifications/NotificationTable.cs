using System.Data.Common;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Incidents.Notifications;

/// <summary>Notifications on record: written before anything leaves, read by who sends them and by the page that shows them.</summary>
internal sealed class NotificationTable(Store.Store store, TimeProvider time)
{
    /// <summary>After so many failures, the last ones hours apart, a notification is given up: about a day.</summary>
    public const int MaxAttempts = 20;

    private const int MostAtOnce = 200;
    private const string Columns = "id, channel, kind, incident_id AS Incident, severity, score, time, subject, body, state, attempts, next_at AS Next, done_at AS Done, problem";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(2);

    /// <summary>Completes when there is a store to ask.</summary>
    public Task WhenOpenAsync(CancellationToken cancellationToken) => store.WhenOpenAsync(cancellationToken);

    /// <summary>
    /// Makes channels known. One that is new counts as told of every incident there is; what waits for one that is no longer in the
    /// settings is given up.
    /// </summary>
    public Task IntroduceAsync(IReadOnlyCollection<string> channels, CancellationToken cancellationToken) => store.WriteAsync(
        Lane.Background,
        transaction =>
        {
            var now = Now;
            foreach (var channel in channels)
            {
                if (Execute(transaction, "INSERT INTO notification_channel (name, since) VALUES (@channel, @now) ON CONFLICT (name) DO NOTHING", new { channel, now }) == 0) continue;
                Execute(
                    transaction,
                    "INSERT INTO notification_told (channel, incident_id, created_at, severity, score, time) SELECT @channel, id, created_at, severity, score, @now FROM incident WHERE status < 3",
                    new { channel, now });
            }

            var waiting = transaction.Connection!.Query<string>("SELECT DISTINCT channel FROM notification WHERE state IN (0, 3)", transaction: transaction).Except(channels, StringComparer.Ordinal).ToList();
            foreach (var channel in waiting)
            {
                Execute(
                    transaction,
                    "UPDATE notification SET state = 2, done_at = @now, problem = 'The channel is no longer in the settings.' WHERE channel = @channel AND state IN (0, 3)",
                    new { channel, now });
            }
        },
        cancellationToken);

    /// <summary>Records what a channel has to be told of, among these incidents or, for null, among all.</summary>
    /// <returns>How much was recorded.</returns>
    public async Task<int> RecordAsync(NotifyChannel channel, NotificationWriter writer, IReadOnlyCollection<long>? incidents, CancellationToken cancellationToken)
    {
        var recorded = 0;
        List<long[]?> parts = incidents is null ? [null] : [.. incidents.Chunk(MostAtOnce)];
        foreach (var some in parts)
        {
            while (true)
            {
                // Looked for beside the writer first: nearly always there is nothing.
                var due = await store.ReadAsync((connection, _) => Task.FromResult(Due(connection, null, channel, some).Count), cancellationToken).ConfigureAwait(false);
                if (due > 0) recorded += await store.WriteAsync(Lane.Background, transaction => Record(transaction, channel, writer, some), cancellationToken).ConfigureAwait(false);
                if (due < MostAtOnce) break;
            }
        }

        return recorded;
    }

    /// <summary>Records one that no incident gave rise to.</summary>
    public Task AddAsync(Notification notification, CancellationToken cancellationToken) => store.WriteAsync(Lane.Background, transaction => Add(transaction, notification), cancellationToken);

    /// <summary>Records one in a transaction that also does something else.</summary>
    public static void Add(DbTransaction transaction, Notification notification) => Execute(
        transaction,
        """
        INSERT INTO notification (id, channel, kind, incident_id, severity, score, time, subject, body, state, attempts, next_at)
        VALUES (@Id, @Channel, @kind, @Incident, @severity, @Score, @at, @Subject, @Body, 0, 0, @at) ON CONFLICT (id) DO NOTHING
        """,
        new
        {
            notification.Id,
            notification.Channel,
            kind = (int)notification.Kind,
            notification.Incident,
            severity = (int)notification.Severity,
            notification.Score,
            at = notification.Time.ToUnixTimeMilliseconds(),
            notification.Subject,
            notification.Body,
        });

    /// <summary>Those of a channel whose time has come; of those that came together the gravest first.</summary>
    public Task<IReadOnlyList<Notification>> DueAsync(string channel, int limit, CancellationToken cancellationToken) =>
        // A pause that is longer than any pause was set by a clock that has been put back since.
        ListAsync("channel = @channel AND state = 0 AND (next_at <= @now OR next_at > @latest) ORDER BY next_at, severity DESC, score DESC, id LIMIT @limit", new { channel, now = Now, latest = Now + (2 * (long)LongestPause.TotalMilliseconds), limit }, cancellationToken);

    /// <summary>Those of a channel that were held back and are in no digest yet, gravest first.</summary>
    public Task<IReadOnlyList<Notification>> HeldBackAsync(string channel, CancellationToken cancellationToken) =>
        ListAsync("channel = @channel AND state = 3 ORDER BY severity DESC, score DESC, id LIMIT 1000", new { channel }, cancellationToken);

    /// <summary>The latest of all channels.</summary>
    public Task<IReadOnlyList<Notification>> LatestAsync(int limit, CancellationToken cancellationToken) => ListAsync("1 = 1 ORDER BY time DESC, id LIMIT @limit", new { limit }, cancellationToken);

    /// <summary>How many messages a channel was sent since an instant; tests do not count.</summary>
    public Task<long> SentSinceAsync(string channel, DateTimeOffset since, CancellationToken cancellationToken) => store.ReadAsync(
        (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM notification WHERE channel = @channel AND state = 1 AND kind <> 3 AND done_at > @since", new { channel, since = since.ToUnixTimeMilliseconds() }, cancellationToken: token)),
        cancellationToken);

    /// <summary>How many of each channel are in each state.</summary>
    public Task<IReadOnlyList<(string Channel, NotificationState State, long Count)>> CountAsync(CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<(string, NotificationState, long)>>(
        async (connection, token) => [.. (await connection.QueryAsync<CountRow>(new CommandDefinition(
            "SELECT channel, state, count(*) AS Number FROM notification GROUP BY channel, state", cancellationToken: token))).Select(row => (row.Channel, (NotificationState)row.State, row.Number))],
        cancellationToken);

    /// <summary>Those that need somebody: given up since an instant, or waiting after several failures.</summary>
    public Task<IReadOnlyList<Notification>> TroubledAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        ListAsync("(state = 2 AND done_at > @since) OR (state = 0 AND attempts >= 3) ORDER BY time DESC, id LIMIT 20", new { since = since.ToUnixTimeMilliseconds() }, cancellationToken);

    /// <summary>Holds a notification back for the next digest.</summary>
    public Task HoldBackAsync(Notification notification, CancellationToken cancellationToken) =>
        store.WriteAsync(Lane.Background, transaction => { Execute(transaction, "UPDATE notification SET state = 3 WHERE id = @Id AND state = 0", new { notification.Id }); }, cancellationToken);

    /// <summary>Puts what was held back into a digest.</summary>
    public Task DigestAsync(Notification digest, IReadOnlyList<Notification> held, CancellationToken cancellationToken) => store.WriteAsync(
        Lane.Background,
        transaction =>
        {
            Add(transaction, digest);
            foreach (var one in held) Execute(transaction, "UPDATE notification SET state = 4, digest_id = @digest WHERE id = @Id AND state = 3", new { digest = digest.Id, one.Id });
        },
        cancellationToken);

    /// <summary>Records that a notification was taken, here and in the history of the incidents it told of.</summary>
    /// <param name="notification">Which.</param>
    /// <param name="note">What is worth knowing beside it; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task SentAsync(Notification notification, string? note, CancellationToken cancellationToken) => store.WriteAsync(
        Lane.Background,
        transaction =>
        {
            var now = time.GetUtcNow();
            Execute(transaction, "UPDATE notification SET state = 1, attempts = attempts + 1, done_at = @now, problem = @note WHERE id = @Id", new { now = now.ToUnixTimeMilliseconds(), note, notification.Id });
            var told = transaction.Connection!.Query<ToldRow>(
                "SELECT i.id, i.version, min(n.kind) AS Kind FROM notification n JOIN incident i ON i.id = n.incident_id WHERE n.id = @Id OR n.digest_id = @Id GROUP BY i.id, i.version", new { notification.Id }, transaction).ToList();
            foreach (var one in told)
                IncidentHistory.Append(transaction, one.Id, one.Version, now, IncidentHistoryEntry.Vigie, IncidentActions.Notified, ("channel", notification.Channel), ("kind", NotificationWriter.EventOf((NotificationKind)one.Kind)));
        },
        cancellationToken);

    /// <summary>Records that sending failed, and when to try again, or that this was the last time.</summary>
    /// <returns>Whether it is given up.</returns>
    public async Task<bool> FailedAsync(Notification notification, string problem, CancellationToken cancellationToken)
    {
        var attempts = notification.Attempts + 1;
        var pause = FirstPause * Math.Pow(2, Math.Min(notification.Attempts, 20));
        var next = time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        var isLast = attempts >= MaxAttempts;
        await store.WriteAsync(
            Lane.Background,
            transaction =>
            {
                Execute(
                    transaction,
                    "UPDATE notification SET attempts = @attempts, next_at = @next, problem = @problem, state = @state, done_at = @done WHERE id = @Id",
                    new { attempts, next = next.ToUnixTimeMilliseconds(), problem, state = isLast ? 2 : 0, done = isLast ? Now : (long?)null, notification.Id });
            },
            cancellationToken).ConfigureAwait(false);
        return isLast;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private int Record(DbTransaction transaction, NotifyChannel channel, NotificationWriter writer, IReadOnlyCollection<long>? incidents)
    {
        var now = time.GetUtcNow();
        var due = Due(transaction.Connection!, transaction, channel, incidents);
        foreach (var (incident, told) in due)
        {
            Add(transaction, writer.Of(incident, told, now));
            Execute(
                transaction,
                """
                INSERT INTO notification_told (channel, incident_id, created_at, severity, score, time) VALUES (@Name, @Id, @created, @severity, @score, @at)
                ON CONFLICT (channel, incident_id) DO UPDATE SET created_at = excluded.created_at, severity = excluded.severity, score = excluded.score, time = excluded.time
                """,
                new { channel.Name, incident.Id, created = incident.CreatedAt.ToUnixTimeMilliseconds(), severity = (int)incident.Severity, score = incident.Score.Value, at = now.ToUnixTimeMilliseconds() });
        }

        return due.Count;
    }

    // Open incidents that reach what the channel wants, and of which it was told nothing yet, or less.
    private static List<(Incident Incident, (Severity Severity, double Score)? Told)> Due(DbConnection connection, DbTransaction? transaction, NotifyChannel channel, IReadOnlyCollection<long>? incidents)
    {
        var columns = string.Join(", ", IncidentTable.Columns.Split(", ").Select(column => "i." + column));
        // Numbers of our own making need no parameters.
        var among = incidents is null ? "" : $"AND i.id IN ({string.Join(", ", incidents)})";
        var rows = connection.Query<IncidentTable.Row, ToldOf?, (IncidentTable.Row Row, ToldOf? Told)>(
            $"""
            SELECT {columns}, t.id AS told_id, t.severity, t.score, t.created_at
            FROM incident i LEFT JOIN notification_told t ON t.channel = @Name AND t.incident_id = i.id AND t.created_at = i.created_at
            WHERE i.status < 3 AND i.severity >= @severity AND i.score >= @AtLeastScore {among}
            AND (t.id IS NULL OR i.severity > t.severity OR i.score >= t.score + @RiseBy)
            ORDER BY i.id LIMIT {MostAtOnce}
            """,
            (row, told) => (row, told?.ToldId is null ? null : told),
            new { channel.Name, severity = (int)channel.AtLeastSeverity, channel.AtLeastScore, channel.RiseBy },
            transaction,
            splitOn: "told_id");
        return [.. rows.Select(row => (row.Row.ToIncident(), row.Told is { } told ? ((Severity)told.Severity!, told.Score!.Value) : ((Severity, double)?)null))];
    }

    private Task<IReadOnlyList<Notification>> ListAsync(string where, object parameters, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<Notification>>(
        async (connection, token) => [.. (await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM notification WHERE {where}", parameters, cancellationToken: token))).Select(row => row.ToNotification())],
        cancellationToken);

    private static int Execute(DbTransaction transaction, string sql, object parameters) => transaction.Connection!.Execute(sql, parameters, transaction);

    private sealed class ToldOf
    {
        public long? ToldId { get; init; }

        public int? Severity { get; init; }

        public double? Score { get; init; }
    }

    private sealed class ToldRow
    {
        public long Id { get; init; }

        public long Version { get; init; }

        public int Kind { get; init; }
    }

    private sealed class CountRow
    {
        public string Channel { get; init; } = "";

        public int State { get; init; }

        public long Number { get; init; }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Channel { get; init; } = "";

        public int Kind { get; init; }

        public long? Incident { get; init; }

        public int Severity { get; init; }

        public double Score { get; init; }

        public long Time { get; init; }

        public string Subject { get; init; } = "";

        public string Body { get; init; } = "";

        public int State { get; init; }

        public int Attempts { get; init; }

        public long Next { get; init; }

        public long? Done { get; init; }

        public string? Problem { get; init; }

        public Notification ToNotification() => new()
        {
            Id = Id,
            Channel = Channel,
            Kind = (NotificationKind)Kind,
            Incident = Incident,
            Severity = (Severity)Severity,
            Score = Score,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(Time),
            Subject = Subject,
            Body = Body,
            State = (NotificationState)State,
            Attempts = Attempts,
            Next = DateTimeOffset.FromUnixTimeMilliseconds(Next),
            Done = Done is { } done ? DateTimeOffset.FromUnixTimeMilliseconds(done) : null,
            Problem = Problem,
        };
    }
}
