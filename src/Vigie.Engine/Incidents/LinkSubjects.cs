using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Incidents;

/// <summary>
/// Whom a finding is about: what the rarity of a key is counted by. An address that thirty hosts talk to is a hub however
/// few findings name it; one that a single host talked to thirty times is not.
/// </summary>
public static class LinkSubjects
{
    /// <summary>The most subjects of one finding that are looked at.</summary>
    public const int Max = 64;

    // The first of these that a finding has anything of; what is further down says less about whom it is about.
    private static readonly string[][] Kinds =
    [
        [EntityKinds.Host, EntityKinds.Mailbox, EntityKinds.Resource],
        [EntityKinds.Ip],
        [EntityKinds.User],
        [EntityKinds.Domain, EntityKinds.Url],
    ];

    /// <summary>The subjects of a finding, at most <see cref="Max"/>, each once: its hosts, mailboxes and resources; where it names none, its addresses; else its accounts; else its domains.</summary>
    public static ImmutableArray<string> Of(Finding finding, LinkSurroundings surroundings)
    {
        foreach (var kinds in Kinds)
        {
            var subjects = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entity in finding.Entities)
            {
                if (subjects.Count == Max) break;
                if (!kinds.Contains(entity.Kind) || surroundings.Hubs.Contains(entity)) continue;
                var subject = entity.Kind == EntityKinds.Host ? LinkKeys.HostOf(entity.Value) : entity.Value;
                if (subject.Length > 0) subjects.Add(subject);
            }

            if (subjects.Count > 0) return [.. subjects];
        }

        return [];
    }
}
