using Vigie.Commands.Eval;

namespace Vigie.Tests.Commands.Eval;

public sealed class EvaluationDataTests
{
    [Fact]
    public void Reads_lists_tables_and_hosts_and_notes_what_is_absent_once()
    {
        using var folder = new TemporaryFolder();
        folder.Write("list.json", """{ "list": ["b.example", "a.example"] }""");
        folder.Write("table.csv", "a,b\n1,2\nshort\n3,4\n");
        folder.Write("phish/2023/01.csv", "date,URL,description\nd,https://x.example/a,Y\nd,https://x.example/b,Y\nd,not a url,Y\nbroken\n");
        var data = new EvaluationData(folder.Path);

        Assert.Equal(["b.example", "a.example"], data.WarningList("list.json"));
        Assert.Equal([["1", "2"], ["3", "4"]], data.PlainCsv("table.csv"));
        Assert.Equal(["x.example"], data.PhishingHosts("phish"));
        Assert.Empty(data.Absent);

        Assert.Empty(data.WarningList("gone.json"));
        Assert.Empty(data.WarningList("gone.json"));
        Assert.Equal(["gone.json"], data.Absent);
    }

    [Theory]
    [InlineData("apple", "apple", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("rothys", "rotys", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_edits(string a, string b, int edits)
    {
        Assert.Equal(edits, DisputedDomains.Distance(a, b));
        Assert.Equal(edits, DisputedDomains.Distance(b, a));
    }

    [Fact]
    public void Hosts_are_counted_once_a_registrable_domain() =>
        Assert.Equal(["example.co.uk", "example.com"], FalseAlarms.Registrable(["a.example.com", "EXAMPLE.com", "www.example.co.uk", "co.uk", "not a host", ".example.com"]));
}
