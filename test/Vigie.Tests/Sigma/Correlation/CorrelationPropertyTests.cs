using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;

namespace Vigie.Tests.Sigma.Correlation;

public sealed class CorrelationPropertyTests
{
    private const string Base = """
        title: Rule 0
        name: rule_0
        logsource: {category: property}
        detection:
          selection: {kind: x}
          condition: selection
        ---
        title: Rule 1
        name: rule_1
        logsource: {category: property}
        detection:
          selection: {kind: y}
          condition: selection
        ---
        title: Rule 2
        name: rule_2
        logsource: {category: property}
        detection:
          selection: {kind: z}
          condition: selection
        ---

        """;

    private static readonly string[] Sections =
    [
        "type: event_count, rules: [rule_0, rule_1], condition: {gte: 3}",
        "type: event_count, rules: [rule_0], condition: {gt: 1, lt: 4}",
        "type: event_count, rules: [rule_0], window: tumbling, condition: {gte: 2}",
        "type: value_count, rules: [rule_0, rule_1], condition: {field: value, gte: 3}",
        "type: value_count, rules: [rule_0, rule_1], condition: {field: value, lte: 2}",
        "type: value_count, rules: [rule_1], window: tumbling, condition: {field: value, gte: 2}",
        "type: temporal, rules: [rule_0, rule_1, rule_2]",
        "type: temporal, rules: [rule_0, rule_1, rule_2], condition: {gte: 2}",
        "type: temporal, rules: [rule_0, rule_1, rule_2], condition: rule_0 and not rule_2",
        "type: temporal_ordered, rules: [rule_2, rule_0, rule_1]",
        "type: temporal_ordered, rules: [rule_2, rule_0, rule_1], condition: {gte: 2}",
        "type: temporal_ordered, rules: [rule_0, rule_1, rule_2], condition: rule_0 and rule_1 and not rule_2",
        "type: value_sum, rules: [rule_0, rule_1], condition: {field: value, gt: 9}",
        "type: value_avg, rules: [rule_0, rule_1], condition: {field: value, gt: 2}",
        "type: value_percentile, rules: [rule_0, rule_1], condition: {field: value, percentile: 75, gte: 3}",
        "type: value_percentile, rules: [rule_0, rule_1], window: tumbling, condition: {field: value, lt: 30}",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory, MemberData(nameof(Seeds))]
    public void The_order_of_arrival_within_the_bound_the_portions_and_restarts_change_nothing(int seed)
    {
        var random = new Random(seed);
        var set = Everything(random);
        var told = Events(random, 120);
        var expected = Run(set, CorrelationOptions.Whole, told, random, restarts: false);
        Assert.NotEmpty(expected);

        Assert.Equal(expected, Run(set, CorrelationOptions.Whole, [.. told.OrderBy(_ => random.Next())], random, restarts: true));
        foreach (var lateness in new[] { 0, 5, 60 })
        {
            // Each event is late by less than the bound; the sum of nothing and a sorting by time is order itself.
            var arrival = told.Select(e => (Told: e, At: e.Seconds + (lateness * random.NextDouble()))).OrderBy(p => p.At).ThenBy(_ => random.Next()).Select(p => p.Told).ToList();
            var live = CorrelationOptions.Live with { Lateness = TimeSpan.FromSeconds(lateness) };
            Assert.Equal(expected, Run(set, live, arrival, random, restarts: false));
            Assert.Equal(expected, Run(set, live, arrival, random, restarts: true));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void What_fires_is_what_a_plain_search_finds(int seed)
    {
        var random = new Random(seed + 1000);
        foreach (var (section, judge) in Plain)
        {
            var timespan = random.Next(2, 30);
            var set = Read($"title: T\nname: t\nid: t\ncorrelation: {{{section}, group-by: [host], timespan: {timespan}s}}\n");
            var told = Events(random, 60);
            var engine = new CorrelationEngine(set, CorrelationOptions.Whole);
            foreach (var e in told) engine.Observe(e.Rule, e.Event, e.Identity);
            engine.Complete();
            var found = engine.Take().Select(m => $"{m.Group[0].Value.ToLowerInvariant()} {(m.First - CorrelationCases.Begin).TotalSeconds}").Order(StringComparer.Ordinal);
            Assert.Equal(Search(told, timespan, section, judge).Order(StringComparer.Ordinal), found);
        }
    }

    [Fact]
    public void A_snapshot_that_is_cut_or_damaged_is_refused()
    {
        var random = new Random(5);
        var set = Everything(random);
        var engine = new CorrelationEngine(set, CorrelationOptions.Live);
        foreach (var e in Events(random, 200)) engine.Observe(e.Rule, e.Event, e.Identity);
        engine.Take();
        var whole = engine.Snapshot();
        Assert.False(CorrelationEngine.TryRestore(set, CorrelationOptions.Live, default, out _));
        for (var i = 0; i < 300; i++)
        {
            var damaged = whole[..(i % 3 == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            if (!damaged.AsSpan().SequenceEqual(whole)) Assert.False(CorrelationEngine.TryRestore(set, CorrelationOptions.Live, damaged, out _));
        }

        Assert.True(CorrelationEngine.TryRestore(set, CorrelationOptions.Live, whole, out _));
    }

    [Fact]
    public void Memory_stays_within_its_bounds_and_what_they_cost_is_counted()
    {
        var random = new Random(6);
        var set = Everything(random);
        var options = CorrelationOptions.Live with { Lateness = TimeSpan.FromSeconds(2), MaxGroups = 50, MaxRemembered = 300, MaxPerGroup = 8, MaxPending = 40 };
        var engine = new CorrelationEngine(set, options);
        for (var i = 0; i < 4000; i++)
        {
            var e = Event(random, i, i / 50, random.Next(3), host: $"h{random.Next(500)}", value: random.Next(1000));
            engine.Observe(e.Rule, e.Event, e.Identity);
            Assert.InRange(engine.Groups, 0, options.MaxGroups);
            Assert.InRange(engine.Pending, 0, options.MaxPending);

            // The group that an event has just been added to stays, whatever the bound.
            Assert.InRange(engine.Remembered, 0, options.MaxRemembered + (8 * options.MaxPerGroup));
        }

        Assert.True(engine.Counters.GroupsForgotten > 0);
        Assert.True(engine.Counters.Hurried > 0);
        engine.Complete();
        Assert.Equal(0, engine.Groups);
        Assert.Equal(0, engine.Remembered);
        Assert.Equal(0, engine.Pending);
    }

    [Fact]
    public void A_group_with_very_many_events_is_condensed_and_still_fires()
    {
        var set = Read("title: T\nname: t\ncorrelation: {type: event_count, rules: [rule_0], group-by: [host], timespan: 1d, condition: {gte: 1000}}\n");
        var engine = new CorrelationEngine(set, CorrelationOptions.Whole with { MaxPerGroup = 16 });
        for (var i = 0; i < 1000; i++) engine.Observe(0, Event(new Random(1), i, i, 0, "h", 1).Event, i.ToString("D4", CultureInfo.InvariantCulture));
        engine.Complete();
        var match = Assert.Single(engine.Take());
        Assert.Equal(1000, match.Count);
        Assert.Equal(CorrelationCases.Begin, match.First);
        Assert.True(engine.Counters.Condensed > 900);
    }

    private static readonly (string Section, Func<List<Told>, List<Told>?> Judge)[] Plain =
    [
        ("type: event_count, rules: [rule_0, rule_1], condition: {gte: 3}", window => Of(window, 0, 1) is { Count: >= 3 } all ? all : null),
        ("type: value_count, rules: [rule_0, rule_1], condition: {field: value, gte: 3}",
            window => Of(window, 0, 1).GroupBy(e => e.Value).Select(g => g.Last()).OrderBy(e => e.Seconds).ToList() is { Count: >= 3 } all ? all : null),
        ("type: temporal, rules: [rule_0, rule_1, rule_2]",
            window => window.GroupBy(e => e.Rule).Select(g => g.Last()).OrderBy(e => e.Seconds).ToList() is { Count: 3 } all ? all : null),
        ("type: temporal_ordered, rules: [rule_2, rule_0, rule_1]", window => Ordered(window, [2, 0, 1])),
    ];

    private static List<Told> Of(List<Told> window, params int[] rules) => window.FindAll(e => rules.Contains(e.Rule));

    // All choices of events in their order; the one that begins last.
    private static List<Told>? Ordered(List<Told> window, int[] order)
    {
        var chains =
            from a in window
            where a.Rule == order[0]
            from b in window
            where b.Rule == order[1] && b.Seconds >= a.Seconds
            from c in window
            where c.Rule == order[2] && c.Seconds >= b.Seconds
            select new List<Told> { a, b, c };
        return chains.MaxBy(chain => chain[0].Seconds);
    }

    private static IEnumerable<string> Search(List<Told> told, int timespan, string section, Func<List<Told>, List<Told>?> judge)
    {
        foreach (var group in told.GroupBy(e => e.Host))
        {
            var past = new List<Told>();
            var usedUp = double.MinValue;
            var counted = group.Where(e => section.Contains($"rule_{e.Rule}", StringComparison.Ordinal)).OrderBy(e => e.Seconds).ThenBy(e => e.Identity, StringComparer.Ordinal);
            foreach (var e in counted)
            {
                past.Add(e);
                if (e.Seconds <= usedUp || judge(past.FindAll(p => p.Seconds >= e.Seconds - timespan && p.Seconds > usedUp)) is not { } chain) continue;
                usedUp = chain[0].Seconds + timespan;
                yield return string.Create(CultureInfo.InvariantCulture, $"{group.Key} {chain[0].Seconds}");
            }
        }
    }

    private static CorrelationSet Everything(Random random)
    {
        var text = string.Concat(Sections.Select((s, i) => $"---\ntitle: C{i}\nname: c_{i}\nid: c-{i}\ncorrelation: {{{s}, group-by: [host], timespan: {random.Next(3, 40)}s}}\n"));
        return Read(text + """
            ---
            title: Chain
            name: chain
            id: chain
            correlation: {type: temporal_ordered, rules: [c_0, rule_2], group-by: [value], timespan: 40s}
            ---
            title: Chain of windows
            name: chain_windows
            id: chain-windows
            correlation: {type: event_count, rules: [c_1, c_4, c_13], group-by: [host], timespan: 60s, condition: {gte: 3}}
            """);
    }

    private static CorrelationSet Read(string correlations)
    {
        var documents = SigmaReader.Read(Base + correlations, "property.yml");
        Assert.Empty(documents.Problems);
        var set = CorrelationSet.Read(documents.Rules, documents.Correlations);
        Assert.Empty(set.Problems);
        return set;
    }

    private static List<string> Run(CorrelationSet set, CorrelationOptions options, List<Told> told, Random random, bool restarts)
    {
        var engine = new CorrelationEngine(set, options);
        var found = new List<string>();
        foreach (var e in told)
        {
            engine.Observe(e.Rule, e.Event, e.Identity);
            if (random.Next(4) == 0) Take();
            if (!restarts || random.Next(10) != 0) continue;
            Take();
            Assert.True(CorrelationEngine.TryRestore(set, options, engine.Snapshot(), out var restored));
            engine = restored;
        }

        engine.Complete();
        Take();
        Assert.Equal(0, engine.Counters.Late);
        return found;

        void Take() => found.AddRange(engine.Take().Select(m =>
            string.Create(CultureInfo.InvariantCulture, $"{m.Id} {m.Rule.Name} {m.First:O} {m.Last:O} {m.Count} {m.Value} {string.Join(',', m.Group)} {string.Join(',', m.Values)} {string.Join(',', m.Events.Select(e => e.Identity))}")));
    }

    private static List<Told> Events(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Event(random, i, random.Next(150), random.Next(3), $"h{random.Next(3)}", random.Next(5))).OrderBy(e => e.Seconds)];

    private static Told Event(Random random, int number, int seconds, int rule, string host, int value)
    {
        var fields = ImmutableArray.Create(
            new CapturedField("host", FieldKind.String, random.Next(2) == 0 ? host : host.ToUpperInvariant()),
            new CapturedField("value", FieldKind.Number, value.ToString(CultureInfo.InvariantCulture)));
        var captured = new CapturedEvent(CorrelationCases.Begin.AddSeconds(seconds), EventClass.Unknown, fields);
        return new Told(rule, captured, number.ToString("D4", CultureInfo.InvariantCulture), seconds, host, value);
    }

    private sealed record Told(int Rule, CapturedEvent Event, string Identity, double Seconds, string Host, int Value);
}
