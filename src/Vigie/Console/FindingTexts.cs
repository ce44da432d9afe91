using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Console;

/// <summary>What the pages of findings say.</summary>
internal static class FindingTexts
{
    public static readonly Bilingual Title = new("Findings", "Constats");
    public static readonly Bilingual Lead = new(
        "Everything every watch has found, latest first. Search it, narrow it down, or count it by rule.",
        "Tout ce que chaque veille a trouvé, le plus récent d’abord. Cherchez, restreignez, ou comptez par règle.");
    public static readonly Bilingual AllFindings = new("All findings", "Tous les constats");
    public static readonly Bilingual Open = new("Open this finding", "Ouvrir ce constat");
    public static readonly Bilingual Anywhere = new("title or explanation", "titre ou explication");
    public static readonly Bilingual AtLeast = new("At least", "Au moins");
    public static readonly Bilingual Any = new("any", "toutes");
    public static readonly Bilingual Watch = new("Watch", "Veille");
    public static readonly Bilingual AnyWatch = new("all watches", "toutes les veilles");
    public static readonly Bilingual Host = new("Host", "Hôte");
    public static readonly Bilingual Period = new("Period", "Période");
    public static readonly Bilingual AllTime = new("all of it", "tout");
    public static readonly Bilingual LastDay = new("last 24 hours", "dernières 24 heures");
    public static readonly Bilingual LastWeek = new("last 7 days", "7 derniers jours");
    public static readonly Bilingual LastMonth = new("last 30 days", "30 derniers jours");
    public static readonly Bilingual Show = new("Show", "Afficher");
    public static readonly Bilingual OneByOne = new("one by one", "un par un");
    public static readonly Bilingual ByRule = new("by rule", "par règle");
    public static readonly Bilingual MutedToo = new("also of muted rules", "aussi des règles en sourdine");
    public static readonly Bilingual Time = new("Time", "Heure");
    public static readonly Bilingual Level = new("Severity", "Gravité");
    public static readonly Bilingual What = new("What", "Quoi");
    public static readonly Bilingual About = new("About", "À propos de");
    public static readonly Bilingual Earliest = new("Earliest", "Premier");
    public static readonly Bilingual Latest = new("Latest", "Dernier");
    public static readonly Bilingual Nothing = new("No finding fits", "Aucun constat ne correspond");
    public static readonly Bilingual NothingHow = new("Clear the search, or widen the period.", "Effacez la recherche, ou élargissez la période.");
    public static readonly Bilingual None = new("Nothing has been found yet", "Rien n’a encore été trouvé");
    public static readonly Bilingual NoneHow = new(
        "Findings of every watch appear here as soon as there are any.",
        "Les constats de chaque veille apparaissent ici dès qu’il y en a.");
    public static readonly Bilingual NoSuch = new("There is no such finding", "Ce constat n’existe pas");
    public static readonly Bilingual NoSuchHow = new("It may have been removed because it was older than the store keeps findings.", "Il a pu être retiré, étant plus ancien que la durée de conservation.");
    public static readonly Bilingual Why = new("Why", "Pourquoi");
    public static readonly Bilingual Facts = new("Facts", "Faits");
    public static readonly Bilingual Detector = new("Detector", "Détecteur");
    public static readonly Bilingual Rule = new("Rule", "Règle");
    public static readonly Bilingual RuleVersion = new("Version", "Version");
    public static readonly Bilingual Confidence = new("Confidence", "Confiance");
    public static readonly Bilingual FirstSeen = new("First seen", "Vu d’abord");
    public static readonly Bilingual LastSeen = new("Last seen", "Vu en dernier");
    public static readonly Bilingual Evidence = new("Evidence", "Preuves");
    public static readonly Bilingual Raw = new("As it stands in the source", "Tel que dans la source");
    public static readonly Bilingual Counted = new("The events that were counted", "Les événements comptés");
    public static readonly Bilingual Sha256 = new("SHA-256 of the original", "SHA-256 de l’original");
    public static readonly Bilingual Entities = new("Involved", "Impliqués");
    public static readonly Bilingual NoEntities = new("It names nobody and nothing that other findings could share.", "Il ne nomme rien que d’autres constats pourraient partager.");
    public static readonly Bilingual SameEntity = new("Other findings about it", "Autres constats à son sujet");
    public static readonly Bilingual Together = new("Named together with", "Nommé avec");
    public static readonly Bilingual Techniques = new("ATT&CK techniques", "Techniques ATT&CK");
    public static readonly Bilingual SameRule = new("Other findings of this rule", "Autres constats de cette règle");
    public static readonly Bilingual Narrowed = new("Only", "Seulement");
    public static readonly Bilingual Around = new("Events before and after", "Événements avant et après");
    public static readonly Bilingual AroundOf = new("As read from", "Tels que lus depuis");
    public static readonly Bilingual TookPart = new("Events that took part", "Événements impliqués");
    public static readonly Bilingual TookPartHow = new("In order of time; of very many, the first and the last.", "Dans l’ordre du temps ; s’ils sont très nombreux, les premiers et les derniers.");
    public static readonly Bilingual NoneBefore = new("Nothing had been read before it since the node started.", "Rien n’avait été lu avant depuis le démarrage du nœud.");
    public static readonly Bilingual NoneAfter = new("Nothing came after it for as long as it was waited for.", "Rien n’est venu après, le temps de l’attente.");
    public static readonly Bilingual StillTaken = new("Events after it are taken as they come until", "Les événements qui suivent sont pris à mesure jusqu’à");
    public static readonly Bilingual NothingAround = new("No events were kept with this finding.", "Aucun événement n’a été conservé avec ce constat.");
    public static readonly Bilingual NoTime = new("no time", "sans heure");

    public static Bilingual Name(Severity severity) => severity switch
    {
        Severity.Critical => new("critical", "critique"),
        Severity.High => new("high", "élevée"),
        Severity.Medium => new("medium", "moyenne"),
        Severity.Low => new("low", "faible"),
        _ => new("informational", "information"),
    };

    public static string Class(Severity severity) => severity switch
    {
        Severity.Critical => "danger strong",
        Severity.High => "danger",
        Severity.Medium => "warn",
        Severity.Low => "info",
        _ => "",
    };

    public static Bilingual Kind(string kind) => kind switch
    {
        EntityKinds.Domain => new("domain", "domaine"),
        EntityKinds.Ip => new("address", "adresse"),
        EntityKinds.Mailbox => new("mailbox", "boîte aux lettres"),
        EntityKinds.User => new("account", "compte"),
        EntityKinds.Host => new("host", "hôte"),
        EntityKinds.FileHash => new("file", "fichier"),
        EntityKinds.Url => new("web address", "adresse web"),
        EntityKinds.Process => new("process", "processus"),
        EntityKinds.Logon => new("session", "session"),
        EntityKinds.Resource => new("resource", "ressource"),
        EntityKinds.QueueId => new("queue id", "identifiant de file"),
        _ => new(kind, kind),
    };
}
