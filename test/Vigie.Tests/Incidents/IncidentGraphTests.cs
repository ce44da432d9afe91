using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

public sealed class IncidentGraphTests
{
    private static readonly long Hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly IncidentGraph _graph = new(new LinkPolicy());

    [Fact]
    public void Findings_that_share_a_host_within_its_window_are_one_group_and_the_link_says_why()
    {
        var first = Some("a", 0, Host("pc1"));
        _graph.Place(first);
        var placed = _graph.Place(Some("b", Hour, Host("pc1")));
        Assert.False(placed.IsNew);
        Assert.Equal(_graph.GroupOf(first.Id), placed.Group);
        var link = Assert.Single(placed.Links);
        Assert.Equal((Host("pc1"), first.Id), (link.Key, link.Other));
        Assert.InRange(link.Strength, LinkPolicy.Threshold, 0.6);
        Assert.Equal(placed.Links, _graph.LinksOf(Some("b", 0).Id));
    }

    [Fact]
    public void At_the_very_end_of_the_window_there_is_a_link_and_a_millisecond_later_none()
    {
        var window = (long)new LinkPolicy().Window(Host("pc1"), 0)!.Value.TotalMilliseconds;
        _graph.Place(Some("a", 0, Host("pc1")));
        var link = Assert.Single(_graph.Place(Some("b", window, Host("pc1"))).Links);
        Assert.True(link.Strength >= LinkPolicy.Threshold);
        Assert.True(_graph.Place(Some("c", -window - 1, Host("pc1"))).IsNew);
    }

    [Fact]
    public void A_late_finding_between_two_groups_joins_them_under_the_older_number()
    {
        var late = _graph.Place(Some("later", 10 * Hour, Host("pc1")));
        var early = _graph.Place(Some("earlier", 0, Host("pc1")));
        Assert.NotEqual(late.Group, early.Group);
        var between = _graph.Place(Some("between", 5 * Hour, Host("pc1")));
        Assert.Equal(late.Group, between.Group);
        Assert.Equal([early.Group], between.Absorbed);
        Assert.Equal(3, _graph.SizeOf(late.Group));
        Assert.Equal(0, _graph.SizeOf(early.Group));
        Assert.Empty(_graph.FindingsOf(early.Group));
    }

    [Fact]
    public void The_older_number_survives_although_the_younger_group_is_larger()
    {
        var old = _graph.Place(Some("old", 0, Host("pc1")));
        for (var i = 0; i < 50; i++) _graph.Place(Some($"young{i}", 0, Host("pc2")));
        var bridge = _graph.Place(Some("bridge", 0, Host("pc2"), Host("pc1")));
        Assert.Equal(old.Group, bridge.Group);
        Assert.Equal(52, _graph.SizeOf(old.Group));
        Assert.Equal([old.Group], _graph.Groups);
    }

    [Fact]
    public void The_same_finding_twice_changes_nothing()
    {
        var first = _graph.Place(Some("a", 0, Host("pc1")));
        var again = _graph.Place(Some("a", 99 * Hour, Host("pc2")));
        Assert.Equal((first.Group, false), (again.Group, again.IsNew));
        Assert.Equal((1, 1), (_graph.Count, _graph.KeyCount));
    }

    [Fact]
    public void A_finding_without_keys_or_with_keys_of_no_weight_is_a_group_of_its_own()
    {
        Assert.True(_graph.Place(Some("a", 0)).IsNew);
        Assert.True(_graph.Place(Some("b", 0, new LinkKey("weather", "rain"))).IsNew);
        Assert.True(_graph.Place(Some("c", 0, new LinkKey("weather", "rain"))).IsNew);
        Assert.Equal(0, _graph.KeyCount);
    }

    [Fact]
    public void The_same_key_twice_in_a_finding_counts_once()
    {
        _graph.Place(Some("a", 0, Host("pc1"), Host("pc1")));
        Assert.Single(_graph.Place(Some("b", 0, Host("pc1"), Host("pc1"))).Links);
        Assert.Empty(_graph.Remove(Some("a", 0).Id).Split);
        Assert.Empty(_graph.LinksOf(Some("b", 0).Id));
    }

    [Fact]
    public void Times_at_both_ends_of_what_numbers_can_say_are_far_apart()
    {
        _graph.Place(Some("a", long.MinValue, Host("pc1")));
        Assert.True(_graph.Place(Some("b", long.MaxValue, Host("pc1"))).IsNew);
        Assert.False(_graph.Place(Some("c", long.MaxValue - 1, Host("pc1"))).IsNew);
        Assert.True(_graph.Place(Some("d", 0, Host("pc1"))).IsNew);
    }

    [Fact]
    public void Ten_thousand_keys_are_all_counted()
    {
        var keys = Enumerable.Range(0, 10_000).Select(i => Host($"pc{i}")).ToArray();
        for (var i = 0; i < 100; i++) _graph.Place(Some($"single{i}", 0, keys[i * 100]));
        var placed = _graph.Place(Some("all", 0, keys));
        Assert.Equal(100, placed.Links.Length);
        Assert.Equal(99, placed.Absorbed.Length);
        Assert.Equal(10_000, _graph.KeyCount);
        var split = _graph.Remove(Some("all", 0).Id).Split;
        Assert.Equal(99, split.Length);
        Assert.Equal((100, 100), (_graph.GroupCount, _graph.KeyCount));
    }

    [Fact]
    public void A_key_seen_with_many_stops_joining_when_weights_are_taken_and_never_joins_again()
    {
        var gateway = new LinkKey(EntityKinds.Ip, "192.0.2.1");
        for (var i = 0; i < 60; i++) _graph.Place(Some($"f{i}", i, [$"pc{i}"], gateway));
        Assert.Equal(1, _graph.GroupCount);
        var split = _graph.Reweigh().Split;
        Assert.Equal(60, _graph.GroupCount);
        Assert.Equal(59, split.Length);
        Assert.All(split, part => Assert.Equal(1, part.From));
        Assert.Equal((48, 48), _graph.DegreeOf(gateway));
        Assert.True(_graph.Place(Some("next", 30, gateway)).IsNew);
        Assert.Empty(_graph.Reweigh().Split);
    }

    [Fact]
    public void A_host_on_which_everything_happens_is_no_hub()
    {
        for (var i = 0; i < 60; i++) _graph.Place(Some($"f{i}", i, ["pc1"], Host("pc1")));
        _graph.Reweigh();
        Assert.Equal((0, 0), _graph.DegreeOf(Host("pc1")));
        Assert.Equal(1, _graph.GroupCount);
    }

    [Fact]
    public void Between_two_takings_the_weights_stay_as_they_were()
    {
        var ip = new LinkKey(EntityKinds.Ip, "192.0.2.1");
        for (var i = 0; i < 20; i++) _graph.Place(Some($"f{i}", i, [$"pc{i}"], ip));
        Assert.Equal((20, 0), _graph.DegreeOf(ip));
        Assert.Equal(1, _graph.GroupCount);
    }

    [Fact]
    public void What_held_together_only_by_a_finding_comes_apart_without_it()
    {
        _graph.Place(Some("left", 0, Host("pc1")));
        var bridge = _graph.Place(Some("bridge", 1, Host("pc1"), Host("pc2")));
        _graph.Place(Some("right", 2, Host("pc2")));
        var (from, to, findings) = Assert.Single(_graph.Remove(Some("bridge", 0).Id).Split);
        Assert.Equal(bridge.Group, from);
        Assert.Equal([Some("right", 0).Id], findings);
        Assert.Equal(to, _graph.GroupOf(findings[0]));
        Assert.Equal(Regrouping.None.Split, _graph.Remove(Some("bridge", 0).Id).Split);
    }

    [Fact]
    public void A_hundred_thousand_findings_in_one_line_are_kept_in_order_whichever_way_they_come()
    {
        var random = new Random(5);
        var times = Enumerable.Range(0, 100_000).Select(i => i * Hour).ToArray();
        random.Shuffle(times);
        foreach (var time in times) _graph.Place(Some($"f{time}", time, Host("pc1")));
        Assert.Equal(1, _graph.GroupCount);
        // Each is linked to the one before and the one after it.
        Assert.Equal(
            new HashSet<FindingId> { Some($"f{499 * Hour}", 0).Id, Some($"f{501 * Hour}", 0).Id },
            _graph.LinksOf(Some($"f{500 * Hour}", 0).Id).Select(link => link.Other).ToHashSet());
        // A gap of four hours is one link; of sixteen, none.
        Assert.Empty(_graph.Remove(Enumerable.Range(1000, 3).Select(i => Some($"f{i * Hour}", 0).Id)).Split);
        var split = Assert.Single(_graph.Remove(Enumerable.Range(2000, 15).Select(i => Some($"f{i * Hour}", 0).Id)).Split);
        Assert.Equal(100_000 - 2015, split.Findings.Length);
        Assert.Equal(Some($"f{2015 * Hour}", 0).Id, split.Findings[0]);
        Assert.Equal(2000 - 3, _graph.SizeOf(split.From));
    }

    [Fact]
    public void Groups_that_are_over_are_let_go_and_those_that_go_on_are_kept_whole()
    {
        var over = _graph.Place(Some("over", 0, Host("pc1")));
        var begun = _graph.Place(Some("begun", 0, Host("pc2")));
        _graph.Place(Some("goes on", 5 * Hour, Host("pc2")));
        Assert.Equal([over.Group], _graph.ForgetBefore(2 * Hour));
        Assert.Equal((2, 1, 1), (_graph.Count, _graph.GroupCount, _graph.KeyCount));
        Assert.Equal(2, _graph.SizeOf(begun.Group));
        Assert.Null(_graph.GroupOf(Some("over", 0).Id));
        Assert.True(_graph.Place(Some("over", 0, Host("pc1"))).Group > begun.Group);
    }

    [Fact]
    public void What_is_taken_away_leaves_room_for_what_comes()
    {
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < 20; i++) _graph.Place(Some($"{round} {i}", i, Host($"pc{i % 7}"), Host($"pc{i % 3}")));
            Assert.Equal(20, _graph.Count);
            Assert.Equal(7, _graph.KeyCount);
            _graph.Remove(Enumerable.Range(0, 20).Select(i => Some($"{round} {i}", 0).Id));
            Assert.Equal((0, 0, 0), (_graph.Count, _graph.KeyCount, _graph.GroupCount));
        }
    }

    [Fact]
    public void Ids_that_no_watch_makes_are_given_back_as_they_are()
    {
        var odd = new GraphFinding(new FindingId("ÀÉ odd"), 0, [Host("pc1")], []);
        var upper = new GraphFinding(new FindingId(new string('A', 32)), 0, [Host("pc1")], []);
        var group = _graph.Place(odd).Group;
        Assert.Equal(odd.Id, Assert.Single(_graph.Place(upper).Links).Other);
        Assert.Equal([odd.Id, upper.Id], _graph.FindingsOf(group).OrderByDescending(id => id.Value, StringComparer.Ordinal));
    }

    [Fact]
    public void Numbers_brought_back_are_never_given_out_again_and_must_be_numbers()
    {
        _graph.Place(Some("a", 0), 41);
        Assert.Equal(42, _graph.Place(Some("b", 0)).Group);
        Assert.Throws<ArgumentOutOfRangeException>(() => _graph.Place(Some("c", 0), 0));
    }

    private static LinkKey Host(string name) => new(EntityKinds.Host, name);

    private static GraphFinding Some(string name, long time, params LinkKey[] keys) => Some(name, time, [], keys);

    private static GraphFinding Some(string name, long time, string[] subjects, params LinkKey[] keys) => new(FindingId.Of("test", name), time, [.. keys], [.. subjects]);
}
