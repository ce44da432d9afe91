using System.Buffers;
using System.Net;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Events;

/// <summary>Values of event fields as entities; what names nothing (<c>-</c>, loopback, the machine's own services) gives none.</summary>
internal static class EntityValues
{
    /// <summary>Values longer than this are texts, not names.</summary>
    public const int Longest = 4096;

    private const int LongestName = 256;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>A host's name in lower case, without the dot at its end.</summary>
    public static IEnumerable<Entity> Host(string value)
    {
        var name = value.Trim().TrimStart('\\').TrimEnd('.');
        if (IsNothing(name) || name.Length > LongestName || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return [];
        return IPAddress.TryParse(name, out _) ? Ip(name) : IsHostName(name) ? [new Entity(EntityKinds.Host, name.ToLowerInvariant())] : [];
    }

    /// <summary>An account, <c>domain\name</c> in lower case; accounts of the machine itself (SYSTEM, services) are none, and <c>HOST$</c> is the host.</summary>
    public static IEnumerable<Entity> User(string value, string? domain)
    {
        var name = value.Trim();
        if (IsNothing(name) || name.Length > LongestName) return [];
        var cut = name.IndexOf('\\', StringComparison.Ordinal);
        if (cut >= 0) (domain, name) = (name[..cut], name[(cut + 1)..]);
        domain = domain?.Trim();
        if (IsNothing(name) || name.StartsWith("S-1-", StringComparison.Ordinal) || name.StartsWith("system:", StringComparison.Ordinal) || IsMachine(name, domain)) return [];
        // HOST$ and HOST$@REALM are what a host calls itself.
        if (name.IndexOf('$', StringComparison.Ordinal) is > 0 and var dollar && (dollar == name.Length - 1 || name[dollar + 1] == '@')) return Host(name[..dollar]);
        var at = name.LastIndexOf('@');
        if (at > 0 && at < name.Length - 1) return [.. Mailbox(name), new Entity(EntityKinds.User, name.ToLowerInvariant())];
        return [new Entity(EntityKinds.User, (domain is null || IsNothing(domain) ? name : $"{domain}\\{name}").ToLowerInvariant())];
    }

    /// <summary>An address as in RFC 5952; v4-mapped ones as v4; neither loopback nor unspecified nor link-local multicast.</summary>
    public static IEnumerable<Entity> Ip(string value)
    {
        var text = value.Trim();
        // Some write the port behind it: 192.0.2.1:443, [2001:db8::1]:443.
        if (text.LastIndexOf(':') is > 0 and var colon && (text.IndexOf(':') == colon || text[colon - 1] == ']') && text.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0) text = text[..colon];
        text = text.Trim('[', ']');
        if (!IPAddress.TryParse(text, out var address) || !(text.Contains(':', StringComparison.Ordinal) || text.AsSpan().Count('.') == 3)) return [];
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast)) return [];
        if (address.GetAddressBytes() is { Length: 16 } bytes && address.ScopeId != 0) address = new IPAddress(bytes);
        return [new Entity(EntityKinds.Ip, address.ToString())];
    }

    /// <summary>The addresses among the answers to a query, <c>type: 5 example.org;::ffff:192.0.2.1;</c> or one alone; eight at most.</summary>
    public static IEnumerable<Entity> Answers(string value)
    {
        const int most = 8;
        var given = 0;
        foreach (var answer in value.Split([';', ',', ' '], 64))
        {
            foreach (var entity in Ip(answer))
            {
                yield return entity;
                if (++given == most) yield break;
            }
        }
    }

    /// <summary>A domain name in lower case, with at least two labels; a port at its end is left out.</summary>
    public static IEnumerable<Entity> Domain(string value)
    {
        var name = value.Trim().TrimEnd('.');
        var colon = name.LastIndexOf(':');
        if (colon > 0 && name.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0) name = name[..colon];
        if (IPAddress.TryParse(name, out _)) return Ip(name);
        return name.Length is > 0 and <= 253 && name.Contains('.', StringComparison.Ordinal) && IsHostName(name) ? [new Entity(EntityKinds.Domain, name.ToLowerInvariant())] : [];
    }

    /// <summary>An address of the web and the host in it.</summary>
    public static IEnumerable<Entity> Url(string value)
    {
        if (!Uri.TryCreate(value.Trim(), UriKind.Absolute, out var url) || !(url.Scheme is "http" or "https" or "ftp") || url.Host.Length == 0) return [];
        return [new Entity(EntityKinds.Url, url.AbsoluteUri), .. Domain(url.IdnHost)];
    }

    /// <summary><c>SHA1=…,MD5=…</c> as Sysmon writes them.</summary>
    public static IEnumerable<Entity> Hashes(string value)
    {
        foreach (var one in value.Split(',', 16))
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                foreach (var entity in Hash(one)) yield return entity;
                continue;
            }

            var algorithm = one[..equals].Trim().ToLowerInvariant();
            var hex = one[(equals + 1)..].Trim();
            if (algorithm is "md5" or "sha1" or "sha256" or "imphash" && IsHash(hex)) yield return new Entity(EntityKinds.FileHash, $"{algorithm}:{hex.ToLowerInvariant()}");
        }
    }

    /// <summary>A hash alone; its length tells the algorithm.</summary>
    public static IEnumerable<Entity> Hash(string value)
    {
        var hex = value.Trim();
        if (!IsHash(hex)) return [];
        var algorithm = hex.Length switch { 32 => "md5", 40 => "sha1", 64 => "sha256", _ => "" };
        return algorithm.Length == 0 ? [] : [new Entity(EntityKinds.FileHash, $"{algorithm}:{hex.ToLowerInvariant()}")];
    }

    /// <summary>A process by the id Sysmon gives it, lower case, in braces; ids of others as they are.</summary>
    public static IEnumerable<Entity> Process(string value)
    {
        if (Guid.TryParse(value, out var id)) return id != Guid.Empty ? [new Entity(EntityKinds.Process, id.ToString("B"))] : [];
        return value.Length is >= 16 and <= LongestName && value.AsSpan().IndexOfAny(' ', '\t') < 0 ? [new Entity(EntityKinds.Process, value)] : [];
    }

    /// <summary>A session by its number and the host that gave it, <c>0x3719fb@host</c>; the sessions of the machine itself are none.</summary>
    public static IEnumerable<Entity> Logon(string value, string host)
    {
        var text = value.Trim();
        if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || text.Length > 18 || !ulong.TryParse(text.AsSpan(2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var number)) return [];
        // Numbers below are given at the start of the machine, to its own services: 0x3e4, 0x3e5, 0x3e7.
        const ulong firstOfPeople = 0x1000;
        if (number < firstOfPeople) return [];
        foreach (var entity in Host(host)) return entity.Kind == EntityKinds.Host ? [new Entity(EntityKinds.Logon, $"0x{number:x}@{entity.Value.Split('.')[0]}")] : [];
        return [];
    }

    /// <summary>A mailbox; the domain in lower case.</summary>
    public static IEnumerable<Entity> Mailbox(string value)
    {
        var text = value.Trim();
        var at = text.LastIndexOf('@');
        if (at <= 0 || text.Length > LongestName || text.Contains(' ', StringComparison.Ordinal)) return [];
        var domain = text[(at + 1)..].TrimEnd('.');
        return domain.Contains('.', StringComparison.Ordinal) && IsHostName(domain) ? [new Entity(EntityKinds.Mailbox, $"{text[..at]}@{domain.ToLowerInvariant()}")] : [];
    }

    /// <summary>A cloud resource, as its provider writes it; behind its kind or place where its name alone says little.</summary>
    public static IEnumerable<Entity> Resource(string value, string scope = "") =>
        IsNothing(value.Trim()) ? [] : [new Entity(EntityKinds.Resource, scope.Length == 0 ? value.Trim() : $"{scope}/{value.Trim()}")];

    private static bool IsNothing(string value) =>
        value.Length == 0 || value is "-" or "--" || value.Equals("null", StringComparison.OrdinalIgnoreCase) || value.Equals("N/A", StringComparison.OrdinalIgnoreCase) || value.Equals("Not Available", StringComparison.OrdinalIgnoreCase)
        || value.Equals("unknown", StringComparison.OrdinalIgnoreCase);

    private static bool IsHash(string hex) =>
        hex.Length is 32 or 40 or 64 && hex.AsSpan().IndexOfAnyExcept(HexDigits) < 0 && hex.AsSpan().IndexOfAnyExcept('0') >= 0;

    private static bool IsHostName(string name)
    {
        foreach (var c in name)
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '.' or '_')) return false;
        return name.Length > 0 && name[0] != '.';
    }

    // The names Windows translates ("AUTORITE NT\Système") are those of accounts whose domain says it in the same way.
    private static bool IsMachine(string name, string? domain) =>
        (domain is not null && (domain.StartsWith("NT AUTHORI", StringComparison.OrdinalIgnoreCase) || domain.StartsWith("AUTORITE NT", StringComparison.OrdinalIgnoreCase)
            || domain.Equals("Window Manager", StringComparison.OrdinalIgnoreCase) || domain.Equals("Font Driver Host", StringComparison.OrdinalIgnoreCase)))
        || name.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase) || name.Equals("LocalSystem", StringComparison.OrdinalIgnoreCase) || name.Equals("ANONYMOUS LOGON", StringComparison.OrdinalIgnoreCase);
}
