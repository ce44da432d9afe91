using Vigie.Governance;
using Vigie.Tests.Console;
using Vigie.Tests.Watches.Domains.Dns;
using Vigie.Watches.Domains.Feeds;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Tests.Watches.Domains.Pages;

/// <summary>The whole way: a node whose resolver is a server on loopback, its runs and feeds, and the page that shows them.</summary>
[Collection("acceptance")]
public sealed class DomainWatchPageTests
{
    [Fact]
    public async Task The_node_watches_and_the_page_shows_it_in_both_languages()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var server = new LoopbackDnsServer(new TestZone().Register("army.ml", "mx.army.ml"));
        var feed = folder.Write("names.txt", "army.ml\nsomething-else.org\nbroken line\n");
        await using var house = await ConsoleHouse.StartAsync(ct, $"""
            protection:
              ownDomains: [army.mil]
              packs: []
            domains:
              candidates: 100
              dns: [servers]
              feeds:
                - name: new-names
                  file: {feed}
                - name: absent
                  file: {folder.Combine("absent.txt")}
            """.Replace("[servers]", $"{{ servers: [\"{server.EndPoint}\"], queriesPerSecond: 5000, timeout: 10s }}", StringComparison.Ordinal));

        var table = house.Services.GetRequiredService<WatchTable>();
        var feeds = house.Services.GetRequiredService<FeedTable>();
        while (await table.LastFinishedRunAsync(ct) is null || (await feeds.LoadAsync(ct)).Count < 2) await Task.Delay(50, ct);

        using var analyst = await house.EnterAsync(Role.Analyst, ct);
        var page = (await analyst.OpenAsync("/domains", ct)).Document;
        Assert.Equal("Domain watch", page.QuerySelector("h1")!.TextContent);
        var rows = page.QuerySelectorAll("tbody tr").Select(row => row.TextContent).ToList();
        Assert.Contains(rows, row => row.Contains("army.ml", StringComparison.Ordinal) && row.Contains("takes mail", StringComparison.Ordinal) && row.Contains("mx.army.ml", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains("new-names", StringComparison.Ordinal) && row.Contains("broken line", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains("absent", StringComparison.Ordinal) && row.Contains("failing", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains(server.EndPoint.ToString(), StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains("appeared in new-names", StringComparison.Ordinal));

        using var french = await house.EnterAsync(Role.Analyst, ct, "fr");
        var frenchPage = (await french.OpenAsync("/domains?mail=1", ct)).Document;
        Assert.Equal("Veille des domaines", frenchPage.QuerySelector("h1")!.TextContent);
        Assert.Contains("reçoit du courrier", frenchPage.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_own_domains_nothing_is_asked_and_the_page_says_what_to_do()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = new LoopbackDnsServer();
        await using var house = await ConsoleHouse.StartAsync(ct, $"domains: {{ dns: {{ servers: [\"{server.EndPoint}\"] }} }}\n");
        using var analyst = await house.EnterAsync(Role.Analyst, ct);
        var page = (await analyst.OpenAsync("/domains", ct)).Document;
        Assert.Contains("protection.ownDomains", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }
}
