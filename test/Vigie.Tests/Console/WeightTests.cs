using Microsoft.Playwright;
using Vigie.Governance;

namespace Vigie.Tests.Console;

/// <summary>
/// What a page weighs on the line, as the browser itself counts it: head and body of every answer. The graph's island is left out: it
/// comes behind the page, and only where a map is shown.
/// </summary>
[Collection("browser")]
public sealed class WeightTests(PagesTests.Told told) : IClassFixture<PagesTests.Told>
{
    private const int FirstVisit = 150_000;
    private const int LaterVisit = 30_000;

    private const string Weigh = """
        () => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
          .filter(entry => !/cytoscape/.test(entry.name))
          .reduce((sum, entry) => sum + entry.transferSize, 0)
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_is_light_on_the_first_visit_and_lighter_afterwards()
    {
        await using var chromium = await Chromium.StartAsync();
        var heavy = new List<string>();
        var weights = new List<(string Address, int First, int Later)>();
        await using var context = await chromium.EnterAsync(told.House, Role.Admin, 1280, 900, "light", "en", script: true, Token);
        var page = await context.NewPageAsync();
        var session = await context.NewCDPSessionAsync(page);
        foreach (var address in BrowserTests.Walk)
        {
            // With nothing kept, every page is somebody's first.
            await page.GotoAsync("about:blank");
            await session.SendAsync("Network.clearBrowserCache");
            await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            var first = await page.EvaluateAsync<int>(Weigh);
            await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            weights.Add((address, first, await page.EvaluateAsync<int>(Weigh)));
        }

        foreach (var (address, first, later) in weights)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{address} {first} {later}");
            if (first is > FirstVisit or < 1000) heavy.Add($"{address}: {first} bytes on the first visit");
            if (later is > LaterVisit or < 200) heavy.Add($"{address}: {later} bytes afterwards");
            if (later >= first) heavy.Add($"{address}: {later} bytes afterwards, {first} before: nothing is kept");
        }

        Assert.Empty(heavy);
    }
}
