using System.Collections.Frozen;
using Vigie.Engine.Findings;

namespace Vigie.Incidents.Desk;

/// <summary>Suppressions by what they require, so that a finding is held against few of many. Immutable.</summary>
internal sealed class SuppressionIndex
{
    public static readonly SuppressionIndex Empty = new([]);

    private readonly FrozenDictionary<Entity, Suppression[]> _byEntity;
    private readonly FrozenDictionary<string, Suppression[]> _byRule;
    private readonly FrozenDictionary<string, Suppression[]> _byDetector;

    public SuppressionIndex(IEnumerable<Suppression> suppressions)
    {
        var all = suppressions.ToList();
        _byEntity = Group(all.Where(one => one.EntityKind is not null), one => new Entity(one.EntityKind!, one.EntityValue!), EqualityComparer<Entity>.Default);
        _byRule = Group(all.Where(one => one.EntityKind is null && one.Rule is not null), one => one.Rule!, StringComparer.Ordinal);
        _byDetector = Group(all.Where(one => one is { EntityKind: null, Rule: null, Detector: not null }), one => one.Detector!, StringComparer.Ordinal);
    }

    /// <summary>The suppression that concerns a finding, the oldest where several do; null where none does.</summary>
    public Suppression? Find(Finding finding)
    {
        Suppression? found = null;
        if (_byEntity.Count > 0)
        {
            foreach (var entity in finding.Entities) Look(_byEntity, entity);
        }

        Look(_byRule, finding.Rule);
        Look(_byDetector, finding.Detector);
        return found;

        void Look<T>(FrozenDictionary<T, Suppression[]> by, T key) where T : notnull
        {
            if (!by.TryGetValue(key, out var candidates)) return;
            foreach (var candidate in candidates)
            {
                if ((found is null || candidate.Id < found.Id) && candidate.Concerns(finding)) found = candidate;
            }
        }
    }

    private static FrozenDictionary<TKey, Suppression[]> Group<TKey>(IEnumerable<Suppression> some, Func<Suppression, TKey> key, IEqualityComparer<TKey> comparer) where TKey : notnull =>
        some.GroupBy(key, comparer).ToFrozenDictionary(group => group.Key, group => group.ToArray(), comparer);
}
