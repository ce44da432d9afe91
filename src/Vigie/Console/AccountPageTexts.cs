using Vigie.Engine;
using Vigie.Governance;

namespace Vigie.Console;

/// <summary>The words of login, set-up, profile and accounts.</summary>
internal static class AccountPageTexts
{
    public static readonly Bilingual LogIn = new("Log in", "Se connecter");
    public static readonly Bilingual Name = new("Name", "Nom");
    public static readonly Bilingual Password = new("Password", "Mot de passe");
    public static readonly Bilingual LoginWrong = new(
        "Name or password is not right. After many tries the account pauses for a while.",
        "Le nom ou le mot de passe n’est pas le bon. Après de nombreux essais, le compte fait une pause.");
    public static readonly Bilingual LoginPaused = new(
        "Too many tries for this name. Wait a few minutes.",
        "Trop d’essais pour ce nom. Attendez quelques minutes.");
    public static readonly Bilingual ForgotPassword = new(
        "Forgot your password? An administrator can send you a new link.",
        "Mot de passe oublié ? Un administrateur peut vous envoyer un nouveau lien.");
    public static readonly Bilingual NotSetUp = new("Nobody has an account yet", "Personne n’a encore de compte");
    public static readonly Bilingual NotSetUpHow = new(
        "Open the set-up link that Vigie printed when it started. It works for 24 hours; starting Vigie again prints a new one.",
        "Ouvrez le lien d’installation que Vigie a affiché à son démarrage. Il est valable 24 heures ; redémarrer Vigie en affiche un nouveau.");
    public static readonly Bilingual EnterCode = new("Enter the code", "Saisissez le code");
    public static readonly Bilingual Code = new("Code", "Code");
    public static readonly Bilingual CodeHint = new(
        "Six digits from your authenticator app, or one of your recovery codes.",
        "Six chiffres de votre application d’authentification, ou l’un de vos codes de secours.");
    public static readonly Bilingual CodeTooLate = new("That took too long. Log in again.", "C’était trop long. Connectez-vous à nouveau.");
    public static readonly Bilingual StartAgain = new("Start again", "Recommencer");
    public static readonly Bilingual LoggedOut = new("You are logged out.", "Vous êtes déconnecté.");

    public static readonly Bilingual SetUp = new("Welcome to Vigie", "Bienvenue dans Vigie");
    public static readonly Bilingual SetUpIntro = new(
        "Create the first account. It is an administrator; you can invite others afterwards.",
        "Créez le premier compte. C’est un administrateur ; vous pourrez ensuite inviter d’autres personnes.");
    public static readonly Bilingual SetUpButton = new("Create the account", "Créer le compte");
    public static readonly Bilingual SetUpDone = new(
        "Your account exists. Vigie observes for now: mail is delivered, and you see what would have been stopped.",
        "Votre compte existe. Vigie observe pour l’instant : le courrier est remis, et vous voyez ce qui aurait été arrêté.");
    public static readonly Bilingual LinkInvalid = new("This link does not work", "Ce lien ne fonctionne pas");
    public static readonly Bilingual SetUpLinkInvalid = new(
        "It was used already, or has expired. If nobody has an account yet, start Vigie again: it prints a new link.",
        "Il a déjà servi ou a expiré. Si personne n’a encore de compte, redémarrez Vigie : un nouveau lien s’affiche.");
    public static readonly Bilingual PasswordLinkInvalid = new(
        "It was used already, or has expired. Ask an administrator for a new one.",
        "Il a déjà servi ou a expiré. Demandez-en un nouveau à un administrateur.");
    public static readonly Bilingual GoToLogin = new("Go to the login", "Aller à la connexion");
    public static readonly Bilingual ChoosePassword = new("Choose your password", "Choisissez votre mot de passe");
    public static readonly Bilingual ChoosePasswordFor = new("For the account", "Pour le compte");
    public static readonly Bilingual PasswordAgain = new("Password again", "Mot de passe, encore une fois");
    public static readonly Bilingual PasswordHint = new(
        $"At least {PasswordRule.MinLength} characters. A few unrelated words do well; spaces are fine.",
        $"Au moins {PasswordRule.MinLength} caractères. Quelques mots sans lien conviennent ; les espaces aussi.");
    public static readonly Bilingual PasswordsDiffer = new("The two passwords differ.", "Les deux mots de passe diffèrent.");
    public static readonly Bilingual PasswordSet = new("Your password is set.", "Votre mot de passe est défini.");
    public static readonly Bilingual SetPassword = new("Set the password", "Définir le mot de passe");

    public static readonly Bilingual Profile = new("Your account", "Votre compte");
    public static readonly Bilingual Display = new("Language and theme", "Langue et thème");
    public static readonly Bilingual FollowBrowser = new("As the browser says", "Selon le navigateur");
    public static readonly Bilingual FollowDevice = new("As the device says", "Selon l’appareil");
    public static readonly Bilingual DisplaySaved = new("Your choice is kept with your account.", "Votre choix est gardé avec votre compte.");
    public static readonly Bilingual TimesIn = new("Times are shown in", "Les heures sont données en");
    public static readonly Bilingual CurrentPassword = new("Present password", "Mot de passe actuel");
    public static readonly Bilingual NewPassword = new("New password", "Nouveau mot de passe");
    public static readonly Bilingual ChangePassword = new("Change password", "Changer le mot de passe");
    public static readonly Bilingual PasswordChanged = new(
        "Your password is changed. Your other sessions are over.",
        "Votre mot de passe est changé. Vos autres sessions sont terminées.");
    public static readonly Bilingual SecondFactor = new("Second factor", "Second facteur");
    public static readonly Bilingual SecondFactorOff = new(
        "Off. With it, a stolen password alone opens nothing.",
        "Désactivé. Avec lui, un mot de passe volé n’ouvre rien à lui seul.");
    public static readonly Bilingual SecondFactorOn = new("On.", "Activé.");
    public static readonly Bilingual SetUpSecondFactor = new("Set up", "Configurer");
    public static readonly Bilingual SecondFactorStep1 = new(
        "Open this link on the device with your authenticator app, or type the secret into the app.",
        "Ouvrez ce lien sur l’appareil où se trouve votre application d’authentification, ou saisissez-y le secret.");
    public static readonly Bilingual OpenInApp = new("Open in the app", "Ouvrir dans l’application");
    public static readonly Bilingual Secret = new("Secret", "Secret");
    public static readonly Bilingual SecondFactorStep2 = new("Then type the code the app shows.", "Saisissez ensuite le code affiché par l’application.");
    public static readonly Bilingual TurnOn = new("Turn on", "Activer");
    public static readonly Bilingual TurnOff = new("Turn off", "Désactiver");
    public static readonly Bilingual TurnedOn = new(
        "The second factor is on. Keep these recovery codes where the device is not; each works once.",
        "Le second facteur est activé. Gardez ces codes de secours ailleurs que sur l’appareil ; chacun sert une fois.");
    public static readonly Bilingual TurnedOff = new("The second factor is off.", "Le second facteur est désactivé.");
    public static readonly Bilingual ConfirmWithPassword = new(
        "Type your password to confirm.", "Saisissez votre mot de passe pour confirmer.");
    public static readonly Bilingual Sessions = new("Where you are logged in", "Où vous êtes connecté");
    public static readonly Bilingual ThisSession = new("this one", "celle-ci");
    public static readonly Bilingual Since = new("Since", "Depuis");
    public static readonly Bilingual LastUsed = new("Last used", "Dernière activité");
    public static readonly Bilingual From = new("From", "Depuis l’adresse");
    public static readonly Bilingual Browser = new("Browser", "Navigateur");
    public static readonly Bilingual EndSession = new("End", "Terminer");
    public static readonly Bilingual EndOthers = new("End all others", "Terminer toutes les autres");
    public static readonly Bilingual SessionEnded = new("The session is over.", "La session est terminée.");
    public static readonly Bilingual OthersEnded = new("All your other sessions are over.", "Toutes vos autres sessions sont terminées.");

    public static readonly Bilingual AccountsIntro = new(
        "Who may log in, and what each may do.", "Qui peut se connecter, et ce que chacun peut faire.");
    public static readonly Bilingual Role = new("Role", "Rôle");
    public static readonly Bilingual State = new("State", "État");
    public static readonly Bilingual Active = new("active", "actif");
    public static readonly Bilingual Invited = new("invited", "invité");
    public static readonly Bilingual Disabled = new("disabled", "désactivé");
    public static readonly Bilingual WithSecondFactor = new("second factor", "second facteur");
    public static readonly Bilingual LastLogin = new("Last login", "Dernière connexion");
    public static readonly Bilingual Never = new("never", "jamais");
    public static readonly Bilingual You = new("you", "vous");
    public static readonly Bilingual Change = new("Change", "Modifier");
    public static readonly Bilingual ChangeRole = new("Change role", "Changer le rôle");
    public static readonly Bilingual Disable = new("Disable", "Désactiver");
    public static readonly Bilingual Enable = new("Enable", "Réactiver");
    public static readonly Bilingual DisableHint = new(
        "Cannot log in any more; every session ends at once. What the person did stays in the journal.",
        "Ne peut plus se connecter ; toutes les sessions se terminent aussitôt. Ses actes restent au journal.");
    public static readonly Bilingual EnableHint = new("Can log in again with the same password.", "Peut se reconnecter avec le même mot de passe.");
    public static readonly Bilingual Reset = new("Reset", "Réinitialiser");
    public static readonly Bilingual ResetHint = new(
        "For a lost password or device: takes away password, second factor and sessions, and gives you a new link to pass on.",
        "En cas de mot de passe ou d’appareil perdu : retire mot de passe, second facteur et sessions, et vous donne un nouveau lien à transmettre.");
    public static readonly Bilingual NewLink = new("New invitation link", "Nouveau lien d’invitation");
    public static readonly Bilingual NewLinkHint = new(
        "The earlier link stops working.", "Le lien précédent cesse de fonctionner.");
    public static readonly Bilingual Invite = new("Invite somebody", "Inviter quelqu’un");
    public static readonly Bilingual InviteButton = new("Add and make the link", "Ajouter et créer le lien");
    public static readonly Bilingual InviteDone = new(
        "Pass this link on yourself; it lets the person choose a password, once, within three days.",
        "Transmettez ce lien vous-même ; il permet à la personne de choisir son mot de passe, une fois, dans les trois jours.");
    public static readonly Bilingual RoleChanged = new("The role is changed.", "Le rôle est changé.");
    public static readonly Bilingual NowDisabled = new("The account is disabled.", "Le compte est désactivé.");
    public static readonly Bilingual NowEnabled = new("The account works again.", "Le compte fonctionne à nouveau.");
    public static readonly Bilingual NotYourself = new(
        "Somebody else has to do this to your account.", "Quelqu’un d’autre doit le faire pour votre compte.");
    public static readonly Bilingual BackToAccounts = new("All accounts", "Tous les comptes");
    public static readonly Bilingual RoleUnknown = new("Choose a role.", "Choisissez un rôle.");
}
