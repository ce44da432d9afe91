using Vigie.Console;
using Vigie.Engine;

namespace Vigie.Incidents.Desk;

/// <summary>What the pages of rules' records say.</summary>
internal static class RecordTexts
{
    public static readonly Bilingual Title = new("Rule records", "Bilan des règles");
    public static readonly Bilingual Lead = new(
        "What every rule of every watch has found, and how often people said it was right. A rule nobody has judged has the precision its level suggests.",
        "Ce que chaque règle de chaque veille a trouvé, et combien de fois on lui a donné raison. Une règle que personne n’a jugée a la précision que son niveau suggère.");
    public static readonly Bilingual All = new("All records", "Tous les bilans");
    public static readonly Bilingual Open = new("Record of this rule", "Bilan de cette règle");
    public static readonly Bilingual RuleSoFar = new("The rule so far", "La règle jusqu’ici");
    public static readonly Bilingual Incidents = new("Incidents", "Incidents liés");
    public static readonly Bilingual True = new("True", "Vrais");
    public static readonly Bilingual Benign = new("Benign", "Bénins");
    public static readonly Bilingual False = new("False", "Faux");
    public static readonly Bilingual Precision = new("Precision", "Précision");
    public static readonly Bilingual Order = new("Order", "Ordre");
    public static readonly Bilingual ByFindings = new("most findings", "le plus de constats");
    public static readonly Bilingual ByPrecision = new("least precise", "les moins précises");
    public static readonly Bilingual ByVerdicts = new("most judged", "les plus jugées");
    public static readonly Bilingual ByLatest = new("latest", "les plus récentes");
    public static readonly Bilingual Assumed = new("assumed from its level; nobody has judged it", "supposée d’après son niveau ; personne ne l’a jugée");
    public static readonly Bilingual None = new("No rule fits", "Aucune règle ne correspond");
    public static readonly Bilingual NoneHow = new("Widen the period, or clear the search.", "Élargissez la période, ou effacez la recherche.");
    public static readonly Bilingual HowItCounts = new("How it counts", "Comment on compte");
    public static readonly Bilingual HowText = new(
        "Each incident with a verdict gives each of its rules one vote: true speaks for the rule, false against it, benign half for and half against. The votes move an assumption that weighs as much as four of them: 80 % right for a critical rule, 60 % for a high one, 40 % for a medium one. Taking a verdict back takes its votes back. The precision weighs the rule’s findings in the scores of incidents.",
        "Chaque incident qui a un verdict donne une voix à chacune de ses règles : vrai parle pour la règle, faux contre elle, bénin à moitié pour et à moitié contre. Les voix déplacent une supposition qui pèse autant que quatre d’entre elles : 80 % de justes pour une règle critique, 60 % pour une élevée, 40 % pour une moyenne. Reprendre un verdict reprend ses voix. La précision pondère les constats de la règle dans le score des incidents.");
    public static readonly Bilingual ItsFindings = new("Its findings", "Ses constats");
    public static readonly Bilingual TheRule = new("The rule itself", "La règle elle-même");
    public static readonly Bilingual SuppressIt = new("Suppress it for a while", "L’écarter pour un temps");
    public static readonly Bilingual Verdicts = new("Verdicts on incidents in which it speaks", "Verdicts sur les incidents où elle parle");
    public static readonly Bilingual NoVerdicts = new("Nobody has judged an incident in which it speaks.", "Personne n’a jugé un incident où elle parle.");
    public static readonly Bilingual NoSuch = new("This rule has found nothing", "Cette règle n’a rien trouvé");
    public static readonly Bilingual NoSuchHow = new(
        "Nothing is stored of it, or what it found is older than the store keeps findings.", "Rien n’en est conservé, ou ce qu’elle a trouvé dépasse la durée de conservation.");
    public static readonly Bilingual Mutes = new(
        "A mute hides what a rule of the log watch finds altogether. To leave out one host, one account or a maintenance window, or a rule of another watch, suppress it:",
        "Une sourdine masque entièrement ce qu’une règle de la veille des journaux trouve. Pour écarter un hôte, un compte ou une fenêtre de maintenance, ou une règle d’une autre veille, faites une exception :");

    public static Bilingual Judged(string right, string benign, string wrong) => new(
        $"judged true {right}, benign {benign}, false {wrong}", $"jugée vraie {right}, bénigne {benign}, fausse {wrong}");

    /// <summary>The address of a rule's record.</summary>
    public static string Address(string detector, string rule) => Query.Address("/records/rule", ("detector", detector), ("rule", rule));
}
