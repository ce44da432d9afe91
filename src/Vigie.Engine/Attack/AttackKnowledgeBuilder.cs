using System.Collections.Immutable;

namespace Vigie.Engine.Attack;

/// <summary>Puts the objects of a collection together.</summary>
internal sealed class AttackKnowledgeBuilder(Dictionary<string, StixObject> objects)
{
    private readonly ILookup<string, StixObject> _relations = objects.Values
        .Where(o => o.Type == "relationship" && !o.Gone).OrderBy(o => o.Id, StringComparer.Ordinal).ToLookup(o => o.Word, StringComparer.Ordinal);

    public AttackKnowledge Build()
    {
        var mitigations = Pairs("mitigates", source => source.Type == "course-of-action" && source.Known.Length > 0).ToLookup(pair => pair.Target.Known, pair => pair.Source, StringComparer.Ordinal);
        var detections = Pairs("detects", source => source.Type is "x-mitre-detection-strategy" or "x-mitre-data-component" && source.Known.Length > 0)
            .ToLookup(pair => pair.Target.Known, pair => pair.Source, StringComparer.Ordinal);
        // Two objects with one technique's id would make two techniques of one.
        var techniques = Current("attack-pattern").DistinctBy(o => o.Known, StringComparer.Ordinal)
            .Select(o => new KnownTechnique(o.Known, o.Name, o.List, Ids(mitigations[o.Known]), Ids(detections[o.Known])))
            .OrderBy(technique => technique.Id, StringComparer.Ordinal).ToImmutableArray();
        return new AttackKnowledge
        {
            Version = objects.Values.Where(o => o.Type == "x-mitre-collection").Select(o => o.Word).FirstOrDefault(version => version.Length > 0),
            Modified = objects.Values.Select(o => o.Modified).Where(modified => modified.Length >= 10).Select(modified => modified[..10]).Max(StringComparer.Ordinal),
            Copyright = objects.Values.Where(o => o.Type == "marking-definition" && o.Word.Length > 0).OrderBy(o => o.Id, StringComparer.Ordinal).Select(o => o.Word).FirstOrDefault(),
            Tactics = Tactics(techniques),
            Techniques = techniques,
            Cases = Cases(),
            Mitigations = [.. mitigations.SelectMany(group => group).DistinctBy(o => o.Known).OrderBy(o => o.Known, StringComparer.Ordinal).Select(o => new KnownMitigation(o.Known, o.Name))],
            Detections = [.. detections.SelectMany(group => group).DistinctBy(o => o.Known).OrderBy(o => o.Known, StringComparer.Ordinal).Select(o => new KnownDetection(o.Known, o.Name, LogSources(o)))],
            Replaced = Replaced(),
        };
    }

    // The order of the matrix; tactics that no matrix names come behind it, and so do those that only techniques name.
    private ImmutableArray<string> Tactics(ImmutableArray<KnownTechnique> techniques)
    {
        var named = Current("x-mitre-matrix").OrderBy(o => o.Id, StringComparer.Ordinal).SelectMany(o => o.List)
            .Select(id => objects.GetValueOrDefault(id)).OfType<StixObject>().Where(o => o.Type == "x-mitre-tactic" && o.Word.Length > 0).Select(o => o.Word);
        var known = AttackMatrix.Enterprise.Tactics.Select(tactic => tactic.ShortName);
        var used = techniques.SelectMany(technique => technique.Tactics).ToHashSet(StringComparer.Ordinal);
        return [.. named.Concat(known).Concat(used.Order(StringComparer.Ordinal)).Where(used.Contains).Distinct(StringComparer.Ordinal)];
    }

    private ImmutableArray<AttackCase> Cases()
    {
        var used = Pairs("uses", source => source.Type is "campaign" or "intrusion-set").ToLookup(pair => pair.Source.Id, pair => pair.Target.Known, StringComparer.Ordinal);
        var twins = _relations["attributed-to"]
            .Select(relation => (Source: objects.GetValueOrDefault(relation.Source), Target: objects.GetValueOrDefault(relation.Target)))
            .Where(pair => pair is { Source: { Type: "campaign", Gone: false }, Target: { Type: "intrusion-set", Gone: false } })
            .SelectMany(pair => new[] { (Of: pair.Source!.Id, Twin: pair.Target!), (Of: pair.Target!.Id, Twin: pair.Source!) })
            .ToLookup(pair => pair.Of, pair => IdOf(pair.Twin), StringComparer.Ordinal);
        return
        [
            .. Current("campaign").Concat(Current("intrusion-set")).Where(o => used.Contains(o.Id))
                .Select(o => new AttackCase(IdOf(o), o.Name, o.Type == "campaign", Sorted(used[o.Id]), Sorted(twins[o.Id])))
                .DistinctBy(o => o.Id, StringComparer.Ordinal).OrderBy(o => o.Id, StringComparer.Ordinal),
        ];
    }

    private ImmutableSortedDictionary<string, string> Replaced()
    {
        var next = _relations["revoked-by"]
            .Select(relation => (Source: objects.GetValueOrDefault(relation.Source), Target: objects.GetValueOrDefault(relation.Target)))
            .Where(pair => pair is { Source: { Type: "attack-pattern", Known.Length: > 0 }, Target: { Type: "attack-pattern", Known.Length: > 0 } })
            .GroupBy(pair => pair.Source!.Known, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Target!, StringComparer.Ordinal);
        var replaced = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var id in next.Keys)
        {
            var at = next[id];
            // What took the place may itself be no more; a circle ends at its length.
            for (var steps = 0; at.Gone && steps < next.Count && next.TryGetValue(at.Known, out var further); steps++) at = further;
            if (!at.Gone && at.Known != id) replaced[id] = at.Known;
        }

        return replaced.ToImmutable();
    }

    private ImmutableArray<string> LogSources(StixObject detection) =>
    [
        .. detection.List.Select(id => objects.GetValueOrDefault(id)).OfType<StixObject>().Where(o => o is { Type: "x-mitre-analytic", Gone: false })
            .SelectMany(o => o.List).CountBy(name => name, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key).Take(AttackKnowledgeReader.MaxLogSources),
    ];

    private IEnumerable<(StixObject Source, StixObject Target)> Pairs(string kind, Func<StixObject, bool> isSource)
    {
        foreach (var relation in _relations[kind])
        {
            if (objects.TryGetValue(relation.Source, out var source) && !source.Gone && isSource(source)
                && objects.TryGetValue(relation.Target, out var target) && target is { Type: "attack-pattern", Gone: false, Known.Length: > 0 })
                yield return (source, target);
        }
    }

    private IEnumerable<StixObject> Current(string type) => objects.Values.Where(o => o.Type == type && !o.Gone).OrderBy(o => o.Id, StringComparer.Ordinal);

    private static string IdOf(StixObject o) => o.Known.Length > 0 ? o.Known : o.Id;

    private static ImmutableArray<string> Ids(IEnumerable<StixObject> of) => Sorted(of.Select(o => o.Known));

    private static ImmutableArray<string> Sorted(IEnumerable<string> ids) => [.. ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
