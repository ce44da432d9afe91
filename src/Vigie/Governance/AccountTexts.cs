using Vigie.Engine;

namespace Vigie.Governance;

internal static class AccountTexts
{
    public static readonly Bilingual NameTaken = new(
        "Somebody already has this name.",
        "Quelqu’un porte déjà ce nom.");

    public static readonly Bilingual NoSuchAccount = new(
        "There is no such account any more.",
        "Ce compte n’existe plus.");

    public static readonly Bilingual LastAdministrator = new(
        "This is the last administrator who can log in. Give somebody else the role first.",
        "C’est le dernier administrateur qui peut se connecter. Donnez d’abord ce rôle à quelqu’un d’autre.");

    public static readonly Bilingual CurrentPasswordWrong = new(
        "The present password is not right.",
        "Le mot de passe actuel n’est pas le bon.");

    public static readonly Bilingual LinkUsedOrExpired = new(
        "This link was used already or has expired.",
        "Ce lien a déjà servi ou a expiré.");

    public static readonly Bilingual CodeWrong = new(
        "The code is not right. Codes change every 30 seconds and work once; check the clock of the device.",
        "Le code n’est pas le bon. Les codes changent toutes les 30 secondes et ne servent qu’une fois ; vérifiez l’heure de l’appareil.");

    public static readonly Bilingual NotPending = new(
        "Start again: there is no new secret to confirm.",
        "Recommencez : il n’y a pas de nouveau secret à confirmer.");
}
