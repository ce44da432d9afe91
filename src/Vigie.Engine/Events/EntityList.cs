using System.Collections.Immutable;
using Vigie.Engine.Findings;

namespace Vigie.Engine.Events;

/// <summary>Entities in the order in which they were found, each once, so many at most. A host that is named in full and by its first label is one.</summary>
internal sealed class EntityList(int most)
{
    private readonly HashSet<Entity> _found = [];
    private readonly List<Entity> _entities = [];

    /// <summary>Adds an entity; false when the list was full already.</summary>
    public bool Add(Entity entity)
    {
        if (entity.Value.Length == 0 || !_found.Add(entity)) return true;
        if (entity.Kind == EntityKinds.Host && FindHost(entity.Value) is >= 0 and var same)
        {
            // The longer name says more.
            if (entity.Value.Length > _entities[same].Value.Length) _entities[same] = entity;
            return true;
        }

        if (_entities.Count == most) return false;
        _entities.Add(entity);
        return true;
    }

    /// <summary>What was found.</summary>
    public ImmutableArray<Entity> ToImmutable() => [.. _entities];

    private int FindHost(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        for (var i = 0; i < _entities.Count; i++)
        {
            var (kind, other) = _entities[i];
            if (kind != EntityKinds.Host) continue;
            var isSame = dot < 0
                ? other.Length > name.Length && other[name.Length] == '.' && other.StartsWith(name, StringComparison.Ordinal)
                : other.Length == dot && name.StartsWith(other, StringComparison.Ordinal);
            if (isSame) return i;
        }

        return -1;
    }
}
