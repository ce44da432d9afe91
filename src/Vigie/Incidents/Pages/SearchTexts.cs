using Vigie.Engine;

namespace Vigie.Incidents.Pages;

/// <summary>The words of the search and of the page of an entity.</summary>
internal static class SearchTexts
{
    public static readonly Bilingual Title = new("Search", "Recherche");
    public static readonly Bilingual Lead = new(
        "Incidents, findings, and whom and what they name: by words, addresses, domains, hashes and paths, whole or in part.",
        "Incidents, constats, et qui ou quoi ils nomment : par mots, adresses, domaines, empreintes et chemins, entiers ou en partie.");
    public static readonly Bilingual Incidents = new("Incidents", "Incidents trouvés");
    public static readonly Bilingual Entities = new("Named in findings", "Nommés dans les constats");
    public static readonly Bilingual Nothing = new("Nothing found", "Rien trouvé");
    public static readonly Bilingual NothingHow = new(
        "Every word must be there: try fewer, or the beginning of one. Quotation marks hold words together.",
        "Chaque mot doit y être : essayez-en moins, ou le début d’un seul. Les guillemets tiennent des mots ensemble.");
    public static readonly Bilingual MoreFindings = new("The latest of more; narrow it down with another word.", "Les plus récents parmi d’autres ; précisez avec un autre mot.");
    public static readonly Bilingual Behind = new(
        "The index is catching up: some of the latest findings are not found yet.",
        "L’index rattrape son retard : certains des derniers constats ne sont pas encore trouvés.");
    public static readonly Bilingual Waiting = new("still to index", "restent à indexer");
    public static readonly Bilingual InIncident = new("incident", "incident");
    public static readonly Bilingual NoSuch = new("No finding names this", "Aucun constat ne nomme ceci");
    public static readonly Bilingual NoSuchHow = new("It may have been named by findings that are no longer kept.", "Des constats qui ne sont plus conservés l’ont peut-être nommé.");
    public static readonly Bilingual ByDay = new("Findings by day", "Constats par jour");
    public static readonly Bilingual TogetherHint = new("How many of its latest findings name both.", "Combien de ses derniers constats nomment les deux.");
    public static readonly Bilingual AllFindings = new("All findings about it", "Tous les constats à son sujet");
    public static readonly Bilingual AllIncidents = new("All incidents with it", "Tous les incidents où il figure");
    public static readonly Bilingual Suppress = new("Suppress for a while", "Écarter quelque temps");
    public static readonly Bilingual OfIncidents = new("In incidents", "Dans les incidents");
}
