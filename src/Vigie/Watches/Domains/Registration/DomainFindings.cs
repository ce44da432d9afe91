using System.Collections.Immutable;
using System.Globalization;
using Vigie.Console;
using Vigie.Engine;
using Vigie.Engine.Findings;

namespace Vigie.Watches.Domains.Registration;

/// <summary>Says in a finding what happened to a look-alike.</summary>
internal static class DomainFindings
{
    /// <summary>A look-alike is registered.</summary>
    public const string Registered = "domains.lookalike-registered";

    /// <summary>A registered look-alike takes mail, or takes it elsewhere, or no longer does.</summary>
    public const string Mail = "domains.lookalike-mail";

    /// <summary>A look-alike that was registered is gone.</summary>
    public const string Gone = "domains.lookalike-gone";

    private const string Version = "1";

    // ATT&CK T1583.001, Acquire Infrastructure: Domains; T1583 has no technique for a domain given up.
    private const string AcquiredDomain = "T1583.001";

    // From here one slip in ten thousand ends exactly there: with a busy partner that is mail every month.
    private const double Likely = 1e-4;

    // From here a reader has to look twice.
    private const double Deceptive = 0.9;

    /// <summary>What its rules are called.</summary>
    public static IReadOnlyList<RuleName> RuleNames { get; } =
    [
        new(Registered, "registered-at-first-look", new("Look-alike domain found registered", "Domaine sosie trouvé enregistré")),
        new(Registered, "newly-registered", new("Look-alike domain newly registered", "Domaine sosie nouvellement enregistré")),
        new(Mail, "mail-appeared", new("Look-alike domain now takes mail", "Domaine sosie qui reçoit désormais du courrier")),
        new(Mail, "mail-changed", new("Look-alike domain has other mail servers", "Domaine sosie qui a changé de serveurs de courrier")),
        new(Mail, "mail-withdrawn", new("Look-alike domain has no mail servers any more", "Domaine sosie sans serveur de courrier désormais")),
        new(Gone, "gone", new("Look-alike domain no longer exists", "Domaine sosie disparu")),
    ];

    public static Finding Of(WatchedName name, WatchChange change)
    {
        var (detector, title, opening) = Describe(name, change);
        var state = change.After;
        return new Finding
        {
            // The same change seen again after a crash is the same finding; the next change is another.
            Id = FindingId.Of(detector, RuleOf(change), name.Domain, FindingId.Part(state.FirstChecked.ToUnixTimeMilliseconds()), FindingId.Part(state.Changes)),
            Detector = detector,
            Rule = RuleOf(change),
            RuleVersion = Version,
            Title = title,
            Severity = SeverityOf(name, change),
            FirstSeen = state.LastChecked,
            LastSeen = state.LastChecked,
            Entities = Entities(name, state),
            Techniques = change.Kind is WatchChangeKind.Gone or WatchChangeKind.MailWithdrawn ? [] : [AcquiredDomain],
            Evidence = [Evidence(name, state)],
            Explanation = Explain(name, change, opening),
        };
    }

    private static string RuleOf(WatchChange change) => change.Kind switch
    {
        WatchChangeKind.Registered when change.Before is null => "registered-at-first-look",
        WatchChangeKind.Registered => "newly-registered",
        WatchChangeKind.MailAppeared => "mail-appeared",
        WatchChangeKind.MailChanged => "mail-changed",
        WatchChangeKind.MailWithdrawn => "mail-withdrawn",
        _ => "gone",
    };

    private static (string Detector, Bilingual Title, Bilingual Opening) Describe(WatchedName name, WatchChange change)
    {
        var (domain, target) = (name.Domain, name.Target);
        return change.Kind switch
        {
            WatchChangeKind.Registered when change.Before is null => (
                Registered,
                new Bilingual($"{domain}, a look-alike of {target}, is registered", $"{domain}, sosie de {target}, est enregistré"),
                new Bilingual(
                    $"The domain {domain} exists. It was looked at for the first time, so since when it exists is not known.",
                    $"Le domaine {domain} existe. C'est le premier contrôle : on ne sait pas depuis quand.")),
            WatchChangeKind.Registered => (
                Registered,
                new Bilingual($"{domain}, a look-alike of {target}, was newly registered", $"{domain}, sosie de {target}, vient d'être enregistré"),
                new Bilingual(
                    $"The domain {domain} did not exist when it was last looked at ({Day(change.Before!.LastKnown)}) and exists now.",
                    $"Le domaine {domain} n'existait pas au dernier contrôle ({Day(change.Before!.LastKnown)}) et existe maintenant.")),
            WatchChangeKind.MailAppeared => (
                Mail,
                new Bilingual($"{domain}, a look-alike of {target}, now takes mail", $"{domain}, sosie de {target}, reçoit désormais du courrier"),
                change.Before!.Mail == MailPath.Unknown
                    ? new Bilingual(
                        $"Whether {domain} has mail servers could not be found out before; it has.",
                        $"On n'avait pas pu savoir si {domain} a des serveurs de courrier ; il en a.")
                    : new Bilingual(
                        $"The domain {domain} was registered without mail servers and has them now.",
                        $"Le domaine {domain} n'avait pas de serveur de courrier ; il en a maintenant.")),
            WatchChangeKind.MailChanged => (
                Mail,
                new Bilingual($"{domain}, a look-alike of {target}, has other mail servers", $"{domain}, sosie de {target}, a changé de serveurs de courrier"),
                new Bilingual(
                    $"Mail to {domain} went to {List(change.Before!.Exchanges)} before.",
                    $"Le courrier pour {domain} allait auparavant vers {List(change.Before!.Exchanges)}.")),
            WatchChangeKind.MailWithdrawn => (
                Mail,
                new Bilingual($"{domain}, a look-alike of {target}, has no mail servers any more", $"{domain}, sosie de {target}, n'a plus de serveur de courrier"),
                new Bilingual(
                    $"Mail to {domain} went to {List(change.Before!.Exchanges)} before; those records are gone.",
                    $"Le courrier pour {domain} allait vers {List(change.Before!.Exchanges)} ; ces enregistrements ont disparu.")),
            _ => (
                Gone,
                new Bilingual($"{domain}, a look-alike of {target}, no longer exists", $"{domain}, sosie de {target}, n'existe plus"),
                new Bilingual(
                    $"The domain {domain} was not in the DNS at the last {change.After.AbsentInARow} looks. Anybody can register it again.",
                    $"Le domaine {domain} était absent du DNS aux {change.After.AbsentInARow} derniers contrôles. N'importe qui peut le reprendre.")),
        };
    }

    private static Bilingual Explain(WatchedName name, WatchChange change, Bilingual opening)
    {
        var odds = name.Likelihood > 0 ? string.Create(CultureInfo.InvariantCulture, $"{name.Likelihood:0.#e0}") : "0";
        var resemblance = string.Create(CultureInfo.InvariantCulture, $"{name.Resemblance:0.00}");
        var mail = change.Kind == WatchChangeKind.Gone ? new Bilingual("", "") : DescribeMail(change.After);
        return new Bilingual(
            $"{opening.English} {name.Explanation.English} Probability that one message meant for {name.Target} is typed so: {odds}; resemblance to a reader: {resemblance}.{mail.English}",
            $"{opening.French} {name.Explanation.French} Probabilité qu'un message destiné à {name.Target} soit adressé ainsi : {odds} ; ressemblance pour un lecteur : {resemblance}.{mail.French}");
    }

    private static Bilingual DescribeMail(WatchState state)
    {
        var path = state.Mail switch
        {
            MailPath.Exchange => new Bilingual($" Mail to it is taken by {List(state.Exchanges)}.", $" Son courrier est reçu par {List(state.Exchanges)}."),
            MailPath.Address => new Bilingual(" It has no MX record, but mail is delivered to its address all the same.", " Il n'a pas d'enregistrement MX, mais le courrier est remis à son adresse."),
            MailPath.NullMx => new Bilingual(" It says that it takes no mail (null MX).", " Il déclare ne recevoir aucun courrier (MX nul)."),
            MailPath.None => new Bilingual(" It has neither MX record nor address, so mail to it bounces.", " Il n'a ni MX ni adresse : le courrier est renvoyé."),
            _ => new Bilingual(" Whether it takes mail could not be found out.", " On n'a pas pu savoir s'il reçoit du courrier."),
        };
        var catchAll = state.CatchAll switch
        {
            Observed.Yes => new Bilingual(" Its mail server accepted a recipient that cannot exist: it takes mail for any name.", " Son serveur a accepté un destinataire qui ne peut exister : il reçoit le courrier de n'importe quel nom."),
            Observed.No => new Bilingual(" Its mail server refuses mailboxes that do not exist.", " Son serveur refuse les boîtes inexistantes."),
            _ when state.Mail is MailPath.Exchange or MailPath.Address => new Bilingual(
                " Whether it takes mail for any name is not known: the DNS does not tell.",
                " On ne sait pas s'il reçoit le courrier de n'importe quel nom : le DNS ne le dit pas."),
            _ => new Bilingual("", ""),
        };
        return new Bilingual(path.English + catchAll.English, path.French + catchAll.French);
    }

    /// <summary>How much it matters: whether mail that goes astray is read there, and how readily it goes astray or deceives.</summary>
    private static Severity SeverityOf(WatchedName name, WatchChange change)
    {
        if (change.Kind is WatchChangeKind.Gone or WatchChangeKind.MailWithdrawn) return Severity.Informational;
        var state = change.After;
        var near = name.Likelihood >= Likely || name.Resemblance >= Deceptive;
        var severity = state.Mail switch
        {
            MailPath.Exchange => near ? Severity.High : Severity.Medium,
            MailPath.Address or MailPath.Unknown => near ? Severity.Medium : Severity.Low,
            // Nobody reads mail there, but mail may come from there.
            _ => near ? Severity.Low : Severity.Informational,
        };
        return state.CatchAll == Observed.Yes && severity < Severity.Critical ? severity + 1 : severity;
    }

    private static ImmutableArray<Entity> Entities(WatchedName name, WatchState state) =>
    [
        new Entity(EntityKinds.Domain, name.Domain),
        new Entity(EntityKinds.Domain, name.Target),
        // Not hosts of ours: what a provider of mail calls its machines.
        .. state.Exchanges.Select(name => new Entity(EntityKinds.Domain, name)),
    ];

    private static Evidence Evidence(WatchedName name, WatchState state) => new()
    {
        Kind = "dns",
        Location = name.Domain,
        Fields =
        [
            new("NS", List(state.NameServers)),
            new("MX", List(state.Exchanges)),
            new("mail", state.Mail.ToString()),
            new("wildcard DNS", state.WildcardDns.ToString()),
            new("catch-all mailbox", state.CatchAll.ToString()),
            new("family", name.Family),
        ],
    };

    // A hostile zone can have a hundred servers; the list stays readable.
    private static string List(ImmutableArray<string> names)
    {
        const int most = 8;
        if (names.IsEmpty) return "—";
        var shown = string.Join(", ", names.Take(most));
        return names.Length <= most ? shown : $"{shown}, … ({names.Length})";
    }

    private static string Day(DateTimeOffset? time) => time is { } t ? t.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "—";
}
