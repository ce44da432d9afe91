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

    public static Bilingual SplitTooMany(int most) => new($"At most {Number(most)} findings are split off at once.", $"Au plus {Number(most)} constats sont détachés à la fois.");

    public static Bilingual TooLong(int most, int length) => new(
        $"At most {Number(most)} characters fit; this has {Number(length)}.", $"Au plus {Number(most)} caractères tiennent ; il y en a {Number(length)}.");

    public static Bilingual FileTooLarge(long most) => new($"A file may have {Number(most >> 20)} MB at most.", $"Un fichier a {Number(most >> 20)} Mo au plus.");

    public static Bilingual FilesTooLarge(long most) => new(
        $"All files of an incident may have {Number(most >> 20)} MB together.", $"Tous les fichiers d’un incident ont ensemble {Number(most >> 20)} Mo au plus.");

    public static Bilingual NoSuchIncident(long id) => new($"There is no incident #{Number(id)}.", $"L’incident n° {Number(id)} n’existe pas.");

    public static Bilingual IsMerged(long id, long into) => new(
        $"Incident #{Number(id)} is part of #{Number(into)} now.", $"L’incident n° {Number(id)} fait maintenant partie du n° {Number(into)}.");

    /// <summary>How the journal names an incident.</summary>
    public static string Subject(long incident) => string.Create(CultureInfo.InvariantCulture, $"#{incident}");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
