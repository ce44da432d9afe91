using System.Collections.Concurrent;
using System.Collections.Frozen;
using Vigie.Engine.Incidents;
using Vigie.Engine.Lookalikes;
using Vigie.Protection;

namespace Vigie.Incidents.Placing;

/// <summary>What the settings say of the surroundings of findings, and which guarded name a domain imitates.</summary>
internal sealed class ImitatedNames(ProtectedNames names, ImitationJudge judge, ProtectionSettings protection, IncidentsSettings incidents)
{
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<string, string?> _known = new(StringComparer.Ordinal);
    private LookalikeIndex? _index;

    /// <summary>The surroundings as they are; the guarded names are asked for each time.</summary>
    public LinkSurroundings Surroundings { get; private set; } = new();

    /// <summary>Takes what the settings say.</summary>
    public void Refresh() => Surroundings = new LinkSurroundings
    {
        OwnDomains = protection.OwnDomains.ToFrozenSet(StringComparer.Ordinal),
        Hubs = incidents.Hubs,
        Imitated = Of,
        IsGuarded = domain => names.Index.IsProtected(domain),
    };

    /// <summary>The guarded name that mail to this domain was probably meant for; null where it imitates none.</summary>
    public string? Of(string domain)
    {
        // The index is a new object whenever a guarded name comes or goes.
        if (!ReferenceEquals(_index, names.Index) || _known.Count > Most)
        {
            _known.Clear();
            _index = names.Index;
        }

        return _known.GetOrAdd(domain, static (name, judge) => judge.Judge(name, RelationshipEvidence.None) is { Strength: not ImitationStrength.None, Best: { } best } ? best.Target.Domain : null, judge);
    }
}
