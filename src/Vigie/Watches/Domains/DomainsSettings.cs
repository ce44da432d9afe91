using System.Net;
using Vigie.Operations;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Feeds;

namespace Vigie.Watches.Domains;

/// <summary>The <c>domains:</c> part of <c>vigie.yaml</c>, validated: which look-alike names are watched, and how politely.</summary>
public sealed record DomainsSettings
{
    /// <summary>Whether look-alikes of the own domains are looked up in the DNS; nothing happens without own domains.</summary>
    public bool Watch { get; init; } = true;

    /// <summary>From the start of one run to the start of the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(12);

    /// <summary>At most this much later each time, so that many installations do not ask at the same minute.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many of the likeliest look-alikes of each own domain are looked up.</summary>
    public int Candidates { get; init; } = 1000;

    /// <summary>After this many runs in a row in which a domain did not exist, it is reported as gone.</summary>
    public int GoneAfter { get; init; } = 3;

    /// <summary>
    /// Whether the mail servers of registered look-alikes are asked if they take mail for a mailbox that cannot exist.
    /// Off unless wanted: it makes this organisation visible to whoever owns the look-alike.
    /// </summary>
    public bool ProbeMail { get; init; }

    /// <summary>The name given in EHLO when probing; the machine's own where empty.</summary>
    public string ProbeHelo { get; init; } = "";

    public DnsSettings Dns { get; init; } = new();

    /// <summary>Whose imitations the feeds are searched for.</summary>
    public FeedTargets FeedTargets { get; init; } = FeedTargets.Partners;

    /// <summary>Sources of new names.</summary>
    public IReadOnlyList<FeedSettings> Feeds { get; init; } = [];

    internal static DomainsSettings Read(SettingsSection section)
    {
        var defaults = new DomainsSettings();
        var interval = section.Duration("interval", defaults.Interval, TimeSpan.FromMinutes(10), TimeSpan.FromDays(90));
        return new DomainsSettings
        {
            Watch = section.Bool("watch", defaults.Watch),
            Interval = interval,
            Jitter = section.Duration("jitter", Shorter(defaults.Jitter, interval), TimeSpan.Zero, interval),
            Candidates = section.Int("candidates", defaults.Candidates, 1, 100_000),
            GoneAfter = section.Int("goneAfter", defaults.GoneAfter, 1, 100),
            ProbeMail = section.Bool("probeMail", defaults.ProbeMail),
            ProbeHelo = ReadHelo(section),
            Dns = DnsSettings.Read(section.Section("dns")),
            FeedTargets = section.Enum("feedTargets", defaults.FeedTargets),
            Feeds = FeedSettings.ReadAll(section),
        };
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // It goes into an SMTP command as it is.
    private static string ReadHelo(SettingsSection section)
    {
        const string key = "probeHelo";
        var name = section.String(key, "");
        if (name.Length == 0 || name.Length <= 255 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')) return name;
        section.Problem(key, $"\"{name}\" must be a host name");
        return "";
    }
}

/// <summary>The <c>domains.dns:</c> part: whom to ask, and how often.</summary>
public sealed record DnsSettings
{
    private const int DnsPort = 53;

    /// <summary>Recursive resolvers, best first; those of <c>/etc/resolv.conf</c> where empty.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long one resolver is waited for, once.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often the whole list of resolvers is gone through before the answer is unknown.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>The most questions under way at once.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>The most questions sent a second, retries included.</summary>
    public double QueriesPerSecond { get; init; } = 20;

    /// <summary>Whether letters are sent in random case and must come back so.</summary>
    public bool RandomCase { get; init; } = true;

    /// <summary>How the client asks, with the machine's resolvers where the settings name none.</summary>
    internal DnsClientOptions ToOptions() => new()
    {
        Servers = [.. Servers.Count > 0 ? Servers : ResolvConf.Load()],
        Timeout = Timeout,
        Rounds = Rounds,
        Concurrency = Concurrency,
        QueriesPerSecond = QueriesPerSecond,
        RandomCase = RandomCase,
    };

    internal static DnsSettings Read(SettingsSection section)
    {
        var defaults = new DnsSettings();
        return new DnsSettings
        {
            Servers = ReadServers(section),
            Timeout = section.Duration("timeout", defaults.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            Rounds = section.Int("rounds", defaults.Rounds, 1, 10),
            Concurrency = section.Int("concurrency", defaults.Concurrency, 1, 500),
            QueriesPerSecond = section.Number("queriesPerSecond", defaults.QueriesPerSecond, 0.1, 10_000),
            RandomCase = section.Bool("randomCase", defaults.RandomCase),
        };
    }

    /// <summary>An address, with a port where it is not 53: <c>192.0.2.1</c>, <c>192.0.2.1:5353</c>, <c>[2001:db8::1]:53</c>.</summary>
    internal static bool TryParseServer(string text, out IPEndPoint server)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            server = new IPEndPoint(address, DnsPort);
            return true;
        }

        var parsed = IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port > 0;
        server = endPoint ?? new IPEndPoint(IPAddress.None, 0);
        return parsed;
    }

    private static List<IPEndPoint> ReadServers(SettingsSection section)
    {
        const string key = "servers";
        var servers = new List<IPEndPoint>();
        foreach (var text in section.Strings(key))
        {
            if (TryParseServer(text, out var server)) servers.Add(server);
            else section.Problem(key, $"\"{text}\" must be an IP address, with a port where it is not {DnsPort}");
        }

        return servers;
    }
}
