using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Tests.Incidents;

public sealed class IncidentStoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 3, 9, 12, 0, TimeSpan.Zero);

    [Fact]
    public void One_finding_is_one_sentence_with_where_who_and_what()
    {
        var told = Tell(Fact(0, "shell", Severity.Critical, Host("WEB-02"), User("svc-web"), Ip("203.0.113.77")));
        Assert.Equal("On 3 March 2026 at 09:12, on host WEB-02, under account svc-web, with address 203.0.113.77: “shell” (critical).", Assert.Single(told).Text.English);
        Assert.Equal("Le 3\u00a0mars\u00a02026 à 09:12, sur l’hôte WEB-02, sous le compte svc-web, avec l’adresse 203.0.113.77\u00a0: «\u202fshell\u202f» (gravité critique).", told[0].Text.French);
    }

    [Fact]
    public void What_repeats_is_told_once_with_its_number()
    {
        var told = Tell([.. Enumerable.Range(0, 14).Select(i => Fact(i * 2, "guess", Severity.Medium, Mailbox("awa@travel.example")))]);
        Assert.Equal("14 findings of 1 rule, on 3 March 2026 between 09:12 and 09:38, about mailbox awa@travel.example.", told[0].Text.English);
        Assert.Equal("On 3 March between 09:12 and 09:38, for mailbox awa@travel.example: “guess” (medium, 14 times).", told[1].Text.English);
    }

    [Fact]
    public void What_a_rule_says_differently_each_time_is_not_told_as_one_thing_that_repeats()
    {
        StoryFact Mail(int minute, string to) => Fact(minute, "mail", Severity.High, Mailbox("awa@travel.example")) with { Id = FindingId.Of("story", "mail", to), Title = new Bilingual($"Mail to {to}", $"Courriel vers {to}") };

        var few = Tell(Mail(0, "a.example"), Mail(1, "b.example"), Mail(2, "a.example") with { Id = FindingId.Of("story", "again") });
        var many = Tell([.. Enumerable.Range(0, 9).Select(i => Mail(i, $"n{i}.example"))]);

        Assert.EndsWith(": “Mail to a.example” and “Mail to b.example” (high, 3 findings).", few[1].Text.English, StringComparison.Ordinal);
        Assert.EndsWith("“Mail to n0.example”, “Mail to n1.example”, “Mail to n2.example” and 6 more of this kind (high, 9 findings).", many[1].Text.English, StringComparison.Ordinal);
        Assert.EndsWith("«\u202fCourriel vers n2.example\u202f» et 6\u00a0autres de ce type (gravité élevée, 9\u00a0constats).", many[1].Text.French, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_follow_each_other_in_time_and_say_how()
    {
        var told = Tell(
            Fact(0, "phish", Severity.High, Mailbox("awa@travel.example")),
            Fact(30, "beacon", Severity.High, Host("ws-1")),
            Fact(30, "other place", Severity.High, Host("ws-2")),
            Fact(60 * 24, "stolen", Severity.Critical, User("awa")));
        var texts = told.Select(sentence => sentence.Text.English).ToList();
        Assert.StartsWith("4 findings of 4 rules, from 3 March 09:12 to 4 March 2026 09:12", texts[0], StringComparison.Ordinal);
        Assert.StartsWith("On 3 March at 09:12, for mailbox awa@travel.example", texts[1], StringComparison.Ordinal);
        Assert.StartsWith("Then, at 09:42, on host ws-", texts[2], StringComparison.Ordinal);
        Assert.StartsWith("At the same time, on host ws-", texts[3], StringComparison.Ordinal);
        Assert.StartsWith("On 4 March at 09:12, under account awa", texts[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_that_speak_at_one_place_and_time_share_a_sentence()
    {
        var told = Tell(Fact(0, "a", Severity.High, Host("h")), Fact(1, "b", Severity.Medium, Host("h")), Fact(2, "c", Severity.Critical, Host("h")));
        Assert.Equal("On 3 March between 09:12 and 09:14, on host h: “a” (high), “b” (medium) and “c” (critical).", told[1].Text.English);
        Assert.Equal("What they share: host h (in 3 of 3).", told[2].Text.English);
    }

    [Fact]
    public void What_never_stops_is_told_at_the_end()
    {
        var noise = Enumerable.Range(0, 5).Select(i => Fact(i * 60 * 24, "noise", Severity.Medium, Host("h")) with { Count = 1000 });
        var told = Tell([.. noise, Fact(90, "theft", Severity.High, Host("h"))]).Select(sentence => sentence.Text.English).ToList();
        Assert.Contains("On 3 March at 10:42, on host h: “theft” (high).", told);
        Assert.Contains("Again and again, all the while: “noise” (medium, 5,000 times).", told);
    }

    [Fact]
    public void The_gravest_steps_are_told_and_the_others_named()
    {
        var told = Tell([.. Enumerable.Range(0, 40).Select(i => Fact(i * 30, $"rule {i}", i == 20 ? Severity.Critical : Severity.Medium, Host($"h{i}")))]);
        var texts = told.Select(sentence => sentence.Text.English).ToList();
        Assert.Contains(texts, text => text.Contains("“rule 20” (critical)", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.StartsWith("Besides, less grave: ", StringComparison.Ordinal) && text.EndsWith("; and 26 more rules.", StringComparison.Ordinal));
        Assert.True(told.Length <= IncidentStory.MaxSteps + 4);
    }

    [Fact]
    public void Tactics_are_named_in_the_order_of_the_matrix()
    {
        var told = Tell(
            Fact(0, "a", Severity.High, Host("h")) with { Techniques = ["T1041", "T1078"] },
            Fact(1, "b", Severity.High, Host("h")) with { Techniques = ["T1566.002", "T9999"] });
        Assert.Equal("In the terms of ATT&CK: initial access and exfiltration.", told[^1].Text.English);
        Assert.Equal("Selon ATT&CK\u00a0: accès initial et exfiltration.", told[^1].Text.French);
    }

    [Fact]
    public void Times_are_told_in_the_zone_that_was_asked_for()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("t", TimeSpan.FromHours(14), "t", "t");
        var told = IncidentStory.Tell([Fact(0, "a", Severity.High)], zone);
        Assert.Equal("On 3 March 2026 at 23:12: “a” (high).", told[0].Text.English);
        Assert.StartsWith("Le 1er\u00a0avril", IncidentStory.Tell([Fact(28 * 24 * 60 + 14 * 60, "a", Severity.High)], zone)[0].Text.French, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_in_which_findings_come_does_not_matter()
    {
        var random = new Random(4);
        for (var round = 0; round < 60; round++)
        {
            var facts = Enumerable.Range(0, random.Next(1, 120)).Select(i => Some(random, i)).ToArray();
            var shuffled = facts.ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(Tell(facts).Select(s => s.Text), Tell(shuffled).Select(s => s.Text));
            var (one, other) = (EntityMap.Of(facts), EntityMap.Of(shuffled));
            Assert.Equal(one.Nodes, other.Nodes);
            Assert.Equal(one.Edges, other.Edges);
        }
    }

    [Fact]
    public void Whatever_findings_say_the_story_stays_a_story()
    {
        var random = new Random(5);
        string[] hostile = ["", "\0", "\u202E", "<script>", new string('x', 1_000_000), "\ud800", "a\nb"];
        for (var round = 0; round < 10; round++)
        {
            var facts = Enumerable.Range(0, random.Next(0, 40)).Select(i =>
            {
                var text = hostile[random.Next(hostile.Length)];
                return Some(random, i) with { Title = new Bilingual(text, text), Entities = [.. Enumerable.Range(0, random.Next(0, 2000)).Select(n => new Entity(text.Length < 10 ? text : "long", n == 4 ? text : $"{hostile[n % 3]}{n / 3}"))], Techniques = [text] };
            }).ToArray();
            var told = Tell(facts);
            Assert.True(told.Length <= IncidentStory.MaxSteps + 5);
            Assert.All(told, sentence => Assert.True(sentence.Text.English.Length < 30_000, $"{sentence.Text.English.Length}"));
            Assert.True(EntityMap.Of(facts) is { Nodes.Length: <= 28, Edges.Length: <= 80 });
        }
    }

    [Fact]
    public void Nothing_is_said_that_no_fact_says()
    {
        var random = new Random(6);
        for (var round = 0; round < 40; round++)
        {
            var facts = Enumerable.Range(0, random.Next(1, 60)).Select(i => Some(random, i)).ToArray();
            var parts = Tell(facts).SelectMany(sentence => sentence.English.Concat(sentence.French)).ToList();
            var entities = facts.SelectMany(fact => fact.Entities).ToHashSet();
            Assert.All(parts.Where(part => part.Kind == StoryPartKind.Entity), part => Assert.Contains(new Entity(part.Reference!, part.Text), entities));
            Assert.All(parts.Where(part => part.Kind == StoryPartKind.Title), part => Assert.Contains(facts, fact => fact.Id.Value == part.Reference && fact.Title.English == part.Text));
        }
    }

    [Fact]
    public void Nodes_of_the_map_have_places_of_their_own()
    {
        var random = new Random(7);
        for (var round = 0; round < 40; round++)
        {
            var map = EntityMap.Of(Enumerable.Range(0, random.Next(0, 90)).Select(i => Some(random, i)));
            Assert.Equal(map.Nodes.Length, map.Nodes.Select(node => (node.Lane, node.Row)).Distinct().Count());
            Assert.All(map.Nodes, node => Assert.True(node.Lane < map.Lanes && node.Row < map.Rows));
            Assert.All(map.Edges, edge => Assert.True(edge.A < edge.B && edge.B < map.Nodes.Length && edge.Findings > 0));
        }
    }

    private static System.Collections.Immutable.ImmutableArray<StorySentence> Tell(params StoryFact[] facts) => IncidentStory.Tell(facts, TimeZoneInfo.Utc);

    private static StoryFact Fact(int minutes, string rule, Severity severity, params Entity[] entities) => new()
    {
        Id = FindingId.Of("test", rule, FindingId.Part(minutes)),
        Detector = "test",
        Rule = rule,
        Title = new Bilingual(rule, rule),
        Severity = severity,
        First = Start.AddMinutes(minutes),
        Last = Start.AddMinutes(minutes),
        Entities = [.. entities],
    };

    private static StoryFact Some(Random random, int number)
    {
        string[] kinds = [EntityKinds.Host, EntityKinds.User, EntityKinds.Ip, EntityKinds.Domain, EntityKinds.Process, "place"];
        var fact = Fact(random.Next(0, 6000), $"rule {random.Next(8)}", (Severity)random.Next(2, 5), [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => new Entity(kinds[random.Next(kinds.Length)], $"e{random.Next(9)}"))]);
        return fact with { Id = FindingId.Of("test", "some", FindingId.Part(number)), Techniques = random.Next(3) == 0 ? ["T1059.001"] : [] };
    }

    private static Entity Host(string value) => new(EntityKinds.Host, value);

    private static Entity User(string value) => new(EntityKinds.User, value);

    private static Entity Ip(string value) => new(EntityKinds.Ip, value);

    private static Entity Mailbox(string value) => new(EntityKinds.Mailbox, value);
}
