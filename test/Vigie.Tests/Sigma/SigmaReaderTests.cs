using System.Text;
using Vigie.Engine;
using Vigie.Engine.Events;
using Vigie.Engine.Findings;
using Vigie.Engine.Sigma;

namespace Vigie.Tests.Sigma;

public sealed class SigmaReaderTests
{
    [Theory]
    [InlineData("title_fr: Une règle", "Une règle")]
    [InlineData("title_fr: ''", "A rule")]
    [InlineData("title_fr: [Une, règle]", "A rule")]
    [InlineData("title_fr: {a: b}", "A rule")]
    [InlineData("other: x", "A rule")]
    public void A_French_title_is_taken_where_it_is_one_and_changes_nothing_else(string line, string title)
    {
        var plain = Assert.Single(SigmaReader.Read(Rule.Replace("id: 1b1f7f5c-8f4c-4d32-9a3e-7d6cf4f0a001\n", "", StringComparison.Ordinal), "a.yml").Rules);
        var rule = Assert.Single(SigmaReader.Read(Rule.Replace("id: 1b1f7f5c-8f4c-4d32-9a3e-7d6cf4f0a001", line, StringComparison.Ordinal), "a.yml").Rules);
        Assert.Equal(new Bilingual("A rule", title), rule.Titles);
        Assert.Equal((plain.Id, plain.Title), (rule.Id, rule.Title));
        Assert.Equal(rule.Descriptions.English, rule.Descriptions.French);
    }

    [Fact]
    public void Causes_are_paired_only_where_there_are_as_many()
    {
        static SigmaRule With(string causes) => Assert.Single(SigmaReader.Read($"title: A rule\nlogsource: {{product: windows}}\ndetection:\n  a: {{B: c}}\n  condition: a\n{causes}\n", "a.yml").Rules);
        Assert.Equal([new Bilingual("a", "x"), new Bilingual("b", "y")], With("falsepositives: [a, b]\nfalsepositives_fr: [x, y]").HarmlessCauses);
        Assert.Equal([new Bilingual("a", "a"), new Bilingual("b", "b")], With("falsepositives: [a, b]\nfalsepositives_fr: [x]").HarmlessCauses);
    }

    private const string Rule = """
        title: A rule
        id: 1b1f7f5c-8f4c-4d32-9a3e-7d6cf4f0a001
        name: a_rule
        status: test
        description: |
            Two
            lines
        references:
            - https://example.org
        author: Somebody
        date: 2025-01-01
        modified: 2026-01-01
        tags:
            - attack.execution
            - attack.t1059.001
            - attack.T1003
            - cve.2021-44228
        logsource:
            product: windows
            category: process_creation
            service: sysmon
            definition: not looked at
        detection:
            selection:
                Image: 'a'
            unused:
                Image: 'b'
            condition: selection
        fields:
            - Image
        falsepositives:
            - None
        level: critical
        """;

    [Fact]
    public void A_rule_has_all_that_it_says_about_itself()
    {
        var rule = Assert.Single(SigmaReader.Read(Rule, "folder/rule.yml").Rules);
        Assert.Equal("1b1f7f5c-8f4c-4d32-9a3e-7d6cf4f0a001", rule.Id);
        Assert.Equal("a_rule", rule.Name);
        Assert.Equal("A rule", rule.Title);
        Assert.Equal("Two\nlines\n", rule.Description);
        Assert.Equal(Severity.Critical, rule.Level);
        Assert.Equal("test", rule.Status);
        Assert.Equal(new LogSource("windows", "process_creation", "sysmon"), rule.Source);
        Assert.Equal(["T1059.001", "T1003"], rule.Techniques);
        Assert.Equal(4, rule.Tags.Length);
        Assert.Equal("2026-01-01", rule.Date);
        Assert.Equal("Somebody", rule.Author);
        Assert.Equal(["Image"], rule.Fields);
        Assert.Equal(["None"], rule.FalsePositives);
        Assert.Equal(["https://example.org"], rule.References);
        Assert.Equal(["unused"], rule.UnusedDetections);
        Assert.Equal("folder/rule.yml", rule.File);
        Assert.Equal(1, rule.Line);
    }

    [Fact]
    public void The_version_is_that_of_the_content_and_not_of_its_line_breaks()
    {
        var version = SigmaReader.Read(Rule, "a").Rules[0].Version;
        Assert.Matches("^[0-9a-f]{16}$", version);
        Assert.Equal(version, SigmaReader.Read(Rule.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n", "b").Rules[0].Version);
        Assert.NotEqual(version, SigmaReader.Read(Rule.Replace("'a'", "'c'", StringComparison.Ordinal), "a").Rules[0].Version);
    }

    [Fact]
    public void A_rule_without_id_has_one_that_stays_wherever_the_folder_lies()
    {
        var text = Rule.Replace("id: 1b1f7f5c-8f4c-4d32-9a3e-7d6cf4f0a001\n", "", StringComparison.Ordinal);
        var id = SigmaReader.Read(text, "/here/rule.yml").Rules[0].Id;
        Assert.NotEmpty(id);
        Assert.Equal(id, SigmaReader.Read(text, "/there/rule.yml").Rules[0].Id);
        Assert.NotEqual(id, SigmaReader.Read(text, "/there/other.yml").Rules[0].Id);
    }

    [Fact]
    public void Correlations_and_filters_are_handed_on_unread()
    {
        var read = SigmaReader.Read(Rule + """

            ---
            title: Many
            correlation:
                type: event_count
                rules: [a_rule]
            ---
            title: Except
            logsource: {product: windows}
            filter:
                rules: any
                selection: {User: x}
                condition: selection
            """, "file.yml");
        Assert.Empty(read.Problems);
        Assert.Single(read.Rules);
        var correlation = Assert.Single(read.Correlations);
        Assert.Equal("event_count", ((SigmaMap)correlation.Body["correlation"]!)["type"]!.Text);
        Assert.Equal(Rule.Count(c => c == '\n') + 3, correlation.Line);
        Assert.Single(read.Filters);
    }

    [Fact]
    public void A_broken_document_does_not_take_the_others_along()
    {
        var read = SigmaReader.Read(Rule + "\n---\ntitle: 'broken\n---\n" + Rule, "file.yml");
        Assert.Equal(2, read.Rules.Length);
        var problem = Assert.Single(read.Problems);
        Assert.True(problem.IsError);
        Assert.InRange(problem.Line, Rule.Count(c => c == '\n') + 2, Rule.Count(c => c == '\n') + 5);
    }

    [Fact]
    public void Problems_name_the_line_of_the_value()
    {
        var text = Rule.Replace("Image: 'b'", "Image|re:\n            - 'ok'\n            - '(bad'", StringComparison.Ordinal);
        var problem = Assert.Single(SigmaReader.Read(text, "r.yml").Problems);
        Assert.Equal("regex.invalid", problem.Code);
        Assert.Equal(text.Split('\n').Index().Single(l => l.Item.Contains("(bad", StringComparison.Ordinal)).Index + 1, problem.Line);
    }

    [Fact]
    public void Old_aggregation_is_answered_with_the_correlation_that_replaces_it()
    {
        var text = Rule.Replace("condition: selection", "timeframe: 5m\n    condition: selection | count(User) by Computer, Domain >= 10", StringComparison.Ordinal);
        var problem = Assert.Single(SigmaReader.Read(text, "r.yml").Problems);
        Assert.Equal("condition.aggregation", problem.Code);
        var yaml = problem.Message.English[problem.Message.English.LastIndexOf("correlation:\n", StringComparison.Ordinal)..];
        var body = (SigmaMap)Assert.Single(SigmaReader.Read("title: x\n" + yaml, "c.yml").Correlations).Body["correlation"]!;
        Assert.Equal("value_count", body["type"]!.Text);
        Assert.Equal(["a_rule"], SigmaHeader.Texts(body["rules"]));
        Assert.Equal(["Computer", "Domain"], SigmaHeader.Texts(body["group-by"]));
        Assert.Equal("5m", body["timespan"]!.Text);
        Assert.Equal("10", ((SigmaMap)body["condition"]!)["gte"]!.Text);
        Assert.Equal("User", ((SigmaMap)body["condition"]!)["field"]!.Text);
    }

    [Fact]
    public void An_old_near_is_answered_with_a_temporal_correlation()
    {
        var text = Rule.Replace("condition: selection", "condition: selection | near unused by Computer", StringComparison.Ordinal);
        var problem = Assert.Single(SigmaReader.Read(text, "r.yml").Problems);
        Assert.Contains("type: temporal\n", problem.Message.English, StringComparison.Ordinal);
        Assert.Contains("- Computer\n", problem.Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void A_bomb_is_refused(string text)
    {
        var read = SigmaReader.Read(text, "bomb.yml");
        Assert.Empty(read.Rules);
        Assert.Equal("yaml.invalid", Assert.Single(read.Problems).Code);
    }

    [Fact]
    public void Bounds_hold()
    {
        Assert.Equal("yaml.too-large", Assert.Single(SigmaReader.Read("a: " + new string('x', SigmaYaml.MaxDocumentLength), "f").Problems).Code);
        Assert.Equal("yaml.invalid", Assert.Single(SigmaReader.Read("a: [" + string.Concat(Enumerable.Repeat("1,", SigmaYaml.MaxNodes)) + "1]", "f").Problems).Code);
        Assert.Equal("yaml.invalid", Assert.Single(SigmaReader.Read(new string('[', 100_000), "f").Problems).Code);
        var deep = Rule.Replace("condition: selection", $"condition: {new string('(', 5000)}selection{new string(')', 5000)}", StringComparison.Ordinal);
        Assert.Equal("condition.too-long", Assert.Single(SigmaReader.Read(deep, "f").Problems).Code);
        var nots = Rule.Replace("condition: selection", $"condition: {string.Concat(Enumerable.Repeat("not ", 200))}selection", StringComparison.Ordinal);
        Assert.Equal("condition.too-deep", Assert.Single(SigmaReader.Read(nots, "f").Problems).Code);
    }

    [Fact]
    public void What_a_rule_becomes_is_bounded_and_so_is_the_time_for_it()
    {
        var windash = string.Concat(Enumerable.Range(0, 4000).Select(i => $"            - '-a{i} -b -c -d'\n"));
        Assert.Contains(SigmaReader.Read(Rule.Replace("        Image: 'a'\n", $"        Image|windash:\n{windash}", StringComparison.Ordinal), "f").Problems, p => p.Code == "value.too-many");
        var dashes = Rule.Replace("Image: 'a'", $"Image|windash: '{new string('-', 3)}{new string('x', 5000)}'", StringComparison.Ordinal);
        Assert.Equal("value.too-many", Assert.Single(SigmaReader.Read(dashes, "f").Problems).Code);
        var detections = string.Concat(Enumerable.Range(0, 5000).Select(i => $"    s{i}:\n        A: {i}\n"));
        var chosen = Rule.Replace("    condition: selection", detections + "    condition: " + string.Join(" and ", Enumerable.Repeat("1 of s*", 900)), StringComparison.Ordinal);
        Assert.Equal("condition.too-long", Assert.Single(SigmaReader.Read(chosen, "f").Problems).Code);
        var global = "action: global\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"k{i}: 1\n"));
        var collection = global + string.Concat(Enumerable.Repeat("---\na: 1\nb: 1\n", 2000));
        Assert.Contains(SigmaReader.Read(collection, "f").Problems, p => p.Code == "collection.too-large");
    }

    [Fact]
    public void Placeholders_are_bounded()
    {
        var options = new SigmaReaderOptions
        {
            Placeholders = System.Collections.Immutable.ImmutableDictionary<string, System.Collections.Immutable.ImmutableArray<string>>.Empty.Add("p", [.. Enumerable.Range(0, 200).Select(i => $"v{i}")]),
        };
        var text = Rule.Replace("Image: 'a'", "Image|expand: '%p%%p%%p%'", StringComparison.Ordinal);
        Assert.Equal("value.too-many", Assert.Single(SigmaReader.Read(text, "f", options).Problems).Code);
    }

    [Fact]
    public void All_public_rules_can_be_read()
    {
        var root = ExternalData.Require("sigma");
        var files = Directory.EnumerateDirectories(root, "rules*").SelectMany(d => Directory.EnumerateFiles(d, "*.yml", SearchOption.AllDirectories)).ToList();
        var read = files.AsParallel().Select(f => SigmaReader.Read(File.ReadAllText(f), f)).ToList();
        Assert.Equal([], read.SelectMany(r => r.Problems).Where(p => p.IsError));
        Assert.Equal(files.Count, read.Sum(r => r.Rules.Length));
        Assert.All(read.SelectMany(r => r.Rules), r => Assert.True(Guid.TryParse(r.Id, out _)));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Mutated_rules_never_make_the_reader_throw(int seed)
    {
        var random = new Random(seed);
        string[] pieces = ["|", ":", "- ", "\n", "    ", "'", "\"", "[", "{", "]", "}", "*", "&a ", "*a", "%", "\\", "#", "---\n", "...\n", "!!binary ", "? ", ">", "null", "~", "\t", "\0", "\uFFFE", "é", "😀", "\uD800", "of", "not ", "(", ")", "1 of them", "|re", "|base64offset", "|windash", "|cidr", "action: repeat\n", "action: global\n"];
        for (var round = 0; round < 500; round++)
        {
            var text = new StringBuilder(random.Next(4) == 0 ? Rule + "\n---\n" + Rule : Rule);
            for (var change = random.Next(1, 8); change > 0 && text.Length > 1; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
                    case 1: text.Insert(at, pieces[random.Next(pieces.Length)]); break;
                    case 2: text[at] = (char)random.Next(1, 256); break;
                    default: text.Length = Math.Max(1, at); break;
                }
            }

            var written = text.ToString();
            var read = SigmaReader.Read(written, "f.yml");
            Assert.All(read.Problems, p => Assert.InRange(p.Line, 1, written.Count(c => c == '\n') + 2));
            Vigie.Engine.Sigma.Linting.SigmaLinter.Check([new("f.yml", written)], SigmaReaderOptions.None);
            Vigie.Engine.Sigma.Testing.SigmaTestFile.Read(written, "f.tests.yaml");
        }
    }
}
