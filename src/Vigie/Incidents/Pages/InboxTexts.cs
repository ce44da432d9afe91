using Vigie.Engine;

namespace Vigie.Incidents.Pages;

/// <summary>The words of the inbox.</summary>
internal static class InboxTexts
{
    public static readonly Bilingual Title = new("Inbox", "À traiter");
    public static readonly Bilingual Open = new("open", "ouverts");
    public static readonly Bilingual All = new("all of them", "tous");
    public static readonly Bilingual Anybody = new("anybody", "n’importe qui");
    public static readonly Bilingual Me = new("me", "moi");
    public static readonly Bilingual Verdict = new("Judged as", "Jugé");
    public static readonly Bilingual AnyVerdict = new("anything", "peu importe");
    public static readonly Bilingual Technique = new("ATT&CK technique", "Technique ATT&CK");
    public static readonly Bilingual More = new("More conditions", "Plus de critères");
    public static readonly Bilingual SearchHint = new("title or number", "titre ou numéro");
    public static readonly Bilingual Severity = new("severity", "gravité");
    public static readonly Bilingual Number = new("number", "numéro");
    public static readonly Bilingual Age = new("opened", "ouvert");
    public static readonly Bilingual OpenedOn = new("opened", "ouvert le");
    public static readonly Bilingual Select = new("Select", "Choisir");
    public static readonly Bilingual SelectAll = new("Select all of this page", "Choisir toute la page");
    public static readonly Bilingual WithSelected = new("Selected incidents", "Incidents choisis");
    public static readonly Bilingual CloseAs = new("Close as …", "Clore comme …");
    public static readonly Bilingual CloseNow = new("Close", "Clore");
    public static readonly Bilingual Saved = new("Saved filters", "Filtres enregistrés");
    public static readonly Bilingual SaveThis = new("Save this filter", "Enregistrer ce filtre");
    public static readonly Bilingual FilterName = new("Name of the filter", "Nom du filtre");
    public static readonly Bilingual Delete = new("Delete", "Supprimer");
    public static readonly Bilingual FilterSaved = new("The filter is saved.", "Le filtre est enregistré.");
    public static readonly Bilingual FilterDeleted = new("The filter is deleted.", "Le filtre est supprimé.");
    public static readonly Bilingual FilterNameMissing = new("Give the filter a name.", "Donnez un nom au filtre.");
    public static readonly Bilingual TooManyFilters = new("You have as many filters as fit; delete one first.", "Vous avez autant de filtres que possible ; supprimez-en un d’abord.");
    public static readonly Bilingual Changed = new("changed", "modifié");
    public static readonly Bilingual ChangedOne = new("1 incident is new or has changed", "1 incident est nouveau ou a changé");
    public static readonly Bilingual ChangedMany = new("{0} incidents are new or have changed", "{0} incidents sont nouveaux ou ont changé");
    public static readonly Bilingual Nothing = new("No incident fits", "Aucun incident ne correspond");
    public static readonly Bilingual NothingHow = new("Clear the filter, or look among those that are closed too.", "Effacez le filtre, ou cherchez aussi parmi ceux qui sont clos.");
    public static readonly Bilingual NothingElse = new("Clear the filter, or ask for less.", "Effacez le filtre, ou demandez-en moins.");
    public static readonly Bilingual Calm = new("Nothing needs you", "Rien ne vous attend");
    public static readonly Bilingual NoFindings = new("Nothing has been found yet.", "Rien n’a été trouvé pour l’instant.");
    public static readonly Bilingual LastFinding = new("Last finding", "Dernier constat");
    public static readonly Bilingual AllSources = new("all sources speak", "toutes les sources répondent");
    public static readonly Bilingual OneByOne = new("the incidents in which one rule speaks alone", "les incidents où une seule règle parle");
    public static readonly Bilingual PageBack = new("← Previous", "← Précédents");
    public static readonly Bilingual PageOn = new("Next →", "Suivants →");
    public static readonly Bilingual Of = new("of", "sur");
}
