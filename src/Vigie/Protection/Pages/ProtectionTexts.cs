using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Lookalikes;

namespace Vigie.Protection.Pages;

/// <summary>The words of the look-alike explorer and of the protected domains.</summary>
internal static class ProtectionTexts
{
    public static readonly Bilingual Explorer = new("Look-alikes", "Sosies");
    public static readonly Bilingual ExplorerTitle = new("Look-alike explorer", "Explorateur de sosies");
    public static readonly Bilingual ExplorerLead = new(
        "Type a domain: see what it imitates, and what could imitate it.",
        "Saisissez un domaine : voyez ce qu’il imite, et ce qui pourrait l’imiter.");
    public static readonly Bilingual Domain = new("Domain", "Domaine");
    public static readonly Bilingual Look = new("Look", "Examiner");
    public static readonly Bilingual Try = new("For example", "Par exemple");
    public static readonly Bilingual WhatItImitates = new("What it imitates", "Ce qu’il imite");
    public static readonly Bilingual ImitatesNothing = new(
        "It resembles no protected name.", "Il ne ressemble à aucun nom protégé.");
    public static readonly Bilingual IsProtected = new("This name is itself protected.", "Ce nom est lui-même protégé.");
    public static readonly Bilingual IsOwn = new("This is one of your own domains.", "C’est l’un de vos propres domaines.");
    public static readonly Bilingual FirstMail = new("A first message to it", "Un premier message vers lui");
    public static readonly Bilingual WouldPass = new("would pass", "passerait");
    public static readonly Bilingual WouldBeMarked = new("would be delivered with a mark", "serait remis avec un signalement");
    public static readonly Bilingual WouldBeHeld = new("would be held", "serait retenu");
    public static readonly Bilingual WouldBeRefused = new("would be refused", "serait refusé");
    public static readonly Bilingual Protected = new("Protected name", "Nom protégé");
    public static readonly Bilingual Whose = new("Whose", "À qui");
    public static readonly Bilingual Kind = new("Kind", "Type");
    public static readonly Bilingual Typed = new("Typed by mistake", "Tapé par erreur");
    public static readonly Bilingual Resembles = new("Taken for it", "Pris pour lui");
    public static readonly Bilingual Explanation = new("How", "Comment");
    public static readonly Bilingual Meant = new("Probably meant", "Probablement voulu");
    public static readonly Bilingual WhatImitatesIt = new("What could imitate it", "Ce qui pourrait l’imiter");
    public static readonly Bilingual Ranked = new(
        "Likeliest first: how often somebody who means this name ends up with that one, and how readily a reader takes one for the other.",
        "Les plus probables d’abord : combien de fois une personne qui veut ce nom tape celui-là, et avec quelle facilité un lecteur les confond.");
    public static readonly Bilingual Family = new("Kind of imitation", "Type d’imitation");
    public static readonly Bilingual AllFamilies = new("all kinds", "tous les types");
    public static readonly Bilingual More = new("Show more", "En montrer plus");
    public static readonly Bilingual AllOnCommandLine = new("The whole list", "La liste entière");
    public static readonly Bilingual NoneOfFamily = new("No imitation of this kind", "Aucune imitation de ce type");
    public static readonly Bilingual InUnicode = new("shown as", "affiché");

    public static readonly Bilingual ProtectedDomains = new("Protected domains", "Domaines protégés");
    public static readonly Bilingual ProtectedLead = new(
        "Names whose imitations are caught. Mail to the real names is never touched.",
        "Noms dont les imitations sont détectées. Le courrier vers les vrais noms n’est jamais touché.");
    public static readonly Bilingual FindName = new("Name, owner or source", "Nom, titulaire ou source");
    public static readonly Bilingual Origin = new("Origin", "Origine");
    public static readonly Bilingual AllOrigins = new("all origins", "toutes les origines");
    public static readonly Bilingual Owner = new("Owner", "Titulaire");
    public static readonly Bilingual Own = new("own", "propre");
    public static readonly Bilingual Partner = new("partner", "partenaire");
    public static readonly Bilingual FromPack = new("pack", "lot");
    public static readonly Bilingual Correspondent = new("correspondent", "correspondant");
    public static readonly Bilingual Added = new("added here", "ajouté ici");
    public static readonly Bilingual Packs = new("Packs", "Lots");
    public static readonly Bilingual PacksHint = new(
        "Lists of other people’s names that come with Vigie. Which ones are loaded is set in protection.packs.",
        "Listes de noms d’autrui livrées avec Vigie. Le réglage protection.packs dit lesquelles sont chargées.");
    public static readonly Bilingual Pack = new("Pack", "Lot");
    public static readonly Bilingual Version = new("Version", "Version");
    public static readonly Bilingual Names = new("Names", "Noms");
    public static readonly Bilingual Add = new("Protect one more name", "Protéger un nom de plus");
    public static readonly Bilingual AddHint = new(
        "A partner’s domain, a bank, a ministry: whatever your people write to and must not miss.",
        "Le domaine d’un partenaire, d’une banque, d’un ministère : ce à quoi vos équipes écrivent sans pouvoir se tromper.");
    public static readonly Bilingual AddButton = new("Protect it", "Protéger");
    public static readonly Bilingual Remove = new("Stop protecting", "Ne plus protéger");
    public static readonly Bilingual RemoveHint = new(
        "Only names that were added here can be taken away here; others are in the settings or a pack.",
        "Seuls les noms ajoutés ici peuvent être retirés ici ; les autres sont dans les réglages ou un lot.");
    public static readonly Bilingual NowProtected = new("The name is protected.", "Le nom est protégé.");
    public static readonly Bilingual AlreadyProtected = new("The name was added already.", "Le nom avait déjà été ajouté.");
    public static readonly Bilingual NoLongerProtected = new("The name is no longer protected through this list.", "Le nom n’est plus protégé par cette liste.");
    public static readonly Bilingual NotAddedHere = new("This name was not added here.", "Ce nom n’avait pas été ajouté ici.");
    public static readonly Bilingual WholeTop = new(
        "A whole top-level domain cannot be protected; name the domain itself.",
        "Un domaine de premier niveau entier ne peut pas être protégé ; nommez le domaine lui-même.");
    public static readonly Bilingual NothingFits = new("No protected name fits", "Aucun nom protégé ne correspond");
    public static readonly Bilingual NothingFitsHow = new("Widen the search, or clear it.", "Élargissez la recherche, ou effacez-la.");
    public static readonly Bilingual NoOwn = new(
        "No own domain is set. Without protection.ownDomains in vigie.yaml all mail counts as outgoing.",
        "Aucun domaine propre n’est défini. Sans protection.ownDomains dans vigie.yaml, tout courrier compte comme sortant.");
    public static readonly Bilingual OnlySome = new("Only the first are shown; search for more.", "Seuls les premiers sont affichés ; cherchez pour en voir d’autres.");

    public static readonly IReadOnlyList<JournalAct> JournalActs =
    [
        new("protection.name-added", new("name protected", "nom protégé")),
        new("protection.name-removed", new("name no longer protected", "nom plus protégé")),
    ];

    public static Bilingual Name(ProtectedName name) => name switch
    {
        { Origin: ProtectedOrigin.Own } => Own,
        { Source: "operator" } => Added,
        { Origin: ProtectedOrigin.Partner } => Partner,
        { Origin: ProtectedOrigin.Pack } => FromPack,
        _ => Correspondent,
    };

    public static Bilingual Would(ImitationStrength strength) => strength switch
    {
        ImitationStrength.Refuse => WouldBeRefused,
        ImitationStrength.Hold => WouldBeHeld,
        ImitationStrength.Notice => WouldBeMarked,
        _ => WouldPass,
    };

    public static string Sign(ImitationStrength strength) => strength switch
    {
        ImitationStrength.Refuse => "refuse",
        ImitationStrength.Hold => "hold",
        ImitationStrength.Notice => "mark",
        _ => "deliver",
    };
}
