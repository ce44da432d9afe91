using System.Text.Json;
using Vigie.Commands;
using Vigie.Engine.Lookalikes;

namespace Vigie.Tests.Commands;

public sealed class TwistCommandTests
{
    [Fact]
    public async Task Prints_every_candidate_one_a_line_best_first()
    {
        var run = await CommandLine.RunAsync("twist", "army.mil");
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal(new CandidateGenerator().Rank("army.mil").Select(c => c.Domain), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Takes_unicode_and_punycode_for_the_same()
    {
        var unicode = await CommandLine.RunAsync("twist", "münchen.de", "--limit", "50");
        var ascii = await CommandLine.RunAsync("twist", "xn--mnchen-3ya.de", "--limit", "50");
        Assert.Equal(ascii.Output, unicode.Output);
        Assert.Equal(50, unicode.Output.Count(c => c == '\n'));
        Assert.StartsWith("munchen.de\n", unicode.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_json_that_a_program_can_read()
    {
        var run = await CommandLine.RunAsync("twist", "army.mil", "us.af.mil", "--json", "--limit", "3");
        using var document = JsonDocument.Parse(run.Output);
        var rows = document.RootElement.EnumerateArray().ToList();
        Assert.Equal(6, rows.Count);
        var usaf = Assert.Single(rows, row => row.GetProperty("domain").GetString() == "usaf.mil");
        Assert.Equal("us.af.mil", usaf.GetProperty("target").GetString());
        Assert.Equal("missing-dot", usaf.GetProperty("family").GetString());
        Assert.InRange(usaf.GetProperty("likelihood").GetDouble(), 1e-6, 1e-2);
        Assert.Equal("le point manque après « us »", usaf.GetProperty("explanation").GetProperty("fr").GetString());
    }

    [Fact]
    public async Task Writes_an_empty_json_list_where_a_family_makes_nothing()
    {
        var run = await CommandLine.RunAsync("twist", "army.mil", "--json", "--family", "hyphen-removal");
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(0, document.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Writes_csv_with_a_heading_and_as_many_fields_in_every_row()
    {
        var run = await CommandLine.RunAsync("twist", "army.mil", "--csv", "--lang", "fr");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("target,domain,unicode,family,likelihood,resemblance,explanation", lines[0]);
        Assert.All(lines, line => Assert.Equal(7, Fields(line)));
        Assert.Contains(lines, line => line.StartsWith("army.mil,amy.mil,amy.mil,omission,", StringComparison.Ordinal) && line.EndsWith("« r » manque après « a »", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Writes_a_table_in_the_reader_s_language()
    {
        var french = await CommandLine.RunAsync("twist", "army.mil", "--table", "--limit", "5", "--lang", "fr");
        var lines = french.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.Contains("probabilité", lines[0], StringComparison.Ordinal);
        Assert.Contains("la terminaison .ml au lieu de .mil", french.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Makes_only_what_is_asked_for()
    {
        var run = await CommandLine.RunAsync("twist", "us.af.mil", "--family", "dot-to-dash", "--family", "missing-dot", "--csv");
        var families = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[3]).Distinct().Order();
        Assert.Equal(["dot-to-dash", "missing-dot"], families);
    }

    [Theory]
    [InlineData("army..mil")]
    [InlineData("mil")]
    [InlineData("ar my.mil")]
    [InlineData("192.0.2.1")]
    public async Task Says_what_is_wrong_with_a_name_and_does_nothing(string name)
    {
        var run = await CommandLine.RunAsync("twist", "army.mil", name);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.StartsWith(name + ": ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--limit", "0")]
    [InlineData("--limit", "many")]
    [InlineData("--family", "nothing")]
    [InlineData("--keyboard", "dvorak")]
    public async Task Refuses_what_it_does_not_know(string option, string value)
    {
        var run = await CommandLine.RunAsync("twist", "army.mil", option, value);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Refuses_two_formats_at_once() => Assert.Equal(ExitCodes.Usage, (await CommandLine.RunAsync("twist", "army.mil", "--json", "--csv")).ExitCode);

    private static int Fields(string line)
    {
        var (fields, quoted) = (1, false);
        foreach (var c in line)
        {
            if (c == '"') quoted = !quoted;
            if (c == ',' && !quoted) fields++;
        }

        return fields;
    }
}
