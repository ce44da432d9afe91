using Vigie.Engine;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Tests.Watches.Logs.Rules;

public sealed class RuleLoaderTests : IDisposable
{
    private const string Every = """
        title: Everything a rule can ask
        title_fr: Tout ce qu’une règle peut demander
        description: At length
        description_fr: En détail
        id: 5f3c6d1e-0a47-4a55-9d3c-0d7b1f1f0a77
        name: everything
        status: test
        tags: [attack.t1059.001, attack.execution]
        references: [https://example.org/a]
        falsepositives: [drills]
        falsepositives_fr: [exercices]
        logsource: {product: windows, category: process_creation, service: sysmon}
        detection:
            texts:
                A|contains|all: ['x', 'y?z*']
                B|endswith|cased: '\End'
            numbers:
                C|gte: 4.5
                D|cidr: ['10.0.0.0/8', 'fe80::/10']
                E|re|i: '^a.*b$'
            others:
                F: null
                G|exists: false
                H|fieldref|endswith: A
                I|hour|lt: 7
                J|expand: '%names%'
            words: ['one', 'two']
            condition: (texts and not numbers) or 1 of o* or words
        level: critical
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_rule_out_of_the_cache_is_the_rule_out_of_its_file()
    {
        _folder.Write("rules/every.yml", Every);
        var first = RuleLoader.Load(Selection(), TestContext.Current.CancellationToken);
        Assert.True(File.Exists(_folder.Combine("cache", "rules.bin")));
        var second = RuleLoader.Load(Selection(), TestContext.Current.CancellationToken);
        var (read, kept) = (Assert.Single(first.Rules), Assert.Single(second.Rules));
        Assert.Equal(read.Conditions.Select(c => Shown(c)), kept.Conditions.Select(c => Shown(c)));
        Assert.Equal((read.Id, read.Name, read.Title, read.Level, read.Status, read.Source, read.File, read.Line, read.Version), (kept.Id, kept.Name, kept.Title, kept.Level, kept.Status, kept.Source, kept.File, kept.Line, kept.Version));
        Assert.Equal(("Tout ce qu’une règle peut demander", "En détail", new Bilingual("drills", "exercices")), (kept.Titles.French, kept.Descriptions.French, Assert.Single(kept.HarmlessCauses)));
        Assert.Equal(read.Tags, kept.Tags);
        Assert.Equal(read.Techniques, kept.Techniques);
        Assert.Equal(first.Problems.Select(p => p.ToString()), second.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void The_public_rules_out_of_the_cache_are_the_rules_out_of_their_files()
    {
        var selection = Selection() with { Paths = [ExternalData.Require("sigma/rules")] };
        var first = RuleLoader.Load(selection, TestContext.Current.CancellationToken);
        var second = RuleLoader.Load(selection, TestContext.Current.CancellationToken);
        Assert.NotEmpty(first.Rules);
        Assert.Equal(first.Rules.Select(r => string.Concat(r.Conditions.Select(Shown))), second.Rules.Select(r => string.Concat(r.Conditions.Select(Shown))));
        Assert.Equal(first.Problems.Select(p => p.ToString()), second.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_damaged_cache_is_as_good_as_none()
    {
        _folder.Write("rules/every.yml", Every);
        RuleLoader.Load(Selection(), TestContext.Current.CancellationToken);
        var cache = _folder.Combine("cache", "rules.bin");
        var sound = File.ReadAllBytes(cache);
        var random = new Random(8);
        for (var round = 0; round < 30; round++)
        {
            var bytes = sound.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(cache, random.Next(2) == 0 ? bytes : bytes[..random.Next(bytes.Length)]);
            Assert.Equal("Everything a rule can ask", Assert.Single(RuleLoader.Load(Selection(), TestContext.Current.CancellationToken).Rules).Title);
        }
    }

    [Fact]
    public void Another_value_of_a_placeholder_is_another_rule()
    {
        _folder.Write("rules/every.yml", Every);
        var one = RuleLoader.Load(Selection("x"), TestContext.Current.CancellationToken);
        var two = RuleLoader.Load(Selection("y"), TestContext.Current.CancellationToken);
        Assert.NotEqual(Shown(one.Rules[0].Conditions[0]), Shown(two.Rules[0].Conditions[0]));
    }

    [Fact]
    public void A_changed_file_is_read_again_and_a_missing_folder_is_named()
    {
        var file = _folder.Write("rules/every.yml", Every);
        var before = RuleLoader.Load(Selection(), TestContext.Current.CancellationToken);
        File.WriteAllText(file, Every.Replace("Everything", "All of what", StringComparison.Ordinal));
        var after = RuleLoader.Load(Selection() with { Paths = [_folder.Combine("rules"), _folder.Combine("absent")] }, TestContext.Current.CancellationToken);
        Assert.Equal("All of what a rule can ask", Assert.Single(after.Rules).Title);
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
        Assert.Contains(after.Problems, problem => problem.Code == "file.not-read" && problem.File.EndsWith("absent", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_two_rules_with_one_id_the_first_path_counts_and_the_other_is_named()
    {
        _folder.Write("mine/a.yml", Every.Replace("Everything", "My own of what", StringComparison.Ordinal));
        _folder.Write("rules/every.yml", Every);
        var rules = RuleLoader.Load(Selection() with { Paths = [_folder.Combine("mine"), _folder.Combine("rules")] }, TestContext.Current.CancellationToken);
        Assert.Equal("My own of what a rule can ask", Assert.Single(rules.Rules).Title);
        Assert.Contains(rules.Problems, problem => problem.Code == "rule.replaced" && !problem.IsError);
    }

    // Records hold arrays, which compare by reference: what they say is compared.
    private static string Shown(Vigie.Engine.Sigma.Term term) => System.Text.Json.JsonSerializer.Serialize<object>(Plain(term));

    private static object Plain(object? value) => value switch
    {
        null => "null",
        string or bool or int or decimal or Enum or byte => value,
        System.Collections.IEnumerable list => list.Cast<object>().Select(Plain).ToList(),
        _ => value.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && !p.GetMethod!.IsStatic).OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => (object)new[] { p.Name, Plain(p.GetValue(value)) }).Prepend(value.GetType().Name).ToList(),
    };

    private RuleSelection Selection(string name = "alice") => new()
    {
        Paths = [_folder.Combine("rules")],
        CacheDirectory = _folder.Combine("cache"),
        Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["names"] = [name] },
    };
}
