using System.Data.Common;
using Dapper;
using Vigie.Governance;
using Vigie.Store;

namespace Vigie.Watches.Mail;

/// <summary>What was stopped. Stored as numbers: never renumber.</summary>
public enum StoppedKind
{
    /// <summary>A recipient was refused.</summary>
    Refusal = 0,

    /// <summary>A message is held; confirming releases it.</summary>
    Hold = 1,
}

/// <summary>How a sender insisted. Stored as numbers: never renumber.</summary>
public enum InsistedHow
{
    /// <summary>By sending the message again, after a pause that only a person makes.</summary>
    Resending = 0,

    /// <summary>Through the one-time link.</summary>
    Link = 1,
}

/// <summary>What the page behind a link shows before anything is confirmed.</summary>
/// <param name="Kind">What was stopped.</param>
/// <param name="Sender">Whose message.</param>
/// <param name="Recipient">The address in question.</param>
/// <param name="Suggestion">The address that was probably meant.</param>
/// <param name="StoppedAt">When it was stopped, UTC.</param>
/// <param name="Expires">When the link ends.</param>
/// <param name="Used">Whether it was confirmed already.</param>
public sealed record InsistenceRequest(
    StoppedKind Kind, string Sender, string Recipient, string? Suggestion, DateTimeOffset StoppedAt, DateTimeOffset Expires, bool Used);

/// <summary>What became of a confirmation.</summary>
public enum InsistenceOutcome
{
    /// <summary>Confirmed: the held message is being released, or sending again will pass.</summary>
    Confirmed,

    /// <summary>The link was used before; nothing changed.</summary>
    AlreadyUsed,

    /// <summary>The link is too old.</summary>
    Expired,

    /// <summary>The link is not one of ours, was altered, or what it is about is gone.</summary>
    Unknown,

    /// <summary>Policy does not let senders confirm this.</summary>
    NotAllowed,
}

/// <summary>
/// How a sender who was stopped can say "I mean it": by sending again, or through a signed one-time link. Both are
/// recorded before they take effect, and both hold only for that sender and that recipient.
/// </summary>
public sealed class Insistence(Store.Store store, Journal journal, TimeProvider time, MailSettings settings, InsistenceTokens tokens, HeldMail held)
{
    private const string Columns = """
        id AS Id, kind AS Kind, sender AS Sender, recipient AS Recipient, queue_id AS QueueId, suggestion AS Suggestion, first_at AS FirstAt,
        last_at AS LastAt, attempts AS Attempts, told_at AS ToldAt, insisted_at AS InsistedAt, insisted_how AS InsistedHow, valid_until AS ValidUntil
        """;

    /// <summary>What a link is about, for the page that asks; null where the link is not valid or too old to say.</summary>
    public async Task<InsistenceRequest?> PeekAsync(string token, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, out var claim)) return null;
        var row = await store.ReadAsync((connection, _) => Task.FromResult(Find(connection, null, claim.Id)), cancellationToken);
        if (row is null || !tokens.Verify(token, row.Sender, row.Recipient)) return null;
        return new InsistenceRequest(
            (StoppedKind)row.Kind, row.Sender, row.Recipient, row.Suggestion,
            DateTimeOffset.FromUnixTimeMilliseconds(row.FirstAt), claim.Expires, row.InsistedHow == (short)InsistedHow.Link);
    }

    /// <summary>Confirms through a link. Only the first confirmation of a link does anything.</summary>
    public async Task<InsistenceOutcome> RedeemAsync(string token, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, out var claim)) return InsistenceOutcome.Unknown;
        var now = time.GetUtcNow();
        var (outcome, row) = await store.WriteAsync(Lane.Console, transaction => Redeem(transaction, token, claim, now), cancellationToken);
        if (outcome == InsistenceOutcome.Confirmed && row is { Kind: (short)StoppedKind.Hold, QueueId: { } queueId })
        {
            await held.ReleaseAsync(queueId, $"sender:{row.Sender}", "confirmed through the one-time link", cancellationToken);
        }

        return outcome;
    }

    /// <summary>The link for something that was stopped; null where policy offers none.</summary>
    internal string? LinkFor(string id, string sender, string recipient)
    {
        if (settings.Insist is not (InsistPolicy.Link or InsistPolicy.Both) || settings.InsistUrl is not { } url || sender.Length == 0) return null;
        try
        {
            return url + tokens.Issue(id, sender, recipient, time.GetUtcNow() + settings.LinkValidFor);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without its key nobody can be offered a link; the refusal itself stands.
            return null;
        }
    }

    /// <summary>
    /// Whether the sender already insisted on this recipient, or does so by this attempt. Part of the transaction that
    /// records the decision, so that neither can be there without the other.
    /// </summary>
    internal Standing Consider(DbTransaction transaction, string sender, string recipient, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var confirmed = transaction.Connection!.QueryFirstOrDefault<Row>(
            $"""
            SELECT {Columns} FROM mail_insistence WHERE sender = @sender AND recipient = @recipient AND valid_until > @at
            ORDER BY valid_until DESC LIMIT 1
            """,
            new { sender, recipient, at },
            transaction);
        if (confirmed is not null) return new Standing(confirmed.Id, (InsistedHow)confirmed.InsistedHow!.Value);

        var open = transaction.Connection!.QueryFirstOrDefault<Row>(
            $"""
            SELECT {Columns} FROM mail_insistence
            WHERE sender = @sender AND recipient = @recipient AND kind = 0 AND insisted_at IS NULL AND first_at > @since
            ORDER BY first_at DESC LIMIT 1
            """,
            new { sender, recipient, since = at - (long)settings.InsistWindow.TotalMilliseconds },
            transaction);
        if (open is null) return default;

        // The pause is counted from the last attempt: a machine that keeps trying never becomes a person by waiting its turn.
        // And nobody insists who was not told: a refusal on record whose reply was lost in a crash reached no one.
        var byPerson = settings.Insist is InsistPolicy.Resend or InsistPolicy.Both && open.ToldAt is not null &&
            at - open.LastAt >= settings.InsistMinDelay.TotalMilliseconds;
        if (!byPerson)
        {
            transaction.Connection!.Execute(
                "UPDATE mail_insistence SET last_at = @at, attempts = attempts + 1 WHERE id = @Id", new { at, open.Id }, transaction);
            return new Standing(open.Id, null);
        }

        Confirm(transaction, open.Id, InsistedHow.Resending, now, now + settings.ResendValidFor);
        return new Standing(open.Id, InsistedHow.Resending);
    }

    /// <summary>Records that something was stopped.</summary>
    internal static void Stopped(DbTransaction transaction, string id, StoppedKind kind, string sender, string recipient, string? queueId, string? suggestion, DateTimeOffset now) =>
        transaction.Connection!.Execute(
            """
            INSERT INTO mail_insistence (id, kind, sender, recipient, queue_id, suggestion, first_at, last_at, attempts)
            VALUES (@id, @kind, @sender, @recipient, @queueId, @suggestion, @at, @at, 1)
            ON CONFLICT (id) DO NOTHING
            """,
            new { id, kind = (short)kind, sender, recipient, queueId, suggestion, at = now.ToUnixTimeMilliseconds() },
            transaction);

    /// <summary>Records that the mail server went on after a refusal, and so has passed it to its client.</summary>
    internal static void Told(DbTransaction transaction, string id, DateTimeOffset now) =>
        transaction.Connection!.Execute(
            "UPDATE mail_insistence SET told_at = @at WHERE id = @id AND told_at IS NULL", new { id, at = now.ToUnixTimeMilliseconds() }, transaction);

    private (InsistenceOutcome Outcome, Row? Row) Redeem(DbTransaction transaction, string token, InsistenceClaim claim, DateTimeOffset now)
    {
        var row = Find(transaction.Connection!, transaction, claim.Id);
        if (row is null || !tokens.Verify(token, row.Sender, row.Recipient)) return (InsistenceOutcome.Unknown, null);
        if (row.InsistedHow == (short)InsistedHow.Link) return (InsistenceOutcome.AlreadyUsed, row);
        if (claim.Expires <= now) return (InsistenceOutcome.Expired, row);
        if (settings.Insist is not (InsistPolicy.Link or InsistPolicy.Both)) return (InsistenceOutcome.NotAllowed, row);

        Confirm(transaction, row.Id, InsistedHow.Link, now, now + settings.LinkConfirmsFor);
        journal.Append(
            transaction, $"sender:{row.Sender}", "mail.insist", $"{row.Sender} {row.Recipient}", "confirmed through the one-time link", null);
        return (InsistenceOutcome.Confirmed, row);
    }

    private static void Confirm(DbTransaction transaction, string id, InsistedHow how, DateTimeOffset now, DateTimeOffset until) =>
        transaction.Connection!.Execute(
            "UPDATE mail_insistence SET insisted_at = @at, insisted_how = @how, valid_until = @until, last_at = @at, attempts = attempts + 1 WHERE id = @id",
            new { id, at = now.ToUnixTimeMilliseconds(), how = (short)how, until = until.ToUnixTimeMilliseconds() },
            transaction);

    private static Row? Find(DbConnection connection, DbTransaction? transaction, string id) =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM mail_insistence WHERE id = @id", new { id }, transaction);

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public short Kind { get; set; }

        public string Sender { get; set; } = "";

        public string Recipient { get; set; } = "";

        public string? QueueId { get; set; }

        public string? Suggestion { get; set; }

        public long FirstAt { get; set; }

        public long LastAt { get; set; }

        public long Attempts { get; set; }

        public long? ToldAt { get; set; }

        public long? InsistedAt { get; set; }

        public short? InsistedHow { get; set; }

        public long? ValidUntil { get; set; }
    }
}

/// <summary>Where a sender stands with a recipient.</summary>
/// <param name="Id">The earlier stop this attempt belongs to; null where there is none.</param>
/// <param name="Insisted">How the sender insisted; null where not.</param>
internal readonly record struct Standing(string? Id, InsistedHow? Insisted);
