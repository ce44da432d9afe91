using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Matching;
using Vigie.Engine.Sigma.Testing;
using Vigie.Tests.Architecture;

namespace Vigie.Tests.Sigma;

/// <summary>The rules that come with Vigie: <c>rules/sigma/</c>.</summary>
public sealed class OwnRulesTests
{
    private static readonly string Folder = Repository.Combine("rules", "sigma");

    private static IEnumerable<(string File, SigmaDocuments Documents)> Read() => Directory.EnumerateFiles(Folder, "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => (Path.GetRelativePath(Folder, path), SigmaReader.Read(File.ReadAllText(path), Path.GetRelativePath(Folder, path))));

    [Fact]
    public void Are_read_without_any_problem()
    {
        foreach (var (_, documents) in Read())
        {
            Assert.True(documents.Problems.Length == 0, string.Join(Environment.NewLine, documents.Problems.Select(p => $"{p.File}:{p.Line}: {p.Code} {p.Message}")));
            Assert.NotEmpty(documents.Rules);
        }
    }

    [Fact]
    public void Have_an_identity_a_technique_and_known_false_positives()
    {
        var rules = Read().SelectMany(r => r.Documents.Rules).ToList();
        Assert.True(rules.Count >= 60, $"{rules.Count} rules");
        Assert.Equal(rules.Count, rules.Select(r => r.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(rules.Count, rules.Select(r => r.Title).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        foreach (var rule in rules)
        {
            Assert.True(Guid.TryParse(rule.Id, out _), rule.File);
            Assert.Equal((rule.File, "Vigie"), (rule.File, rule.Author));
            Assert.True(rule.Techniques.Length > 0 && rule.FalsePositives.Length > 0 && rule.Description.Length > 40, rule.File);
        }
    }

    [Fact]
    public void Fire_for_their_cases_and_for_nothing_else()
    {
        var failures = new List<string>();
        foreach (var (file, documents) in Read())
        {
            var path = Path.Combine(Folder, SigmaTestFile.For(file));
            Assert.True(File.Exists(path), $"{file} has no cases");
            var tests = SigmaTestFile.Read(File.ReadAllText(path), path);
            Assert.Empty(tests.Problems.Select(p => $"{p.File}:{p.Line}: {p.Code}"));
            Assert.True(tests.Cases.Any(c => c.Matches) && tests.Cases.Any(c => !c.Matches), $"{file} needs a case that matches and one that does not");
            var correlations = CorrelationSet.Read(documents.Rules, documents.Correlations);
            var set = RuleSet.Compile(documents.Rules, new RuleSetOptions { Fields = correlations.RequiredFields });
            var results = SigmaTestRun.Run(tests, documents.Rules).AddRange(CorrelationTestRun.Run(tests, set, correlations));
            failures.AddRange(results.Where(r => !r.Passed).Select(r => $"{file}:{r.Test.Line}: {r.Test.Name}: {r.Why.English}"));
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    [Fact]
    public void Correlate_rules_that_are_there()
    {
        var all = Read().ToList();
        var rules = all.SelectMany(r => r.Documents.Rules).ToList();
        var set = CorrelationSet.Read(rules, all.SelectMany(r => r.Documents.Correlations));
        Assert.Empty(set.Problems.Select(p => $"{p.File}:{p.Line}: {p.Code}"));
        Assert.True(set.Correlations.Length >= 10, $"{set.Correlations.Length} correlations");
    }

    [Fact]
    public void Count_and_order_the_events_of_their_cases()
    {
        // Many of those in this folder are of several rules or of other correlations; their sequences test them.
        foreach (var (file, documents) in Read().Where(r => r.Documents.Correlations.Length > 0 && !r.File.StartsWith("correlation", StringComparison.Ordinal)))
        {
            var set = CorrelationSet.Read(documents.Rules, documents.Correlations);
            foreach (var correlation in set.Correlations)
            {
                var cases = Cases(file, documents.Rules, correlation, set);
                Assert.True(Fires(set, correlation, cases, Needed(correlation)), $"{correlation.Title} does not fire for as many events as it asks for");
                if (correlation.Type != CorrelationType.TemporalOrdered)
                    Assert.False(Fires(set, correlation, cases, Needed(correlation) - 1), $"{correlation.Title} fires for fewer events than it asks for");
            }
        }
    }

    [Fact]
    public void Have_for_every_correlation_sequences_that_fire_and_sequences_that_do_not()
    {
        foreach (var (file, documents) in Read().Where(r => r.Documents.Correlations.Length > 0))
        {
            var correlations = CorrelationSet.Read(documents.Rules, documents.Correlations);
            var results = CorrelationTestRun.Run(Tests(file), RuleSet.Compile(documents.Rules, new RuleSetOptions { Fields = correlations.RequiredFields }), correlations);
            foreach (var correlation in correlations.Correlations)
                Assert.Equal(2, results.Where(r => r.Correlation == correlation).Select(r => r.Test.Matches).Distinct().Count());
        }
    }

    private static SigmaTestFile Tests(string file) => SigmaTestFile.Read(File.ReadAllText(Path.Combine(Folder, SigmaTestFile.For(file))), file);

    private static int Needed(CorrelationRule correlation) => correlation.Bounds.Length == 0 ? 1 : (int)correlation.Bounds.Max(b => b.Value);

    // Of each rule that the correlation reads an event for which it fires, with all fields that the correlation asks for.
    private static List<(int Rule, CapturedEvent Event)> Cases(string file, ImmutableArray<SigmaRule> rules, CorrelationRule correlation, CorrelationSet set)
    {
        var tests = Tests(file);
        var cases = new List<(int, CapturedEvent)>();
        foreach (var reference in correlation.Rules)
        {
            var index = rules.Select((r, i) => (r, i)).Single(p => p.r.Id == reference.Text || p.r.Name == reference.Text).i;
            var fields = RuleSet.Compile([rules[index]]).Fields;
            var record = new EventRecord(new FieldCatalog([.. Enumerable.Range(0, fields.Count).Select(i => fields[i]), .. EventFields.Always, .. set.RequiredFields]));
            var test = tests.Cases.First(c => c.Matches && (c.Rule is null || c.Rule == rules[index].Id || c.Rule == rules[index].Name));
            if (test.Event is SigmaMap map)
            {
                WrittenEvent.Fill(record, map, EventClass.Unknown);
            }
            else
            {
                var content = Encoding.UTF8.GetBytes(test.Event.Text!);
                var reader = LogFormats.Recognize(content, "")!.Open(new LogReaderOptions());
                Assert.Equal(ReadStatus.Event, reader.Read(new LogWindow(content, 0, content.Length, 0, true), record).Status);
            }

            var captured = record.Capture();
            Assert.All([.. correlation.GroupBy, .. correlation.ValueFields], f => Assert.True(captured.Named(f).Any(), $"{correlation.Title}: the case has no {f}"));
            cases.Add((index, captured));
        }

        return cases;
    }

    private static bool Fires(CorrelationSet set, CorrelationRule correlation, List<(int Rule, CapturedEvent Event)> cases, int count)
    {
        var engine = new CorrelationEngine(set, new CorrelationOptions());
        var time = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < count; i++)
        {
            foreach (var (rule, captured) in cases)
            {
                time += TimeSpan.FromSeconds(1);
                var number = i.ToString(CultureInfo.InvariantCulture);
                var fields = captured.Fields.Select(f => correlation.ValueFields.Contains(f.Name) ? f with { Value = f.Value + number } : f);
                engine.Observe(rule, captured with { Time = time, Fields = [.. fields] }, $"{rule}-{number}");
            }
        }

        engine.Complete();
        return engine.Take().Any(m => m.Rule.Id == correlation.Id);
    }
}
