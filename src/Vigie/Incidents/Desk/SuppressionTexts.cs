using System.Globalization;
using Vigie.Engine;

namespace Vigie.Incidents.Desk;

/// <summary>What the pages of suppressions say.</summary>
internal static class SuppressionTexts
{
    public static readonly Bilingual Title = new("Suppressions", "Exceptions");
    public static readonly Bilingual Lead = new(
        "What is known and should not come up for a while: allow-lists and maintenance windows. What is suppressed is still stored, counted and listed here.",
        "Ce qui est connu et qu’on ne veut pas voir pour un temps : autorisations et fenêtres de maintenance. Ce qui est écarté reste conservé, compté et listé ici.");
    public static readonly Bilingual Active = new("Active", "En vigueur");
    public static readonly Bilingual Coming = new("Coming", "À venir");
    public static readonly Bilingual Ended = new("Ended", "Terminées");
    public static readonly Bilingual Shown = new("Which suppressions", "Quelles exceptions");
    public static readonly Bilingual New = new("New suppression", "Nouvelle exception");
    public static readonly Bilingual All = new("All suppressions", "Toutes les exceptions");
    public static readonly Bilingual Number = new("Suppression", "Exception");
    public static readonly Bilingual Owner = new("Owner", "Responsable");
    public static readonly Bilingual OwnerHint = new("Who answers for it: a person or a team.", "Qui en répond : une personne ou une équipe.");
    public static readonly Bilingual From = new("From", "À partir de");
    public static readonly Bilingual FromHint = new("Empty: now. It never changes the past.", "Vide : maintenant. Elle ne change jamais le passé.");
    public static readonly Bilingual Until = new("Until", "Jusqu’à");
    public static readonly Bilingual UntilHint = new("At most 400 days; nothing is suppressed for good.", "400 jours au plus ; rien n’est écarté pour toujours.");
    public static readonly Bilingual EndedAt = new("Ended", "Terminée");
    public static readonly Bilingual EndedBy = new("Ended by", "Terminée par");
    public static readonly Bilingual MadeBy = new("Made by", "Créée par");
    public static readonly Bilingual LastHit = new("Last", "Dernier");
    public static readonly Bilingual Never = new("none yet", "aucun encore");
    public static readonly Bilingual NoneActive = new("No suppression is active", "Aucune exception en vigueur");
    public static readonly Bilingual NoneComing = new("None is coming", "Aucune n’est à venir");
    public static readonly Bilingual NoneEnded = new("None has ended", "Aucune n’est terminée");
    public static readonly Bilingual NoneHow = new(
        "Every finding is shown. To suppress some for a while, start from a finding, an entity, or the button above.", "Tous les constats sont montrés. Pour en écarter quelque temps, partez d’un constat, d’une entité ou du bouton ci-dessus.");
    public static readonly Bilingual Conditions = new("What to suppress", "Ce qu’il faut écarter");
    public static readonly Bilingual ConditionsHint = new(
        "Fill in at least one; all that are filled in must hold.", "Remplissez au moins un champ ; tous ceux qui sont remplis doivent convenir.");
    public static readonly Bilingual Kind = new("Kind of entity", "Sorte d’entité");
    public static readonly Bilingual Nothing = new("any", "peu importe");
    public static readonly Bilingual Value = new("Entity", "Entité");
    public static readonly Bilingual Preview = new("See what it would suppress", "Voir ce qu’elle écarterait");
    public static readonly Bilingual PreviewTitle = new("What it would have suppressed", "Ce qu’elle aurait écarté");
    public static readonly Bilingual Sure = new("I have read this number and mean it.", "J’ai lu ce nombre et c’est voulu.");
    public static readonly Bilingual Suppress = new("Suppress", "Écarter");
    public static readonly Bilingual Promise = new(
        "It holds for findings from its start to its end; findings of that time that come up to a week late are suppressed too. When it ends, what it suppressed stays here and does not come back by itself.",
        "Elle vaut pour les constats de son début à sa fin ; ceux de cette période qui arrivent jusqu’à une semaine en retard sont écartés aussi. À sa fin, ce qu’elle a écarté reste ici et ne revient pas de lui-même.");
    public static readonly Bilingual NoCondition = new(
        "Say what it concerns: a detector, a rule or an entity. A suppression of everything is refused.",
        "Dites ce qu’elle concerne : un détecteur, une règle ou une entité. Une exception pour tout est refusée.");
    public static readonly Bilingual OwnerMissing = new("Say who answers for it.", "Dites qui en répond.");
    public static readonly Bilingual EndMissing = new("Say until when: a date and a time.", "Dites jusqu’à quand : une date et une heure.");
    public static readonly Bilingual EndsBeforeItStarts = new("It would end before it starts, or has ended already.", "Elle se terminerait avant de commencer, ou est déjà terminée.");
    public static readonly Bilingual TooFar = new("It may hold 400 days at most, and begin within 400 days.", "Elle vaut 400 jours au plus, et commence dans les 400 jours.");
    public static readonly Bilingual HalfEntity = new("An entity has a kind and a value.", "Une entité a une sorte et une valeur.");
    public static readonly Bilingual Made = new("It holds. What it suppresses is listed here.", "Elle est enregistrée. Ce qu’elle écarte est listé ici.");
    public static readonly Bilingual EndNow = new("End it now", "La terminer maintenant");
    public static readonly Bilingual EndHint = new(
        "From now on such findings are shown again. What it suppressed so far stays here.",
        "Dès maintenant, ces constats sont de nouveau montrés. Ce qu’elle a écarté jusqu’ici reste ici.");
    public static readonly Bilingual NowEnded = new("It has ended.", "Elle est terminée.");
    public static readonly Bilingual IsOver = new("It is over already, or there is none of this number.", "Elle est déjà terminée, ou ce numéro n’existe pas.");
    public static readonly Bilingual NoSuch = new("There is no such suppression", "Cette exception n’existe pas");
    public static readonly Bilingual NoSuchHow = new("The number is wrong.", "Le numéro est faux.");
    public static readonly Bilingual Suppressed = new("What it has suppressed", "Ce qu’elle a écarté");
    public static readonly Bilingual NothingYet = new("Nothing so far", "Rien jusqu’ici");
    public static readonly Bilingual NothingYetHow = new("Findings appear here as they are suppressed.", "Les constats apparaissent ici à mesure qu’ils sont écartés.");
    public static readonly Bilingual WasSuppressed = new("Suppressed by", "Écarté par");
    public static readonly Bilingual SuppressLike = new("Suppress findings like this one", "Écarter les constats semblables");
    public static readonly Bilingual ThisRule = new("this rule", "cette règle");
    public static readonly Bilingual ThisRuleAbout = new("this rule for", "cette règle pour");

    /// <summary>The name of a list.</summary>
    public static Bilingual Name(SuppressionShown shown) => shown switch
    {
        SuppressionShown.Active => Active,
        SuppressionShown.Coming => Coming,
        _ => Ended,
    };

    /// <summary>What a list says when it is empty.</summary>
    public static Bilingual Empty(SuppressionShown shown) => shown switch
    {
        SuppressionShown.Active => NoneActive,
        SuppressionShown.Coming => NoneComing,
        _ => NoneEnded,
    };

    public static Bilingual OfMonth(string some, string all) => new(
        $"{some} of {all} findings of medium severity and above in the last 30 days", $"{some} des {all} constats de gravité moyenne et plus des 30 derniers jours");

    public static Bilingual OfWeek(string some, string all) => new($"{some} of {all} in the last 7 days", $"{some} sur {all} ces 7 derniers jours");

    /// <summary>What the overview says.</summary>
    public static Bilingual Today(string findings, string active) => new(
        $"{findings} findings were suppressed in the last 24 hours; suppressions in force: {active}.",
        $"{findings} constats ont été écartés ces dernières 24 heures ; exceptions en vigueur : {active}.");

    public static Bilingual Wide(SuppressionPreview preview) => new(
        $"It would have suppressed {N(preview.Week)} of the {N(preview.OfWeek)} findings of the last 7 days: more than half. Narrow it, or say that you mean it.",
        $"Elle aurait écarté {N(preview.Week)} des {N(preview.OfWeek)} constats des 7 derniers jours : plus de la moitié. Restreignez-la, ou dites que c’est voulu.");

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}
