using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Matching;
using Vigie.Engine.Sigma.Pipelines;
using Vigie.Engine.Sigma.Testing;

namespace Vigie.Tests.Sigma.Pipelines;

public sealed class PipelineBatteryTests
{
    private static readonly Dictionary<string, SigmaMap> ByName = Cases().ToDictionary(c => c["name"]!.Text!, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. ByName.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Pipelines_do_what_the_battery_says(string name)
    {
        var written = ByName[name];
        var problems = new List<SigmaProblem>();
        var pipelines = SigmaPipelineReader.Read(written["pipeline"]!.Text!, "pipeline.yml", problems);
        Assert.All(problems, p => Assert.True(p.File == "pipeline.yml" && p.Line > 0 && p.Message.French.Length > 0));
        if (written["error"]?.Text is { } error)
        {
            Assert.Empty(pipelines);
            Assert.Contains(problems, p => p.IsError && p.Code == error);
            return;
        }

        Assert.DoesNotContain(problems, p => p.IsError);
        if (written["warns"]?.Text is { } warns) Assert.Equal(warns, Assert.Single(problems).Code);
        var set = new PipelineSet(pipelines);
        var rule = Assert.Single(SigmaReader.Read((written["rule"] ?? Root()["rule"])!.Text!, "rule.yml", set.With(SigmaReaderOptions.None)).Rules);
        var applied = set.Apply(rule, out var problem);
        Assert.Equal(written["refused"]?.Text, problem?.Code);
        Assert.Equal(applied is null, problem is not null);
        if (applied is not null) Judge(written, applied);
    }

    [Fact]
    public void A_rule_that_is_changed_is_another_version_and_one_that_is_not_is_the_same_object()
    {
        var rule = Assert.Single(SigmaReader.Read(Root()["rule"]!.Text!, "rule.yml").Rules);
        Assert.Same(rule, Set("Only for the log source that a condition names").Apply(rule, out _));
        var mapped = Set("Field names are mapped").Apply(rule, out _)!;
        Assert.NotEqual(rule.Version, mapped.Version);
        Assert.Equal(["process.executable", "user.name"], mapped.Fields);
        Assert.Equal("process.executable", Set("Field names are mapped").FieldOf(rule, "Image"));
        Assert.Equal("Computer", Set("Field names are mapped").FieldOf(rule, "Computer"));
        Assert.Equal("exe", Set("One field to several, either of which is enough").FieldOf(rule, "Image"));
    }

    [Fact]
    public void No_text_makes_reading_or_applying_throw()
    {
        var random = new Random(11);
        var rule = Assert.Single(SigmaReader.Read(Root()["rule"]!.Text!, "rule.yml").Rules);
        var texts = ByName.Values.Select(c => c["pipeline"]!.Text!).ToList();
        for (var i = 0; i < 800; i++)
        {
            var text = texts[random.Next(texts.Count)].ToCharArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--) text[random.Next(text.Length)] = ":{}[]-'\"*\\|\n a0"[random.Next(15)];
            var problems = new List<SigmaProblem>();
            var pipelines = SigmaPipelineReader.Read(new string(text), "pipeline.yml", problems);
            var applied = new PipelineSet(pipelines).Apply(rule, out var problem);
            Assert.Equal(applied is null, problem is not null);
        }
    }

    private static void Judge(SigmaMap written, SigmaRule applied)
    {
        var source = (written["source"]?.Text ?? "windows/process_creation/").Split('/');
        var @class = EventClass.Of([source[0]], Terms(source[2]), Terms(source[1]));
        var set = RuleSet.Compile([applied]);
        var matcher = set.CreateMatcher();
        foreach (var (key, expected) in new[] { ("match", true), ("miss", false) })
        {
            foreach (var e in written[key] is SigmaList events ? events.Items.Cast<SigmaMap>() : [])
            {
                Assert.Equal(expected, SigmaInterpreter.Evaluate(applied, Record(e, FieldCatalog.Empty, @class).Capture()).Matches);
                Assert.Equal(expected, matcher.Match(Record(e, set.Fields, @class)).Length > 0);
            }
        }
    }

    private static string[] Terms(string term) => term.Length == 0 ? [] : [term];

    private static EventRecord Record(SigmaMap written, FieldCatalog catalog, EventClass @class)
    {
        var record = new EventRecord(catalog);
        WrittenEvent.Fill(record, written, @class);
        return record;
    }

    private static PipelineSet Set(string name) => new(SigmaPipelineReader.Read(ByName[name]["pipeline"]!.Text!, "pipeline.yml", []));

    private static SigmaMap Root() => SigmaYaml.Read(File.ReadAllText(Path.Combine(Battery.Folder, "pipeline-rules.yaml")), "pipeline-rules.yaml", []).Single().Root;

    private static IEnumerable<SigmaMap> Cases() => ((SigmaList)Root()["cases"]!).Items.Cast<SigmaMap>();
}
