using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Governance;
using Vigie.Store;
using Vigie.Watches.Mail.Queue;

namespace Vigie.Watches.Mail;

/// <summary>Which held messages to show, newest first.</summary>
public sealed record HeldQuery
{
    /// <summary>Only these states; all where empty.</summary>
    public ImmutableArray<HeldState> States { get; init; } = [];

    /// <summary>Text that the sender, recipients, subject or queue id contains.</summary>
    public string? Text { get; init; }

    /// <summary>The most messages of one page.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the page starts; null for the newest.</summary>
    public Cursor? After { get; init; }

    /// <summary>What waits for somebody.</summary>
    public static HeldQuery Waiting { get; } = new() { States = [HeldState.Pending, HeldState.Held] };
}

/// <summary>What became of a wish to act on a held message.</summary>
public enum HeldOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Recorded, but the MTA's queue could not be reached; it is tried again until it is done.</summary>
    Recorded,

    /// <summary>Somebody acted before, or the message is gone; nothing was changed.</summary>
    TooLate,

    /// <summary>No such message.</summary>
    NotFound,
}

/// <summary>An outcome, with the message as it is now.</summary>
public sealed record HeldActResult(HeldOutcome Outcome, HeldMessage? Message);

/// <summary>
/// Messages held by our verdict. Every act is recorded first and carried out second, so that a crash in between is
/// finished by the next reconciliation; the queue itself is only ever touched through <see cref="PostfixQueue"/>.
/// </summary>
public sealed class HeldMail(Store.Store store, Journal journal, TimeProvider time, PostfixQueue queue, Notices notices)
{
    /// <summary>The most recipients listed of one message.</summary>
    public const int MaxRecipients = 100;

    // The message appears in the hold queue when the mail server has finished with it, which a slow disk can delay.
    private static readonly TimeSpan ArrivalGrace = TimeSpan.FromMinutes(2);

    private const string Columns = """
        id AS Id, queue_id AS QueueId, time AS Time, sender AS Sender, login AS Login, recipients AS Recipients, subject AS Subject, size AS Size,
        why_en AS WhyEn, why_fr AS WhyFr, state AS State, acted_by AS ActedBy, acted_at AS ActedAt, act_reason AS ActReason, problem AS Problem,
        changed_at AS ChangedAt, notify AS Notify
        """;

    /// <summary>One page of held messages.</summary>
    public async Task<Page<HeldMessage>> ListAsync(HeldQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, 10_000);
        var where = new List<string>();
        var parameters = new DynamicParameters(new { limit = limit + 1 });
        if (!query.States.IsDefaultOrEmpty) where.Add($"state IN ({string.Join(", ", query.States.Select(s => (int)s))})");
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            string[] fields = ["sender", "recipients", "subject", "queue_id", "login"];
            where.Add($"({string.Join(" OR ", fields.Select(field => store.Dialect.Contains(field, "@text")))})");
            parameters.Add("text", query.Text.Trim());
        }

        if (query.After is { } after)
        {
            where.Add("(time < @afterTime OR (time = @afterTime AND id < @afterId))");
            parameters.Add("afterTime", after.Time);
            parameters.Add("afterId", after.Id);
        }

        var condition = where.Count == 0 ? "" : $"WHERE {string.Join(" AND ", where)}";
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<HeldRow>(new CommandDefinition(
                $"SELECT {Columns} FROM mail_held {condition} ORDER BY time DESC, id DESC LIMIT @limit", parameters, cancellationToken: token)),
            cancellationToken);
        var page = Page.Cut(rows.AsList(), limit, row => new Cursor(row.Time, row.Id));
        return new Page<HeldMessage>([.. page.Items.Select(row => row.ToMessage())], page.Next);
    }

    /// <summary>How many messages wait for somebody.</summary>
    public Task<long> CountWaitingAsync(CancellationToken cancellationToken) =>
        store.ReadAsync(
            (connection, token) => connection.ExecuteScalarAsync<long>(
                new CommandDefinition("SELECT COUNT(*) FROM mail_held WHERE state IN (0, 1)", cancellationToken: token)),
            cancellationToken);

    /// <summary>The latest message of that queue id, or null.</summary>
    public async Task<HeldMessage?> FindAsync(string queueId, CancellationToken cancellationToken) =>
        (await store.ReadAsync((connection, _) => Task.FromResult(Latest(connection, null, queueId)), cancellationToken))?.ToMessage();

    /// <summary>Gives the message back to the MTA for delivery to all its recipients. It is not judged again.</summary>
    public Task<HeldActResult> ReleaseAsync(string queueId, string actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(queueId, HeldAct.Release, actor, reason, cancellationToken);

    /// <summary>Returns the message to its sender through the MTA's own bounce, with a notice that says who decided and why.</summary>
    public Task<HeldActResult> ReturnAsync(string queueId, string actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(queueId, HeldAct.Return, actor, reason, cancellationToken);

    /// <summary>Deletes the message without a word to its sender.</summary>
    public Task<HeldActResult> DeleteAsync(string queueId, string actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(queueId, HeldAct.Delete, actor, reason, cancellationToken);

    /// <summary>Records a message before the MTA is told to hold it.</summary>
    internal static void Record(DbTransaction transaction, HeldMessage message)
    {
        var at = message.Time.ToUnixTimeMilliseconds();
        transaction.Connection!.Execute(
            """
            INSERT INTO mail_held (id, queue_id, time, sender, login, recipients, subject, size, why_en, why_fr, state, notify, changed_at)
            VALUES (@id, @QueueId, @at, @Sender, @User, @recipients, @Subject, @Size, @english, @french, @state, @notify, @at)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                id = $"{message.QueueId}@{at}",
                message.QueueId,
                at,
                message.Sender,
                message.User,
                recipients = JsonSerializer.Serialize(message.Recipients),
                message.Subject,
                message.Size,
                english = message.Why.English,
                french = message.Why.French,
                state = (short)message.State,
                notify = (short)(message.NotifySender ? 1 : 0),
            },
            transaction);
    }

    /// <summary>Completes when there is a store to ask.</summary>
    internal Task WhenOpenAsync(CancellationToken cancellationToken) => store.WhenOpenAsync(cancellationToken);

    /// <summary>Every record whose end is not known, oldest first.</summary>
    internal async Task<IReadOnlyList<HeldRow>> OpenAsync(CancellationToken cancellationToken) =>
        [.. await store.ReadAsync(
            (connection, token) => connection.QueryAsync<HeldRow>(new CommandDefinition(
                $"SELECT {Columns} FROM mail_held WHERE state IN (0, 1, 2, 4, 6) ORDER BY time LIMIT 10000", cancellationToken: token)),
            cancellationToken)];

    /// <summary>Moves a record from one state to another; false where somebody moved it meanwhile.</summary>
    internal Task<bool> MoveAsync(HeldRow row, HeldState to, string? problem, CancellationToken cancellationToken) =>
        store.WriteAsync(Lane.Console, transaction => Move(transaction, row, to, problem, time.GetUtcNow()), cancellationToken);

    /// <summary>Carries out an act that is on record and writes down how it ended.</summary>
    internal async Task<HeldOutcome> CarryOutAsync(HeldRow row, CancellationToken cancellationToken)
    {
        var act = HeldAct.Of((HeldState)row.State);
        var reply = await act.Do(queue, row.QueueId, cancellationToken);
        switch (reply.Outcome)
        {
            // A message that somebody acts on in the moment it is held may not have reached the hold queue yet.
            case QueueOutcome.NotHeld when IsYoung(row):
                await MoveAsync(row, act.Doing, reply.Text, cancellationToken);
                return HeldOutcome.Recorded;
            // Not in the hold queue: what was recorded has been done, by us before a crash or by hand.
            case QueueOutcome.Done or QueueOutcome.NotHeld:
                await MoveAsync(row, act.Done, null, cancellationToken);
                return HeldOutcome.Done;
            default:
                await MoveAsync(row, act.Doing, reply.Text, cancellationToken);
                return HeldOutcome.Recorded;
        }
    }

    /// <summary>Whether the mail server may still be on the way to putting the message into its hold queue.</summary>
    internal bool IsYoung(HeldRow row) => time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(row.Time) < ArrivalGrace;

    private async Task<HeldActResult> ActAsync(string queueId, HeldAct act, string actor, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var (recorded, row) = await store.WriteAsync(Lane.Console, transaction => RecordAct(transaction, queueId, act, actor, reason), cancellationToken);
        if (row is null) return new HeldActResult(HeldOutcome.NotFound, null);
        var outcome = recorded ? await CarryOutAsync(row, cancellationToken) : HeldOutcome.TooLate;
        return new HeldActResult(outcome, await FindAsync(queueId, cancellationToken));
    }

    private (bool Recorded, HeldRow? Row) RecordAct(DbTransaction transaction, string queueId, HeldAct act, string actor, string reason)
    {
        if (Latest(transaction.Connection!, transaction, queueId) is not { } row) return (false, null);
        if ((HeldState)row.State is not (HeldState.Pending or HeldState.Held)) return (false, row);

        var now = time.GetUtcNow();
        var changed = transaction.Connection!.Execute(
            """
            UPDATE mail_held SET state = @state, acted_by = @actor, acted_at = @at, act_reason = @reason, changed_at = @at
            WHERE id = @Id AND state IN (0, 1)
            """,
            new { state = (short)act.Doing, actor, at = now.ToUnixTimeMilliseconds(), reason, row.Id },
            transaction);
        if (changed == 0) return (false, row);

        row.State = (short)act.Doing;
        journal.Append(transaction, actor, act.Name, queueId, reason, JsonSerializer.Serialize(new { row.Sender, recipients = row.RecipientList }));
        if (act.Doing == HeldState.Returning) notices.Returned(transaction, row.ToMessage(), reason, now);
        return (true, row);
    }

    private static bool Move(DbTransaction transaction, HeldRow row, HeldState to, string? problem, DateTimeOffset now) =>
        transaction.Connection!.Execute(
            "UPDATE mail_held SET state = @to, problem = @problem, changed_at = @at WHERE id = @Id AND state = @State",
            new { to = (short)to, problem, at = now.ToUnixTimeMilliseconds(), row.Id, row.State },
            transaction) > 0;

    private static HeldRow? Latest(DbConnection connection, DbTransaction? transaction, string queueId) =>
        connection.QueryFirstOrDefault<HeldRow>(
            $"SELECT {Columns} FROM mail_held WHERE queue_id = @queueId ORDER BY time DESC LIMIT 1", new { queueId }, transaction);
}

/// <summary>One of the three things that can be done to a held message.</summary>
internal sealed record HeldAct(string Name, HeldState Doing, HeldState Done, Func<PostfixQueue, string, CancellationToken, Task<QueueReply>> Do)
{
    public static readonly HeldAct Release = new(
        "mail.held.release", HeldState.Releasing, HeldState.Released, (queue, id, token) => queue.ReleaseAsync(id, token));

    public static readonly HeldAct Return = new(
        "mail.held.return", HeldState.Returning, HeldState.Returned, (queue, id, token) => queue.ReturnAsync(id, token));

    public static readonly HeldAct Delete = new(
        "mail.held.delete", HeldState.Deleting, HeldState.Deleted, (queue, id, token) => queue.DeleteAsync(id, token));

    /// <summary>The act that a record in this state is in the middle of.</summary>
    public static HeldAct Of(HeldState state) => state switch
    {
        HeldState.Releasing => Release,
        HeldState.Returning => Return,
        HeldState.Deleting => Delete,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No act is under way in this state."),
    };
}

/// <summary>A row of <c>mail_held</c>.</summary>
internal sealed class HeldRow
{
    public string Id { get; set; } = "";

    public string QueueId { get; set; } = "";

    public long Time { get; set; }

    public string Sender { get; set; } = "";

    public string? Login { get; set; }

    public string Recipients { get; set; } = "[]";

    public string? Subject { get; set; }

    public long Size { get; set; }

    public string WhyEn { get; set; } = "";

    public string WhyFr { get; set; } = "";

    public short State { get; set; }

    public string? ActedBy { get; set; }

    public long? ActedAt { get; set; }

    public string? ActReason { get; set; }

    public string? Problem { get; set; }

    public long ChangedAt { get; set; }

    public short Notify { get; set; }

    public IReadOnlyList<string> RecipientList => JsonSerializer.Deserialize<string[]>(Recipients) ?? [];

    public HeldMessage ToMessage() => new(
        QueueId, DateTimeOffset.FromUnixTimeMilliseconds(Time), Sender, RecipientList, Subject, Size, new Bilingual(WhyEn, WhyFr), (HeldState)State,
        ActedBy, ActedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, ActReason)
    {
        User = Login,
        NotifySender = Notify != 0,
        Problem = Problem,
    };
}
