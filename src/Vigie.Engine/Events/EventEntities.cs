using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Events;

/// <summary>
/// What an event is about: hosts, accounts, addresses, names, hashes, processes. Taken from the fields of the Sigma
/// taxonomy, whichever format they came from; the same thing spelt differently gives the same entity. The host on which
/// it happened comes first; a sensor, proxy or mail server that only writes down what others do is not what it is about.
/// </summary>
public static class EventEntities
{
    /// <summary>The most entities taken from one event.</summary>
    public const int Most = 64;

    /// <summary>The entities of an event, its own host first and then in the order of its fields, each once.</summary>
    public static ImmutableArray<Entity> Of(CapturedEvent captured)
    {
        var entities = new EntityList(Most);
        if (!EventSurroundings.IsObserver(captured.Class)) AddHosts(captured, entities);
        foreach (var field in captured.Fields)
        {
            if (field.Value.Length is 0 or > EntityValues.Longest || !EntityFields.ByName.TryGetValue(field.Name, out var read)) continue;
            foreach (var entity in read(field.Value, captured))
            {
                if (!entities.Add(entity)) return entities.ToImmutable();
            }
        }

        return entities.ToImmutable();
    }

    private static void AddHosts(CapturedEvent captured, EntityList entities)
    {
        foreach (var field in captured.Fields)
        {
            if (field.Value.Length is 0 or > EntityValues.Longest || !EntityFields.OwnHost.Contains(field.Name)) continue;
            foreach (var entity in EntityValues.Host(field.Value)) entities.Add(entity);
        }
    }
}
