using System.Globalization;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Desk;

/// <summary>Merging and splitting by hand, and answering what Vigie proposes. What a person grouped, Vigie regroups no more.</summary>
public sealed partial class IncidentDesk
{
    /// <summary>The most findings that are split off at once.</summary>
    public const int MaxSplit = 2000;

    /// <summary>
    /// Makes an incident part of another one: its findings, comments, tasks and files go there, and its number leads there. Its
    /// own verdict is taken back; that of the other stays and speaks for all findings.
    /// </summary>
    /// <param name="on">The incident that goes, as it was seen.</param>
    /// <param name="into">The one that stays.</param>
    /// <param name="ct">Gives up.</param>
    public Task<DeskOutcome> MergeAsync(ActOn on, long into, CancellationToken ct) =>
        DecideAsync(on, step => Merge(step, into), ct, heedsFindings: true);

    /// <summary>Puts chosen findings into a new incident.</summary>
    /// <param name="on">The incident, as it was seen.</param>
    /// <param name="findings">Findings of it; not all.</param>
    /// <param name="ct">Gives up.</param>
    public Task<DeskOutcome> SplitAsync(ActOn on, IReadOnlyCollection<FindingId> findings, CancellationToken ct) =>
        DecideAsync(on, step => Split(step, findings, lead: true), ct);

    /// <summary>Does what Vigie proposed, as a person's own act.</summary>
    public Task<DeskOutcome> AcceptAsync(ActOn on, long proposal, CancellationToken ct) => DecideAsync(
        on,
        step =>
        {
            if (FindProposal(step, proposal) is not { } asked) return DeskTexts.NoSuchProposal;
            if (asked.Kind == 0)
            {
                if (asked.OtherId is not { } other || IncidentTable.Find(step.Transaction, other) is not { Status: not IncidentStatus.Merged } gone) return DeskTexts.ProposalOutdated;
                Absorb(step, gone, step.Incident.Id);
            }
            else
            {
                var findings = JsonSerializer.Deserialize<string[]>(asked.Findings)!.Select(id => new FindingId(id)).ToList();
                var present = findings.Intersect(FindingsOf(step, step.Incident.Id)).ToList();
                if (Split(step, present, lead: false) is not null) return DeskTexts.ProposalOutdated;
            }

            Decide(step, proposal, asked, accepted: true);
            return null;
        },
        ct);

    /// <summary>Says no to what Vigie proposed.</summary>
    public Task<DeskOutcome> DeclineAsync(ActOn on, long proposal, CancellationToken ct) => AddAsync(
        on,
        step =>
        {
            if (FindProposal(step, proposal) is not { } asked) return DeskTexts.NoSuchProposal;
            Decide(step, proposal, asked, accepted: false);
            return null;
        },
        ct);

    private Bilingual? Merge(DeskStep step, long into)
    {
        if (into == step.Incident.Id) return DeskTexts.MergeWithItself;
        if (IncidentTable.Find(step.Transaction, into) is not { } target) return DeskTexts.NoSuchIncident(into);
        if (target.Status == IncidentStatus.Merged) return DeskTexts.IsMerged(into, target.MergedInto ?? into);
        var moved = Move(step, step.Incident, into);
        if (step.Incident.Verdict is not null) WithdrawVerdict(step);
        step.Execute("UPDATE incident SET status = @status, merged_into = @into, verdict = NULL, findings = 0 WHERE id = @Id", new { status = (int)IncidentStatus.Merged, into, step.Incident.Id });
        step.Tell(IncidentActions.Merged, ("into", Text(into)), ("findings", Text(moved)));
        step.TellOther(into, IncidentActions.Merged, ("from", Text(step.Incident.Id)), ("findings", Text(moved)), ("title", step.Incident.Title.English));
        Settle(step, target);
        step.LeadTo(into);
        journal.Append(step.Transaction, step.Actor, "incident.merge", DeskTexts.Subject(step.Incident.Id), "", $$"""{"into":{{Text(into)}}}""");
        return null;
    }

    // The other way round, for a proposal: what is asked about stays, the other goes.
    private void Absorb(DeskStep step, Incident gone, long into)
    {
        var moved = Move(step, gone, into);
        if (gone.Verdict is not null)
        {
            MarkUndone(step, gone.Id);
            step.Judged(RulePrecision.Cast(step.Transaction, gone.Id, null));
        }

        step.Execute("UPDATE incident SET status = @status, merged_into = @into, verdict = NULL, findings = 0 WHERE id = @Id", new { status = (int)IncidentStatus.Merged, into, gone.Id });
        step.TellOther(gone.Id, IncidentActions.Merged, ("into", Text(into)), ("findings", Text(moved)));
        step.Tell(IncidentActions.Merged, ("from", Text(gone.Id)), ("findings", Text(moved)), ("title", gone.Title.English));
        Settle(step, step.Incident);
        journal.Append(step.Transaction, step.Actor, "incident.merge", DeskTexts.Subject(gone.Id), "", $$"""{"into":{{Text(into)}}}""");
    }

    private static long Move(DeskStep step, Incident from, long into)
    {
        var both = new { from = from.Id, into, at = step.Now.ToUnixTimeMilliseconds(), step.Actor };
        foreach (var table in (string[])["incident_comment", "incident_task", "incident_attachment"]) step.Execute($"UPDATE {table} SET incident_id = @into WHERE incident_id = @from", both);
        // What was merged here earlier leads on; questions about the one that goes are answered by its going.
        step.Execute("UPDATE incident SET merged_into = @into WHERE merged_into = @from", both);
        step.Execute(
            """
            UPDATE incident_proposal SET decided_at = @at, decided_by = @Actor, accepted = CASE WHEN incident_id = @into AND other_id = @from THEN 1 ELSE 0 END
            WHERE decided_at IS NULL AND (incident_id = @from OR (incident_id = @into AND other_id = @from))
            """,
            both);
        step.Execute("UPDATE incident_proposal SET other_id = @into WHERE decided_at IS NULL AND other_id = @from", both);
        return step.Execute("UPDATE incident_finding SET incident_id = @into WHERE incident_id = @from", both);
    }

    private Bilingual? Split(DeskStep step, IReadOnlyCollection<FindingId> findings, bool lead)
    {
        if (findings.Count == 0) return DeskTexts.SplitNothing;
        if (findings.Count > MaxSplit) return DeskTexts.SplitTooMany(MaxSplit);
        var present = FindingsOf(step, step.Incident.Id);
        var chosen = findings.Distinct().ToList();
        if (chosen.Any(one => !present.Contains(one))) return DeskTexts.SplitForeign;
        if (chosen.Count == present.Count) return DeskTexts.SplitEverything;

        var id = IncidentNumbers.Take(step.Transaction);
        step.Execute(
            $"""
            INSERT INTO incident ({IncidentTable.Columns})
            SELECT CAST(@fresh AS BIGINT), 0, CAST(@at AS BIGINT), CAST(@at AS BIGINT), first_seen, last_seen, title_en, title_fr, severity, score, terms, findings, rules, only_rule,
                   watches, techniques, about, CAST(@status AS SMALLINT), NULL, NULL, NULL, NULL, NULL
            FROM incident WHERE id = @Id
            """,
            new { fresh = id, at = step.Now.ToUnixTimeMilliseconds(), status = (int)IncidentStatus.New, step.Incident.Id });
        step.Execute($"UPDATE incident_finding SET incident_id = @id WHERE {store.Dialect.In("finding_id", "@ids")}", new { id, ids = chosen.ConvertAll(one => one.Value) });
        step.TellOther(id, IncidentActions.Split, ("from", Text(step.Incident.Id)), ("findings", Text(chosen.Count)));
        step.Tell(IncidentActions.Split, ("to", Text(id)), ("findings", Text(chosen.Count)));
        Settle(step, step.Incident);
        rows.Refresh(step.Transaction, id, named: false);
        if (lead) step.LeadTo(id);
        journal.Append(step.Transaction, step.Actor, "incident.split", DeskTexts.Subject(step.Incident.Id), "", $$"""{"to":{{Text(id)}}}""");
        return null;
    }

    // An incident whose findings changed: its row follows, and its verdict speaks for the rules that are in it now.
    private void Settle(DeskStep step, Incident incident)
    {
        rows.Refresh(step.Transaction, incident.Id, named: true);
        if (incident.Verdict is { } verdict) step.Judged(RulePrecision.Cast(step.Transaction, incident.Id, verdict));
    }

    private static HashSet<FindingId> FindingsOf(DeskStep step, long incident) =>
        [.. step.Transaction.Connection!.Query<string>("SELECT finding_id FROM incident_finding WHERE incident_id = @incident", new { incident }, step.Transaction).Select(id => new FindingId(id))];

    private static Proposal? FindProposal(DeskStep step, long proposal) => step.Transaction.Connection!.QuerySingleOrDefault<Proposal>(
        "SELECT kind, other_id, findings, why_en FROM incident_proposal WHERE id = @proposal AND incident_id = @Id AND decided_at IS NULL", new { proposal, step.Incident.Id }, step.Transaction);

    private static void Decide(DeskStep step, long proposal, Proposal asked, bool accepted)
    {
        step.Execute(
            "UPDATE incident_proposal SET decided_at = @at, decided_by = @Actor, accepted = @accepted WHERE id = @proposal",
            new { at = step.Now.ToUnixTimeMilliseconds(), step.Actor, accepted = (short)(accepted ? 1 : 0), proposal });
        step.Tell(accepted ? IncidentActions.ProposalAccepted : IncidentActions.ProposalDeclined, ("proposal", Text(proposal)), ("other", Text(asked.OtherId)), ("why", asked.WhyEn));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private sealed class Proposal
    {
        public int Kind { get; init; }

        public long? OtherId { get; init; }

        public string Findings { get; init; } = "[]";

        public string WhyEn { get; init; } = "";
    }
}
