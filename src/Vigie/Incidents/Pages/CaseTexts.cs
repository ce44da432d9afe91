using System.Globalization;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents.Pages;

/// <summary>The words of an incident's page.</summary>
internal static class CaseTexts
{
    public static readonly Bilingual AllIncidents = new("All incidents", "Tous les incidents");
    public static readonly Bilingual NoSuch = new("There is no such incident", "Cet incident n’existe pas");
    public static readonly Bilingual NoSuchHow = new("Its number may be mistyped, or the store was put back to an earlier day.", "Son numéro est peut-être mal tapé, ou le stockage a été ramené à un jour antérieur.");
    public static readonly Bilingual CameFrom = new("You asked for an incident that is part of this one now:", "Vous avez demandé un incident qui fait maintenant partie de celui-ci :");
    public static readonly Bilingual From = new("From", "Du");
    public static readonly Bilingual Until = new("to", "au");
    public static readonly Bilingual SeenBy = new("Seen by", "Vu par");
    public static readonly Bilingual Story = new("What happened", "Ce qui s’est passé");
    public static readonly Bilingual StoryHint = new("Told from the findings alone, by fixed rules.", "Raconté d’après les seuls constats, selon des règles fixes.");
    public static readonly Bilingual NoFindings = new("This incident has no findings any more: they were older than the store keeps them.", "Cet incident n’a plus de constats : ils étaient plus anciens que la durée de conservation.");
    public static readonly Bilingual FreshSince = new("since the last person did something here", "depuis la dernière action d’une personne ici");
    public static readonly Bilingual New = new("new", "nouveau");
    public static readonly Bilingual Timeline = new("Timeline", "Chronologie");
    public static readonly Bilingual TimelineHint = new("One line a rule, in the order of their first findings.", "Une ligne par règle, dans l’ordre de leur premier constat.");
    public static readonly Bilingual When = new("When", "Quand");
    public static readonly Bilingual OneByOne = new("All findings one by one", "Tous les constats, un par un");
    public static readonly Bilingual Context = new("Lesser findings around it", "Constats mineurs alentour");
    public static readonly Bilingual ContextLead = new(
        "Findings below medium about the same names, from an hour before the incident until an hour after it. Too slight to be joined, they may still explain it.",
        "Constats de gravité inférieure à moyenne qui concernent les mêmes noms, d’une heure avant l’incident à une heure après. Trop faibles pour être rattachés, ils peuvent l’éclairer.");
    public static readonly Bilingual NoContext = new("Nothing around it", "Rien alentour");
    public static readonly Bilingual NoContextHow = new("No lesser finding is about the same names at that time.", "Aucun constat mineur ne concerne les mêmes noms à ce moment-là.");
    public static readonly Bilingual Because = new("Joined by", "Rattaché par");
    public static readonly Bilingual First = new("It began an incident, or a person put it here.", "Il a ouvert un incident, ou une personne l’a mis ici.");
    public static readonly Bilingual Strength = new("strength", "force");
    public static readonly Bilingual StrengthHint = new("From 0.25, where two findings begin to belong together, to 1.", "De 0,25, seuil à partir duquel deux constats vont ensemble, à 1.");
    public static readonly Bilingual Map = new("Connections", "Liens");
    public static readonly Bilingual MapHint = new("A line joins names that stand in the same findings; the more findings, the thicker.", "Un trait relie les noms cités par les mêmes constats ; plus il y a de constats, plus il est épais.");
    public static readonly Bilingual MapAsTable = new("The same as a table", "La même chose en tableau");
    public static readonly Bilingual MapNothing = new("The findings name nothing that could be joined.", "Les constats ne citent aucun nom à relier.");
    public static readonly Bilingual MapMove = new("Move and zoom", "Déplacer et zoomer");
    public static readonly Bilingual MapStill = new("Back to the still picture", "Revenir à l’image fixe");
    public static readonly Bilingual MapFailed = new("The movable map could not be loaded; the picture stays.", "La carte mobile n’a pas pu être chargée ; l’image reste.");
    public static readonly Bilingual Entity = new("Name", "Nom");
    public static readonly Bilingual Kind = new("Kind", "Sorte");
    public static readonly Bilingual Attack = new("ATT&CK tactics", "Tactiques ATT&CK");
    public static readonly Bilingual AttackNone = new("No finding names a technique.", "Aucun constat ne nomme de technique.");
    public static readonly Bilingual NotSeen = new("not seen", "non vue");
    public static readonly Bilingual EvidenceHint = new("From the gravest findings; what the rule asked for and found is highlighted.", "Celles des constats les plus graves ; ce que la règle cherchait et a trouvé est surligné.");
    public static readonly Bilingual FindingItself = new("The whole finding", "Le constat entier");
    public static readonly Bilingual WholeFinding = new("The whole finding with the raw bytes", "Le constat entier, avec les octets bruts");
    public static readonly Bilingual ScoreHint = new("What adds up to it; 100 at most.", "Ce qui le compose ; 100 au plus.");
    public static readonly Bilingual Terms = new("Terms of the score", "Termes du score");
    public static readonly Bilingual Related = new("Related incidents", "Incidents liés");
    public static readonly Bilingual NoRelated = new("No other incident is about the same names.", "Aucun autre incident ne concerne les mêmes noms.");
    public static readonly Bilingual Absorbed = new("Part of it now", "En fait partie");
    public static readonly Bilingual Proposals = new("Vigie asks", "Vigie demande");
    public static readonly Bilingual ProposalsHint = new("Somebody works on this incident, so nothing is regrouped unasked.", "Quelqu’un travaille sur cet incident : rien n’est regroupé sans son accord.");
    public static readonly Bilingual Accept = new("Do it", "Le faire");
    public static readonly Bilingual Decline = new("Leave it", "Ne pas le faire");
    public static readonly Bilingual Comments = new("Comments", "Commentaires");
    public static readonly Bilingual NoComments = new("No comments yet.", "Aucun commentaire pour l’instant.");
    public static readonly Bilingual YourComment = new("Your comment", "Votre commentaire");
    public static readonly Bilingual Add = new("Add", "Ajouter");
    public static readonly Bilingual Tasks = new("Tasks", "Tâches");
    public static readonly Bilingual NoTasks = new("No tasks yet.", "Aucune tâche pour l’instant.");
    public static readonly Bilingual NewTask = new("What is to be done", "À faire");
    public static readonly Bilingual TaskDone = new("Done", "Fait");
    public static readonly Bilingual TaskOpen = new("Not done after all", "Pas fait, finalement");
    public static readonly Bilingual Files = new("Files", "Fichiers");
    public static readonly Bilingual NoFiles = new("No file attached.", "Aucun fichier joint.");
    public static readonly Bilingual File = new("File", "Fichier");
    public static readonly Bilingual FileHint = new("Kept as it is, with its SHA-256; never opened here.", "Gardé tel quel, avec son SHA-256 ; jamais ouvert ici.");
    public static readonly Bilingual Work = new("Work on it", "Traitement");
    public static readonly Bilingual Judge = new("Give a verdict and close", "Donner un verdict et clore");
    public static readonly Bilingual JudgeAgain = new("Change the verdict", "Changer le verdict");
    public static readonly Bilingual Undo = new("Take the verdict back and reopen", "Annuler le verdict et rouvrir");
    public static readonly Bilingual JudgeHint = new("It closes the incident and counts for the precision of its rules; it can be taken back.", "Il clôt l’incident et compte pour la précision de ses règles ; il peut être annulé.");
    public static readonly Bilingual Regroup = new("Rename, merge, split", "Renommer, fusionner, scinder");
    public static readonly Bilingual Name = new("Name of the incident", "Nom de l’incident");
    public static readonly Bilingual MergeInto = new("Merge it into incident number", "Le fusionner avec l’incident numéro");
    public static readonly Bilingual SplitHow = new("To split it, choose findings in the list one by one.", "Pour le scinder, choisissez des constats dans la liste détaillée.");
    public static readonly Bilingual Split = new("Split the chosen ones off into a new incident", "Détacher les constats choisis dans un nouvel incident");
    public static readonly Bilingual SplitChoose = new("Choose this finding", "Choisir ce constat");
    public static readonly Bilingual History = new("History", "Historique");
    public static readonly Bilingual Export = new("Export", "Exporter");
    public static readonly Bilingual ExportHint = new("Each export is written into the history and the journal before it leaves.", "Chaque export est d’abord inscrit dans l’historique et au journal.");
    public static readonly Bilingual Print = new("Print or PDF", "Imprimer ou PDF");
    public static readonly Bilingual Json = new("JSON file", "Fichier JSON");
    public static readonly Bilingual Stix = new("STIX 2.1 bundle", "Paquet STIX 2.1");
    public static readonly Bilingual WithEvidence = new("with copies of the evidence", "avec copie des preuves");
    public static readonly Bilingual Marked = new("Marked", "Marqué");
    public static readonly Bilingual Printed = new("Printed", "Imprimé");
    public static readonly Bilingual By = new("by", "par");
    public static readonly Bilingual Back = new("Back to the incident", "Retour à l’incident");
    public static readonly Bilingual Previous = new("Previous incident of the list", "Incident précédent de la liste");
    public static readonly Bilingual Next = new("Next incident of the list", "Incident suivant de la liste");
    public static readonly Bilingual KeyNeighbours = new("next and previous incident", "incident suivant, précédent");
    public static readonly Bilingual Sections = new("Parts of this page", "Parties de cette page");

    public static Bilingual More(long count) => new($"and {Number(count, "en")} more", $"et {Number(count, "fr")} de plus");

    public static Bilingual Times(long count) => new($"{Number(count, "en")} times", $"{Number(count, "fr")} fois");

    public static Bilingual FreshCount(long count) => new(
        count == 1 ? "1 new finding" : $"{Number(count, "en")} new findings",
        count == 1 ? "1 nouveau constat" : $"{Number(count, "fr")} nouveaux constats");

    public static Bilingual ReadOf(long read, long all) => new(
        $"Drawn from {Number(read, "en")} of {Number(all, "en")} findings: the gravest of every rule first. Numbers and times are those of all.",
        $"D’après {Number(read, "fr")} des {Number(all, "fr")} constats : d’abord les plus graves de chaque règle. Nombres et heures sont ceux de tous.");

    public static Bilingual LeftOut(long count) => new(
        count == 1 ? "1 name is left out." : $"{Number(count, "en")} names are left out.",
        count == 1 ? "1 nom n’est pas montré." : $"{Number(count, "fr")} noms ne sont pas montrés.");

    /// <summary>A task that asks for the merge, or one for the split.</summary>
    public static Bilingual Asks(IncidentProposal proposal) => proposal.Other is not null
        ? new("Merge this incident into the present one?", "Fusionner cet incident dans le présent ?")
        : new(
            $"Split {Number(proposal.Findings.Length, "en")} findings off?",
            $"Détacher {Number(proposal.Findings.Length, "fr")} constats ?");

    /// <summary>What two findings share, by the kind of the key.</summary>
    public static Bilingual Key(string kind) => kind switch
    {
        LinkKinds.Account => new("the account", "le compte"),
        LinkKinds.Lookalike => new("the look-alike name", "le nom sosie"),
        LinkKinds.Imitates => new("an imitation of", "une imitation de"),
        LinkKinds.AccountOnHost => new("the account on a host", "le compte sur un hôte"),
        EntityKinds.Domain => new("the domain", "le domaine"),
        EntityKinds.Ip => new("the address", "l’adresse"),
        EntityKinds.Mailbox => new("the mailbox", "la boîte aux lettres"),
        EntityKinds.User => new("the account", "le compte"),
        EntityKinds.Host => new("the host", "l’hôte"),
        EntityKinds.FileHash => new("the file", "le fichier"),
        EntityKinds.Url => new("the web address", "l’adresse web"),
        EntityKinds.Process => new("the process", "le processus"),
        EntityKinds.Resource => new("the resource", "la ressource"),
        EntityKinds.QueueId => new("the mail", "le courrier"),
        _ => new(kind, kind),
    };

    private static string Number(long count, string language) => count.ToString("N0", CultureInfo.GetCultureInfo(language == "fr" ? "fr-FR" : "en-GB"));
}
