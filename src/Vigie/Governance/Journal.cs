using System.Data.Common;
using Dapper;

namespace Vigie.Governance;

/// <summary>
/// Who changed what happens to mail or settings, when and why. Rows are only ever added: the database itself refuses
/// to change or delete them, and neither retention nor the disk budget touches them.
/// </summary>
public sealed class Journal(Store.Store store, TimeProvider time)
{
    private const int MaxLimit = 500;

    /// <summary>Adds an entry in the transaction that makes the change, so that neither exists without the other.</summary>
    /// <param name="transaction">The one that makes the change.</param>
    /// <param name="actor">The account, or <c>cli:NAME</c>, or <c>vigie</c> for what it does by itself.</param>
    /// <param name="action">Dotted lower case, for example <c>mail.release</c>.</param>
    /// <param name="subject">What it was done to: a queue id, a domain, a setting.</param>
    /// <param name="reason">In the actor's words; may be empty.</param>
    /// <param name="detailsJson">More, as JSON; null where there is none.</param>
    public void Append(DbTransaction transaction, string actor, string action, string subject, string reason, string? detailsJson = null) =>
        transaction.Connection!.Execute(
            """
            INSERT INTO journal (time, actor, action, subject, reason, details)
            VALUES (@now, @actor, @action, @subject, @reason, @detailsJson)
            """,
            new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), actor, action, subject, reason, detailsJson },
            transaction);

    /// <summary>One page of entries, latest first.</summary>
    public async Task<JournalPage> SearchAsync(JournalQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, MaxLimit);
        var rows = (await store.ReadAsync(
            (connection, token) => connection.QueryAsync<Row>(new CommandDefinition(
                $"""
                SELECT id, time, actor, action, subject, reason, details FROM journal
                WHERE 1 = 1
                {(query.Before is null ? "" : "AND id < @Before")}
                {(query.Actor is null ? "" : "AND actor = @Actor")}
                {(query.Action is null ? "" : "AND action = @Action")}
                {(query.Subject is null ? "" : "AND subject = @Subject")}
                ORDER BY id DESC LIMIT @rows
                """,
                new { query.Before, query.Actor, query.Action, query.Subject, rows = limit + 1 },
                cancellationToken: token)),
            cancellationToken)).AsList();
        var entries = rows.Take(limit).Select(row => row.ToEntry()).ToArray();
        return new JournalPage(entries, rows.Count > limit ? entries[^1].Id : null);
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public long Time { get; init; }

        public string Actor { get; init; } = "";

        public string Action { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Reason { get; init; } = "";

        public string? Details { get; init; }

        public JournalEntry ToEntry() =>
            new(Id, DateTimeOffset.FromUnixTimeMilliseconds(Time), Actor, Action, Subject, Reason, Details);
    }
}

/// <summary>One act; see <see cref="Journal.Append"/> for the fields. Ids count up in the order of the commits.</summary>
public sealed record JournalEntry(
    long Id, DateTimeOffset Time, string Actor, string Action, string Subject, string Reason, string? DetailsJson);

/// <summary>Which entries to list; what is null does not narrow the list.</summary>
public sealed record JournalQuery
{
    public string? Actor { get; init; }

    public string? Action { get; init; }

    public string? Subject { get; init; }

    /// <summary>Only entries before this id: <see cref="JournalPage.Next"/> of the page before.</summary>
    public long? Before { get; init; }

    /// <summary>The most entries wanted, 1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>Entries, latest first.</summary>
/// <param name="Entries">At most as many as were asked for.</param>
/// <param name="Next">Where the next page starts; null on the last.</param>
public sealed record JournalPage(IReadOnlyList<JournalEntry> Entries, long? Next);
