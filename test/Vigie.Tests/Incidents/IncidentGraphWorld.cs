using System.Collections.Immutable;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

/// <summary>Findings made up at random, dense enough that groups form, break and meet; and what they ought to become.</summary>
internal static class IncidentGraphWorld
{
    public static readonly LinkPolicy Policy = new() { HubDegree = 6 };

    private static readonly string[] Kinds = [EntityKinds.Host, EntityKinds.Ip, EntityKinds.Process, LinkKinds.Account, EntityKinds.Domain, "of no weight"];
    private static readonly long Day = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    public static List<GraphFinding> Findings(Random random, int count)
    {
        var values = random.Next(2, 40);
        var days = random.Next(1, 30);
        return [.. Enumerable.Range(0, count).Select(i => new GraphFinding(
            FindingId.Of("test", "test", FindingId.Part(i), FindingId.Part(random.Next())),
            random.Next(40) switch
            {
                0 => long.MinValue,
                1 => long.MaxValue,
                // Equal times are common: logs are written in seconds.
                < 12 => random.Next(days) * Day,
                _ => random.NextInt64(days * Day),
            },
            [.. Enumerable.Range(0, random.Next(5)).Select(_ => new LinkKey(Kinds[random.Next(Kinds.Length)], $"v{random.Next(values)}"))],
            [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"v{random.Next(12)}")]))];
    }

    /// <summary>The groups by definition: every pair compared, no order of time, no lines, nothing incremental.</summary>
    public static HashSet<string> Partition(IReadOnlyList<GraphFinding> findings, Func<LinkKey, int> degree)
    {
        var group = Enumerable.Range(0, findings.Count).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < findings.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    if (group[i] == group[j] || !AreLinked(findings[i], findings[j], degree)) continue;
                    var (keep, gone) = (Math.Min(group[i], group[j]), Math.Max(group[i], group[j]));
                    for (var k = 0; k < group.Length; k++)
                    {
                        if (group[k] == gone) group[k] = keep;
                    }

                    changed = true;
                }
            }
        }

        return Sets(Enumerable.Range(0, findings.Count).GroupBy(i => group[i], i => findings[i].Id));
    }

    /// <summary>Degrees by definition: the subjects a key was seen with, but for itself.</summary>
    public static Func<LinkKey, int> Degrees(IReadOnlyList<GraphFinding> findings)
    {
        var degrees = findings.SelectMany(finding => finding.Keys.SelectMany(key => finding.Subjects.Where(subject => subject != key.Value).Select(subject => (key, subject))))
            .Distinct().GroupBy(pair => pair.key).ToDictionary(pairs => pairs.Key, pairs => pairs.Count());
        return key => degrees.GetValueOrDefault(key);
    }

    public static HashSet<string> Partition(IncidentGraph graph) => Sets(graph.Groups.SelectMany(group => graph.FindingsOf(group).Select(id => (group, id))).GroupBy(pair => pair.group, pair => pair.id));

    public static Dictionary<FindingId, long> Assignment(IncidentGraph graph) => graph.Groups.SelectMany(group => graph.FindingsOf(group).Select(id => (id, group))).ToDictionary(pair => pair.id, pair => pair.group);

    /// <summary>What is known of a finding agrees, whichever way it is asked.</summary>
    public static void IsSound(IncidentGraph graph, IReadOnlyList<GraphFinding> findings)
    {
        Assert.Equal(findings.Count, graph.Count);
        Assert.Equal(graph.GroupCount, graph.Groups.Count());
        Assert.Equal(findings.Count, graph.Groups.Sum(graph.SizeOf));
        foreach (var group in graph.Groups)
        {
            Assert.Equal(graph.SizeOf(group), graph.FindingsOf(group).Distinct().Count());
            Assert.All(graph.FindingsOf(group), id => Assert.Equal(group, graph.GroupOf(id)));
        }
    }

    private static bool AreLinked(GraphFinding one, GraphFinding other, Func<LinkKey, int> degree)
    {
        var apart = Int128.Abs((Int128)one.Time - other.Time);
        return one.Keys.Intersect(other.Keys).Any(key => Policy.Window(key, degree(key)) is { } window && apart <= (long)window.TotalMilliseconds);
    }

    private static HashSet<string> Sets(IEnumerable<IEnumerable<FindingId>> groups) =>
        [.. groups.Select(ids => string.Join(' ', ids.Select(id => id.Value).Order(StringComparer.Ordinal)))];
}
