using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Pipelines;

namespace Vigie.Tests.Sigma.Correlation;

public sealed class CorrelationEngineTests
{
    private const string Rule = """
        title: Failed
        id: failed
        name: failed
        logsource: {category: x}
        detection:
          selection: {kind: failed}
          condition: selection
        ---
        title: Unrelated
        id: unrelated
        logsource: {category: x}
        detection:
          selection: {kind: unrelated}
          condition: selection
        ---
        """;

    private const string Two = "title: Two\nid: two\nname: two\ncorrelation: {type: event_count, rules: [failed], group-by: [host], timespan: 60s, condition: {gte: 2}}\n";

    [Fact]
    public void A_live_engine_says_what_came_true_when_stragglers_can_no_longer_come()
    {
        var engine = new CorrelationEngine(Read(Two), CorrelationOptions.Live with { Lateness = TimeSpan.FromSeconds(30) });
        Tell(engine, 0, "a");
        Tell(engine, 10, "a");
        Assert.Empty(engine.Take());
        Assert.Equal(2, engine.Pending);
        engine.Advance(CorrelationCases.Begin.AddSeconds(40));
        Assert.Empty(engine.Take());
        engine.Advance(CorrelationCases.Begin.AddSeconds(40.001));
        Assert.Equal(CorrelationCases.Begin.AddSeconds(10), Assert.Single(engine.Take()).Last);
        Assert.Equal(0, engine.Pending);
    }

    [Fact]
    public void A_source_that_is_behind_is_waited_for_where_only_advancing_moves_time()
    {
        var engine = new CorrelationEngine(Read(Two), CorrelationOptions.Live with { Lateness = TimeSpan.FromSeconds(5), AdvancesWithEvents = false });
        Tell(engine, 1000, "fast");
        Tell(engine, 1010, "fast");
        Tell(engine, 0, "slow");
        Tell(engine, 10, "slow");
        Assert.Empty(engine.Take());
        engine.Advance(CorrelationCases.Begin.AddSeconds(16));
        Assert.Equal("slow", Assert.Single(engine.Take()).Group[0].Value);
        engine.Complete();
        Assert.Equal("fast", Assert.Single(engine.Take()).Group[0].Value);
        Assert.Equal(0, engine.Counters.Late);
    }

    [Fact]
    public void Time_that_passes_ends_windows_and_frees_their_memory()
    {
        var engine = new CorrelationEngine(Read(Two.Replace("gte: 2", "lt: 2", StringComparison.Ordinal)), CorrelationOptions.Live with { Lateness = TimeSpan.Zero });
        Tell(engine, 0, "a");
        engine.Advance(CorrelationCases.Begin.AddSeconds(60));
        Assert.Empty(engine.Take());
        Assert.Equal(1, engine.Groups);
        engine.Advance(CorrelationCases.Begin.AddSeconds(61));
        Assert.Single(engine.Take());
        Assert.Equal(0, engine.Groups);
        Assert.Equal(0, engine.Remembered);
    }

    [Fact]
    public void A_clock_that_is_ahead_makes_nothing_else_late()
    {
        var engine = new CorrelationEngine(Read(Two), CorrelationOptions.Live) { Horizon = CorrelationCases.Begin.AddMinutes(5) };
        Tell(engine, 0, "a");
        Tell(engine, 86_400, "wrong clock");
        Tell(engine, 1, "a");
        engine.Complete();
        Assert.Single(engine.Take());
        Assert.Equal((1, 0), (engine.Counters.Ahead, engine.Counters.Late));
    }

    [Fact]
    public void An_event_that_does_not_say_when_is_left_out_and_counted()
    {
        var engine = new CorrelationEngine(Read(Two), CorrelationOptions.Whole);
        engine.Observe(0, new CapturedEvent(null, EventClass.Unknown, [new CapturedField("host", FieldKind.String, "a")]), "1");
        engine.Complete();
        Assert.Equal((1, 1), (engine.Counters.Observed, engine.Counters.WithoutTime));
    }

    [Fact]
    public void Rules_no_correlation_reads_cost_nothing_and_leave_nothing()
    {
        var set = Read(Two);
        var engine = new CorrelationEngine(set, CorrelationOptions.Live);
        Assert.True(engine.Reads(0));
        Assert.False(engine.Reads(1));
        Assert.False(engine.Reads(2));
        Assert.False(engine.Reads(-1));
        var record = new EventRecord(new FieldCatalog(set.RequiredFields));
        engine.Observe(1, record, "warm");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) engine.Observe(1, record, "event");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(new CorrelationCounters(), engine.Counters);
    }

    [Fact]
    public void Matches_nobody_has_taken_are_not_lost_in_a_snapshot()
    {
        var engine = new CorrelationEngine(Read(Two), CorrelationOptions.Whole);
        Tell(engine, 0, "a");
        Tell(engine, 1, "a");
        engine.Complete();
        Assert.Throws<InvalidOperationException>(engine.Snapshot);
        engine.Take();
        Assert.NotEmpty(engine.Snapshot());
    }

    [Fact]
    public void A_correlation_that_changed_starts_from_nothing_and_the_others_go_on()
    {
        const string Three = "title: Three\nid: three\nname: three\ncorrelation: {type: event_count, rules: [failed], group-by: [host], timespan: 60s, condition: {gte: 3}}\n";
        var before = new CorrelationEngine(Read(Two + "---\n" + Three), CorrelationOptions.Live with { Lateness = TimeSpan.Zero });
        Tell(before, 0, "a");
        Tell(before, 1, "b");
        Tell(before, 2, "c");
        Assert.Empty(before.Take());

        var changed = Read(Two.Replace("60s", "50s", StringComparison.Ordinal) + "---\n" + Three);
        Assert.True(CorrelationEngine.TryRestore(changed, CorrelationOptions.Live with { Lateness = TimeSpan.Zero }, before.Snapshot(), out var after));
        foreach (var at in new[] { 3, 4 }) Tell(after, at, "a");
        after.Complete();
        Assert.Equal(["two", "three"], after.Take().Select(m => m.Rule.Name!));
    }

    [Fact]
    public void The_identity_of_a_match_does_not_depend_on_what_the_other_groups_do()
    {
        var alone = Run([(0, "a"), (1, "a")]);
        var among = Run([(-5, "b"), (0, "a"), (0.5, "c"), (1, "a"), (1, "b"), (2, "A")]);
        Assert.Contains(Assert.Single(alone).Id, among.Select(m => m.Id));
        Assert.Equal(among.Length, among.Select(m => m.Id).Distinct().Count());
    }

    [Fact]
    public void A_match_names_the_first_and_the_last_of_many_events()
    {
        var engine = new CorrelationEngine(Read(Two.Replace("gte: 2", "gte: 100", StringComparison.Ordinal)), CorrelationOptions.Whole with { MaxContributors = 5 });
        for (var i = 0; i < 100; i++) engine.Observe(0, Event(i * 0.1, "a"), i.ToString("D3", CultureInfo.InvariantCulture));
        engine.Complete();
        Assert.Equal(["000", "001", "002", "098", "099"], Assert.Single(engine.Take()).Events.Select(e => e.Identity));
    }

    [Fact]
    public void Fields_that_pipelines_rename_are_read_under_their_new_names()
    {
        var pipelines = new PipelineSet(SigmaPipelineReader.Read("name: p\ntransformations:\n  - {type: field_name_mapping, mapping: {host: host.name, kind: event.kind}}\n", "p.yml", []));
        var documents = SigmaReader.Read(Rule + "\n" + Two, "rules.yml");
        ImmutableArray<SigmaRule> rules = [.. documents.Rules.Select(r => pipelines.Apply(r, out _)!)];
        var set = CorrelationSet.Read(rules, documents.Correlations, (rule, field) => pipelines.FieldOf(documents.Rules[rule], field));
        Assert.Equal(["host.name"], set.RequiredFields);
        var engine = new CorrelationEngine(set, CorrelationOptions.Whole);
        for (var i = 0; i < 2; i++) engine.Observe(0, new CapturedEvent(CorrelationCases.Begin, EventClass.Unknown, [new CapturedField("host.name", FieldKind.String, "a")]), i.ToString(CultureInfo.InvariantCulture));
        engine.Complete();
        Assert.Equal("host", Assert.Single(engine.Take()).Group[0].Key);
    }

    [Fact]
    public void No_text_makes_reading_correlations_throw()
    {
        const string Whole = """
            title: T
            id: t
            name: t
            correlation:
              type: temporal_ordered
              rules: [failed, unrelated, t]
              group-by: [host, alias]
              timespan: 10m
              aliases:
                alias: {failed: a.b, unrelated: c}
              condition: failed and not (unrelated or 1 of fail*)
            level: high
            """;
        var random = new Random(9);
        for (var i = 0; i < 800; i++)
        {
            var text = (i % 2 == 0 ? Whole : Two).ToCharArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--) text[random.Next(text.Length)] = ":{}[]-'\"*() \na0"[random.Next(15)];
            var documents = SigmaReader.Read(Rule + "\n" + new string(text), "fuzz.yml");
            var set = CorrelationSet.Read(documents.Rules, documents.Correlations);
            if (set.Correlations.Length < documents.Correlations.Length) Assert.Contains(set.Problems, p => p.IsError);
        }
    }

    private static ImmutableArray<CorrelationMatch> Run((double Seconds, string Host)[] told)
    {
        var engine = new CorrelationEngine(Read(Two), CorrelationOptions.Whole);
        foreach (var (seconds, host) in told) Tell(engine, seconds, host);
        engine.Complete();
        return engine.Take();
    }

    private static CorrelationSet Read(string correlations)
    {
        var documents = SigmaReader.Read(Rule + "\n" + correlations, "rules.yml");
        Assert.Empty(documents.Problems);
        return CorrelationSet.Read(documents.Rules, documents.Correlations);
    }

    private static void Tell(CorrelationEngine engine, double seconds, string host) => engine.Observe(0, Event(seconds, host), string.Create(CultureInfo.InvariantCulture, $"{seconds}/{host}"));

    private static CapturedEvent Event(double seconds, string host) =>
        new(CorrelationCases.Begin.AddSeconds(seconds), EventClass.Unknown, [new CapturedField("host", FieldKind.String, host)]);
}
