using Vigie.Engine;

namespace Vigie.Incidents.Notifications.Pages;

/// <summary>What the page of notifications says.</summary>
internal static class NotificationTexts
{
    public static readonly Bilingual Title = new("Notifications", "Avertissements");
    public static readonly Bilingual Lead = new(
        "Who outside is told of new incidents and of those that become graver, and what became of it.",
        "Qui, au dehors, est averti des nouveaux incidents et de ceux qui s’aggravent, et ce qu’il en est advenu.");
    public static readonly Bilingual NoChannels = new("Nobody is told of incidents", "Personne n’est averti des incidents");
    public static readonly Bilingual NoChannelsHow = new(
        "Name mail addresses or a webhook under incidents.notify in the settings; docs/notifications.md has examples.",
        "Indiquez des adresses ou un webhook sous incidents.notify dans les réglages ; docs/notifications.md donne des exemples.");
    public static readonly Bilingual Channel = new("Channel", "Canal");
    public static readonly Bilingual GoesTo = new("Goes to", "Destinataire");
    public static readonly Bilingual Tells = new("Tells of", "Avertit de");
    public static readonly Bilingual Waiting = new("Waiting", "En attente");
    public static readonly Bilingual HeldBack = new("Held back", "Retenus");
    public static readonly Bilingual Sent = new("Sent", "Envoyés");
    public static readonly Bilingual GivenUp = new("Given up", "Abandonnés");
    public static readonly Bilingual Mail = new("mail", "courriel");
    public static readonly Bilingual Webhook = new("signed webhook", "webhook signé");
    public static readonly Bilingual QuietNow = new("quiet hours now", "heures calmes en cours");
    public static readonly Bilingual SendTest = new("Send a test", "Envoyer un essai");
    public static readonly Bilingual TestRecorded = new("The test is on record and goes out within seconds; see below.", "L’essai est enregistré et part dans quelques secondes ; voyez ci-dessous.");
    public static readonly Bilingual NoSuchChannel = new("There is no such channel in the settings.", "Ce canal n’est pas dans les réglages.");
    public static readonly Bilingual Latest = new("Latest messages", "Derniers messages");
    public static readonly Bilingual Nothing = new("Nothing was to be told yet.", "Il n’y a encore rien eu à signaler.");
    public static readonly Bilingual When = new("When", "Quand");
    public static readonly Bilingual What = new("What", "Quoi");
    public static readonly Bilingual State = new("State", "État");

    private static readonly Bilingual StateWaiting = new("waits", "attend");
    private static readonly Bilingual StateSent = new("sent", "envoyé");
    private static readonly Bilingual StateGivenUp = new("given up", "abandonné");
    private static readonly Bilingual StateHeldBack = new("held back", "retenu");
    private static readonly Bilingual StateInDigest = new("in a digest", "dans un récapitulatif");
    private static readonly Bilingual StateTrying = new("tries again", "nouvel essai");

    /// <summary>What a channel wants to be told of.</summary>
    public static Bilingual From(Bilingual severity) => new($"{severity.English} and above", $"gravité {severity.French} et plus");

    public static Bilingual Score(string score) => new($"score {score} and above", $"score d’au moins {score}");

    public static Bilingual Quiet(string hours, Bilingual severity) => new($"Quiet {hours}, but for {severity.English}", $"Calme {hours}, sauf gravité {severity.French}");

    public static Bilingual PerHour(string number) => new($"at most {number} an hour", $"au plus {number} par heure");

    /// <param name="number">How often it was tried.</param>
    /// <param name="wait">How long until the next attempt; null where it is due.</param>
    public static Bilingual Attempts(string number, string? wait) => wait is null
        ? new($"attempt {number}, the next is due", $"essai n°\u00a0{number}, le suivant est imminent")
        : new($"attempt {number}, the next in {wait}", $"essai n°\u00a0{number}, le suivant dans {wait}");

    public static Bilingual NameOf(Notification notification) => notification.State switch
    {
        NotificationState.Sent => StateSent,
        NotificationState.GivenUp => StateGivenUp,
        NotificationState.HeldBack => StateHeldBack,
        NotificationState.InDigest => StateInDigest,
        _ => notification.Attempts > 0 ? StateTrying : StateWaiting,
    };

    public static string ClassOf(Notification notification) => notification.State switch
    {
        NotificationState.Sent => "ok",
        NotificationState.GivenUp => "danger",
        NotificationState.Waiting when notification.Attempts > 0 => "warn",
        _ => "",
    };
}
