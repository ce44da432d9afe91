using System.Collections.Frozen;
using Vigie.Engine.Lookalikes;

namespace Vigie.Protection;

/// <summary>The zones of the loaded packs: which of them, if any, a name belongs to.</summary>
internal sealed class Zones
{
    private readonly FrozenDictionary<string, PackZone> _bySuffix;

    public Zones(IEnumerable<Pack> packs) =>
        _bySuffix = packs.SelectMany(pack => pack.Zones)
            .DistinctBy(zone => zone.Suffix, StringComparer.Ordinal)
            .ToFrozenDictionary(zone => zone.Suffix, StringComparer.Ordinal);

    /// <summary>The innermost zone a normalised domain lies in; null where it lies in none.</summary>
    public PackZone? Of(string asciiDomain)
    {
        if (_bySuffix.TryGetValue(asciiDomain, out var zone)) return zone;
        for (var dot = asciiDomain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = asciiDomain.IndexOf('.', dot + 1))
        {
            if (_bySuffix.TryGetValue(asciiDomain[(dot + 1)..], out zone)) return zone;
        }

        return null;
    }

    /// <summary>The parts of a domain with its zone as its suffix, where the public suffix list does not know the zone.</summary>
    public static DomainParts Split(string asciiDomain, PackZone? zone, DomainParts parts)
    {
        if (zone is null || zone.Suffix.Length <= parts.Suffix.Length || zone.Suffix.Length == asciiDomain.Length) return parts;
        var above = asciiDomain[..^(zone.Suffix.Length + 1)];
        var dot = above.LastIndexOf('.');
        return new DomainParts(dot < 0 ? "" : above[..dot], above[(dot + 1)..], zone.Suffix);
    }
}
