using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;
using static Vigie.Tests.Sigma.Matching.Written;

namespace Vigie.Tests.Sigma.Matching;

public sealed class RuleMatcherTests
{
    [Theory]
    [InlineData("whoami", "WhoAmI", true)]
    [InlineData("whoami", "whoami ", false)]
    [InlineData("*whoami*", @"C:\Windows\System32\WHOAMI.exe /all", true)]
    [InlineData("*whoami*", "who ami", false)]
    [InlineData("*who", "I wonder WHO", true)]
    [InlineData("who*", "WHOever", true)]
    [InlineData("*a*", "bAb", true)]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("?", "é", true)]
    [InlineData("?", "😀", true)]
    [InlineData("?", "", false)]
    [InlineData("??", "é", false)]
    [InlineData("a*long middle?part*z", "A lot of LONG MIDDLE-PART and so on to Z", true)]
    [InlineData("a*long middle?part*z", "a lot of long middlepart and so on to z", false)]
    [InlineData("*line*end", "line\r\nbreaks before the END", true)]
    [InlineData("*ÉTÉ*", "cet été-là", true)]
    [InlineData("*kilo*", "\u212AILO", true)]
    public void Finds_text_as_the_pattern_says(string pattern, string value, bool expected)
    {
        Assert.Equal(expected, Matches(Field("F", pattern), ("F", value)));
        Assert.Equal(expected, Matches(Keyword(pattern), ("F", value)));
    }

    [Fact]
    public void Tells_upper_from_lower_case_where_asked()
    {
        Assert.True(Matches(Field("F", "*PowerShell*", cased: true), ("F", "a PowerShell b")));
        Assert.False(Matches(Field("F", "*PowerShell*", cased: true), ("F", "a powershell b")));
    }

    [Fact]
    public void One_of_several_values_is_enough()
    {
        Assert.True(Matches(Field("F", "second"), ("F", "first"), ("F", "second")));
        Assert.False(Matches(Not(Field("F", "second")), ("F", "first"), ("F", "second")));
    }

    [Fact]
    public void A_missing_field_passes_only_the_tests_for_missing_fields()
    {
        Assert.True(Matches(Field("F", new ValueTest.Null()), ("G", "x")));
        Assert.True(Matches(Field("F", new ValueTest.Null()), ("F", null)));
        Assert.False(Matches(Field("F", new ValueTest.Null()), ("F", "x")));
        Assert.True(Matches(Field("F", new ValueTest.Exists(true)), ("F", null)));
        Assert.True(Matches(Field("F", new ValueTest.Exists(false)), ("G", "x")));
        Assert.False(Matches(Field("F", "*"), ("F", null)));
        Assert.True(Matches(Not(Field("F", "*"))));
    }

    [Theory]
    [InlineData("10.0.0.0", 104, "10.200.3.4", true)]
    [InlineData("10.0.0.0", 104, "11.0.0.1", false)]
    [InlineData("10.0.0.0", 104, "::ffff:10.1.1.1", true)]
    [InlineData("fe80::", 10, "fe80::1%eth0", true)]
    [InlineData("fe80::", 10, "fec0::1", false)]
    [InlineData("2001:db8::", 32, "2001:DB8:0:0:1::8", true)]
    [InlineData("2001:db8::", 32, "no address", false)]
    public void Finds_addresses_in_networks(string network, int prefix, string value, bool expected)
    {
        var bytes = System.Net.IPAddress.Parse(network).MapToIPv6().GetAddressBytes();
        Assert.Equal(expected, Matches(Field("F", new ValueTest.Cidr([.. bytes], prefix, network)), ("F", value)));
    }

    [Fact]
    public void Compares_numbers_and_fields_and_finds_expressions()
    {
        Assert.True(Matches(Field("F", new ValueTest.Number(Comparison.Greater, 10)), ("F", "10.5")));
        Assert.False(Matches(Field("F", new ValueTest.Number(Comparison.Greater, 10)), ("F", "ten")));
        Assert.True(Matches(Field("F", new ValueTest.FieldReference("G", ReferenceMatch.EndsWith, false)), ("F", @"C:\a\B.exe"), ("G", @"\b.EXE")));
        Assert.True(Matches(Field("F", new ValueTest.Regex(@"^\w+-\d{3}$", false, false, false)), ("F", "abc-123")));
        Assert.False(Matches(Field("F", new ValueTest.Regex(@"(a)\1{3}", false, false, false)), ("F", "aaa")));
    }

    [Fact]
    public void Only_rules_for_the_log_source_are_asked()
    {
        var set = RuleSet.Compile([Rule(new LogSource("windows", "process_creation", null), Field("F", "*")), Rule(new LogSource("linux", null, null), Field("F", "*"))]);
        var record = Record(set, ProcessCreation, ("F", "x"));
        Assert.Equal([new RuleMatch(0, 0)], set.CreateMatcher().Match(record).ToArray());
    }

    [Fact]
    public void Each_condition_is_a_match_of_its_own_and_they_come_in_order()
    {
        var set = RuleSet.Compile([Rule(Not(Field("F", "gamma"))), Rule(Field("F", "alpha"), Field("F", "beta*"), Field("F", "*alpha*"))]);
        Assert.Equal([new RuleMatch(0, 0), new RuleMatch(1, 0), new RuleMatch(1, 2)], set.CreateMatcher().Match(Record(set, ProcessCreation, ("F", "alpha"))).ToArray());
    }

    [Fact]
    public void Evaluates_only_rules_whose_literals_occur()
    {
        var rules = Enumerable.Range(0, 1000).Select(i => Rule(All(Field("Image", @"*\powershell.exe"), Field("CommandLine", $"*-argument{i:0000}-*"))));
        var set = RuleSet.Compile(rules);
        var matcher = set.CreateMatcher();
        var matches = matcher.Match(Record(set, ProcessCreation, ("Image", @"C:\Windows\PowerShell.EXE"), ("CommandLine", "x -Argument0217- -argument0000"))).ToArray();
        Assert.Equal([new RuleMatch(217, 0)], matches);
        Assert.Equal(1, matcher.Evaluated);
        matcher.PublishCounts();
        Assert.Equal(new RuleCount(1, 1, 0), set.CountOf(217));
        Assert.Equal(default, set.CountOf(3));
    }

    [Fact]
    public void Adds_up_what_rules_cost_when_there_is_a_clock()
    {
        var now = 0L;
        var set = RuleSet.Compile([Rule(Field("F", "*"))], new RuleSetOptions { Clock = () => now += 5 });
        var matcher = set.CreateMatcher();
        var record = Record(set, ProcessCreation, ("F", "x"));
        matcher.Match(record);
        matcher.PublishCounts();
        Assert.Equal(5 * 16, set.CountOf(0).Cost);
        for (var i = 0; i < 16; i++) matcher.Match(record);
        matcher.PublishCounts();
        Assert.Equal(2 * 5 * 16, set.CountOf(0).Cost);
    }

    [Fact]
    public void Gives_catastrophic_expressions_up_and_counts_them()
    {
        var set = RuleSet.Compile([Rule(Field("F", new ValueTest.Regex(@"^(a+)+(?!b)$", false, false, false)))]);
        Assert.Empty(set.CreateMatcher().Match(Record(set, ProcessCreation, ("F", new string('a', 60) + "!"))).ToArray());
        Assert.Equal(1, set.RegexTimeouts);
    }

    [Fact]
    public void Allocates_nothing_for_events_that_match_nothing()
    {
        var rules = Enumerable.Range(0, 200).Select(i => Rule(All(Field("Image", $@"*\tool{i}.exe"), Any(Field("CommandLine", $"*-argument{i:0000}-*"), Field("CommandLine", new ValueTest.Regex($"x{i}y+", false, false, false))), Not(Field("User", "*svc*")))));
        var set = RuleSet.Compile(rules.Append(Rule(Keyword("*never seen*"))));
        var matcher = set.CreateMatcher();
        var record = new EventRecord(set.Fields);
        (string, string?)[] fields = [("Image", @"C:\Élan\tool7.exe"), ("CommandLine", "x7x -argument0008-"), ("User", "someone"), ("Other", "x")];
        Fill(record, ProcessCreation, fields);
        for (var i = 0; i < 100; i++) Assert.Equal(0, matcher.Match(record).Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) matcher.Match(record);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Refuses_records_of_another_set()
    {
        var set = RuleSet.Compile([Rule(Field("F", "*"))]);
        Assert.Throws<ArgumentException>(() => set.CreateMatcher().Match(new EventRecord(new FieldCatalog(["F"]))));
    }

    [Fact]
    public void Refuses_conditions_too_deep_to_evaluate()
    {
        var term = Field("F", "*");
        for (var i = 0; i < 1000; i++) term = i % 2 == 0 ? Not(term) : All(term, Field("G", "*"));
        var set = RuleSet.Compile([Rule(term), Rule(Field("F", "x"))]);
        Assert.Equal(0, Assert.Single(set.Problems).Rule);
        Assert.Equal([new RuleMatch(1, 0)], set.CreateMatcher().Match(Record(set, ProcessCreation, ("F", "x"))).ToArray());
    }

    private static bool Matches(Term condition, params (string Name, string? Value)[] fields)
    {
        var set = RuleSet.Compile([Rule(condition)]);
        return set.CreateMatcher().Match(Record(set, ProcessCreation, fields)).Length > 0;
    }
}
