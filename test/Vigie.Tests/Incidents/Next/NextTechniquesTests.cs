using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Incidents.Next;
using Vigie.Operations;
using Vigie.Tests.Attack;

namespace Vigie.Tests.Incidents.Next;

public sealed class NextTechniquesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private NextTechniques Open() => new(Settings.Load(null, _folder.Path, out _)!, NullLogger<NextTechniques>.Instance);

    private static NextTechniqueModel Model(string source) => new()
    {
        Format = NextTechniqueModel.CurrentFormat,
        Program = "test",
        TrainedAt = DateTimeOffset.UnixEpoch,
        Source = new NextTechniqueSource(source, new string('0', 64), 1, 1),
        Licence = NextTechniqueModel.Attribution,
        Parameters = new Vigie.Engine.Attack.NextTechniqueParameters(),
        Measured = [],
        Knowledge = StixText.ThreeWays().Knowledge(),
    };

    [Fact]
    public void Is_read_when_it_appears_and_again_when_it_changes()
    {
        var models = Open();
        Assert.Null(models.Current());
        Assert.Null(models.Problem);

        Model("one").Write(models.File);
        var first = models.Current();
        Assert.Equal("one", first!.Model.Source.Name);
        Assert.Same(first, models.Current());

        Model("another").Write(models.File);
        Assert.Equal("another", models.Current()!.Model.Source.Name);
        File.Delete(models.File);
        Assert.Null(models.Current());
    }

    [Theory]
    [InlineData("", "no model")]
    [InlineData("{", "no model")]
    [InlineData("null", "empty")]
    [InlineData("[]", "no model")]
    [InlineData("{\"format\":1}", "no model")]
    public void What_is_no_model_is_told_and_the_one_before_stays(string text, string problem)
    {
        var models = Open();
        Model("one").Write(models.File);
        var first = models.Current();
        File.WriteAllText(models.File, text);
        Assert.Same(first, models.Current());
        Assert.Contains(problem, models.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_one_of_its_parts_is_refused_by_name_or_as_a_whole()
    {
        var models = Open();
        Model("one").Write(models.File);
        var whole = File.ReadAllText(models.File);
        foreach (var path in (string[][])[["knowledge"], ["knowledge", "cases"], ["knowledge", "techniques"], ["knowledge", "tactics"], ["source"], ["parameters"], ["licence"]])
        {
            var changed = JsonNode.Parse(whole)!;
            var at = changed.AsObject();
            foreach (var name in path[..^1]) at = at[name]!.AsObject();
            at.Remove(path[^1]);
            File.WriteAllText(models.File, changed.ToJsonString());
            Assert.Throws<InvalidDataException>(() => NextTechniqueModel.Read(models.File));
        }

        var lists = JsonNode.Parse(whole)!;
        lists["knowledge"]!["cases"]![0]!.AsObject().Remove("techniques");
        File.WriteAllText(models.File, lists.ToJsonString());
        Assert.Throws<InvalidDataException>(() => NextTechniqueModel.Read(models.File));
        lists = JsonNode.Parse(whole)!;
        lists["format"] = 2;
        File.WriteAllText(models.File, lists.ToJsonString());
        Assert.Contains("format is 2", Assert.Throws<InvalidDataException>(() => NextTechniqueModel.Read(models.File)).Message, StringComparison.Ordinal);
    }
}
