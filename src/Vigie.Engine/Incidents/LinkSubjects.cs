using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>
/// Whom a finding is about: what the rarity of a key is counted by. An address that thirty hosts talk to is a hub however
/// few findings name it; one that a single host talked to thirty times is not. Of several hosts only the first counts, the one
/// on which it happened: a host from which twenty others are attacked is no hub, one that twenty others name is.
/// </summary>
public static class LinkSubjects
{
    /// <summary>The most subjects of one finding that are looked at.</summary>
    public const int Max = 64;

    // The first of these that a finding has anything of; what is further down says less about whom it is about.
    private static readonly string[][] Kinds =
    [
        [EntityKinds.Host, EntityKinds.User, EntityKinds.Mailbox, EntityKinds.Resource],
        [EntityKinds.Ip],
        [EntityKinds.Domain, EntityKinds.Url],
    ];

    /// <summary>
    /// The subjects of a finding, at most <see cref="Max"/>, each once: its host, accounts, mailboxes and resources; where it names
    /// none, its addresses; else its domains.
    /// </summary>
    public static ImmutableArray<string> Of(Finding finding, LinkSurroundings surroundings)
    {
        foreach (var kinds in Kinds)
        {
            var subjects = Of(finding, kinds, surroundings);
            if (subjects.Count > 0) return [.. subjects];
        }

        return [];
    }

    private static HashSet<string> Of(Finding finding, string[] kinds, LinkSurroundings surroundings)
    {
        var subjects = new HashSet<string>(StringComparer.Ordinal);
        var hasHost = false;
        foreach (var entity in finding.Entities)
        {
            if (subjects.Count == Max) break;
            if (!kinds.Contains(entity.Kind) || surroundings.Hubs.Contains(entity)) continue;
            if (entity.Kind == EntityKinds.Host && hasHost) continue;
            var subject = entity.Kind switch
            {
                EntityKinds.Host => LinkKeys.HostOf(entity.Value, surroundings),
                EntityKinds.User => LinkKeys.AccountOf(entity.Value, surroundings),
                EntityKinds.Ip => LinkKeys.AddressOf(entity.Value),
                EntityKinds.Domain => LinkKeys.DomainOf(entity.Value, surroundings),
                EntityKinds.Mailbox => MailboxOf(entity.Value, surroundings),
                _ => entity.Value,
            };
            if (string.IsNullOrEmpty(subject)) continue;
            hasHost |= entity.Kind == EntityKinds.Host;
            subjects.Add(subject);
        }

        return subjects;
    }

    // A mailbox of an own domain and the account are one person.
    private static string? MailboxOf(string mailbox, LinkSurroundings surroundings)
    {
        var name = mailbox.ToLowerInvariant();
        return surroundings.IsOwn(name[(name.LastIndexOf('@') + 1)..]) ? LinkKeys.AccountOf(name, surroundings) ?? name : name;
    }
}
