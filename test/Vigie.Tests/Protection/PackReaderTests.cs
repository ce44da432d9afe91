using Vigie.Protection;

namespace Vigie.Tests.Protection;

public sealed class PackReaderTests
{
    private const string Good = """
        id: harbors
        version: "2026.11"
        title:
          en: Harbors
          fr: Ports
        sources:
          - https://harbors.example/
        licence: Facts.
        zones:
          gouv.sn: Government of Senegal
        names:
          port-dakar.sn: Port of Dakar
          xn--porto-9sa.example: Porto
        """;

    [Fact]
    public void Reads_every_field_with_its_line()
    {
        var (pack, problems) = Read(Good);

        Assert.Empty(problems);
        Assert.Equal(("harbors", "2026.11", "Harbors", "Ports"), (pack!.Id, pack.Version, pack.Title.English, pack.Title.French));
        Assert.Equal(new PackName("port-dakar.sn", "Port of Dakar", 12), pack.Names[0]);
        Assert.Equal(new PackZone("gouv.sn", "Government of Senegal", 10), Assert.Single(pack.Zones));
        Assert.Equal(new Uri("https://harbors.example/"), Assert.Single(pack.Sources));
    }

    [Theory]
    [InlineData("id: harbors", "id: Harbors!", 1, "id", "lower-case words")]
    [InlineData("id: harbors", "id: ports", 1, "id", "must equal the file's name")]
    [InlineData("version: \"2026.11\"", "version: latest", 2, "version", "year and month")]
    [InlineData("  fr: Ports", "  de: Häfen", 5, "title.de", "not a language")]
    [InlineData("  fr: Ports", "  de: Häfen", 4, "title.fr", "missing")]
    [InlineData("  - https://harbors.example/", "  - harbors", 7, "sources", "http(s) address")]
    [InlineData("licence: Facts.", "license: Facts.", 8, "license", "not a field")]
    [InlineData("licence: Facts.", "license: Facts.", 1, "licence", "missing")]
    [InlineData("port-dakar.sn: Port of Dakar", "PORT-dakar.sn: Port of Dakar", 12, "names.PORT-dakar.sn", "lower-case ASCII form")]
    [InlineData("port-dakar.sn: Port of Dakar", "port dakar: Port of Dakar", 12, "names.port dakar", "not a domain name")]
    [InlineData("port-dakar.sn: Port of Dakar", "port-dakar.sn:", 12, "names.port-dakar.sn", "no owner")]
    [InlineData("port-dakar.sn: Port of Dakar", "sn: Senegal", 12, "names.sn", "top-level domain")]
    [InlineData("  gouv.sn: Government of Senegal", "  - gouv.sn", 10, "zones", "domain: owner")]
    public void Names_file_line_and_field_of_a_mistake(string right, string wrong, int line, string field, string text)
    {
        var (pack, problems) = Read(Good.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(pack);
        Assert.Contains(problems, p => p.File == "harbors.yaml" && p.Line == line && p.Field == field && p.Text.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a list")]
    [InlineData("just text")]
    [InlineData("id: [unclosed")]
    [InlineData("a: &a [x]\nb: *a")]
    [InlineData("id: a\nid: b")]
    [InlineData("id: a\n---\nid: b")]
    [InlineData("names: {{{{{{{{{{{{{{{{")]
    public void Refuses_what_is_not_a_pack_without_throwing(string yaml)
    {
        var (pack, problems) = Read(yaml);

        Assert.Null(pack);
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void Never_throws_whatever_is_changed_in_a_file()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var text = Good.ToCharArray();
            for (var edits = random.Next(1, 12); edits > 0; edits--)
                text[random.Next(text.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : 0xD7FF);

            var thrown = Record.Exception(() => Read(new string(text)));
            Assert.True(thrown is null, $"seed {seed}: {thrown}");
        }
    }

    private static (Pack? Pack, List<PackProblem> Problems) Read(string yaml)
    {
        var problems = new List<PackProblem>();
        return (PackReader.Read("harbors.yaml", yaml, problems), problems);
    }
}
