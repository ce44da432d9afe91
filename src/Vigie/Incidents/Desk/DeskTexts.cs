using System.Globalization;
using Vigie.Engine;

namespace Vigie.Incidents.Desk;

/// <summary>What the desk says to those who act at it.</summary>
internal static class DeskTexts
{
    public static readonly Bilingual StatusUnknown = new("Choose new, in work or waiting.", "Choisissez nouveau, en cours ou en attente.");
    public static readonly Bilingual ClosedTakeBack = new(
        "The incident is closed. Take its verdict back first.", "L’incident est clos. Reprenez d’abord son verdict.");
    public static readonly Bilingual NoVerdict = new("The incident has no verdict to take back.", "L’incident n’a pas de verdict à reprendre.");
    public static readonly Bilingual VerdictUnknown = new("Choose a verdict: true, benign or false.", "Choisissez un verdict : vrai, bénin ou faux.");
    public static readonly Bilingual ReasonMissing = new(
        "Give a reason: whoever reads this incident later must understand why.", "Donnez un motif : qui lira cet incident plus tard doit comprendre pourquoi.");
    public static readonly Bilingual TitleMissing = new("Give the incident a name.", "Donnez un nom à l’incident.");
    public static readonly Bilingual TextMissing = new("There is nothing in it.", "Il n’y a rien dedans.");
    public static readonly Bilingual NoSuchAccount = new("There is no such account, or it is disabled.", "Ce compte n’existe pas, ou il est désactivé.");
    public static readonly Bilingual NoSuchTask = new("There is no such task in this incident.", "Cette tâche n’existe pas dans cet incident.");
    public static readonly Bilingual TooManyTasks = new("An incident has at most 200 tasks.", "Un incident a au plus 200 tâches.");
    public static readonly Bilingual NoSuchFile = new("There is no such file in this incident.", "Ce fichier n’existe pas dans cet incident.");
    public static readonly Bilingual FileMissing = new("Choose a file.", "Choisissez un fichier.");
    public static readonly Bilingual FileEmpty = new("The file is empty.", "Le fichier est vide.");
    public static readonly Bilingual NoSuchProposal = new("This proposal is no longer open.", "Cette proposition n’est plus ouverte.");
    public static readonly Bilingual ProposalOutdated = new(
        "What was proposed is no longer possible: the incidents have changed. Decline it.",
        "Ce qui était proposé n’est plus possible : les incidents ont changé. Déclinez-la.");
    public static readonly Bilingual MergeWithItself = new("An incident cannot be merged with itself.", "Un incident ne peut pas être fusionné avec lui-même.");
    public static readonly Bilingual NumberMissing = new("Give the number of the other incident.", "Donnez le numéro de l’autre incident.");
    public static readonly Bilingual SplitNothing = new("Choose the findings that shall leave.", "Choisissez les constats à détacher.");
    public static readonly Bilingual SplitEverything = new(
        "At least one finding has to stay.", "Au moins un constat doit rester.");
    public static readonly Bilingual SplitForeign = new(
        "Some of the chosen findings are no longer in this incident.", "Certains constats choisis ne sont plus dans cet incident.");

    /// <summary>The desk's acts in the journal.</summary>
    public static readonly IReadOnlyList<Console.JournalAct> JournalActs =
    [
        new("incident.verdict", new("verdict", "verdict")),
        new("incident.verdict-undone", new("verdict taken back", "verdict repris")),
        new("incident.merge", new("incidents merged", "incidents fusionnés")),
        new("incident.split", new("incident split", "incident scindé")),
        new("suppression.add", new("suppression added", "exception ajoutée")),
        new("suppression.end", new("suppression ended", "exception terminée")),
    ];

    public static Bilingual SplitTooMany(int most) => new($"At most {Number(most)} findings are split off at once.", $"Au plus {Number(most)} constats sont détachés à la fois.");

    public static Bilingual TooLong(int most, int length) => new(
        $"At most {Number(most)} characters fit; this has {Number(length)}.", $"Au plus {Number(most)} caractères tiennent ; il y en a {Number(length)}.");

    public static Bilingual FileTooLarge(long most) => new($"A file may have {Number(most >> 20)} MB at most.", $"Un fichier a {Number(most >> 20)} Mo au plus.");

    public static Bilingual FilesTooLarge(long most) => new(
        $"All files of an incident may have {Number(most >> 20)} MB together.", $"Tous les fichiers d’un incident ont ensemble {Number(most >> 20)} Mo au plus.");

    public static Bilingual NoSuchIncident(long id) => new($"There is no incident #{Number(id)}.", $"L’incident n° {Number(id)} n’existe pas.");

    public static Bilingual IsMerged(long id, long into) => new(
        $"Incident #{Number(id)} is part of #{Number(into)} now.", $"L’incident n° {Number(id)} fait maintenant partie du n° {Number(into)}.");

    public static readonly Bilingual Assigned = new("The incident has a new owner.", "L’incident a un nouveau responsable.");
    public static readonly Bilingual StatusSet = new("The status is set.", "L’état est changé.");
    public static readonly Bilingual Judged = new(
        "The incident is closed; its rules have their vote. You can take the verdict back.", "L’incident est clos ; ses règles ont leur voix. Vous pouvez reprendre le verdict.");
    public static readonly Bilingual VerdictTakenBack = new(
        "The verdict is taken back, with its votes on rules; the incident is open again.", "Le verdict est repris, avec ses voix sur les règles ; l’incident est rouvert.");
    public static readonly Bilingual Renamed = new("The incident has a new name.", "L’incident a un nouveau nom.");
    public static readonly Bilingual Commented = new("Your comment is there.", "Votre commentaire est là.");
    public static readonly Bilingual TaskAdded = new("The task is there.", "La tâche est là.");
    public static readonly Bilingual TaskDone = new("The task is done.", "La tâche est faite.");
    public static readonly Bilingual TaskReopened = new("The task is open again.", "La tâche est rouverte.");
    public static readonly Bilingual Attached = new("The file is kept with the incident.", "Le fichier est gardé avec l’incident.");
    public static readonly Bilingual Detached = new("The file is removed; the history keeps its name and hash.", "Le fichier est retiré ; l’historique garde son nom et son empreinte.");
    public static readonly Bilingual MergedNow = new("The incidents are one now; this is the one that stays.", "Les incidents ne font plus qu’un ; voici celui qui reste.");
    public static readonly Bilingual SplitNow = new("This is the new incident with the findings you chose.", "Voici le nouvel incident avec les constats choisis.");
    public static readonly Bilingual Accepted = new("It is done as proposed.", "C’est fait comme proposé.");
    public static readonly Bilingual Declined = new("The proposal is declined.", "La proposition est déclinée.");
    public static readonly Bilingual DoTask = new("Mark as done", "Marquer comme faite");
    public static readonly Bilingual ReopenTask = new("Reopen", "Rouvrir");
    public static readonly Bilingual Accept = new("Accept", "Accepter");
    public static readonly Bilingual Decline = new("Decline", "Décliner");

    public static readonly Bilingual NotDone = new("Not done", "Pas fait");
    public static readonly Bilingual ChangedTitle = new("Somebody was here before you", "Quelqu’un est passé avant vous");
    public static readonly Bilingual MeanwhileLead = new(
        "The incident has changed since you opened it, so nothing was done yet. Read what happened, then decide.",
        "L’incident a changé depuis que vous l’avez ouvert : rien n’a encore été fait. Lisez ce qui s’est passé, puis décidez.");
    public static readonly Bilingual MeanwhileTitle = new("Meanwhile", "Entre-temps");
    public static readonly Bilingual GoneInto = new("This incident is part of another one now:", "Cet incident fait maintenant partie d’un autre :");
    public static readonly Bilingual GoneNever = new("There is no such incident.", "Cet incident n’existe pas.");
    public static readonly Bilingual YourInput = new("What you entered", "Ce que vous avez saisi");
    public static readonly Bilingual LeaveIt = new("Leave it", "Laisser");
    public static readonly Bilingual NothingChosen = new("Choose at least one incident.", "Choisissez au moins un incident.");
    public static readonly Bilingual ActUnknown = new("Choose what to do: assign or close.", "Choisissez quoi faire : confier ou clore.");

    public static Bilingual AllTheSame(Bilingual act) => new($"{act.English} all the same", $"{act.French} malgré tout");

    public static Bilingual TooMany(int most) => new($"At most {Number(most)} incidents at once.", $"Au plus {Number(most)} incidents à la fois.");

    public static Bilingual ManyDone(int count) => count == 0 ? new("Nothing was changed.", "Rien n’a été changé.") : new($"{Number(count)} done.", $"{Number(count)} faits.");

    public static Bilingual ManyChanged(int count, string numbers) => new(
        $"{Number(count)} left as they are, because somebody changed them meanwhile: {numbers}.", $"{Number(count)} laissés tels quels, car quelqu’un les a changés entre-temps : {numbers}.");

    public static Bilingual ManyGone(int count, string numbers) => new($"{Number(count)} are merged or gone: {numbers}.", $"{Number(count)} sont fusionnés ou disparus : {numbers}.");

    public static Bilingual ManyRefused(Bilingual why, string numbers) => new($"{numbers}: {why.English}", $"{numbers} : {why.French}");

    public static Bilingual Join(Bilingual first, Bilingual second) => new($"{first.English} {second.English}", $"{first.French} {second.French}");

    /// <summary>What was done, and what others did meanwhile.</summary>
    public static Bilingual With(Bilingual done, IReadOnlyList<IncidentHistoryEntry> meanwhile)
    {
        foreach (var entry in meanwhile.Where(entry => entry.Actor != IncidentHistoryEntry.Vigie).TakeLast(2))
        {
            var said = HistoryTexts.Say(entry);
            done = Join(done, new($"Meanwhile, {entry.Actor} {said.English}.", $"Entre-temps, {entry.Actor} {said.French}."));
        }

        return done;
    }

    /// <summary>How the journal names an incident.</summary>
    public static string Subject(long incident) => string.Create(CultureInfo.InvariantCulture, $"#{incident}");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
