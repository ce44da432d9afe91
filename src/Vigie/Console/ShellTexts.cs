using Vigie.Engine;

namespace Vigie.Console;

/// <summary>The words of the shell itself.</summary>
internal static class ShellTexts
{
    public static readonly Bilingual SkipToContent = new("Skip to content", "Aller au contenu");
    public static readonly Bilingual Home = new("Vigie, overview", "Vigie, vue d’ensemble");
    public static readonly Bilingual Navigation = new("Main navigation", "Navigation principale");
    public static readonly Bilingual Notices = new("State of the guard", "État de la garde");
    public static readonly Bilingual Menu = new("Menu ☰", "Menu  ☰");
    public static readonly Bilingual LogOut = new("Log out", "Se déconnecter");
    public static readonly Bilingual Language = new("Language", "Langue");
    public static readonly Bilingual Theme = new("Theme", "Thème");
    public static readonly Bilingual ThemeAuto = new("Auto", "Auto.");
    public static readonly Bilingual ThemeLight = new("Light", "Clair");
    public static readonly Bilingual ThemeDark = new("Dark", "Sombre");
    public static readonly Bilingual Done = new("Done.", "C’est fait.");
    public static readonly Bilingual NotDone = new("Not done.", "Pas fait.");
    public static readonly Bilingual ShownOnce = new("Copy this now: it is shown only once.", "À copier maintenant : ceci n’est affiché qu’une fois.");
    public static readonly Bilingual Close = new("Close", "Fermer");
    public static readonly Bilingual Pages = new("Pages of the list", "Pages de la liste");
    public static readonly Bilingual Newest = new("↑ Newest", "↑ Plus récents");
    public static readonly Bilingual Older = new("Older ↓", "Plus anciens ↓");
    public static readonly Bilingual Shortcuts = new("Keyboard shortcuts", "Raccourcis clavier");
    public static readonly Bilingual KeyNextPrevious = new("next, previous line of a list", "ligne suivante, précédente d’une liste");
    public static readonly Bilingual KeyOpen = new("open the line", "ouvrir la ligne");
    public static readonly Bilingual KeySearch = new("go to the search field", "aller au champ de recherche");
    public static readonly Bilingual KeyAround = new("events before and after a finding", "événements avant et après un constat");
    public static readonly Bilingual KeyHelp = new("show these shortcuts", "afficher ces raccourcis");

    public static readonly Bilingual Overview = new("Overview", "Vue d’ensemble");
    public static readonly Bilingual Health = new("Health", "Santé");
    public static readonly Bilingual Journal = new("Journal", "Journal des actes");
    public static readonly Bilingual Accounts = new("Accounts", "Comptes");
    public static readonly Bilingual Save = new("Save", "Enregistrer");
    public static readonly Bilingual Search = new("Search", "Chercher");
    public static readonly Bilingual FindAnything = new("Search everything", "Chercher partout");
    public static readonly Bilingual KeySelect = new("select the line", "choisir la ligne");
    public static readonly Bilingual KeyAssign = new("assign to me", "me l’attribuer");
    public static readonly Bilingual KeyVerdict = new("give an incident its verdict", "donner son verdict à un incident");
    public static readonly Bilingual KeyComment = new("comment on an incident", "commenter un incident");
    public static readonly Bilingual KeyNeighbours = new("next or previous incident of the list", "incident suivant ou précédent de la liste");
    public static readonly Bilingual KeyClose = new("close, with a verdict", "clore, avec un verdict");
    public static readonly Bilingual KeyBack = new("back to the list", "retour à la liste");
    public static readonly Bilingual Clear = new("Clear", "Effacer");
    public static readonly Bilingual Reason = new("Reason", "Motif");
    public static readonly Bilingual ReasonHint = new("It is written into the journal.", "Il est inscrit au journal.");
    public static readonly Bilingual ReasonMissing = new(
        "Give a reason: whoever reads the journal later must understand why.",
        "Donnez un motif : qui lira le journal plus tard doit comprendre pourquoi.");
}
