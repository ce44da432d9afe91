using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;
using Vigie.Engine.Sigma.Testing;

namespace Vigie.Tests.Sigma;

public sealed class BatteryTests
{
    private static readonly EventClass Anything = EventClass.Of([], [], ["battery"]);
    private static readonly Dictionary<string, BatteryCase> ByName = Battery.Cases().ToDictionary(c => c.Name, StringComparer.Ordinal);

    public static TheoryData<string> Judged => [.. ByName.Values.Where(c => c.Refused is null).Select(c => c.Name)];

    public static TheoryData<string> Refused => [.. ByName.Values.Where(c => c.Refused is not null).Select(c => c.Name)];

    [Theory, MemberData(nameof(Judged))]
    public void The_interpreter_does_what_the_battery_says(string name)
    {
        var written = ByName[name];
        var rules = Rules(written);
        Assert.All(written.Match, e => Assert.True(Interpreted(rules, e), $"{name} must match {Show(e)}"));
        Assert.All(written.Miss, e => Assert.False(Interpreted(rules, e), $"{name} must not match {Show(e)}"));
    }

    [Theory, MemberData(nameof(Judged))]
    public void The_matcher_does_what_the_battery_says(string name)
    {
        var written = ByName[name];
        var set = RuleSet.Compile(Rules(written));
        Assert.Empty(set.Problems);
        var matcher = set.CreateMatcher();
        Assert.All(written.Match, e => Assert.True(Matched(set, matcher, e), $"{name} must match {Show(e)}"));
        Assert.All(written.Miss, e => Assert.False(Matched(set, matcher, e), $"{name} must not match {Show(e)}"));
    }

    [Theory, MemberData(nameof(Refused))]
    public void What_makes_no_sense_is_refused_with_file_line_and_reason(string name)
    {
        var written = ByName[name];
        var read = SigmaReader.Read(written.Rule, "case.yml", written.Options);
        Assert.Empty(read.Rules);
        var problem = Assert.Single(read.Problems.Where(p => p.IsError).DistinctBy(p => p.Code));
        Assert.Equal(written.Refused, problem.Code);
        Assert.Equal("case.yml", problem.File);
        Assert.InRange(problem.Line, 1, written.Rule.Count(c => c == '\n') + 1);
        Assert.NotEmpty(problem.Message.French);
    }

    [Fact]
    public void Every_case_has_a_name_of_its_own_a_paragraph_and_something_to_say()
    {
        Assert.All(ByName.Values, c => Assert.NotEmpty(c.Specification));
        Assert.All(ByName.Values, c => Assert.True(c.Refused is not null || c.Match.Length + c.Miss.Length > 0, c.Name));
    }

    [Fact]
    public void Every_modifier_has_a_case_that_matches_and_one_that_does_not()
    {
        string[] modifiers =
        [
            "contains", "startswith", "endswith", "all", "cased", "exists", "neq", "re", "i", "m", "s", "base64", "base64offset", "utf16", "utf16le", "utf16be",
            "wide", "windash", "cidr", "lt", "lte", "gt", "gte", "minute", "hour", "day", "week", "month", "year", "expand", "fieldref",
        ];
        foreach (var modifier in modifiers)
        {
            var cases = ByName.Values.Where(c => System.Text.RegularExpressions.Regex.IsMatch(c.Rule, $@"\|{modifier}\b[^\n]*:")).ToList();
            Assert.True(cases.Any(c => c.Match.Length > 0), $"{modifier} has no case that matches");
            Assert.True(cases.Any(c => c.Miss.Length > 0), $"{modifier} has no case that does not match");
        }
    }

    private static ImmutableArray<SigmaRule> Rules(BatteryCase written)
    {
        var read = SigmaReader.Read(written.Rule, "case.yml", written.Options);
        Assert.Empty(read.Problems.Where(p => p.IsError));
        if (written.Warns is not null) Assert.Contains(read.Problems, p => p.Code == written.Warns);
        Assert.NotEmpty(read.Rules);
        return read.Rules;
    }

    private static bool Interpreted(ImmutableArray<SigmaRule> rules, SigmaMap written)
    {
        var captured = Record(written, RuleSet.Compile(rules).Fields).Capture();
        return rules.Any(rule => SigmaInterpreter.Evaluate(rule, captured).Matches);
    }

    private static bool Matched(RuleSet set, RuleMatcher matcher, SigmaMap written) =>
        matcher.Match(Record(written, set.Fields)).Length > 0;

    private static EventRecord Record(SigmaMap written, FieldCatalog catalog)
    {
        var record = new EventRecord(catalog);
        WrittenEvent.Fill(record, written, Anything);
        return record;
    }

    private static string Show(SigmaMap written) => string.Join(", ", Record(written, FieldCatalog.Empty).Capture().Fields.Select(f => $"{f.Name}={f.Value}"));
}
