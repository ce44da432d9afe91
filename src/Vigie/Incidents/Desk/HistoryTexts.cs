using Vigie.Engine;

namespace Vigie.Incidents.Desk;

/// <summary>Entries of an incident's history in words. What they quote is from strangers: shown through the console's own means only.</summary>
internal static class HistoryTexts
{
    /// <summary>Whose act it was, as it is shown.</summary>
    public static string Who(IncidentHistoryEntry entry) => entry.Actor == IncidentHistoryEntry.Vigie ? "Vigie" : entry.Actor;

    /// <summary>What was done, as a sentence without its subject: "closed it as true: …".</summary>
    public static Bilingual Say(IncidentHistoryEntry entry)
    {
        string Of(string name) => entry.Details.GetValueOrDefault(name, "");
        return entry.Action switch
        {
            IncidentActions.Created => new("opened it", "l’a ouvert"),
            IncidentActions.Joined => new("added a finding", "a ajouté un constat"),
            IncidentActions.Merged when entry.Details.ContainsKey("into") => new($"merged it into #{Of("into")}", $"l’a fusionné dans le n° {Of("into")}"),
            IncidentActions.Merged => new($"merged #{Of("from")} into it", $"y a fusionné le n° {Of("from")}"),
            IncidentActions.Split when entry.Details.ContainsKey("to") => new($"split findings off to #{Of("to")}", $"en a détaché des constats vers le n° {Of("to")}"),
            IncidentActions.Split => new($"split it off from #{Of("from")}", $"l’a détaché du n° {Of("from")}"),
            IncidentActions.Assigned when Of("to") == entry.Actor => new("took it", "l’a pris en charge"),
            IncidentActions.Assigned when entry.Details.ContainsKey("to") => new($"gave it to {Of("to")}", $"l’a confié à {Of("to")}"),
            IncidentActions.Assigned => new("gave it to nobody", "ne l’a confié à personne"),
            IncidentActions.Status => new($"set it to “{Status(Of("to")).English}”", $"l’a mis à « {Status(Of("to")).French} »"),
            IncidentActions.Verdict => new($"closed it as {Verdict(Of("verdict")).English}: {Of("reason")}", $"l’a clos comme {Verdict(Of("verdict")).French} : {Of("reason")}"),
            IncidentActions.VerdictUndone => new($"took the verdict “{Verdict(Of("verdict")).English}” back: {Of("reason")}", $"a repris le verdict « {Verdict(Of("verdict")).French} » : {Of("reason")}"),
            IncidentActions.Commented => new($"commented: {Of("text")}", $"a commenté : {Of("text")}"),
            IncidentActions.TaskAdded => new($"added the task: {Of("text")}", $"a ajouté la tâche : {Of("text")}"),
            IncidentActions.TaskDone => new($"did the task: {Of("text")}", $"a fait la tâche : {Of("text")}"),
            IncidentActions.TaskReopened => new($"reopened the task: {Of("text")}", $"a rouvert la tâche : {Of("text")}"),
            IncidentActions.Attached => new($"attached {Of("name")}", $"a joint {Of("name")}"),
            IncidentActions.Detached => new($"removed {Of("name")}", $"a retiré {Of("name")}"),
            IncidentActions.Renamed => new($"named it “{Of("to")}”", $"l’a nommé « {Of("to")} »"),
            IncidentActions.Proposed => new("proposed a change of its findings", "a proposé un changement de ses constats"),
            IncidentActions.ProposalAccepted => new("accepted a proposal", "a accepté une proposition"),
            IncidentActions.ProposalDeclined => new("declined a proposal", "a décliné une proposition"),
            IncidentActions.Exported => new($"exported it: {Of("format")}", $"l’a exporté : {Of("format")}"),
            IncidentActions.Rescored => new(
                $"changed the score from {Of("from")} to {Of("to")}: verdicts on a rule (true/benign/false {Of("votes")})",
                $"a changé le score de {Of("from")} à {Of("to")} : verdicts sur une règle (vrai/bénin/faux {Of("votes")})"),
            IncidentActions.Notified => new("sent a notice", "a envoyé un avis"),
            var other => new(other, other),
        };
    }

    /// <summary>A status by the name it has in the history.</summary>
    public static Bilingual Status(string name) => Enum.TryParse<IncidentStatus>(name, ignoreCase: true, out var status) ? IncidentTexts.Name(status) : new(name, name);

    /// <summary>A verdict by the name it has in the history.</summary>
    public static Bilingual Verdict(string name) => Enum.TryParse<IncidentVerdict>(name, ignoreCase: true, out var verdict) ? IncidentTexts.Name(verdict) : new(name, name);
}
