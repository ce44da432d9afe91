using System.Data.Common;
using Dapper;
using Vigie.Governance;
using Vigie.Store;

namespace Vigie.Incidents.Desk;

/// <summary>
/// What people do with incidents. Each act is one transaction: it looks at the version the person saw, changes the incident,
/// writes who did what, and counts the version up. Acts that only add something (a comment, a task, a file) stand beside what
/// others did; acts that decide are refused when somebody else changed the incident since, and told why.
/// </summary>
public sealed partial class IncidentDesk(Store.Store store, DeskRows rows, IncidentChanges changes, RulePrecision precision, Journal journal, TimeProvider time)
{
    /// <summary>The longest name of an incident, in characters.</summary>
    public const int MaxTitle = 200;

    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReason = 2000;

    /// <summary>Gives the incident to somebody; what was new is in work from then on.</summary>
    /// <param name="on">The incident, as it was seen.</param>
    /// <param name="assignee">The name of an account; null for nobody.</param>
    /// <param name="ct">Gives up.</param>
    public Task<DeskOutcome> AssignAsync(ActOn on, string? assignee, CancellationToken ct) =>
        DecideAsync(on, step => Assign(step, assignee), ct);

    /// <summary>Says where the incident stands. Closing it takes a verdict, see <see cref="JudgeAsync"/>; so does opening it again, see <see cref="UndoVerdictAsync"/>.</summary>
    public Task<DeskOutcome> SetStatusAsync(ActOn on, IncidentStatus status, CancellationToken ct) => DecideAsync(
        on,
        step =>
        {
            if (status is not (IncidentStatus.New or IncidentStatus.InWork or IncidentStatus.Waiting)) return DeskTexts.StatusUnknown;
            if (step.Incident.Status == IncidentStatus.Closed) return DeskTexts.ClosedTakeBack;
            if (step.Incident.Status == status) return null;
            step.Set("status = @value", (int)status);
            step.Tell(IncidentActions.Status, ("from", Name(step.Incident.Status)), ("to", Name(status)));
            return null;
        },
        ct);

    /// <summary>Says what the incident was, and closes it. A verdict that was given before is taken back by this one.</summary>
    public Task<DeskOutcome> JudgeAsync(ActOn on, IncidentVerdict verdict, string reason, CancellationToken ct) =>
        DecideAsync(on, step => Judge(step, verdict, reason), ct, heedsFindings: true);

    /// <summary>Takes the verdict back and opens the incident again.</summary>
    public Task<DeskOutcome> UndoVerdictAsync(ActOn on, string reason, CancellationToken ct) => DecideAsync(
        on,
        step =>
        {
            if (step.Incident.Verdict is not { } verdict) return DeskTexts.NoVerdict;
            if (ReasonProblem(reason) is { } problem) return problem;
            WithdrawVerdict(step);
            step.Set("status = @value, verdict = NULL, closed_at = NULL", (int)(step.Incident.Assignee is null ? IncidentStatus.New : IncidentStatus.InWork));
            step.Tell(IncidentActions.VerdictUndone, ("verdict", Name(verdict)), ("reason", reason));
            journal.Append(step.Transaction, step.Actor, "incident.verdict-undone", DeskTexts.Subject(step.Incident.Id), reason);
            return null;
        },
        ct);

    /// <summary>Gives the incident a name of one's own, the same in both languages.</summary>
    public Task<DeskOutcome> RenameAsync(ActOn on, string title, CancellationToken ct) => DecideAsync(
        on,
        step =>
        {
            title = title.Trim();
            if (title.Length == 0) return DeskTexts.TitleMissing;
            if (title.Length > MaxTitle) return DeskTexts.TooLong(MaxTitle, title.Length);
            if (title == step.Incident.Title.English && title == step.Incident.Title.French) return null;
            step.Execute("UPDATE incident SET title_en = @title, title_fr = @title, named_by = @Actor WHERE id = @Id", new { title, step.Actor, step.Incident.Id });
            step.Tell(IncidentActions.Renamed, ("from", step.Incident.Title.English), ("to", title));
            return null;
        },
        ct);

    private static Engine.Bilingual? Assign(DeskStep step, string? assignee)
    {
        if (step.Incident.Status == IncidentStatus.Closed) return DeskTexts.ClosedTakeBack;
        if (assignee == step.Incident.Assignee) return null;
        if (assignee is not null && !IsAccount(step.Transaction, assignee)) return DeskTexts.NoSuchAccount;
        step.Set("assignee = @value", assignee);
        step.Tell(IncidentActions.Assigned, ("from", step.Incident.Assignee), ("to", assignee));
        if (assignee is null || step.Incident.Status != IncidentStatus.New) return null;
        step.Set("status = @value", (int)IncidentStatus.InWork);
        step.Tell(IncidentActions.Status, ("from", Name(IncidentStatus.New)), ("to", Name(IncidentStatus.InWork)));
        return null;
    }

    private Engine.Bilingual? Judge(DeskStep step, IncidentVerdict verdict, string reason)
    {
        if (!Enum.IsDefined(verdict)) return DeskTexts.VerdictUnknown;
        if (ReasonProblem(reason) is { } problem) return problem;
        if (step.Incident.Verdict is not null) MarkUndone(step, step.Incident.Id);
        step.Execute(
            "INSERT INTO incident_verdict (incident_id, verdict, actor, reason, time) VALUES (@Id, @verdict, @Actor, @reason, @at)",
            new { step.Incident.Id, verdict = (int)verdict, step.Actor, reason, at = step.Now.ToUnixTimeMilliseconds() });
        step.Judged(RulePrecision.Cast(step.Transaction, step.Incident.Id, verdict));
        step.Execute(
            "UPDATE incident SET status = @status, verdict = @verdict, closed_at = COALESCE(closed_at, @at) WHERE id = @Id",
            new { status = (int)IncidentStatus.Closed, verdict = (int)verdict, at = step.Now.ToUnixTimeMilliseconds(), step.Incident.Id });
        step.Tell(IncidentActions.Verdict, ("verdict", Name(verdict)), ("before", step.Incident.Verdict is { } before ? Name(before) : null), ("reason", reason));
        journal.Append(step.Transaction, step.Actor, "incident.verdict", DeskTexts.Subject(step.Incident.Id), reason, $$"""{"verdict":"{{Name(verdict)}}"}""");
        return null;
    }

    private static void WithdrawVerdict(DeskStep step)
    {
        MarkUndone(step, step.Incident.Id);
        step.Judged(RulePrecision.Cast(step.Transaction, step.Incident.Id, null));
    }

    private static void MarkUndone(DeskStep step, long incident) => step.Execute(
        "UPDATE incident_verdict SET undone_at = @at, undone_by = @Actor WHERE incident_id = @incident AND undone_at IS NULL",
        new { at = step.Now.ToUnixTimeMilliseconds(), step.Actor, incident });

    private static Engine.Bilingual? ReasonProblem(string reason) =>
        string.IsNullOrWhiteSpace(reason) ? DeskTexts.ReasonMissing
        : reason.Length > MaxReason ? DeskTexts.TooLong(MaxReason, reason.Length)
        : null;

    private static bool IsAccount(DbTransaction transaction, string name) => transaction.Connection!.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM accounts WHERE name = @name AND disabled = 0", new { name }, transaction) > 0;

    internal static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private Task<DeskOutcome> DecideAsync(ActOn on, Func<DeskStep, Engine.Bilingual?> act, CancellationToken ct, bool heedsFindings = false) =>
        RunAsync(transaction => Act(transaction, on, act, since => since.Any(entry => StandsAgainst(entry, on.Actor, heedsFindings))), ct);

    private Task<DeskOutcome> AddAsync(ActOn on, Func<DeskStep, Engine.Bilingual?> act, CancellationToken ct) =>
        RunAsync(transaction => Act(transaction, on, act, _ => false), ct);

    // What Vigie did changes a verdict's ground when findings came or went; anything another person did may change one's mind.
    private static bool StandsAgainst(IncidentHistoryEntry entry, string actor, bool heedsFindings) => entry.Actor == IncidentHistoryEntry.Vigie
        ? heedsFindings && entry.Action is IncidentActions.Joined or IncidentActions.Merged or IncidentActions.Split
        : !string.Equals(entry.Actor, actor, StringComparison.Ordinal);

    private DeskStep Act(DbTransaction transaction, ActOn on, Func<DeskStep, Engine.Bilingual?> act, Func<IReadOnlyList<IncidentHistoryEntry>, bool> standsAgainst)
    {
        var now = time.GetUtcNow();
        if (IncidentTable.Find(transaction, on.Incident) is not { } incident) return DeskStep.Refuse(new DeskOutcome.Gone(null));
        if (incident.Status == IncidentStatus.Merged) return DeskStep.Refuse(new DeskOutcome.Gone(incident.MergedInto));
        var since = incident.Version == on.Version ? [] : IncidentHistory.Since(transaction, on.Incident, on.Version);
        if (standsAgainst(since)) return DeskStep.Refuse(new DeskOutcome.ChangedMeanwhile(incident, since));
        var step = new DeskStep(transaction, incident, on.Actor, now, [.. since.Where(entry => entry.Actor != on.Actor)]);
        if (act(step) is { } problem) return DeskStep.Refuse(new DeskOutcome.Invalid(problem));
        step.Finish();
        return step;
    }

    // What is told to others is told after the commit: before, they would read what was.
    private async Task<DeskOutcome> RunAsync(Func<DbTransaction, DeskStep> work, CancellationToken ct)
    {
        var step = await store.WriteAsync(Lane.Console, work, ct);
        changes.Raise(step.Touched);
        // Stored is stored: that the browser has gone keeps nobody from hearing of it.
        await precision.ChangedAsync(step.Votes, CancellationToken.None);
        return step.Outcome;
    }
}
