using Vigie.Engine.Findings;

namespace Vigie.Incidents.Pages;

/// <summary>Which entities are worth the room of a list.</summary>
internal static class EntityNames
{
    /// <summary>Whether an entity is called by a number only machines know: no list shows it, the page of a finding does.</summary>
    public static bool IsMachineId(Entity entity) => entity.Kind is EntityKinds.Process or EntityKinds.QueueId;

    /// <summary>The first entities that say something new: each name once, and no account whose mailbox is there too.</summary>
    /// <param name="entities">All, foremost first.</param>
    /// <param name="most">How many at most.</param>
    public static IEnumerable<Entity> Foremost(IEnumerable<Entity> entities, int most)
    {
        var all = entities.Where(entity => !IsMachineId(entity)).DistinctBy(entity => entity.Value, StringComparer.OrdinalIgnoreCase).ToList();
        return all.Where(entity => entity.Kind != EntityKinds.User || !all.Any(other => other.Kind == EntityKinds.Mailbox && IsOf(other.Value, entity.Value))).Take(most);
    }

    private static bool IsOf(string mailbox, string account) =>
        mailbox.Length > account.Length && mailbox[account.Length] == '@' && mailbox.StartsWith(account, StringComparison.OrdinalIgnoreCase);
}
