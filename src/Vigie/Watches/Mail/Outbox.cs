using System.Data.Common;
using Dapper;
using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>A notice that waits to be sent.</summary>
/// <param name="MessageId">Its Message-ID without brackets: the same however often it is sent, so that a mail program shows it once.</param>
/// <param name="Kind">What it is about: <c>held</c>, <c>returned</c>.</param>
/// <param name="Recipient">Whom it goes to.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Body">Its text.</param>
internal sealed record Notice(string MessageId, string Kind, string Recipient, string Subject, string Body)
{
    /// <summary>How often sending failed so far.</summary>
    public int Attempts { get; init; }
}

/// <summary>Notices on record before they are sent: at least once, with a Message-ID that stays.</summary>
internal sealed class Outbox(Store.Store store, TimeProvider time)
{
    /// <summary>After so many failures, the last ones hours apart, a notice is given up; its record says why.</summary>
    public const int MaxAttempts = 40;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);

    public static void Add(DbTransaction transaction, Notice notice, DateTimeOffset now) =>
        transaction.Connection!.Execute(
            """
            INSERT INTO mail_outbox (message_id, time, kind, recipient, subject, body, attempts, next_at)
            VALUES (@MessageId, @at, @Kind, @Recipient, @Subject, @Body, 0, @at)
            ON CONFLICT (message_id) DO NOTHING
            """,
            new { notice.MessageId, at = now.ToUnixTimeMilliseconds(), notice.Kind, notice.Recipient, notice.Subject, notice.Body },
            transaction);

    /// <summary>Completes when there is a store to ask.</summary>
    public Task WhenOpenAsync(CancellationToken cancellationToken) => store.WhenOpenAsync(cancellationToken);

    /// <summary>Those whose time has come, oldest first.</summary>
    public async Task<IReadOnlyList<Notice>> DueAsync(int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                """
                SELECT message_id AS MessageId, kind AS Kind, recipient AS Recipient, subject AS Subject, body AS Body, attempts AS Attempts
                FROM mail_outbox WHERE sent_at IS NULL AND next_at <= @now AND attempts < @max ORDER BY next_at LIMIT @limit
                """,
                new { now, max = MaxAttempts, limit }, cancellationToken: token)),
            cancellationToken);
        return [.. rows.Select(r => new Notice(r.MessageId, r.Kind, r.Recipient, r.Subject, r.Body) { Attempts = (int)r.Attempts })];
    }

    /// <summary>Records that a notice was taken by the mail server.</summary>
    public Task SentAsync(Notice notice, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return store.WriteAsync(
            Lane.Background,
            transaction => transaction.Connection!.Execute(
                "UPDATE mail_outbox SET sent_at = @now, attempts = attempts + 1, problem = NULL WHERE message_id = @MessageId",
                new { now, notice.MessageId }, transaction),
            cancellationToken);
    }

    /// <summary>Records that sending failed, and when to try again.</summary>
    public Task FailedAsync(Notice notice, string problem, CancellationToken cancellationToken)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(notice.Attempts, 20));
        var next = time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        return store.WriteAsync(
            Lane.Background,
            transaction => transaction.Connection!.Execute(
                "UPDATE mail_outbox SET attempts = attempts + 1, next_at = @next, problem = @problem WHERE message_id = @MessageId",
                new { next = next.ToUnixTimeMilliseconds(), problem, notice.MessageId }, transaction),
            cancellationToken);
    }

    private sealed class Row
    {
        public string MessageId { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Recipient { get; set; } = "";

        public string Subject { get; set; } = "";

        public string Body { get; set; } = "";

        public long Attempts { get; set; }
    }
}
