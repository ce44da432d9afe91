using System.Collections.Immutable;
using System.Net;
using Vigie.Engine.Findings;
using Vigie.Engine.Lookalikes;

namespace Vigie.Engine.Incidents;

/// <summary>
/// Derives from a finding the keys by which it is linked to others. The same thing named differently gives the same key: a
/// host in full or by its first label, an account with or without its domain or as the mailbox of an own domain, a name beneath a
/// registered domain. What is the same everywhere gives none.
/// </summary>
public static class LinkKeys
{
    /// <summary>The most keys of one finding that are looked at; a finding with thousands of entities is about everything and nothing.</summary>
    public const int Max = 64;

    // Entities that are looked at; beyond, a finding is a list.
    private const int MostEntities = 1024;

    // Only what a provider names itself tells one address from another; a bare root tells no more than its domain.
    private const int ShortestPath = 2;

    /// <summary>The keys of a finding, at most <see cref="Max"/>, without doubles.</summary>
    public static ImmutableArray<LinkKey> Of(Finding finding, LinkSurroundings surroundings)
    {
        var keys = new Collected(surroundings, finding);
        var left = MostEntities;
        foreach (var entity in finding.Entities)
        {
            if (keys.IsFull || left-- == 0) break;
            if (!surroundings.Hubs.Contains(entity)) keys.Take(entity);
        }

        return keys.Finish();
    }

    /// <summary>A finding as the graph takes it: its keys, its subjects and the time it was last seen.</summary>
    public static GraphFinding ForGraph(Finding finding, LinkSurroundings surroundings) =>
        new(finding.Id, finding.LastSeen.ToUnixTimeMilliseconds(), Of(finding, surroundings), LinkSubjects.Of(finding, surroundings));

    /// <summary>
    /// A host in lower case: by its first label within an own domain or an inner network, where that label is its name; in full
    /// elsewhere, where <c>mail.</c> and <c>www.</c> are everybody's. An address stays as it is.
    /// </summary>
    public static string HostOf(string host, LinkSurroundings surroundings)
    {
        var name = host.ToLowerInvariant().TrimEnd('.');
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || IPAddress.TryParse(name, out _)) return name;
        return Commonplaces.IsInner(name) || !TopLevelDomains.Contains(name.AsSpan(name.LastIndexOf('.') + 1)) || surroundings.IsOwn(name[(dot + 1)..]) ? name[..dot] : name;
    }

    /// <summary>The same where nothing is known of own domains.</summary>
    public static string HostOf(string host) => HostOf(host, LinkSurroundings.Unknown);

    /// <summary>
    /// The account that a user's name stands for, in lower case: bare where it is the operator's (<c>MIN\awa</c>, <c>awa@</c> of an own
    /// domain), in full where another provider's; null for accounts that every machine has.
    /// </summary>
    public static string? AccountOf(string user, LinkSurroundings surroundings)
    {
        var name = user[(user.LastIndexOf('\\') + 1)..].ToLowerInvariant();
        if (name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
        {
            var domain = name[(at + 1)..].TrimEnd('.');
            if (!domain.Contains('.', StringComparison.Ordinal) || Commonplaces.IsInner(domain) || surroundings.IsOwn(domain)) name = name[..at];
        }

        return name.Length == 0 || name.EndsWith('$') || Commonplaces.IsAccount(name) ? null : name;
    }

    /// <summary>The same where nothing is known of own domains.</summary>
    public static string? AccountOf(string user) => AccountOf(user, LinkSurroundings.Unknown);

    /// <summary>The domain that somebody registered, in A-labels; null where it is an own, guarded or inner one, or one everybody asks for.</summary>
    public static string? DomainOf(string domain, LinkSurroundings surroundings)
    {
        if (!DomainNames.TryNormalize(domain, out var name, out _) || Commonplaces.IsDomain(name) || surroundings.IsOwn(name) || surroundings.IsGuarded(name)) return null;
        return PublicSuffixes.Default.TrySplit(name, out var parts) && parts.Label.Length > 0 ? parts.Registrable : null;
    }

    /// <summary>The address as RFC 5952 writes it, mapped ones as IPv4; null where it is no single machine's.</summary>
    public static string? AddressOf(string text)
    {
        if (!IPAddress.TryParse(text, out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var plain = address.ToString();
        return Commonplaces.IsAddress(plain) ? null : plain;
    }

    /// <summary>The keys of one finding as they are found.</summary>
    private sealed class Collected(LinkSurroundings surroundings, Finding finding)
    {
        private readonly HashSet<LinkKey> _known = [];
        private readonly List<LinkKey> _keys = [];
        private readonly List<string> _accounts = [];
        private readonly List<string> _hosts = [];
        private string? _file;
        private readonly HashSet<string> _imitated = new(StringComparer.Ordinal);

        public bool IsFull => _keys.Count >= Max;

        public void Take(Entity entity)
        {
            switch (entity.Kind)
            {
                case EntityKinds.Domain:
                    AddDomain(entity.Value);
                    break;
                case EntityKinds.Mailbox:
                    AddMailbox(entity.Value);
                    break;
                case EntityKinds.User:
                    AddUser(entity.Value);
                    break;
                case EntityKinds.Host:
                    AddHost(entity.Value);
                    break;
                case EntityKinds.Ip:
                    if (AddressOf(entity.Value) is { } address) Add(EntityKinds.Ip, address);
                    break;
                case EntityKinds.Url:
                    if (Uri.TryCreate(entity.Value, UriKind.Absolute, out var url) && url.PathAndQuery.Length >= ShortestPath && !surroundings.IsOwn(url.IdnHost)) Add(EntityKinds.Url, entity.Value);
                    break;
                case EntityKinds.FileHash:
                    AddFile(entity.Value);
                    break;
                default:
                    Add(entity.Kind, entity.Value);
                    break;
            }
        }

        public ImmutableArray<LinkKey> Finish()
        {
            foreach (var account in _accounts)
            {
                if (_file is not null) Add(LinkKinds.FileOfAccount, $"{_file}@{account}");
                foreach (var host in _hosts) Add(LinkKinds.AccountOnHost, $"{account}@{host}");
            }

            // The name that is imitated stands in the finding too; it joins by the imitation only.
            if (_imitated.Count > 0) _keys.RemoveAll(key => key.Kind == EntityKinds.Domain && _imitated.Contains(key.Value));
            return [.. _keys];
        }

        private void Add(string kind, string value)
        {
            var key = new LinkKey(kind, value);
            if (value.Length > 0 && !IsFull && _known.Add(key)) _keys.Add(key);
        }

        private void AddFile(string hash)
        {
            // What a program imports is shared by families of programs and by all that one compiler makes.
            if (hash.StartsWith("imphash:", StringComparison.Ordinal)) return;
            Add(EntityKinds.FileHash, hash);
            if (_file is null || (!_file.StartsWith("sha256:", StringComparison.Ordinal) && hash.StartsWith("sha256:", StringComparison.Ordinal))) _file = hash;
        }

        private void AddHost(string value)
        {
            if (AddressOf(value) is { } address)
            {
                Add(EntityKinds.Ip, address);
                return;
            }

            var host = HostOf(value, surroundings);
            if (host is "localhost" or "-" || host.Length == 0) return;
            _hosts.Add(host);
            Add(EntityKinds.Host, host);
        }

        private void AddUser(string value)
        {
            if (AccountOf(value, surroundings) is not { } account) return;
            _accounts.Add(account);
            // An account of one machine is another on the next, whatever its name.
            if (!IsLocal(value)) Add(LinkKinds.Account, account);
        }

        private bool IsLocal(string user)
        {
            var cut = user.IndexOf('\\', StringComparison.Ordinal);
            if (cut <= 0) return false;
            foreach (var entity in finding.Entities)
            {
                if (entity.Kind == EntityKinds.Host && entity.Value.AsSpan(0, Math.Min(cut, entity.Value.Length)).Equals(user.AsSpan(0, cut), StringComparison.OrdinalIgnoreCase)
                    && (entity.Value.Length == cut || entity.Value[cut] == '.')) return true;
            }

            return false;
        }

        private void AddMailbox(string value)
        {
            var at = value.LastIndexOf('@');
            if (at <= 0) return;
            var domain = value[(at + 1)..].ToLowerInvariant().TrimEnd('.');
            Add(EntityKinds.Mailbox, $"{value[..at].ToLowerInvariant()}@{domain}");
            if (!surroundings.IsOwn(domain)) AddDomain(domain);
            else if (!Commonplaces.IsAccount(value[..at]))
            {
                var account = value[..at].ToLowerInvariant();
                _accounts.Add(account);
                Add(LinkKinds.Account, account);
            }
        }

        private void AddDomain(string value)
        {
            if (AddressOf(value) is { } address)
            {
                Add(EntityKinds.Ip, address);
                return;
            }

            if (DomainOf(value, surroundings) is not { } domain) return;
            if (surroundings.Imitated(domain) is not { } imitated)
            {
                Add(EntityKinds.Domain, domain);
                return;
            }

            Add(LinkKinds.Lookalike, domain);
            Add(LinkKinds.Imitates, imitated);
            _imitated.Add(imitated);
        }
    }
}
