using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Testing;

namespace Vigie.Tests.Sigma.Testing;

public sealed class SigmaTestRunTests
{
    private const string Rule = """
        title: A shell of a web server
        id: 3a1f8f0e-6a1d-4b0e-9a55-0d2f6a7c1b10
        logsource:
            product: windows
            category: process_creation
        detection:
            selection:
                ParentImage|endswith: '\w3wp.exe'
                Image|endswith: '\cmd.exe'
            condition: selection
        """;

    [Fact]
    public void Every_event_of_a_test_is_a_case_and_is_judged()
    {
        var results = Run("""
            tests:
              - name: A shell
                match:
                  - {"ParentImage": "C:\\w3wp.exe", "Image": "C:\\cmd.exe"}
                  - ParentImage: C:\inetpub\w3wp.exe
                    Image: C:\cmd.exe
                miss: {"ParentImage": "C:\\explorer.exe", "Image": "C:\\cmd.exe"}
            """);
        Assert.Equal(3, results.Length);
        Assert.All(results, r => Assert.True(r.Passed));
    }

    [Fact]
    public void A_rule_that_does_not_do_what_the_test_says_fails_with_its_explanation()
    {
        var results = Run("""
            tests:
              - name: Wrong
                match:
                  - {"Image": "C:\\cmd.exe"}
                miss:
                  - {"ParentImage": "C:\\w3wp.exe", "Image": "C:\\cmd.exe"}
            """);
        Assert.All(results, r => Assert.False(r.Passed));
        Assert.Equal("the rule does not fire", results[0].Why.English);
        Assert.Equal("the rule fires and must not", results[1].Why.English);
        Assert.Contains(results[0].Explanation!.Conditions[0].Parts[0].Parts, p => !p.Holds && p.Why.English.Contains("ParentImage", StringComparison.Ordinal));
    }

    [Fact]
    public void The_text_of_a_log_goes_through_its_format()
    {
        const string Own = """
            title: A tool that logs JSON
            id: 3a1f8f0e-6a1d-4b0e-9a55-0d2f6a7c1b11
            logsource: {}
            detection:
                selection:
                    user.name: root
                condition: selection
            """;
        var tests = SigmaTestFile.Read("""
            format: json
            tests:
              - name: Root
                match: |
                  {"user": {"name": "amina"}}
                  {"user": {"name": "root"}}
                miss: |
                  {"user": {"name": "amina"}}
            """, "own.tests.yaml");
        var results = SigmaTestRun.Run(tests, SigmaReader.Read(Own, "own.yml").Rules);
        Assert.Equal(2, results.Length);
        Assert.All(results, r => Assert.True(r.Passed, r.Why.English));
    }

    [Theory]
    [InlineData("tests:\n  - match: [{A: 1}]\n")]
    [InlineData("tests:\n  - name: x\n")]
    [InlineData("tests:\n  - name: x\n    match: [{A: 1}]\n    expect: 1\n")]
    [InlineData("title: x\n")]
    [InlineData("tests:\n  - name: x\n    match: [[1]]\n")]
    public void A_test_of_another_form_is_reported(string text) => Assert.Contains(SigmaTestFile.Read(text, "x.tests.yaml").Problems, p => p.IsError);

    [Fact]
    public void A_test_must_say_which_rule_where_there_are_several()
    {
        var rules = SigmaReader.Read(Rule + "\n---\n" + Rule.Replace("b10", "b12", StringComparison.Ordinal), "two.yml").Rules;
        const string Tests = "tests:\n  - name: x\n    miss: [{A: 1}]\n";
        Assert.False(SigmaTestRun.Run(SigmaTestFile.Read(Tests, "two.tests.yaml"), rules)[0].Passed);
        Assert.True(SigmaTestRun.Run(SigmaTestFile.Read("rule: 3a1f8f0e-6a1d-4b0e-9a55-0d2f6a7c1b12\n" + Tests, "two.tests.yaml"), rules)[0].Passed);
    }

    [Fact]
    public void Test_cases_stand_beside_their_rule_and_are_no_rules()
    {
        Assert.Equal("a/b.tests.yaml", SigmaTestFile.For("a/b.yml"));
        Assert.True(SigmaTestFile.Is(SigmaTestFile.For("b.yaml")));
        var read = SigmaReader.Read("tests:\n  - name: x\n    match: [{A: 1}]\n", "b.tests.yaml");
        Assert.Empty(read.Rules);
        Assert.Empty(read.Problems);
    }

    private static System.Collections.Immutable.ImmutableArray<SigmaTestResult> Run(string tests)
    {
        var file = SigmaTestFile.Read(tests, "shell.tests.yaml");
        Assert.Empty(file.Problems);
        return SigmaTestRun.Run(file, SigmaReader.Read(Rule, "shell.yml").Rules);
    }
}
