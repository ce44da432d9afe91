using System.Collections.Immutable;
using Vigie.Engine.Events;
using Vigie.Engine.Sigma;
using Vigie.Engine.Sigma.Filters;
using Vigie.Engine.Sigma.Matching;
using Vigie.Engine.Sigma.Testing;

namespace Vigie.Tests.Sigma.Filters;

public sealed class FilterBatteryTests
{
    private static readonly EventClass Process = EventClass.Of(["windows"], [], ["process_creation"]);
    private static readonly Dictionary<string, SigmaMap> ByName = Cases().ToDictionary(c => c["name"]!.Text!, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. ByName.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Filters_do_what_the_battery_says(string name)
    {
        var written = ByName[name];
        var rules = SigmaReader.Read(Root()["rule"]!.Text!, "rules.yml").Rules;
        var read = SigmaReader.Read(written["filter"]!.Text!, "filter.yml");
        Assert.Empty(read.Problems);
        var filters = FilterSet.Read(rules, read.Filters, SigmaReaderOptions.None);
        if (written["refused"]?.Text is { } refused) Assert.Equal(refused, Assert.Single(filters.Problems, p => p.IsError && p.Line > 0 && p.File == "filter.yml").Code);
        else Assert.DoesNotContain(filters.Problems, p => p.IsError);
        if (written["warns"]?.Text is { } warns) Assert.Equal(warns, Assert.Single(filters.Problems).Code);

        ImmutableArray<SigmaRule> filtered = [.. rules.Select(filters.Apply)];
        var set = RuleSet.Compile(filtered);
        var matcher = set.CreateMatcher();
        foreach (var (key, expected) in new[] { ("match", true), ("miss", false) })
        {
            foreach (var e in written[key] is SigmaList events ? events.Items.Cast<SigmaMap>() : [])
            {
                var captured = Record(e, FieldCatalog.Empty).Capture();
                Assert.Equal(expected, filtered.Any(r => SigmaInterpreter.Evaluate(r, captured).Matches));
                Assert.Equal(expected, matcher.Match(Record(e, set.Fields)).Length > 0);
            }
        }
    }

    [Fact]
    public void A_filtered_rule_is_another_version_of_it_and_an_unfiltered_one_the_same_object()
    {
        var rules = SigmaReader.Read(Root()["rule"]!.Text!, "rules.yml").Rules;
        var filters = FilterSet.Read(rules, SigmaReader.Read(ByName["Rules that are not named are not filtered"]["filter"]!.Text!, "filter.yml").Filters, SigmaReaderOptions.None);
        var filtered = filters.Apply(rules[0]);
        Assert.NotEqual(rules[0].Version, filtered.Version);
        Assert.Equal(16, filtered.Version.Length);
        Assert.Same(rules[1], filters.Apply(rules[1]));
    }

    private static EventRecord Record(SigmaMap written, FieldCatalog catalog)
    {
        var record = new EventRecord(catalog);
        WrittenEvent.Fill(record, written, Process);
        return record;
    }

    private static SigmaMap Root() => SigmaYaml.Read(File.ReadAllText(Path.Combine(Battery.Folder, "filter-rules.yaml")), "filter-rules.yaml", []).Single().Root;

    private static IEnumerable<SigmaMap> Cases() => ((SigmaList)Root()["cases"]!).Items.Cast<SigmaMap>();
}
