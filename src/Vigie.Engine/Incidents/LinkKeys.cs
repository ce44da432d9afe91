using System.Collections.Frozen;
using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>What the operator says about the surroundings: which names are their own and what joins nothing.</summary>
public sealed record LinkSurroundings
{
    /// <summary>The organisation's own domains: no link by themselves; a mailbox there is an account.</summary>
    public FrozenSet<string> OwnDomains { get; init; } = [];

    /// <summary>Entities that join nothing: the mail gateway, a proxy, a scanner.</summary>
    public FrozenSet<Entity> Hubs { get; init; } = [];

    /// <summary>The guarded name a domain imitates; null where it imitates none.</summary>
    public Func<string, string?> Imitated { get; init; } = static _ => null;
}

/// <summary>Derives from a finding the keys by which it is linked to others.</summary>
public static class LinkKeys
{
    /// <summary>The most keys of one finding that are looked at; a finding with thousands of entities is about everything and nothing.</summary>
    public const int Max = 64;

    // Accounts every machine has; who hides behind them is somebody else on each.
    private static readonly FrozenSet<string> SharedAccounts = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "system", "local service", "network service", "anonymous logon", "root", "nobody", "iusr", "administrator", "administrateur", "guest", "invité", "-");

    private static readonly FrozenSet<string> PublicResolvers = FrozenSet.Create(
        StringComparer.Ordinal, "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220",
        "127.0.0.1", "::1", "0.0.0.0", "::");

    /// <summary>The keys of a finding, at most <see cref="Max"/>, without doubles, strongest kinds first.</summary>
    public static ImmutableArray<LinkKey> Of(Finding finding, LinkSurroundings surroundings)
    {
        var keys = new List<LinkKey>();
        var accounts = new List<string>();
        var hosts = new List<string>();
        foreach (var entity in finding.Entities)
        {
            if (keys.Count >= Max || surroundings.Hubs.Contains(entity)) continue;
            switch (entity.Kind)
            {
                case EntityKinds.Domain:
                    AddDomain(entity.Value);
                    break;
                case EntityKinds.Mailbox:
                    Add(new LinkKey(EntityKinds.Mailbox, entity.Value));
                    if (entity.Value.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
                    {
                        if (surroundings.OwnDomains.Contains(entity.Value[(at + 1)..])) AddAccount(entity.Value[..at]);
                        else AddDomain(entity.Value[(at + 1)..]);
                    }

                    break;
                case EntityKinds.User:
                    if (AccountOf(entity.Value) is { } account) AddAccount(account);
                    break;
                case EntityKinds.Host:
                    var host = HostOf(entity.Value);
                    if (host.Length == 0) break;
                    hosts.Add(host);
                    Add(new LinkKey(EntityKinds.Host, host));
                    break;
                case EntityKinds.Ip when PublicResolvers.Contains(entity.Value):
                    break;
                default:
                    Add(new LinkKey(entity.Kind, entity.Value));
                    break;
            }
        }

        foreach (var account in accounts)
        {
            foreach (var host in hosts) Add(new LinkKey(LinkKinds.AccountOnHost, $"{account}@{host}"));
        }

        return [.. keys];

        void Add(LinkKey key)
        {
            if (keys.Count < Max && !keys.Contains(key)) keys.Add(key);
        }

        void AddAccount(string name)
        {
            var folded = name.ToLowerInvariant();
            accounts.Add(folded);
            Add(new LinkKey(LinkKinds.Account, folded));
        }

        void AddDomain(string domain)
        {
            if (surroundings.OwnDomains.Contains(domain)) return;
            Add(new LinkKey(EntityKinds.Domain, domain));
            if (surroundings.Imitated(domain) is { } imitated) Add(new LinkKey(LinkKinds.Imitates, imitated));
        }
    }

    /// <summary>A finding as the graph takes it: its keys, its subjects and the time it was last seen.</summary>
    public static GraphFinding ForGraph(Finding finding, LinkSurroundings surroundings) =>
        new(finding.Id, finding.LastSeen.ToUnixTimeMilliseconds(), Of(finding, surroundings), LinkSubjects.Of(finding, surroundings));

    /// <summary>A host by its first label, lower case; an address stays as it is.</summary>
    public static string HostOf(string host)
    {
        var name = host.ToLowerInvariant().TrimEnd('.');
        if (System.Net.IPAddress.TryParse(name, out _)) return name;
        return name.Split('.')[0];
    }

    /// <summary>An account's bare name; null for accounts that every machine has and for machines' own (<c>HOST$</c>).</summary>
    public static string? AccountOf(string user)
    {
        var name = user[(user.LastIndexOf('\\') + 1)..];
        if (name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at) name = name[..at];
        return name.Length == 0 || name.EndsWith('$') || SharedAccounts.Contains(name) || IsPerSession(name) ? null : name.ToLowerInvariant();
    }

    // Window manager and font driver host accounts, numbered by session.
    private static bool IsPerSession(string name) =>
        name.StartsWith("DWM-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("UMFD-", StringComparison.OrdinalIgnoreCase);
}
