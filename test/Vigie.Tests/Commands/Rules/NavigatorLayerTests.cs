using System.Text.Json;
using Vigie.Commands.Rules;

namespace Vigie.Tests.Commands.Rules;

public sealed class NavigatorLayerTests
{
    [Fact]
    public void A_layer_has_the_shape_of_format_4_5()
    {
        var coverage = RuleCoverage.Of([("One", ["T1059.001", "t1059.001"]), ("Two", ["T1059.001", "T1059"]), ("Three", [])]);
        Assert.Equal([("T1059", 1), ("T1059.001", 2)], coverage.Select(technique => (technique.Technique, technique.Rules)));
        using var document = JsonDocument.Parse(NavigatorLayer.Write("Vigie", "3 rules", coverage));
        var layer = document.RootElement;
        Assert.Equal("4.5", layer.GetProperty("versions").GetProperty("layer").GetString());
        Assert.Equal("enterprise-attack", layer.GetProperty("domain").GetString());
        var technique = layer.GetProperty("techniques")[0];
        Assert.Equal("T1059", technique.GetProperty("techniqueID").GetString());
        Assert.True(technique.GetProperty("showSubtechniques").GetBoolean());
        Assert.Equal(2, layer.GetProperty("techniques")[1].GetProperty("score").GetInt32());
        Assert.Equal(2, layer.GetProperty("gradient").GetProperty("maxValue").GetInt32());
    }

    [Fact]
    public void A_sub_technique_covers_its_technique_in_each_of_its_tactics()
    {
        var tactics = RuleCoverage.ByTactic(RuleCoverage.Of([("One", ["T1053.005"])]));
        Assert.Equal(14, tactics.Count);
        Assert.Equal(["execution", "persistence", "privilege-escalation"], tactics.Where(tactic => tactic.Covered == 1).Select(tactic => tactic.Tactic.ShortName));
        Assert.All(tactics, tactic => Assert.True(tactic.All > 0));
    }
}
