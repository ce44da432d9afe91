using System.Collections.Immutable;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Linting;

namespace Vigie.Tests.Sigma.Linting;

public sealed class SigmaLinterTests
{
    private const string Clean = """
        title: A rule without fault
        id: 5f0e7f3a-2f1a-4a50-9c3c-3b1f2a9a2b01
        name: clean_rule
        related:
            - id: 5f0e7f3a-2f1a-4a50-9c3c-3b1f2a9a2b02
              type: similar
        status: test
        description: x
        references:
            - https://example.org/a
        author: A, B
        date: 2026-01-31
        modified: 2026-02-28
        tags:
            - attack.t1059.001
            - attack.execution
            - attack.g0032
            - cve.2021-44228
            - car.2016-04-005
            - d3fend.d3-am
            - detection.threat-hunting
            - stp.3k
            - tlp.amber-strict
        logsource:
            category: process_creation
            product: windows
        detection:
            selection:
                Image|endswith: '\a.exe'
                CommandLine|contains|all:
                    - '-x'
                    - '-y'
            filter:
                ParentImage: null
            condition: selection and not filter
        falsepositives:
            - Unlikely
        level: high
        own_key: anything
        """;

    [Fact]
    public void A_French_title_is_as_long_as_a_title_may_be()
    {
        Assert.Empty(Check(Clean.Replace("own_key: anything", $"title_fr: {new string('é', 256)}\nfalsepositives_fr: [Peu probable]", StringComparison.Ordinal)));
        Assert.Equal("schema.text", Assert.Single(Check(Clean.Replace("own_key: anything", $"title_fr: {new string('é', 257)}", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public void A_rule_without_fault_has_no_problem() => Assert.Empty(Check(Clean));

    [Theory]
    [InlineData("title: A rule without fault\n", "", "schema.title", true)]
    [InlineData("id: 5f0e7f3a-2f1a-4a50-9c3c-3b1f2a9a2b01\n", "", "schema.id-missing", false)]
    [InlineData("id: 5f0e7f3a-2f1a-4a50-9c3c-3b1f2a9a2b01", "id: rule-7", "schema.id", true)]
    [InlineData("status: test", "status: fine", "schema.status", true)]
    [InlineData("level: high", "level: severe", "schema.level", true)]
    [InlineData("level: high\n", "", "schema.level-missing", false)]
    [InlineData("date: 2026-01-31", "date: 2026/01/31", "schema.date", true)]
    [InlineData("modified: 2026-02-28", "modified: 2026-02-30", "schema.date", true)]
    [InlineData("- attack.execution", "- Attack.Execution", "schema.tag", true)]
    [InlineData("- attack.execution", "- mitre.execution", "schema.tag-namespace", false)]
    [InlineData("- attack.execution", "- attack.t99", "schema.tag-form", false)]
    [InlineData("type: similar", "type: cousin", "schema.related", true)]
    [InlineData("    - Unlikely", "    Unlikely", "schema.list", true)]
    [InlineData("    - Unlikely", "    - Unlikely\n    - Unlikely", "schema.repeated", true)]
    [InlineData("description: x", "description: [x]", "schema.text", true)]
    [InlineData("own_key: anything", "title_fr: [x]", "schema.text", true)]
    [InlineData("own_key: anything", "title_fr: ''", "schema.text", true)]
    [InlineData("own_key: anything", "title_fr:", "schema.text", true)]
    [InlineData("own_key: anything", "description_fr: {a: b}", "schema.text", true)]
    [InlineData("own_key: anything", "falsepositives_fr: x", "schema.list", true)]
    [InlineData("own_key: anything", "falsepositives_fr: [un, deux]", "schema.list", true)]
    [InlineData("own_key: anything", "titel_fr: Un titre", "schema.key", false)]
    [InlineData("own_key: anything", "falsepositive: anything", "schema.key", false)]
    [InlineData("own_key: anything", "taxonomy: ecs", "schema.taxonomy", false)]
    [InlineData("category: process_creation", "category: Process Creation", "logsource.form", false)]
    [InlineData("category: process_creation", "category: [a]", "logsource.form", true)]
    [InlineData("Image|endswith", "image|endswith", "field.unknown", false)]
    [InlineData("ParentImage: null", "CommandLine|fieldref: Nothing", "field.unknown", false)]
    [InlineData("condition: selection and not filter", "condition: selection", "condition.unused", false)]
    [InlineData("condition: selection and not filter", "condition: selection or filter", "condition.always", false)]
    [InlineData("condition: selection and not filter", "condition: filter and not filter and selection", "condition.never", true)]
    [InlineData("ParentImage: null", "Image|re: '^(a+)+(?!x)$'", "regex.explodes", true)]
    [InlineData("ParentImage: null", "Image|re: 'a(?!x)'", "regex.backtracks", false)]
    [InlineData("ParentImage: null", "Image|base64offset: abc", "modifier.offset-alone", false)]
    [InlineData("ParentImage: null", "Image|utf16: abc", "modifier.utf16-alone", false)]
    [InlineData("ParentImage: null", "Image|expand: abc", "modifier.expand-nothing", false)]
    [InlineData("ParentImage: null", "Image|contains: '*'", "value.anything", false)]
    [InlineData("ParentImage: null", "Image: [a, b, A]", "value.repeated", false)]
    [InlineData("ParentImage: null", "UtcTime|hour: 24", "value.impossible", false)]
    [InlineData("ParentImage: null", "Image|nope: 24", "modifier.invalid", true)]
    public void Each_fault_has_its_code(string written, string fault, string code, bool isError)
    {
        Assert.Contains(written, Clean, StringComparison.Ordinal);
        var problem = Assert.Single(Check(Clean.Replace(written, fault, StringComparison.Ordinal)), p => p.Code == code);
        Assert.Equal(isError, problem.IsError);
        Assert.True(problem.Line > 0);
        Assert.NotEmpty(problem.Message.French);
    }

    [Theory]
    [InlineData("a:\n        A|exists: false\n        A|contains: x\n", "a", true)]
    [InlineData("a:\n        A: x\n    b:\n        A: [y, z]\n", "a and b", false)]
    [InlineData("a:\n        A: [x, y]\n    b:\n        A|endswith: z\n", "all of them", false)]
    [InlineData("a:\n        A|gt: 5\n        A|lt: 3\n", "a", false)]
    [InlineData("a:\n        A: null\n        A|startswith: x\n", "a", false)]
    [InlineData("a:\n        A: x\n    b:\n        A: X\n    c:\n        B: 1\n", "c and a and not 1 of b*", true)]
    [InlineData("a:\n        A: [x, y]\n    b:\n        A: x\n    c:\n        A: y\n", "a and not (b or c)", true)]
    [InlineData("a:\n        A|exists: false\n        A: x\n    b:\n        A|all: [x, y]\n", "a or b", true)]
    public void What_can_never_be_true_is_found(string detections, string condition, bool isError)
    {
        var problem = Assert.Single(Check(Rule(detections, condition)), p => p.Code == "condition.never");
        Assert.Equal(isError, problem.IsError);
    }

    [Theory]
    [InlineData("a:\n        A: x\n    b:\n        A: [x, z]\n", "a and b")]
    [InlineData("a:\n        A: x\n    b:\n        B: x\n", "a and not b")]
    [InlineData("a:\n        A|contains: x\n    b:\n        A|endswith: y\n", "a and b")]
    [InlineData("a:\n        A|gt: 5\n        A|lt: 30\n", "a")]
    [InlineData("a:\n        A: [x, y]\n    b:\n        A: x\n", "a and not b")]
    [InlineData("a:\n        A: x\n    b:\n        A: y\n", "a or b")]
    [InlineData("a:\n        A|cased: x\n    b:\n        A|cased: X\n", "a and not b")]
    public void What_can_be_true_is_left_alone(string detections, string condition) =>
        Assert.DoesNotContain(Check(Rule(detections, condition)), p => p.Code is "condition.never" or "condition.always");

    [Theory]
    [InlineData("(a+)+", true)]
    [InlineData("(a*b*)*c", true)]
    [InlineData(@"(\w+\s?)+$", true)]
    [InlineData("(a|a)*", true)]
    [InlineData("(ab|ac)+", true)]
    [InlineData("(.|b)+", true)]
    [InlineData("((a{2,})x)*", true)]
    [InlineData("(?:[a-z]+)*", true)]
    [InlineData("(ab|cd)+", false)]
    [InlineData("a+b+c*", false)]
    [InlineData("(a+){2}", false)]
    [InlineData("(abc)+[(]+", false)]
    [InlineData(@"\(a+\)+", false)]
    [InlineData("(a+)b(c+)", false)]
    [InlineData("[(a+)+]", false)]
    [InlineData("(", false)]
    public void Expressions_whose_time_can_explode_are_told_apart(string pattern, bool expected) => Assert.Equal(expected, RegexLint.CanExplode(pattern));

    [Fact]
    public void Rules_are_compared_with_each_other()
    {
        var problems = SigmaLinter.Check(
            [
                new("a.yml", Clean),
                new("b.yml", Clean.Replace("A rule without fault", "Another", StringComparison.Ordinal)),
                new("c.yml", Clean.Replace("2b01", "2b77", StringComparison.Ordinal).Replace("name: clean_rule\n", "", StringComparison.Ordinal).Replace("- '-x'\n            - '-y'", "- '-Y'\n            - '-X'", StringComparison.Ordinal)),
                new("d.yml", Clean.Replace("2b01", "2b78", StringComparison.Ordinal).Replace("name: clean_rule\n", "", StringComparison.Ordinal).Replace("'-x'", "'-z'", StringComparison.Ordinal)),
            ],
            SigmaReaderOptions.None);
        Assert.Equal(["b.yml rule.same-id", "b.yml rule.same-name", "b.yml rule.same-logic", "c.yml rule.same-logic"], problems.Select(p => $"{p.File} {p.Code}"));
    }

    [Fact]
    public void One_rule_for_several_log_sources_has_one_id()
    {
        var text = $"action: global\n{Clean.Replace("    product: windows\n", "", StringComparison.Ordinal)}\n---\nlogsource:\n    product: windows\n---\nlogsource:\n    product: linux\n";
        Assert.Equal(2, SigmaReader.Read(text, "both.yml").Rules.Length);
        Assert.Empty(Check(text));
    }

    [Fact]
    public void Public_rules_have_few_problems_and_no_errors()
    {
        var files = Directory.EnumerateFiles(ExternalData.Require("sigma/rules"), "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 7 == 0).ToList();
        var problems = SigmaLinter.Check(files.Select(f => KeyValuePair.Create(f, File.ReadAllText(f))), SigmaReaderOptions.None);
        Assert.DoesNotContain(problems, p => p.IsError);
        Assert.InRange(problems.Length, 0, files.Count / 20);
    }

    private static ImmutableArray<SigmaProblem> Check(string rule) => SigmaLinter.Check([new("rule.yml", rule)], SigmaReaderOptions.None);

    private static string Rule(string detections, string condition) => $"title: x\nid: 5f0e7f3a-2f1a-4a50-9c3c-3b1f2a9a2b01\nlevel: low\nlogsource:\n    product: own\ndetection:\n    {detections}    condition: {condition}\n";
}
