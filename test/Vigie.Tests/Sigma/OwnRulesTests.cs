using Vigie.Console;
using Vigie.Engine;
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
    public void Say_everything_in_French_too()
    {
        var problems = new List<SigmaProblem>();
        var rules = Read().SelectMany(r => r.Documents.Rules.Concat<SigmaHeader>(r.Documents.Correlations.Select(document => CorrelationReader.Read(document, problems)!))).ToList();
        Assert.True(rules.Count(rule => rule is CorrelationRule) >= 22 && rules.Count >= 110, $"{rules.Count} rules and correlations");
        foreach (var rule in rules)
        {
            Assert.True(rule.FrenchTitle is not null && rule.FrenchDescription is not null && rule.FalsePositives.Length == rule.FrenchFalsePositives.Length, $"{rule.File}: {rule.Title} has not everything in French");
            Assert.All(
                (Bilingual[])[rule.Titles, rule.Descriptions, .. rule.HarmlessCauses],
                said =>
                {
                    Assert.NotEqual(said.English, said.French);
                    // The apostrophe of print, and no blank before a comma or point: these are read all day.
                    Assert.DoesNotMatch(@"\p{L}'\p{L}|  |\s[,.](\s|$)|[^\s][;!?]|\p{L}:\s", said.French);
                    Assert.Equal(0, EnglishWords.Count(said));
                });
            Assert.InRange(rule.FrenchTitle!.Length, 8, 90);
            Assert.DoesNotMatch(@"\.$", rule.FrenchTitle);
        }

        Assert.Equal(rules.Count, rules.Select(rule => rule.FrenchTitle).Distinct(StringComparer.OrdinalIgnoreCase).Count());
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
}
