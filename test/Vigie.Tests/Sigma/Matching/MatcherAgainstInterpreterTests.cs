using System.Text;
using System.Text.Json;
using Vigie.Engine.Events;
using Vigie.Engine.Formats;
using Vigie.Engine.Formats.Json;
using Vigie.Engine.Formats.Windows;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;

namespace Vigie.Tests.Sigma.Matching;

/// <summary>The matcher has all the cleverness, the interpreter none; they must never differ.</summary>
public sealed class MatcherAgainstInterpreterTests
{
    private static readonly string[] Names = ["A", "B", "C", "D.E", "D.F", "D"];

    private static readonly string[] Pieces =
    [
        "cmd", ".exe", "\\", "/c ", "Power", "SHELL", "é", "É", "Σ", "ς", "😀", "\u212A", "ß", "*", "?", "\r\n", "\"", "'", " ", "0", "12", "-", "abcd", "longer words", "\\\\", "x",
    ];

    private static readonly string[] Wholes =
        ["", "true", "false", "12", "12.0", "-3e2", "10.0.0.7", "192.168.1.1", "fe80::1%3", "::ffff:10.0.0.7", "2026-03-04T17:20:00Z", "2026-12-31", "powershell.exe", "null"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void They_agree_on_random_rules_and_events(int seed)
    {
        var random = new Random(seed);
        var (asked, held) = (0, 0);
        for (var round = 0; round < 25; round++)
        {
            var rules = Enumerable.Range(0, random.Next(1, 40)).Select(_ => Written.Rule([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Condition(random, 3))])).ToArray();
            var set = RuleSet.Compile(rules);
            var matcher = set.CreateMatcher();
            var record = new EventRecord(set.Fields);
            for (var i = 0; i < 40; i++)
            {
                var json = Encoding.UTF8.GetBytes(Document(random));
                Read(json, record);
                var untouched = matcher.Match(record).ToArray();
                var captured = record.Capture();
                Assert.Equal(untouched, matcher.Match(record).ToArray());
                var expected = Expected(rules, captured);
                if (!expected.SequenceEqual(untouched)) Assert.Fail(Difference(rules, expected, untouched, json));
                asked += rules.Length;
                held += expected.Count;
            }
        }

        Assert.InRange(held, asked / 20, asked * 19 / 20);
    }

    [Fact]
    public void They_agree_on_public_rules_and_recorded_events()
    {
        var rules = Directory.GetFiles(ExternalData.Require("sigma/rules"), "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where((_, i) => i % 3 == 0).SelectMany(f => SigmaReader.Read(File.ReadAllText(f), f).Rules).ToArray();
        var set = RuleSet.Compile(rules);
        var matcher = set.CreateMatcher();
        var record = new EventRecord(set.Fields);
        var events = 0;
        foreach (var file in Directory.GetFiles(ExternalData.Require("sigma/regression_data"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Read(File.ReadAllBytes(file), record);
            if (record.Class == EventClass.Unknown) WindowsEvents.Classify(record);
            var matches = matcher.Match(record).ToArray();
            Assert.Equal(Expected(rules, record.Capture()), matches);
            events++;
        }

        Assert.True(events > 50, $"{events} events");
    }

    private static List<RuleMatch> Expected(SigmaRule[] rules, CapturedEvent captured)
    {
        var matches = new List<RuleMatch>();
        for (var rule = 0; rule < rules.Length; rule++)
        {
            if (!captured.Class.Covers(rules[rule].Source)) continue;
            var explanation = SigmaInterpreter.Evaluate(rules[rule], captured);
            for (var condition = 0; condition < explanation.Conditions.Length; condition++)
            {
                if (explanation.Conditions[condition].Holds) matches.Add(new RuleMatch(rule, condition));
            }
        }

        return matches;
    }

    private static string Difference(SigmaRule[] rules, List<RuleMatch> expected, RuleMatch[] actual, byte[] json)
    {
        var first = expected.Except(actual).Concat(actual.Except(expected)).First();
        return $"{(expected.Contains(first) ? "missed" : "wrongly matched")}: {rules[first.Rule].Conditions[first.Condition]}\non {Encoding.UTF8.GetString(json)}";
    }

    private static void Read(byte[] json, EventRecord record)
    {
        var result = new JsonReader(new LogReaderOptions()).Read(new LogWindow(json, 0, json.Length, 0, true), record);
        Assert.Equal(ReadStatus.Event, result.Status);
    }

    private static Term Condition(Random random, int depth) => random.Next(depth > 0 ? 9 : 5) switch
    {
        < 4 => new Term.Field(Names[random.Next(Names.Length)], Test(random, true), 1),
        4 => new Term.Keyword(Test(random, false), 1),
        5 or 6 => new Term.And([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Condition(random, depth - 1))]),
        7 => new Term.Or([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Condition(random, depth - 1))]),
        _ => random.Next(12) == 0 ? new Term.Constant(random.Next(2) == 0, "so") : new Term.Not(new Term.Named("n", Condition(random, depth - 1))),
    };

    private static ValueTest Test(Random random, bool ofField) => random.Next(ofField ? 16 : 12) switch
    {
        < 10 => new ValueTest.Text(Pattern(random), random.Next(5) == 0),
        10 => new ValueTest.Regex(random.Next(3) == 0 ? @"^\w+\.exe$|cmd" : @"(?:powers?hell|abcd).{0,3}x?", random.Next(2) == 0, false, random.Next(2) == 0),
        11 => FieldAddress.TryNetwork(random.Next(2) == 0 ? "10.0.0.0/8" : "fe80::/10")!,
        12 => new ValueTest.Number((Comparison)random.Next(5), random.Next(2) == 0 ? 12 : -300),
        13 => new ValueTest.Date((DatePart)random.Next(6), (Comparison)random.Next(5), random.Next(60)),
        14 => new ValueTest.FieldReference(Names[random.Next(Names.Length)], (ReferenceMatch)random.Next(4), random.Next(2) == 0),
        _ => random.Next(2) == 0 ? new ValueTest.Null() : new ValueTest.Exists(random.Next(2) == 0),
    };

    private static TextPattern Pattern(Random random)
    {
        if (random.Next(6) == 0) return TextPattern.Literal(Wholes[random.Next(Wholes.Length)]);
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(6) switch
        {
            0 => PatternPart.AnyOne,
            1 => PatternPart.AnyMany,
            _ => PatternPart.Of(Text(random, 3)),
        });
        return random.Next(4) switch
        {
            0 => TextPattern.Of([PatternPart.AnyMany, .. parts]),
            1 => TextPattern.Of([.. parts, PatternPart.AnyMany]),
            2 => TextPattern.Of([PatternPart.AnyMany, .. parts, PatternPart.AnyMany]),
            _ => TextPattern.Of(parts),
        };
    }

    private static string Document(Random random)
    {
        var members = Names.Where(n => n.Length == 1 && n != "D" && random.Next(4) > 0).Select(n => $"\"{n}\":{Value(random)}").ToList();
        if (random.Next(3) > 0) members.Add($"\"D\":{(random.Next(5) == 0 ? Value(random) : $"{{\"E\":{Value(random)},\"G\":{Value(random)}}}")}");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string Value(Random random) => random.Next(12) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(2) == 0 ? "12" : "-3e2",
        3 => $"[{string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(random)))}]",
        4 => JsonSerializer.Serialize(Wholes[random.Next(Wholes.Length)]),
        5 => $"\"{Text(random, 4).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\r\n", "\\r\\n", StringComparison.Ordinal)}\"",
        _ => JsonSerializer.Serialize(Text(random, 6)),
    };

    private static string Text(Random random, int most)
    {
        var text = string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        return random.Next(3) == 0 ? text.ToUpperInvariant() : text;
    }
}
