using System.Collections.Immutable;
using System.Text.Json;
using Vigie.Console;
using Vigie.Engine.Findings;

namespace Vigie.Tests.Console;

public sealed class EvidenceMarksTests
{
    [Fact]
    public void Only_what_was_asked_for_is_marked_and_only_where_its_name_stands()
    {
        const string text = """{"EventID":1,"Image":"C:\\Windows\\System32\\cmd.exe","ParentImage":"C:\\Windows\\System32\\cmd.exe","Computer":"WEB-02","LogonId":"0x1"}""";

        Assert.Equal(
            ["1", @"C:\\Windows\\System32\\cmd.exe"],
            Marked(text, Of([("EventID", "1", []), ("ParentImage", @"C:\Windows\System32\cmd.exe", [])], ("Computer", "WEB-02"))));
        Assert.Equal(text.IndexOf("\"ParentImage\"", StringComparison.Ordinal) + 15, EvidenceMarks.InCopy(Of([("ParentImage", @"C:\Windows\System32\cmd.exe", [])]), text)[0].Start.Value);
    }

    [Theory]
    [InlineData("CommandLine=whoami /all User=kofi")]
    [InlineData("""{"CommandLine" : "whoami /all"}""")]
    [InlineData("""<EventData><Data Name="CommandLine">whoami /all</Data></EventData>""")]
    [InlineData("<CommandLine>whoami /all</CommandLine>")]
    [InlineData("a line of words: whoami /all, and more")]
    public void Passages_are_marked_inside_their_value_however_the_source_writes_it(string text) =>
        Assert.Equal(["/all"], Marked(text, Of([("CommandLine", "whoami /all", ["/all"])])));

    [Fact]
    public void A_value_of_several_lines_is_found_as_JSON_and_XML_escape_it()
    {
        // As it is kept: on one line.
        const string value = """$a = "x" if ($a -lt 2) { Invoke-Thing }""";
        var original = "$a = \"x\"\r\nif ($a -lt 2) { Invoke-Thing }";

        Assert.Equal(["Invoke-Thing"], Marked(JsonSerializer.Serialize(new { ScriptBlockText = original }), Of([("ScriptBlockText", value, ["Invoke-Thing"])])));
        Assert.Equal([original.Replace("\"", "&quot;", StringComparison.Ordinal)], Marked($"<Data>{original.Replace("\"", "&quot;", StringComparison.Ordinal)}</Data>", Of([("ScriptBlockText", value, [])])));
    }

    [Fact]
    public void A_value_that_was_cut_is_marked_as_far_as_it_is_known() =>
        Assert.Equal(["powershell -enc AAAA"], Marked("""{"CommandLine":"powershell -enc AAAABBBB"}""", Of([("CommandLine", "powershell -enc AAAA…", [])])));

    [Fact]
    public void Where_nothing_was_asked_for_nothing_is_marked() => Assert.Empty(Marked("Computer=WEB-02", Of([], ("Computer", "WEB-02"))));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_stands_there_the_pieces_make_up_the_text(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var text = Noise(random, 60);
            var fields = Enumerable.Range(0, random.Next(4)).Select(_ => (Noise(random, 3), Noise(random, 5), (string[])[.. Enumerable.Range(0, random.Next(3)).Select(_ => Noise(random, 3))])).ToArray();

            var pieces = EvidenceMarks.Pieces(text, EvidenceMarks.InCopy(Of(fields), text)).ToList();

            Assert.Equal(text, string.Concat(pieces.Select(piece => piece.Text)));
            Assert.All(pieces, piece => Assert.NotEqual("", piece.Text));
        }
    }

    private static string Noise(Random random, int most) => new([.. random.GetItems<char>("ab\\\"u0041rn &;lt<>=:…\r\n '\0\ud800é1", random.Next(most))]);

    private static IEnumerable<string> Marked(string text, Evidence evidence) => EvidenceMarks.Pieces(text, EvidenceMarks.InCopy(evidence, text)).Where(piece => piece.IsMarked).Select(piece => piece.Text);

    private static Evidence Of((string Name, string Value, string[] Passages)[] asked, params (string Name, string Value)[] others) => new()
    {
        Kind = "log-event",
        Location = "here",
        Fields = [.. asked.Select(field => KeyValuePair.Create(field.Name, field.Value)), .. others.Select(field => KeyValuePair.Create(field.Name, field.Value))],
        Asked = [.. asked.Select(field => field.Passages.ToImmutableArray())],
    };
}
