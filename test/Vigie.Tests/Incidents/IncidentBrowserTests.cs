using Microsoft.Playwright;
using Vigie.Governance;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents;

/// <summary>The page of an incident in a real browser: small and large ones, hostile text, the movable map, the keys.</summary>
[Collection("browser")]
public sealed class IncidentBrowserTests(IncidentPagesTests.House house) : IClassFixture<IncidentPagesTests.House>
{
    private const long Many = 9201;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Incidents_of_every_size_fit_the_screen()
    {
        await CaseStory.TellManyAsync(house.Console.Services, Many, 5000, Token);
        await CaseStory.TellHostileAsync(house.Console.Services, Token);
        await using var chromium = await Chromium.StartAsync();
        var complaints = new List<string>();
        foreach (var (width, scheme, language, script) in ((int, ColorScheme, string, bool)[])[(1280, ColorScheme.Light, "en-GB", true), (1280, ColorScheme.Dark, "fr-FR", true), (390, ColorScheme.Light, "fr-FR", true), (390, ColorScheme.Dark, "en-GB", false)])
        {
            await using var context = await ContextAsync(chromium, width, scheme, language, script);
            var page = await context.NewPageAsync();
            page.Console += (_, message) =>
            {
                if (message.Type is "error") complaints.Add($"{page.Url}: {message.Text}");
            };
            foreach (var address in (string[])[$"{CaseStory.Told}", $"{CaseStory.Single}", $"{Many}", $"{CaseStory.Hostile}", $"{CaseStory.Told}/findings", $"{CaseStory.Hostile}/findings", $"{CaseStory.Told}/context", $"{CaseStory.Told}/print"])
            {
                await page.GotoAsync($"/incidents/{address}");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture($"{width}-{scheme}-{language}-{address.Replace('/', '-')}"), FullPage = true });
                if (script && await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var over) complaints.Add($"{address} is {over} pixels wider than the screen of {width}");
            }
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task The_map_can_be_moved_where_Cytoscape_was_built_in()
    {
        Assert.SkipUnless(house.Console.Services.GetRequiredService<Vigie.Console.Assets>().Find("cytoscape.js") is not null, "built without Cytoscape: npm was not there");
        await using var chromium = await Chromium.StartAsync();
        await using var context = await ContextAsync(chromium, 1280, ColorScheme.Light, "en-GB", script: true);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync($"/incidents/{CaseStory.Told}");
        Assert.Empty(await page.EvaluateAsync<string[]>("performance.getEntriesByType('resource').map(r => r.name).filter(name => name.includes('cytoscape'))"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Move and zoom" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-drawn]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".map-live canvas").First).ToBeVisibleAsync();
        await page.Locator(".map-live").ScreenshotAsync(new LocatorScreenshotOptions { Path = Picture("moving") });
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Back to the still picture" }).ClickAsync();
        Assert.True(await page.Locator(".map-still").IsVisibleAsync());
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task The_keys_comment_judge_assign_and_go_on()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var context = await ContextAsync(chromium, 1280, ColorScheme.Light, "en-GB", script: true);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/incidents?status=all");
        var rows = await page.EvaluateAsync<string[]>("[...document.querySelectorAll(\"main a.row[href^='/incidents/']\")].map(row => row.pathname)");
        Assert.True(rows.Length >= 2, string.Join(' ', rows));
        await page.Locator("main a.row").First.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(rows[0] + "$"));
        await page.Keyboard.PressAsync("n");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(rows[1] + "$"));
        await page.Keyboard.PressAsync("p");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(rows[0] + "$"));

        await page.GotoAsync($"/incidents/{CaseStory.Told}");
        foreach (var (key, name) in ((string, string)[])[("c", "text"), ("v", "verdict"), ("a", "assignee")])
        {
            await page.Keyboard.PressAsync(key);
            Assert.Equal(name, await page.EvaluateAsync<string>("document.activeElement.name"));
            await page.EvaluateAsync("document.activeElement.blur()");
        }
    }

    private async Task<IBrowserContext> ContextAsync(Chromium chromium, int width, ColorScheme scheme, string language, bool script)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = house.Console.Address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = language,
            JavaScriptEnabled = script,
            IsMobile = width < 500,
            HasTouch = width < 500,
        });
        using var visitor = await house.Console.EnterAsync(Role.Admin, Token);
        var cookie = visitor.Cookies.GetCookies(house.Console.Address).Cast<System.Net.Cookie>().Single(cookie => cookie.Name == "vigie");
        await context.AddCookiesAsync([new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = house.Console.Address.ToString() }]);
        return context;
    }

    private static string Picture(string name) =>
        Path.Combine(Environment.GetEnvironmentVariable("VIGIE_TEST_OUTPUT") ?? Path.Combine(AppContext.BaseDirectory, "test-output"), "console", "incidents", name + ".png");
}
