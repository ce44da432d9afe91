using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;

namespace Vigie.Tests.Sigma.Correlation;

public sealed class CorrelationBatteryTests
{
    private static readonly Dictionary<string, CorrelationCase> ByName = CorrelationCases.All().ToDictionary(c => c.Name, StringComparer.Ordinal);

    public static TheoryData<string> Judged => [.. ByName.Values.Where(c => c.Refused is null).Select(c => c.Name)];

    public static TheoryData<string> Refused => [.. ByName.Values.Where(c => c.Refused is not null).Select(c => c.Name)];

    [Theory, MemberData(nameof(Judged))]
    public void The_engine_does_what_the_battery_says(string name)
    {
        var written = ByName[name];
        var (rules, set) = Load(written);
        Assert.DoesNotContain(set.Problems, p => p.IsError);
        if (written.Warns is not null) Assert.Contains(set.Problems, p => p.Code == written.Warns && p.Line > 0 && p.Message.French.Length > 0);
        else Assert.Empty(set.Problems);
        AssertSilent(written, rules, set);
        var engine = new CorrelationEngine(set, Options(written));
        var catalog = new FieldCatalog(set.RequiredFields);
        foreach (var e in written.Events) Tell(engine, rules, e, i => engine.Observe(i, e.Record(catalog), e.Identity));
        engine.Complete();
        AssertMatches(written, set, engine.Take());
        foreach (var (counter, value, _) in written.Counters?.Entries ?? []) Assert.Equal(value.Text, typeof(CorrelationCounters).GetProperty(counter)!.GetValue(engine.Counters)!.ToString());
    }

    [Theory, MemberData(nameof(Judged))]
    public void Told_backwards_or_stopped_and_restored_after_each_event_it_does_the_same(string name)
    {
        var written = ByName[name];
        if (written.Counters?["Late"]?.Text is not (null or "0")) return;
        var (rules, set) = Load(written);
        var engine = new CorrelationEngine(set, CorrelationOptions.Whole);
        var matches = ImmutableArray.CreateBuilder<CorrelationMatch>();
        foreach (var e in written.Events.Reverse())
        {
            Tell(engine, rules, e, i => engine.Observe(i, e.Captured, e.Identity));
            matches.AddRange(engine.Take());
            Assert.True(CorrelationEngine.TryRestore(set, CorrelationOptions.Whole, engine.Snapshot(), out var restored));
            engine = restored;
        }

        engine.Complete();
        matches.AddRange(engine.Take());
        AssertMatches(written, set, matches.ToImmutable());

        engine = new CorrelationEngine(set, Options(written));
        matches.Clear();
        foreach (var e in written.Events)
        {
            Tell(engine, rules, e, i => engine.Observe(i, e.Captured, e.Identity));
            matches.AddRange(engine.Take());
            Assert.True(CorrelationEngine.TryRestore(set, Options(written), engine.Snapshot(), out var restored));
            engine = restored;
        }

        engine.Complete();
        matches.AddRange(engine.Take());
        AssertMatches(written, set, matches.ToImmutable());
        Assert.Equal(0, engine.Groups);
        Assert.Equal(0, engine.Remembered);
    }

    [Theory, MemberData(nameof(Refused))]
    public void What_makes_no_sense_is_refused_with_file_line_and_reason(string name)
    {
        var written = ByName[name];
        var (rules, set) = Load(written);
        var problem = set.Problems.First(p => p.Code == written.Refused);
        Assert.True(problem.IsError);
        Assert.Equal("case.yml", problem.File);
        Assert.InRange(problem.Line, 1, written.Rules.Count(c => c == '\n') + 1);
        Assert.NotEmpty(problem.Message.French);
        Assert.True(set.Correlations.Length < written.Rules.Split("correlation:").Length - 1);
        AssertSilent(written, rules, set);
    }

    [Fact]
    public void Every_type_has_cases_that_match_and_cases_that_do_not()
    {
        foreach (var type in new[] { "event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile" })
        {
            var cases = ByName.Values.Where(c => c.Rules.Contains($"type: {type},", StringComparison.Ordinal)).ToList();
            Assert.True(cases.Count(c => c.Matches.Length > 0) >= 2, type);
            Assert.True(cases.Any(c => c.Events.Length > c.Matches.Length), type);
        }
    }

    private static CorrelationOptions Options(CorrelationCase written) => CorrelationOptions.Live with { Lateness = TimeSpan.FromSeconds((double)written.Lateness) };

    private static (ImmutableArray<SigmaRule> Rules, CorrelationSet Set) Load(CorrelationCase written)
    {
        var documents = SigmaReader.Read(written.Rules, "case.yml");
        Assert.Empty(documents.Problems);
        return (documents.Rules, CorrelationSet.Read(documents.Rules, documents.Correlations));
    }

    private static void Tell(CorrelationEngine engine, ImmutableArray<SigmaRule> rules, CaseEvent told, Action<int> observe)
    {
        for (var i = 0; i < rules.Length; i++)
        {
            if (SigmaInterpreter.Evaluate(rules[i], told.Captured).Matches) observe(i);
        }
    }

    private static void AssertSilent(CorrelationCase written, ImmutableArray<SigmaRule> rules, CorrelationSet set)
    {
        if (written.Silent is not { } silent) return;
        var found = rules.Where((_, i) => set.IsSilenced(i)).Select(r => r.Name!).Concat(set.Correlations.Where(set.IsSilenced).Select(c => c.Name!));
        Assert.Equal(silent.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static void AssertMatches(CorrelationCase written, CorrelationSet set, ImmutableArray<CorrelationMatch> found)
    {
        Assert.True(written.Matches.Length == found.Length, $"expected {written.Matches.Length}, found: {string.Join("; ", found.Select(Show))}");
        for (var i = 0; i < found.Length; i++)
        {
            foreach (var (key, value, _) in written.Matches[i].Entries) AssertMember(key, value, set, found[i]);
        }
    }

    private static void AssertMember(string key, SigmaNode value, CorrelationSet set, CorrelationMatch match)
    {
        switch (key)
        {
            case "rule": Assert.Equal(value.Text, match.Rule.Name); break;
            case "first": Assert.Equal(CorrelationCases.At(CorrelationCases.Number(value)!.Value), match.First); break;
            case "last": Assert.Equal(CorrelationCases.At(CorrelationCases.Number(value)!.Value), match.Last); break;
            case "count": Assert.Equal(CorrelationCases.Number(value), match.Count); break;
            case "value": Assert.Equal(CorrelationCases.Number(value), match.Value); break;
            case "events": Assert.Equal(CorrelationCases.Number(value), match.Events.Length); break;
            case "values": Assert.Equal(SigmaHeaderTexts(value), match.Values); break;
            case "silent": Assert.Equal(((SigmaScalar)value).Boolean, set.IsSilenced(match.Rule)); break;
            case "group":
                foreach (var (name, expected, _) in ((SigmaMap)value).Entries) Assert.Contains(KeyValuePair.Create(name, expected.Text ?? ""), match.Group);
                if (((SigmaMap)value).Entries.Length == 0) Assert.Empty(match.Group);
                break;
            default: Assert.Fail($"the battery asks for '{key}', which no match has"); break;
        }
    }

    private static IEnumerable<string> SigmaHeaderTexts(SigmaNode value) => ((SigmaList)value).Items.Select(i => ((SigmaScalar)i).Value);

    private static string Show(CorrelationMatch match) =>
        $"{match.Rule.Name} {string.Join(',', match.Group)} {(match.First - CorrelationCases.Begin).TotalSeconds}-{(match.Last - CorrelationCases.Begin).TotalSeconds} value {match.Value} count {match.Count}";
}
