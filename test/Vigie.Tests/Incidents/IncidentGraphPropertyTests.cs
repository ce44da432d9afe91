using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

public sealed class IncidentGraphPropertyTests
{
    private const int Worlds = 40;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Worlds)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_order_gives_the_groups_of_the_definition(int seed)
    {
        var random = new Random(seed);
        var findings = IncidentGraphWorld.Findings(random, random.Next(1, 80));
        var expected = IncidentGraphWorld.Partition(findings, _ => 0);
        for (var order = 0; order < 4; order++)
        {
            var graph = new IncidentGraph(IncidentGraphWorld.Policy);
            foreach (var finding in findings) graph.Place(finding);
            Assert.Equal(expected, IncidentGraphWorld.Partition(graph));
            IncidentGraphWorld.IsSound(graph, findings);
            findings = [.. findings.Shuffled(random)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Weights_taken_between_whiles_and_at_last_give_the_groups_of_the_last_degrees(int seed)
    {
        var random = new Random(seed);
        var findings = IncidentGraphWorld.Findings(random, random.Next(1, 120));
        var expected = IncidentGraphWorld.Partition(findings, IncidentGraphWorld.Degrees(findings));
        for (var order = 0; order < 4; order++)
        {
            var graph = new IncidentGraph(IncidentGraphWorld.Policy);
            foreach (var finding in findings)
            {
                graph.Place(finding);
                if (random.Next(8) == 0) graph.Reweigh();
            }

            graph.Reweigh();
            Assert.Equal(expected, IncidentGraphWorld.Partition(graph));
            IncidentGraphWorld.IsSound(graph, findings);
            findings = [.. findings.Shuffled(random)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Taking_findings_away_is_as_if_they_had_never_come(int seed)
    {
        var random = new Random(seed);
        var findings = IncidentGraphWorld.Findings(random, random.Next(1, 80));
        var graph = new IncidentGraph(IncidentGraphWorld.Policy);
        foreach (var finding in findings) graph.Place(finding);
        if (seed % 2 == 0) graph.Reweigh();
        foreach (var batch in findings.Shuffled(random).Chunk(random.Next(1, 6)))
        {
            graph.Remove(batch.Select(finding => finding.Id));
            findings.RemoveAll(batch.Contains);
            Assert.Equal(IncidentGraphWorld.Partition(findings, key => graph.DegreeOf(key).Frozen), IncidentGraphWorld.Partition(graph));
            IncidentGraphWorld.IsSound(graph, findings);
            Assert.Null(graph.GroupOf(batch[0].Id));
        }

        Assert.Empty(graph.Groups);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Who_follows_every_change_has_the_same_groups(int seed)
    {
        var random = new Random(seed);
        var findings = IncidentGraphWorld.Findings(random, random.Next(1, 120));
        var graph = new IncidentGraph(IncidentGraphWorld.Policy, nextGroup: 1000);
        var shadow = new Shadow();
        foreach (var finding in findings)
        {
            shadow.Follow(finding.Id, graph.Place(finding));
            switch (random.Next(8))
            {
                case 0:
                    shadow.Follow(graph.Reweigh());
                    break;
                case 1:
                    var gone = findings[random.Next(findings.Count)].Id;
                    shadow.Groups.Remove(gone);
                    shadow.Follow(graph.Remove(gone));
                    break;
            }

            Assert.Equal(shadow.Groups, IncidentGraphWorld.Assignment(graph));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Groups_brought_back_are_the_groups_that_were_saved(int seed)
    {
        var random = new Random(seed);
        var findings = IncidentGraphWorld.Findings(random, random.Next(1, 80));
        var graph = new IncidentGraph(IncidentGraphWorld.Policy);
        foreach (var finding in findings) graph.Place(finding);
        graph.Reweigh();
        var saved = IncidentGraphWorld.Assignment(graph);

        var again = new IncidentGraph(IncidentGraphWorld.Policy);
        foreach (var finding in findings.Shuffled(random)) Assert.Equal(saved[finding.Id], again.Place(finding, saved[finding.Id]).Group);
        Assert.Equal(Regrouping.None.Split, again.Reweigh().Split);
        Assert.Equal(saved, IncidentGraphWorld.Assignment(again));
        IncidentGraphWorld.IsSound(again, findings);
        Assert.True(again.Place(new GraphFinding(FindingId.Of("test", "new"), 0, [], [])).Group > saved.Values.Max());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Groups_brought_back_wrongly_are_put_right_and_every_change_is_told(int seed)
    {
        var random = new Random(seed);
        var findings = IncidentGraphWorld.Findings(random, random.Next(1, 80));
        var graph = new IncidentGraph(IncidentGraphWorld.Policy);
        var shadow = new Shadow();
        var groups = random.Next(1, 30);
        foreach (var finding in findings) shadow.Follow(finding.Id, graph.Place(finding, random.Next(1, groups + 1)));
        Assert.Equal(shadow.Groups, IncidentGraphWorld.Assignment(graph));
        var saved = shadow.Groups.ToDictionary();

        shadow.Follow(graph.Reweigh());
        Assert.Equal(shadow.Groups, IncidentGraphWorld.Assignment(graph));
        Assert.Equal(IncidentGraphWorld.Partition(findings, IncidentGraphWorld.Degrees(findings)), IncidentGraphWorld.Partition(graph));
        IncidentGraphWorld.IsSound(graph, findings);
        // Where the first finding of the lowest number is, that number stays.
        var first = findings.Where(finding => saved[finding.Id] == saved.Values.Min()).OrderBy(finding => finding.Time).ThenBy(finding => finding.Id.Value, StringComparer.Ordinal).First();
        Assert.Equal(saved.Values.Min(), graph.GroupOf(first.Id));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_split_leaves_the_number_where_the_first_finding_is(int seed)
    {
        var random = new Random(seed);
        var findings = IncidentGraphWorld.Findings(random, random.Next(10, 120));
        var graph = new IncidentGraph(IncidentGraphWorld.Policy);
        foreach (var finding in findings) graph.Place(finding);
        var order = findings.OrderBy(finding => finding.Time).ThenBy(finding => finding.Id.Value, StringComparer.Ordinal).ToList();
        var firsts = order.GroupBy(finding => graph.GroupOf(finding.Id)!.Value).ToDictionary(group => group.Key, group => group.First().Id);
        var split = graph.Reweigh().Split;
        Assert.All(firsts, pair => Assert.Equal(pair.Key, graph.GroupOf(pair.Value)));
        Assert.All(split, part => Assert.True(part.To > firsts.Keys.Max()));
    }

    /// <summary>A copy of the groups that is kept by what the graph says happened.</summary>
    private sealed class Shadow
    {
        public Dictionary<FindingId, long> Groups { get; } = [];

        public void Follow(FindingId id, Placement placement)
        {
            Groups[id] = placement.Group;
            foreach (var gone in placement.Absorbed) Absorb(gone, placement.Group);
        }

        public void Follow(Regrouping regrouping)
        {
            foreach (var (from, to, findings) in regrouping.Split)
            {
                foreach (var id in findings)
                {
                    Assert.Equal(from, Groups[id]);
                    Groups[id] = to;
                }
            }

            foreach (var (gone, into) in regrouping.Absorbed) Absorb(gone, into);
        }

        private void Absorb(long gone, long into)
        {
            foreach (var id in Groups.Where(pair => pair.Value == gone).Select(pair => pair.Key).ToList()) Groups[id] = into;
        }
    }
}

file static class Shuffles
{
    public static List<T> Shuffled<T>(this IEnumerable<T> items, Random random)
    {
        var array = items.ToArray();
        random.Shuffle(array);
        return [.. array];
    }
}
