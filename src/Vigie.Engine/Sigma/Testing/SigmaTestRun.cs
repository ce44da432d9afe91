using System.Collections.Immutable;
using System.Text;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Engine.Sigma.Testing;

/// <summary>Runs the test cases of rules, through the matcher that the watch uses.</summary>
public static class SigmaTestRun
{
    private static readonly DateTimeOffset Received = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs the cases of a test file against the rules of the rule file beside it; sequences are for <see cref="CorrelationTestRun"/>.</summary>
    public static ImmutableArray<SigmaTestResult> Run(SigmaTestFile tests, IReadOnlyList<SigmaRule> rules) => [.. tests.Cases.Where(test => test.Event is not SigmaList).Select(test => Run(test, rules))];

    private static SigmaTestResult Run(SigmaTestCase test, IReadOnlyList<SigmaRule> rules)
    {
        var meant = rules.Where(rule => test.Rule is null || test.Rule == rule.Id || test.Rule == rule.Name || test.Rule == rule.Title).ToList();
        if (meant is not [var rule])
        {
            return Failed(test, null, null, meant.Count == 0
                ? new Bilingual("there is no such rule beside the test", "il n'y a pas de telle règle à côté du test")
                : new Bilingual("several rules stand beside the test; say which with 'rule'", "plusieurs règles se trouvent à côté du test ; dire laquelle par « rule »"));
        }

        var set = RuleSet.Compile([rule]);
        var record = new EventRecord(set.Fields);
        return test.Event is SigmaMap fields ? RunFields(test, rule, set, record, fields) : RunLog(test, rule, set, record);
    }

    // Fields alone do not say which log they are from: they count as being of the rule's.
    private static SigmaTestResult RunFields(SigmaTestCase test, SigmaRule rule, RuleSet set, EventRecord record, SigmaMap fields)
    {
        var source = rule.Source;
        WrittenEvent.Fill(record, fields, EventClass.Of(One(source.Product), One(source.Service), One(source.Category)));
        var matched = set.CreateMatcher().Match(record).Length > 0;
        return Judge(test, rule, matched, SigmaInterpreter.Evaluate(rule, record.Capture()));

        static string[] One(string? term) => term is null ? [] : [term];
    }

    private static SigmaTestResult RunLog(SigmaTestCase test, SigmaRule rule, RuleSet set, EventRecord record)
    {
        var content = Encoding.UTF8.GetBytes(test.Event.Text!);
        var format = test.Format is { } id ? LogFormats.Find(id) : LogFormats.Recognize(content, test.LogFile);
        if (format is null) return Failed(test, rule, null, new Bilingual("no format knows this log", "aucun format ne reconnaît ce journal"));
        var reader = format.Open(new LogReaderOptions { Received = Received, FileName = test.LogFile });
        var matcher = set.CreateMatcher();
        RuleExplanation? last = null;
        for (var start = 0; start < content.Length;)
        {
            var read = reader.Read(new LogWindow(content, start, content.Length, start, IsFinal: true), record);
            if (read.Status == ReadStatus.Event)
            {
                last = SigmaInterpreter.Evaluate(rule, record.Capture());
                if (matcher.Match(record).Length > 0) return Judge(test, rule, matched: true, last);
            }
            else if (read.Consumed == 0)
            {
                break;
            }

            start += read.Consumed;
        }

        return last is null
            ? Failed(test, rule, null, new Bilingual($"no event could be read as {format.Id}", $"aucun événement n'a pu être lu comme {format.Id}"))
            : Judge(test, rule, matched: false, last);
    }

    private static SigmaTestResult Judge(SigmaTestCase test, SigmaRule rule, bool matched, RuleExplanation explanation)
    {
        if (matched != explanation.Matches)
            return Failed(test, rule, explanation, new Bilingual("matcher and interpreter disagree, which is a defect of Vigie", "le moteur et l'interpréteur se contredisent, ce qui est un défaut de Vigie"));
        if (matched == test.Matches) return new SigmaTestResult(test, rule, true, explanation, new Bilingual("as expected", "comme attendu"));
        return Failed(test, rule, explanation, matched
            ? new Bilingual("the rule fires and must not", "la règle se déclenche à tort")
            : explanation.SourceApplies
                ? new Bilingual("the rule does not fire", "la règle ne se déclenche pas")
                : new Bilingual($"the rule is for {Show(rule.Source)}, and the event is not", $"la règle vise {Show(rule.Source)}, et l'événement n'en est pas"));
    }

    private static SigmaTestResult Failed(SigmaTestCase test, SigmaRule? rule, RuleExplanation? explanation, Bilingual why) => new(test, rule, false, explanation, why);

    private static string Show(LogSource source) => string.Join('/', new[] { source.Product, source.Category, source.Service }.Where(term => term is not null));
}

/// <summary>What became of a test case.</summary>
/// <param name="Test">The case.</param>
/// <param name="Rule">The rule it is about; null when there is no such rule.</param>
/// <param name="Passed">Whether the rule did what it must.</param>
/// <param name="Explanation">Term by term; of a log with several events, of the last one looked at. Null when no event was read.</param>
/// <param name="Why">In a sentence.</param>
/// <param name="Correlation">The correlation it is about, where it is about one.</param>
public sealed record SigmaTestResult(SigmaTestCase Test, SigmaRule? Rule, bool Passed, RuleExplanation? Explanation, Bilingual Why, CorrelationRule? Correlation = null);
