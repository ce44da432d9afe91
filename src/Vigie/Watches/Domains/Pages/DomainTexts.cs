using Vigie.Engine;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Watches.Domains.Pages;

/// <summary>What the page says.</summary>
internal static class DomainTexts
{
    public static readonly Bilingual Title = new("Domain watch", "Veille des domaines");
    public static readonly Bilingual Intro = new(
        "Which look-alikes of your own domains somebody has registered, whether they take mail, and which new names imitate protected ones.",
        "Quels sosies de vos domaines sont enregistrés, s’ils reçoivent du courrier, et quels noms nouveaux imitent des noms protégés.");

    public static readonly Bilingual Off = new("Registrations are not watched", "Les enregistrements ne sont pas surveillés");
    public static readonly Bilingual OffHow = new(
        "Name your own domains in protection.ownDomains, and leave domains.watch on.",
        "Indiquez vos domaines dans protection.ownDomains et laissez domains.watch actif.");

    public static readonly Bilingual Registered = new("Registered look-alikes", "Sosies enregistrés");
    public static readonly Bilingual WithMail = new("With mail servers", "Avec serveur de courrier");
    public static readonly Bilingual LastRun = new("Last run", "Dernier passage");
    public static readonly Bilingual CurrentRun = new("This run", "Passage en cours");
    public static readonly Bilingual NoRunYet = new("The first run has not ended yet", "Le premier passage n’est pas terminé");
    public static readonly Bilingual RegisteredTitle = new("Registered look-alikes", "Sosies enregistrés");
    public static readonly Bilingual NoneRegistered = new("No registered look-alike is known", "Aucun sosie enregistré n’est connu");
    public static readonly Bilingual Domain = new("Domain", "Domaine");
    public static readonly Bilingual Imitates = new("Imitates", "Imite");
    public static readonly Bilingual Mail = new("Mail", "Courrier");
    public static readonly Bilingual Since = new("Seen since", "Vu depuis");
    public static readonly Bilingual Likelihood = new("Typed by mistake", "Tapé par erreur");
    public static readonly Bilingual CatchAll = new("any mailbox", "toute boîte");
    public static readonly Bilingual Wildcard = new("wildcard DNS", "DNS générique");
    public static readonly Bilingual Changes = new("Changes", "Changements");
    public static readonly Bilingual NoChanges = new("Nothing has changed yet", "Rien n’a encore changé");
    public static readonly Bilingual Sightings = new("Look-alikes in feeds", "Sosies vus dans les flux");
    public static readonly Bilingual NoSightings = new("No feed has named a look-alike", "Aucun flux n’a nommé de sosie");
    public static readonly Bilingual Feeds = new("Feeds", "Flux");
    public static readonly Bilingual NoFeeds = new("No feed is read", "Aucun flux n’est lu");
    public static readonly Bilingual NoFeedsHow = new(
        "Add lists of new names or certificate transparency under domains.feeds.",
        "Ajoutez des listes de noms nouveaux ou la transparence des certificats sous domains.feeds.");

    public static readonly Bilingual Feed = new("Feed", "Flux");
    public static readonly Bilingual State = new("State", "État");
    public static readonly Bilingual LastEvent = new("Last event", "Dernier événement");
    public static readonly Bilingual Behind = new("Still to read", "Reste à lire");
    public static readonly Bilingual Names = new("Names", "Noms");
    public static readonly Bilingual Matches = new("Look-alikes", "Sosies");
    public static readonly Bilingual Malformed = new("Malformed", "Illisibles");
    public static readonly Bilingual Samples = new("Latest", "Derniers");
    public static readonly Bilingual NotReadYet = new("not read yet", "pas encore lu");
    public static readonly Bilingual NotAskedYet = new("not asked yet", "pas encore interrogé");
    public static readonly Bilingual Failing = new("failing", "en échec");
    public static readonly Bilingual Good = new("good", "bon");
    public static readonly Bilingual Resolvers = new("DNS resolvers", "Résolveurs DNS");
    public static readonly Bilingual NoResolver = new("No DNS resolver is known", "Aucun résolveur DNS n’est connu");
    public static readonly Bilingual NoResolverHow = new("Set domains.dns.servers, or name one in /etc/resolv.conf.", "Renseignez domains.dns.servers ou /etc/resolv.conf.");
    public static readonly Bilingual Resolver = new("Resolver", "Résolveur");
    public static readonly Bilingual Asked = new("Questions", "Questions");
    public static readonly Bilingual Answered = new("Answers", "Réponses");
    public static readonly Bilingual AverageTime = new("Mean time", "Temps moyen");
    public static readonly Bilingual LastFailure = new("Last failure", "Dernier échec");
    public static readonly Bilingual When = new("Time", "Heure");
    public static readonly Bilingual Severity = new("Severity", "Gravité");
    public static readonly Bilingual What = new("What", "Quoi");

    public static Bilingual RunFigures(string looked, string unknown) => new($"{looked} looked at, {unknown} unknown", $"{looked} contrôlés, {unknown} inconnus");

    public static Bilingual LastLookFailed(Bilingual why) => new($"last look failed: {why.English}", $"dernier contrôle en échec : {why.French}");

    public static Bilingual Name(MailPath mail) => mail switch
    {
        MailPath.Exchange => new("takes mail", "reçoit du courrier"),
        MailPath.Address => new("no MX, has an address", "sans MX, avec adresse"),
        MailPath.NullMx => new("refuses mail", "refuse le courrier"),
        MailPath.None => new("no mail", "pas de courrier"),
        _ => new("not known", "inconnu"),
    };

    public static string Class(WatchState state) => state.Mail switch
    {
        MailPath.Exchange => "danger",
        MailPath.Address or MailPath.Unknown => "warn",
        _ => "",
    };

    public static Bilingual Name(DnsFailure failure) => failure switch
    {
        DnsFailure.NoServer => new("no resolver", "aucun résolveur"),
        DnsFailure.Timeout => new("no answer in time", "pas de réponse à temps"),
        DnsFailure.Unreachable => new("not reachable", "injoignable"),
        DnsFailure.Malformed => new("malformed answer", "réponse illisible"),
        DnsFailure.Truncated => new("answer cut off", "réponse tronquée"),
        DnsFailure.Referral => new("does not recurse", "pas de récursion"),
        DnsFailure.Refused => new("refused", "refusé"),
        DnsFailure.ServerFailure => new("server failure", "échec du serveur"),
        _ => new("error code", "code d’erreur"),
    };
}
