using System.Collections.Frozen;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>What the operator says about the surroundings: which names are their own and what joins nothing.</summary>
public sealed record LinkSurroundings
{
    /// <summary>Nothing is known.</summary>
    public static LinkSurroundings Unknown { get; } = new();

    /// <summary>The organisation's own domains, lower case: no link by themselves, nor what lies beneath; a mailbox there is an account, a host there is known by its first label.</summary>
    public FrozenSet<string> OwnDomains { get; init; } = [];

    /// <summary>Entities that join nothing: the mail gateway, a proxy, a scanner.</summary>
    public FrozenSet<Entity> Hubs { get; init; } = [];

    /// <summary>The guarded name a domain imitates; null where it imitates none. Asked for lower-case A-labels.</summary>
    public Func<string, string?> Imitated { get; init; } = static _ => null;

    /// <summary>Whether a domain is a guarded name or lies beneath one: it stands in every finding about its imitations and joins nothing.</summary>
    public Func<string, bool> IsGuarded { get; init; } = static _ => false;

    /// <summary>Whether a domain is one of the own ones, or lies beneath one.</summary>
    public bool IsOwn(string domain)
    {
        if (OwnDomains.Count == 0) return false;
        for (var rest = domain; ;)
        {
            if (OwnDomains.Contains(rest)) return true;
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0) return false;
            rest = rest[(dot + 1)..];
        }
    }
}
