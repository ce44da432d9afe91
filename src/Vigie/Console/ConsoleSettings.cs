using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Console;

/// <summary>The <c>console:</c> part of <c>vigie.yaml</c>, validated.</summary>
public sealed record ConsoleSettings
{
    /// <summary>Where the console listens; beyond loopback only with <see cref="Tls"/> or <see cref="TrustedProxies"/>.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The console's own certificate; null where it speaks plain HTTP on loopback or behind a proxy.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The proxies whose word about the visitor's address and scheme is taken; nobody else's is.</summary>
    public IReadOnlyList<IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>How people reach the console, for links in mail and invitations; null where it was not said.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>A session not used for this long is over.</summary>
    public TimeSpan SessionIdle { get; init; }

    /// <summary>A session is over after this long, used or not.</summary>
    public TimeSpan SessionLifetime { get; init; }

    /// <summary>The zone in which the console shows times; the store keeps UTC.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Folder of the keys that seal cookies and second-factor secrets.</summary>
    public required string KeyDirectory { get; init; }

    /// <summary>Whether every visitor comes over TLS, so that cookies may insist on it.</summary>
    public bool RequiresTls => Tls is not null || TrustedProxies.Count > 0;

    internal static ConsoleSettings Read(SettingsSection section, string dataDirectory)
    {
        var tls = section.Section("tls");
        var settings = new ConsoleSettings
        {
            Listen = section.EndPoint("listen", new IPEndPoint(IPAddress.Loopback, 8893)),
            Tls = ReadTls(tls),
            TrustedProxies = ReadProxies(section),
            PublicUrl = ReadPublicUrl(section),
            SessionIdle = section.Duration("sessionIdle", TimeSpan.FromHours(2), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7)),
            SessionLifetime = section.Duration("sessionLifetime", TimeSpan.FromHours(12), TimeSpan.FromMinutes(5), TimeSpan.FromDays(30)),
            TimeZone = ReadTimeZone(section),
            KeyDirectory = DataDirectory.Keys(dataDirectory),
        };
        if (!IPAddress.IsLoopback(settings.Listen.Address) && !tls.Exists && settings.TrustedProxies.Count == 0)
        {
            section.Problem("listen", $"{settings.Listen} can be reached from other machines, and passwords would travel in the clear; "
                + "set console.tls (certificate and key), or name the proxy that does TLS in console.trustedProxy, or listen on 127.0.0.1");
        }

        return settings;
    }

    private static TlsFiles? ReadTls(SettingsSection tls)
    {
        var certificate = tls.OptionalString("certificate");
        var key = tls.OptionalString("key");
        if (certificate is null && key is null)
        {
            if (tls.Exists) tls.Problem("certificate", "is missing; name the PEM files \"certificate\" and \"key\"");
            return null;
        }

        if (certificate is null || key is null)
        {
            tls.Problem(certificate is null ? "certificate" : "key", "is missing; a certificate and its key go together");
            return null;
        }

        var files = new TlsFiles(Path.GetFullPath(certificate), Path.GetFullPath(key));
        foreach (var (name, file) in new[] { ("certificate", files.Certificate), ("key", files.Key) })
        {
            if (File.Exists(file)) continue;
            tls.Problem(name, $"there is no file {file}");
            return null;
        }

        try
        {
            files.Load().Dispose();
            return files;
        }
        catch (Exception e) when (TlsFiles.IsUnreadable(e))
        {
            tls.Problem("certificate", $"{files.Certificate} and {files.Key} are not a PEM certificate and its key: {e.Message}");
            return null;
        }
    }

    private static List<IPAddress> ReadProxies(SettingsSection section)
    {
        var proxies = new List<IPAddress>();
        foreach (var text in section.Strings("trustedProxy"))
        {
            if (IPAddress.TryParse(text, out var address)) proxies.Add(address);
            else section.Problem("trustedProxy", $"\"{text}\" must be the proxy's IP address, such as 10.0.0.5");
        }

        return proxies;
    }

    private static Uri? ReadPublicUrl(SettingsSection section)
    {
        if (section.OptionalString("publicUrl") is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
            && url.AbsolutePath == "/" && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0)
        {
            return url;
        }

        section.Problem("publicUrl", $"\"{text}\" must be the address people type, such as https://vigie.example.org, with no path after it");
        return null;
    }

    private static TimeZoneInfo ReadTimeZone(SettingsSection section)
    {
        if (section.OptionalString("timeZone") is not { } id) return TimeZoneInfo.Local;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) return zone;

        section.Problem("timeZone", $"\"{id}\" is not a time zone; use a name such as Africa/Bamako or Europe/Paris");
        return TimeZoneInfo.Local;
    }
}

/// <summary>A PEM certificate (with its chain, if it has one) and its key.</summary>
public sealed record TlsFiles(string Certificate, string Key)
{
    /// <summary>Reads both files.</summary>
    /// <exception cref="Exception">They cannot be used; see <see cref="IsUnreadable"/>.</exception>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(Certificate, Key);

    /// <summary>Whether an exception says that the files cannot be used; a key of another certificate is an argument error.</summary>
    internal static bool IsUnreadable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;
}
