using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Vigie.Engine;
using Vigie.Incidents.Case;

namespace Vigie.Incidents.Desk;

/// <summary>Comments, tasks and files: what people lay beside an incident.</summary>
public sealed partial class IncidentDesk
{
    /// <summary>The longest comment, in characters.</summary>
    public const int MaxComment = 20_000;

    /// <summary>The longest task, in characters.</summary>
    public const int MaxTask = 500;

    /// <summary>The most tasks of an incident.</summary>
    public const int MostTasks = 200;

    /// <summary>The largest file, in bytes.</summary>
    public const int MaxAttachment = 10 * 1024 * 1024;

    /// <summary>The most bytes of all files of an incident together.</summary>
    public const long MaxAttachments = 100L * 1024 * 1024;

    // A form that was sent twice by a nervous finger is one comment.
    private static readonly TimeSpan Double = TimeSpan.FromSeconds(30);

    /// <summary>Adds a remark.</summary>
    public Task<DeskOutcome> CommentAsync(ActOn on, string text, CancellationToken ct) => AddAsync(
        on,
        step =>
        {
            text = Lines(text);
            if (text.Length == 0) return DeskTexts.TextMissing;
            if (text.Length > MaxComment) return DeskTexts.TooLong(MaxComment, text.Length);
            var stored = Store.PortableText.Clean(text);
            if (WasJustSaid(step, "SELECT COUNT(*) FROM incident_comment WHERE incident_id = @Id AND actor = @Actor AND text = @stored AND time > @since", stored)) return null;
            step.Execute("INSERT INTO incident_comment (incident_id, time, actor, text) VALUES (@Id, @at, @Actor, @stored)", new { step.Incident.Id, at = step.Now.ToUnixTimeMilliseconds(), step.Actor, stored });
            step.Tell(IncidentActions.Commented, ("text", Beginning(stored)));
            return null;
        },
        ct);

    /// <summary>Adds something to be done.</summary>
    public Task<DeskOutcome> AddTaskAsync(ActOn on, string text, CancellationToken ct) => AddAsync(
        on,
        step =>
        {
            text = text.Trim();
            if (text.Length == 0) return DeskTexts.TextMissing;
            if (text.Length > MaxTask) return DeskTexts.TooLong(MaxTask, text.Length);
            var stored = Store.PortableText.Clean(text);
            if (WasJustSaid(step, "SELECT COUNT(*) FROM incident_task WHERE incident_id = @Id AND created_by = @Actor AND text = @stored AND created_at > @since", stored)) return null;
            if (step.Transaction.Connection!.ExecuteScalar<long>("SELECT COUNT(*) FROM incident_task WHERE incident_id = @Id", new { step.Incident.Id }, step.Transaction) >= MostTasks) return DeskTexts.TooManyTasks;
            step.Execute("INSERT INTO incident_task (incident_id, text, created_at, created_by) VALUES (@Id, @stored, @at, @Actor)", new { step.Incident.Id, at = step.Now.ToUnixTimeMilliseconds(), step.Actor, stored });
            step.Tell(IncidentActions.TaskAdded, ("text", Beginning(stored)));
            return null;
        },
        ct);

    /// <summary>Says that a task is done, or not done after all; what it is already it stays.</summary>
    public Task<DeskOutcome> SetTaskAsync(ActOn on, long task, bool done, CancellationToken ct) => AddAsync(
        on,
        step =>
        {
            if (step.Transaction.Connection!.QuerySingleOrDefault<string?>("SELECT text FROM incident_task WHERE id = @task AND incident_id = @Id", new { task, step.Incident.Id }, step.Transaction) is not { } text) return DeskTexts.NoSuchTask;
            var changed = step.Execute(
                $"UPDATE incident_task SET done_at = @at, done_by = @by WHERE id = @task AND done_at IS {(done ? "NULL" : "NOT NULL")}",
                new { at = done ? step.Now.ToUnixTimeMilliseconds() : (long?)null, by = done ? step.Actor : null, task });
            if (changed > 0) step.Tell(done ? IncidentActions.TaskDone : IncidentActions.TaskReopened, ("text", Beginning(text)));
            return null;
        },
        ct);

    /// <summary>Keeps a file with the incident; the same bytes again are not kept twice.</summary>
    /// <param name="on">The incident, as it was seen.</param>
    /// <param name="name">The file's name as its sender has it; folders are cut off.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="ct">Gives up.</param>
    public Task<DeskOutcome> AttachAsync(ActOn on, string name, byte[] content, CancellationToken ct)
    {
        if (content.Length == 0) return Refused(DeskTexts.FileEmpty);
        if (content.Length > MaxAttachment) return Refused(DeskTexts.FileTooLarge(MaxAttachment));
        var file = new { name = AttachmentFiles.NameOf(name), type = AttachmentFiles.TypeOf(content), hash = Convert.ToHexStringLower(SHA256.HashData(content)) };
        return AddAsync(
            on,
            step =>
            {
                var kept = step.Transaction.Connection!.Query<(string Hash, long Size)>("SELECT sha256, size FROM incident_attachment WHERE incident_id = @Id", new { step.Incident.Id }, step.Transaction).AsList();
                if (kept.Any(one => one.Hash == file.hash)) return null;
                if (kept.Sum(one => one.Size) + content.Length > MaxAttachments) return DeskTexts.FilesTooLarge(MaxAttachments);
                step.Execute(
                    """
                    INSERT INTO incident_attachment (incident_id, name, media_type, size, sha256, content, added_at, added_by)
                    VALUES (@Id, @name, @type, @size, @hash, @content, @at, @Actor)
                    """,
                    new { step.Incident.Id, file.name, file.type, size = (long)content.Length, file.hash, content, at = step.Now.ToUnixTimeMilliseconds(), step.Actor });
                step.Tell(IncidentActions.Attached, ("name", file.name), ("sha256", file.hash), ("size", content.Length.ToString(CultureInfo.InvariantCulture)));
                return null;
            },
            ct);

        static Task<DeskOutcome> Refused(Bilingual why) => Task.FromResult<DeskOutcome>(new DeskOutcome.Invalid(why));
    }

    /// <summary>Takes a file away; that it was there stays in the history, with its hash.</summary>
    public Task<DeskOutcome> DetachAsync(ActOn on, long attachment, CancellationToken ct) => AddAsync(
        on,
        step =>
        {
            var file = step.Transaction.Connection!.Query<(string Name, string Hash)>(
                "SELECT name, sha256 FROM incident_attachment WHERE id = @attachment AND incident_id = @Id", new { attachment, step.Incident.Id }, step.Transaction).AsList();
            if (file.Count == 0) return DeskTexts.NoSuchFile;
            step.Execute("DELETE FROM incident_attachment WHERE id = @attachment", new { attachment });
            step.Tell(IncidentActions.Detached, ("name", file[0].Name), ("sha256", file[0].Hash));
            return null;
        },
        ct);

    /// <summary>A file's bytes; null where the incident has no such file.</summary>
    public Task<(IncidentAttachment File, byte[] Content)?> ReadAttachmentAsync(long incident, long attachment, CancellationToken ct) => store.ReadAsync<(IncidentAttachment, byte[])?>(
        async (connection, token) =>
        {
            var rows = await connection.QueryAsync<AttachmentRow>(new CommandDefinition(
                "SELECT id, name, media_type, size, sha256, added_at, added_by, content FROM incident_attachment WHERE id = @attachment AND incident_id = @incident",
                new { incident, attachment },
                cancellationToken: token));
            return rows.SingleOrDefault() is { } row ? (row.ToAttachment(), row.Content!) : null;
        },
        ct);

    private static bool WasJustSaid(DeskStep step, string sql, string stored) => step.Transaction.Connection!.ExecuteScalar<long>(
        sql, new { step.Incident.Id, step.Actor, stored, since = (step.Now - Double).ToUnixTimeMilliseconds() }, step.Transaction) > 0;

    // Forms send line ends as CR LF (HTML, "constructing the entry list").
    private static string Lines(string text) => text.ReplaceLineEndings("\n").Trim();

    private static string Beginning(string text) => Console.PlainText.Cut(text, 120, out var cut) + (cut ? "…" : "");
}
