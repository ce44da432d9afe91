using System.Collections.Frozen;
using System.Net;

namespace Vigie.Engine.Incidents;

/// <summary>What is the same everywhere and so says nothing about any incident: accounts of every machine, addresses of every network, domains everybody asks for.</summary>
internal static class Commonplaces
{
    // Who hides behind them is somebody else on each machine.
    private static readonly FrozenSet<string> Accounts = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "system", "système", "localsystem", "local system", "local service", "network service", "service local", "service réseau", "anonymous logon", "anonymous", "everyone", "root", "nobody", "daemon",
        "iusr", "administrator", "administrateur", "admin", "guest", "invité", "default", "defaultaccount", "wdagutilityaccount", "krbtgt", "user", "users", "public", "test", "unknown", "none", "n/a", "-",
        "www-data", "apache", "nginx", "mysql", "postgres", "postfix", "mail", "sshd", "bin", "sys", "ftp", "backup", "ubuntu", "debian", "ec2-user", "azureuser", "vagrant", "pi", "oracle", "git");

    private static readonly FrozenSet<string> Resolvers = FrozenSet.Create(
        StringComparer.Ordinal,
        "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220", "94.140.14.14", "94.140.15.15",
        "2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001", "2620:fe::fe",
        // Azure's own name server and health probe, the same address in every network of it.
        "168.63.129.16");

    // Update services, certificate checks, clouds, platforms and mailboxes for anybody: their addresses in full still say something, their domain does not.
    private static readonly FrozenSet<string> Domains = FrozenSet.Create(
        StringComparer.Ordinal,
        "microsoft.com", "windows.com", "windows.net", "windowsupdate.com", "live.com", "live.net", "office.com", "office.net", "office365.com", "outlook.com", "hotmail.com", "msn.com", "bing.com", "skype.com",
        "sharepoint.com", "onmicrosoft.com", "microsoftonline.com", "azure.com", "azure.net", "azureedge.net", "azurewebsites.net", "cloudapp.net", "cloudapp.azure.com", "trafficmanager.net", "msftconnecttest.com",
        "msftncsi.com", "msedge.net", "msecnd.net", "visualstudio.com", "microsoftpersonalcontent.com", "google.com", "googleapis.com", "gstatic.com", "gmail.com", "googlemail.com", "googleusercontent.com",
        "googlevideo.com", "googletagmanager.com", "google-analytics.com", "doubleclick.net", "youtube.com", "ytimg.com", "gvt1.com", "gvt2.com", "apple.com", "icloud.com", "mzstatic.com", "aaplimg.com",
        "amazon.com", "amazonaws.com", "cloudfront.net", "akamai.net", "akamaiedge.net", "akamaized.net", "akamaihd.net", "akadns.net", "edgesuite.net", "edgekey.net", "fastly.net", "fastlylb.net",
        "cloudflare.com", "cloudflare.net", "cloudflare-dns.com", "github.com", "githubusercontent.com", "gitlab.com", "bitbucket.org", "facebook.com", "facebook.net", "fbcdn.net", "whatsapp.com", "whatsapp.net",
        "instagram.com", "linkedin.com", "licdn.com", "twitter.com", "twimg.com", "x.com", "telegram.org", "t.me", "discord.com", "discordapp.com", "yahoo.com", "yahoodns.net", "ymail.com", "aol.com", "gmx.net",
        "gmx.com", "web.de", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "proton.me", "protonmail.com", "yandex.ru", "yandex.net", "mail.ru", "qq.com", "163.com", "zoho.com", "wikipedia.org",
        "mozilla.org", "mozilla.com", "mozilla.net", "firefox.com", "debian.org", "ubuntu.com", "canonical.com", "redhat.com", "fedoraproject.org", "docker.com", "docker.io", "npmjs.org", "npmjs.com", "pypi.org",
        "pythonhosted.org", "nuget.org", "maven.org", "ntp.org", "adobe.com", "dropbox.com", "dropboxusercontent.com", "box.com", "mediafire.com", "mega.nz", "wetransfer.com", "pastebin.com", "zoom.us", "slack.com",
        "webex.com", "teamviewer.com", "anydesk.com", "oracle.com", "java.com", "vmware.com", "digicert.com", "verisign.com", "symantec.com", "symcb.com", "symcd.com", "sectigo.com", "comodoca.com", "usertrust.com",
        "globalsign.com", "globalsign.net", "letsencrypt.org", "lencr.org", "entrust.net", "godaddy.com", "amazontrust.com", "identrust.com", "wordpress.com", "wordpress.org", "wp.com", "jquery.com", "jsdelivr.net",
        "unpkg.com", "bootstrapcdn.com", "avast.com", "avg.com", "kaspersky.com", "eset.com", "bitdefender.net", "sophos.com", "mcafee.com", "trendmicro.com", "spotify.com", "netflix.com", "steampowered.com", "bit.ly", "t.co");

    // RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what networks use without asking. Not "example", which documents and the
    // sample use for names of the wide world and no network has.
    private static readonly FrozenSet<string> InnerEndings = FrozenSet.Create(
        StringComparer.Ordinal,
        "local", "localhost", "localdomain", "lan", "internal", "intranet", "intra", "corp", "home", "private", "arpa", "test", "invalid", "alt", "workgroup", "ad", "domain");

    /// <summary>Whether an account's bare name is one that machines everywhere have.</summary>
    public static bool IsAccount(string name) =>
        Accounts.Contains(name) || name.StartsWith("DWM-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("UMFD-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a domain, in A-labels, is one everybody asks for, or a name of an inner network.</summary>
    public static bool IsDomain(string domain)
    {
        if (IsInner(domain)) return true;
        for (var rest = domain; ;)
        {
            if (Domains.Contains(rest)) return true;
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0) return false;
            rest = rest[(dot + 1)..];
        }
    }

    /// <summary>Whether a name ends as names of inner networks do, which are not unique in the world.</summary>
    public static bool IsInner(string domain) => InnerEndings.Contains(domain[(domain.LastIndexOf('.') + 1)..]);

    /// <summary>Whether an address is no single machine's: loopback, unspecified, multicast, broadcast, link-local, a public resolver.</summary>
    public static bool IsAddress(string text)
    {
        if (!IPAddress.TryParse(text, out var address)) return true;
        if (IPAddress.IsLoopback(address) || address.IsIPv6Multicast || address.IsIPv6LinkLocal || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return true;
        Span<byte> bytes = stackalloc byte[16];
        var isV4 = address.TryWriteBytes(bytes, out var length) && length == 4;
        return (isV4 && (bytes[0] is 0 or 127 or >= 224 || bytes[3] == 255 || (bytes[0] == 169 && bytes[1] == 254))) || Resolvers.Contains(address.ToString());
    }
}
