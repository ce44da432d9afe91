using System.Collections.Frozen;

namespace Vigie.Engine.Lookalikes;

/// <summary>The words that deceivers and bystanders put beside a name, and the first labels of hosts.</summary>
internal static class BrandWords
{
    /// <summary>Words beside a name; written for Vigie, English and French.</summary>
    public static IReadOnlyList<string> Companions { get; } =
    [
        "access", "acces", "account", "accounts", "admin", "africa", "afrique", "agence", "aid", "aide", "alert", "alerts", "alerte", "app", "apps", "assist", "assistance", "auth", "award", "bank", "banque",
        "benefits", "billing", "bonus", "bourse", "careers", "carriere", "center", "centre", "check", "client", "clients", "cloud", "compte", "concours", "confirm", "connect", "connexion", "contact",
        "contract", "contracts", "corp", "covid", "customer", "defense", "delivery", "dept", "desk", "direct", "docs", "document", "documents", "donate", "donation", "dons", "drive", "email", "emploi",
        "espace", "express", "facture", "file", "files", "finance", "fonds", "foundation", "free", "fund", "funds", "gift", "global", "gouv", "gov", "grant", "grants", "group", "groupe", "gsm", "guide",
        "help", "helpdesk", "home", "hq", "hr", "id", "inc", "info", "infos", "international", "invoice", "it", "job", "jobs", "live", "login", "mali", "mail", "mails", "marches", "messagerie", "mil",
        "ministere", "mobile", "money", "my", "net", "news", "notice", "office", "officiel", "official", "online", "paiement", "pay", "payment", "payments", "pension", "portail", "portal", "procurement",
        "promo", "recrutement", "recruit", "recruitment", "refund", "register", "rewards", "rh", "sahel", "secure", "securite", "security", "service", "services", "share", "shop", "signin", "sso", "store",
        "suivi", "support", "system", "team", "tech", "tender", "tenders", "tracking", "transfer", "transfert", "trust", "update", "updates", "us", "usa", "validation", "verification", "verify", "vpn",
        "wallet", "web", "webmail", "world",
    ];

    /// <summary>First labels of hosts that a missing dot joins to the name, with how likely that is.</summary>
    public static IReadOnlyList<(string Word, double Likelihood)> Hosts { get; } =
        [("www", 2e-4), ("mail", 6e-5), ("webmail", 2e-5), ("smtp", 1e-5), ("email", 1e-5), ("mx", 5e-6), ("ftp", 3e-6), ("m", 3e-6), ("owa", 3e-6), ("imap", 3e-6), ("pop", 3e-6), ("ww", 1e-5), ("http", 2e-6), ("https", 2e-6)];

    /// <summary>Where a name set as a subdomain of something else is found: open registries first, then places that give names away (PRIVATE section of the public suffix list).</summary>
    public static IReadOnlyList<string> Landlords { get; } =
    [
        "com", "net", "org", "info", "co", "io", "eu", "us", "online", "site", "xyz", "top", "tk", "ga", "cf", "gq", "blogspot.com", "github.io", "gitlab.io", "herokuapp.com", "netlify.app", "vercel.app",
        "pages.dev", "workers.dev", "web.app", "firebaseapp.com", "azurewebsites.net", "duckdns.org", "no-ip.org", "ddns.net", "hopto.org", "dyndns.org", "glitch.me", "repl.co", "weebly.com", "wixsite.com",
        "wordpress.com", "000webhostapp.com", "example.com",
    ];

    /// <summary>The suffixes that a longer name is registered under besides the target's own.</summary>
    public static IReadOnlyList<string> OpenSuffixes { get; } = ["com", "org", "net"];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> CompanionLookup = Companions.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a word is one of <see cref="Companions"/>.</summary>
    public static bool IsCompanion(ReadOnlySpan<char> word) => CompanionLookup.Contains(word);

    /// <summary>How likely the dot after a host's first label goes missing; 0 for any other word.</summary>
    public static double HostLikelihood(ReadOnlySpan<char> word)
    {
        foreach (var (host, likelihood) in Hosts)
        {
            if (word.SequenceEqual(host)) return likelihood;
        }

        return 0;
    }
}
