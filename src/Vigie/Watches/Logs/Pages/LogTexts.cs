using Vigie.Console;
using Vigie.Engine;

namespace Vigie.Watches.Logs.Pages;

/// <summary>What the pages of the log watch say.</summary>
internal static class LogTexts
{
    public static readonly Bilingual Sources = new("Log sources", "Sources de journaux");
    public static readonly Bilingual SourcesLead = new(
        "Where logs come from, how far behind they are, and what could not be read.",
        "D’où viennent les journaux, leur retard, et ce qui n’a pas pu être lu.");
    public static readonly Bilingual NoSources = new("No logs are read", "Aucun journal n’est lu");
    public static readonly Bilingual NoSourcesHow = new(
        "Name files, a syslog port or an HTTP port under logs.sources in the settings; docs/logs.md has examples.",
        "Indiquez des fichiers, un port syslog ou un port HTTP sous logs.sources dans les réglages ; docs/logs.md donne des exemples.");
    public static readonly Bilingual State = new("State", "État");
    public static readonly Bilingual Events = new("Events", "Événements");
    public static readonly Bilingual Found = new("Findings", "Constats");
    public static readonly Bilingual Unread = new("Not read", "Non lus");
    public static readonly Bilingual Samples = new("Latest", "Derniers");
    public static readonly Bilingual Good = new("good", "bon");
    public static readonly Bilingual Failing = new("failing", "en échec");
    public static readonly Bilingual Waiting = new("nothing yet", "encore rien");
    public static readonly Bilingual Losing = new("loses messages", "perd des messages");
    public static readonly Bilingual Gone = new("no longer in the settings", "absente des réglages");

    public static readonly Bilingual Rules = new("Rules", "Règles");
    public static readonly Bilingual RulesLead = new(
        "Every detection rule and correlation: whether it is used, how often it fires, and why one is not used.",
        "Chaque règle de détection et chaque corrélation : si elle sert, combien elle se déclenche, et pourquoi une ne sert pas.");
    public static readonly Bilingual AllRules = new("All rules", "Toutes les règles");
    public static readonly Bilingual InUse = new("In use", "Utilisées");
    public static readonly Bilingual NotUsed = new("Not used", "Non utilisées");
    public static readonly Bilingual Fired = new("Have fired", "Déclenchées");
    public static readonly Bilingual MutedNow = new("Muted", "En sourdine");
    public static readonly Bilingual Loaded = new("Loaded", "Chargées");
    public static readonly Bilingual SearchHint = new("title, id, tag, log source, field", "titre, identifiant, étiquette, source, champ");
    public static readonly Bilingual Show = new("Show", "Afficher");
    public static readonly Bilingual ShowAll = new("all in use", "toutes celles utilisées");
    public static readonly Bilingual ShowFired = new("fired at least once", "déclenchées au moins une fois");
    public static readonly Bilingual ShowSilent = new("never fired", "jamais déclenchées");
    public static readonly Bilingual ShowMuted = new("muted", "en sourdine");
    public static readonly Bilingual ShowWaiting = new("wait for a placeholder", "en attente d’un paramètre");
    public static readonly Bilingual ShowFailed = new("not used, with the reason", "non utilisées, avec la raison");
    public static readonly Bilingual Order = new("Order", "Ordre");
    public static readonly Bilingual ByLevel = new("by severity", "par gravité");
    public static readonly Bilingual ByNoise = new("most matches first", "les plus fréquentes d’abord");
    public static readonly Bilingual ByLatest = new("last fired first", "les dernières déclenchées d’abord");
    public static readonly Bilingual Rule = new("Rule", "Règle");
    public static readonly Bilingual LogSource = new("Looks at", "Examine");
    public static readonly Bilingual Matches = new("Matches", "Détections");
    public static readonly Bilingual LastFired = new("Last fired", "Dernière fois");
    public static readonly Bilingual Never = new("never", "jamais");
    public static readonly Bilingual Active = new("in use", "utilisée");
    public static readonly Bilingual Muted = new("muted", "en sourdine");
    public static readonly Bilingual Waits = new("waits for a placeholder", "attend un paramètre");
    public static readonly Bilingual File = new("File", "Fichier");
    public static readonly Bilingual Problem = new("What is wrong", "Ce qui ne va pas");
    public static readonly Bilingual NoRules = new("No rules are loaded", "Aucune règle n’est chargée");
    public static readonly Bilingual NoRulesHow = new(
        "Take in a set with “vigie rules add”, or name folders under logs.rules.",
        "Prenez un jeu avec « vigie rules add », ou nommez des dossiers sous logs.rules.");
    public static readonly Bilingual NothingFits = new("No rule fits", "Aucune règle ne correspond");
    public static readonly Bilingual NothingFitsHow = new("Clear the search, or show other rules.", "Effacez la recherche, ou affichez d’autres règles.");
    public static readonly Bilingual NoneFailed = new("Every rule is used", "Toutes les règles servent");
    public static readonly Bilingual NoSuchRule = new("There is no such rule", "Cette règle n’existe pas");
    public static readonly Bilingual NoSuchRuleHow = new("It is not among the rules in use; its file may have been removed.", "Elle n’est pas parmi les règles utilisées ; son fichier a pu être retiré.");

    public static readonly Bilingual What = new("What it looks for", "Ce qu’elle cherche");
    public static readonly Bilingual Status = new("Status", "Statut");
    public static readonly Bilingual Identifier = new("Id", "Identifiant");
    public static readonly Bilingual Author = new("Author", "Auteur");
    public static readonly Bilingual Date = new("Date", "Date");
    public static readonly Bilingual Techniques = new("ATT&CK techniques", "Techniques ATT&CK");
    public static readonly Bilingual Harmless = new("Known harmless causes", "Causes anodines connues");
    public static readonly Bilingual References = new("To read", "À lire");
    public static readonly Bilingual Text = new("The rule itself", "La règle elle-même");
    public static readonly Bilingual TextGone = new("Its file can no longer be read.", "Son fichier ne peut plus être lu.");
    public static readonly Bilingual HowItDoes = new("How it does", "Comment elle se porte");
    public static readonly Bilingual FirstFired = new("First fired", "Première fois");
    public static readonly Bilingual Stored = new("Stored as findings", "Gardés comme constats");
    public static readonly Bilingual Folded = new("Only counted", "Seulement comptés");
    public static readonly Bilingual Evaluated = new("Evaluated since loading", "Évaluée depuis le chargement");
    public static readonly Bilingual Cost = new("Time taken since loading", "Temps pris depuis le chargement");
    public static readonly Bilingual ItsFindings = new("Its findings", "Ses constats");
    public static readonly Bilingual OpenRule = new("Open the rule", "Ouvrir la règle");

    public static readonly Bilingual Mute = new("Mute", "Mettre en sourdine");
    public static readonly Bilingual MuteHint = new(
        "Its findings are still stored, and left out of lists until the time is over. This is written into the journal.",
        "Ses constats restent gardés, et absents des listes jusqu’à l’échéance. C’est inscrit au journal.");
    public static readonly Bilingual MuteFor = new("For", "Pendant");
    public static readonly Bilingual ADay = new("a day", "un jour");
    public static readonly Bilingual AWeek = new("a week", "une semaine");
    public static readonly Bilingual AMonth = new("30 days", "30 jours");
    public static readonly Bilingual AQuarter = new("90 days", "90 jours");
    public static readonly Bilingual Unmute = new("End the mute", "Lever la sourdine");
    public static readonly Bilingual NowMuted = new("The rule is muted.", "La règle est en sourdine.");
    public static readonly Bilingual NowUnmuted = new("The mute is ended.", "La sourdine est levée.");
    public static readonly Bilingual NotALength = new("Choose how long.", "Choisissez la durée.");

    public static readonly Bilingual Explain = new("Try it on an event", "L’essayer sur un événement");
    public static readonly Bilingual ExplainHint = new(
        "Paste an event as it stands in a log, in any format. It is kept in memory for ten minutes, for you alone, and stored nowhere.",
        "Collez un événement tel que dans un journal, en tout format. Il reste dix minutes en mémoire, pour vous seul, et n’est gardé nulle part.");
    public static readonly Bilingual Event = new("Event", "Événement");
    public static readonly Bilingual ExplainButton = new("Explain", "Expliquer");
    public static readonly Bilingual Fires = new("The rule fires for this event.", "La règle se déclenche pour cet événement.");
    public static readonly Bilingual DoesNotFire = new("The rule does not fire for this event.", "La règle ne se déclenche pas pour cet événement.");
    public static readonly Bilingual SourceApplies = new("The event is of the log source it looks at.", "L’événement est de la source qu’elle examine.");
    public static readonly Bilingual SourceDiffers = new("The event is not of the log source it looks at.", "L’événement n’est pas de la source qu’elle examine.");
    public static readonly Bilingual Unreadable = new("No event could be read out of this text.", "Aucun événement n’a pu être lu dans ce texte.");
    public static readonly Bilingual Forgotten = new("The pasted event is no longer in memory; paste it again.", "L’événement collé n’est plus en mémoire ; collez-le à nouveau.");
    public static readonly Bilingual Holds = new("holds", "vrai");
    public static readonly Bilingual HoldsNot = new("does not hold", "faux");
    public static readonly Bilingual NothingPasted = new("Paste an event first.", "Collez d’abord un événement.");
    public static readonly Bilingual RuleLine = new("line", "ligne");

    public static readonly Bilingual Coverage = new("ATT&CK coverage", "Couverture ATT&CK");
    public static readonly Bilingual CoverageLead = new(
        "Which techniques the rules in use look for, and which of them were found. Correlations count as rules. Their number says nothing about how good they are.",
        "Quelles techniques les règles cherchent, et lesquelles ont été trouvées. Les corrélations comptent comme des règles. Leur nombre ne dit rien de leur qualité.");
    public static readonly Bilingual Technique = new("Technique", "Technique");
    public static readonly Bilingual RuleCount = new("Rules", "Règles");
    public static readonly Bilingual Covered = new("Techniques looked for", "Techniques cherchées");
    public static readonly Bilingual Seen = new("Techniques found", "Techniques trouvées");
    public static readonly Bilingual Legend = new("The darker, the more rules", "Plus foncé, plus de règles");
    public static readonly Bilingual AttackSource = new(
        "Techniques: MITRE ATT&CK® for Enterprise, © 2025 The MITRE Corporation, reproduced and distributed with its permission.",
        "Techniques : MITRE ATT&CK® Enterprise, © 2025 The MITRE Corporation, reproduites et diffusées avec sa permission.");

    /// <summary>What the log watch journals.</summary>
    public static readonly IReadOnlyList<JournalAct> JournalActs =
    [
        new("logs.mute", new("rule muted", "règle mise en sourdine")),
        new("logs.unmute", new("mute ended", "sourdine levée")),
    ];

    public static Bilingual MutedUntil(string until, string actor) => new($"Muted until {until} by {actor}:", $"En sourdine jusqu’au {until} par {actor} :");

    public static Bilingual OfTechniques(string covered, string all) => new($"{covered} of {all} techniques", $"{covered} techniques sur {all}");

    public static Bilingual NotLookedFor(string count) => new($"{count} not looked for", $"{count} non cherchées");

    public static Bilingual KindOf(string kind) => kind switch
    {
        "files" => new("files", "fichiers"),
        "http" => new("HTTP", "HTTP"),
        "syslog-udp" => new("syslog over UDP", "syslog sur UDP"),
        "syslog-tcp" => new("syslog over TCP", "syslog sur TCP"),
        _ => new(kind, kind),
    };
}
