using System.Collections.Immutable;
using System.Globalization;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma.Correlation;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Engine.Sigma.Testing;

/// <summary>Runs test cases of correlations: sequences of events, through the matcher and the engine that the watch uses.</summary>
public static class CorrelationTestRun
{
    /// <summary>Runs the sequences among the cases of a test file against the correlations of the rule file beside it.</summary>
    /// <param name="tests">The cases; those that are no sequences are left to <see cref="SigmaTestRun"/>.</param>
    /// <param name="set">The rules of the file, compiled with the fields that its correlations read.</param>
    /// <param name="correlations">The correlations of the file, over the rules of <paramref name="set"/>.</param>
    public static ImmutableArray<SigmaTestResult> Run(SigmaTestFile tests, RuleSet set, CorrelationSet correlations) =>
        [.. tests.Cases.Where(test => test.Event is SigmaList).Select(test => Run(test, (SigmaList)test.Event, set, correlations))];

    private static SigmaTestResult Run(SigmaTestCase test, SigmaList sequence, RuleSet set, CorrelationSet correlations)
    {
        // Where a chain has no name, what is at its end is meant.
        var meant = correlations.Correlations.Where(c => test.Rule is null ? !correlations.IsSilenced(c) : test.Rule == c.Id || test.Rule == c.Name || test.Rule == c.Title).ToList();
        if (meant is not [var correlation])
        {
            return Failed(test, null, meant.Count == 0
                ? new Bilingual("there is no such correlation beside the test", "il n'y a pas de telle corrélation à côté du test")
                : new Bilingual("several correlations stand beside the test; say which with 'rule'", "plusieurs corrélations se trouvent à côté du test ; dire laquelle par « rule »"));
        }

        var events = EventSequence.Read(sequence, out var wrong);
        if (wrong is { } why) return Failed(test, correlation, why);
        var engine = new CorrelationEngine(correlations, CorrelationOptions.Whole);
        for (var i = 0; i < events.Length; i++) Tell(engine, set, events[i], i.ToString("D6", CultureInfo.InvariantCulture));
        engine.Complete();
        var fired = engine.Take().Count(m => m.Rule.Id == correlation.Id);
        if (fired > 0 == test.Matches) return new SigmaTestResult(test, null, true, null, new Bilingual("as expected", "comme attendu"), correlation);
        return Failed(test, correlation, fired > 0
            ? new Bilingual("the correlation fires and must not", "la corrélation se déclenche à tort")
            : new Bilingual($"the correlation does not fire; {engine.Counters.Observed} events matched its rules", $"la corrélation ne se déclenche pas ; {engine.Counters.Observed} événements correspondaient à ses règles"));
    }

    private static void Tell(CorrelationEngine engine, RuleSet set, WrittenMoment moment, string identity)
    {
        var record = new EventRecord(set.Fields);
        var classes = moment.Class is { } one ? [one] : set.Rules.Select(r => ClassOf(r.Source)).Distinct();
        var told = new HashSet<int>();
        foreach (var @class in classes)
        {
            WrittenEvent.Fill(record, moment.Fields, @class);
            record.Time = moment.Time;
            foreach (var match in set.CreateMatcher().Match(record))
            {
                if (told.Add(match.Rule)) engine.Observe(match.Rule, record, identity);
            }
        }
    }

    private static EventClass ClassOf(LogSource source)
    {
        return EventClass.Of(One(source.Product), One(source.Service), One(source.Category));

        static string[] One(string? term) => term is null ? [] : [term];
    }

    private static SigmaTestResult Failed(SigmaTestCase test, CorrelationRule? correlation, Bilingual why) => new(test, null, false, null, why, correlation);
}
