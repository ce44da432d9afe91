using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vigie.Governance;
using Vigie.Tests.Incidents;

namespace Vigie.Tests.Console;

/// <summary>
/// The console as people see it: a real browser walks every page, wide and narrow, light and dark, in both languages, with
/// and without script. Pictures go to <c>test-output/</c>; where <c>VIGIE_PICTURES</c> names a folder, the README's go there.
/// </summary>
[Collection("browser")]
public sealed class BrowserTests(PagesTests.Told told) : IClassFixture<PagesTests.Told>
{
    /// <summary>Every page in a state worth looking at.</summary>
    internal static readonly string[] Walk =
    [
        "/", "/held", $"/held/{MailStory.HeldQueueId}", "/held/4Wb2Hn0pQrs", "/decisions", "/decisions/story-0", "/explore", "/explore?q=army.ml", "/explore?q=us.af.mil", "/protected",
        "/relationships", "/relationships/bnda.ml", "/domains", "/health", "/findings", "/findings?group=rule", $"/findings/{LogStory.WebShellId}", "/logs", "/rules", "/rules?show=failed",
        "/incidents", "/search?q=whoami", "/entities/host?value=WEB-02", $"/rules/{LogStory.WebShellRule}", $"/rules/{LogStory.CorrelationRule}", "/coverage", "/notifications", $"/incidents/{CaseStory.Told}", $"/incidents/{CaseStory.Single}", $"/incidents/{CaseStory.Told}/findings", $"/incidents/{CaseStory.Told}/print", "/suppressions", "/suppressions/1", "/suppressions/new?detector=logs.sigma", "/records", $"/records/rule?detector=logs.sigma&rule={LogStory.WebShellRule}", "/mode", "/journal", "/accounts", "/profile", "/no/such/page",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1280, 900, "light", "en")]
    [InlineData(1280, 900, "dark", "fr")]
    [InlineData(390, 844, "light", "fr")]
    [InlineData(390, 844, "dark", "en")]
    public async Task Every_page_fits_and_can_be_read(int width, int height, string scheme, string language)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var context = await ContextAsync(chromium, width, height, scheme, language, script: true);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" && !message.Text.Contains("404", StringComparison.Ordinal)) complaints.Add($"{page.Url}: {message.Text}");
        };
        foreach (var address in Walk)
        {
            await page.GotoAsync(address);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture($"{width}-{scheme}-{language}", address), FullPage = true });
            var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow > 0) complaints.Add($"{address} is {overflow} pixels wider than the screen");
            complaints.AddRange((await page.EvaluateAsync<string[]>(Contrast)).Select(text => $"{address}: too little contrast: {text}"));
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Everything_works_without_script()
    {
        await using var house = await ConsoleHouse.StartAsync(Token, "protection:\n  ownDomains: [travel.example]\n");
        await MailStory.TellAsync(house.Services, Token);
        await using var chromium = await Chromium.StartAsync();
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = house.Address.ToString(),
            JavaScriptEnabled = false,
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
            Locale = "en-GB",
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/held");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("without-script", "/login"), FullPage = true });
        await page.GetByLabel("Name").FillAsync("awa");
        await page.GetByLabel("Password").FillAsync(ConsoleHouse.Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Log in" }).ClickAsync();
        Assert.EndsWith("/held", page.Url, StringComparison.Ordinal);

        // The narrow menu is a plain disclosure.
        await page.GetByText("Menu").ClickAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("without-script", "/menu") });
        await page.Locator(".menu nav").GetByText("Decisions").ClickAsync();
        Assert.EndsWith("/decisions", page.Url, StringComparison.Ordinal);

        await page.GotoAsync($"/held/{MailStory.HeldQueueId}");
        await page.GetByLabel("Return to the sender").CheckAsync();
        await page.GetByLabel("Reason").FillAsync("The address belongs to somebody else.");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Carry out" }).ClickAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("without-script", "/returned"), FullPage = true });
        Assert.Contains("Done.", await page.Locator(".flash").InnerTextAsync(), StringComparison.Ordinal);

        await page.GotoAsync("/");
        await page.GetByText("Menu").ClickAsync();
        await page.Locator(".menu").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "FR" }).ClickAsync();
        Assert.Equal("Vue d’ensemble", await page.Locator("h1").InnerTextAsync());
    }

    [Fact]
    public async Task The_keyboard_is_enough()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var context = await ContextAsync(chromium, 1280, 900, "light", "en", script: true);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await page.EvaluateAsync<string>("document.activeElement.textContent"));

        await page.Keyboard.PressAsync("?");
        Assert.True(await page.Locator("#keys").IsVisibleAsync());
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("keyboard", "/help") });
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.Locator("#keys").IsVisibleAsync());

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("d");
        await ArriveAsync(page, "/decisions");
        await page.Keyboard.PressAsync("/");
        Assert.Equal("q", await page.EvaluateAsync<string>("document.activeElement.name"));
        await page.EvaluateAsync("document.activeElement.blur()");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        var first = await page.Locator("main a.row").First.GetAttributeAsync("href");
        Assert.Equal(first, await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture("keyboard", "/focus") });
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page, first!);
    }

    // Asked again and again: waiting for the navigation itself misses one that is over before the wait begins.
    private static async Task ArriveAsync(IPage page, string path)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(path) + "$"));
        await page.WaitForLoadStateAsync();
    }

    [Fact]
    public async Task The_pictures_of_the_guide_are_made_from_the_console_itself()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var context = await ContextAsync(chromium, 1280, 860, "light", "en", script: true);
        var page = await context.NewPageAsync();
        foreach (var (name, address) in new[] { ("overview", "/"), ("held", $"/held/{MailStory.HeldQueueId}"), ("look-alikes", "/explore?q=army.ml") })
        {
            await page.GotoAsync(address);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder("VIGIE_PICTURES"), $"{name}.png") });
        }
    }

    /// <summary>Every page of the guide and what it shows; <c>docs/console.md</c> has a picture of each.</summary>
    internal static readonly (string Name, string Address)[] Screens =
    [
        ("overview", "/"), ("inbox", "/incidents"), ("incident", $"/incidents/{CaseStory.Told}"), ("incident-findings", $"/incidents/{CaseStory.Told}/findings"), ("incident-context", $"/incidents/{CaseStory.Told}/context"),
        ("incident-print", $"/incidents/{CaseStory.Told}/print"), ("search", "/search?q=whoami"), ("entity", "/entities/host?value=WEB-02"), ("findings", "/findings"), ("finding", $"/findings/{LogStory.WebShellId}"),
        ("held", "/held"), ("held-message", $"/held/{MailStory.HeldQueueId}"), ("decisions", "/decisions"), ("decision", "/decisions/story-0"), ("look-alikes", "/explore?q=army.ml"), ("protected", "/protected"),
        ("relationships", "/relationships"), ("relationship", "/relationships/bnda.ml"), ("domains", "/domains"), ("log-sources", "/logs"), ("rules", "/rules"), ("rule", $"/rules/{LogStory.WebShellRule}"), ("correlation", $"/rules/{LogStory.CorrelationRule}"), ("coverage", "/coverage"),
        ("records", "/records"), ("suppressions", "/suppressions"), ("mode", "/mode"), ("journal", "/journal"), ("accounts", "/accounts"), ("profile", "/profile"), ("second-factor", "/profile/second-factor"), ("health", "/health"),
    ];

    /// <summary>Pictures of every page, made from the pages themselves; small, so WebP. Where <c>VIGIE_SCREENSHOTS</c> names a folder they go there.</summary>
    [Fact]
    public async Task Every_page_of_the_guide_has_its_picture()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var context = await ContextAsync(chromium, 1280, 860, "light", "en", script: true);
        var page = await context.NewPageAsync();
        var session = await context.NewCDPSessionAsync(page);
        var folder = Directory.CreateDirectory(Path.Combine(Folder("VIGIE_SCREENSHOTS"), "."));
        foreach (var (name, address) in Screens)
        {
            var answer = await page.GotoAsync(address);
            Assert.True(answer!.Ok, $"{address}: {answer.Status}");
            // The test's folder is called what an installation would call it.
            await page.EvaluateAsync(Neutral, Path.GetTempPath());
            var shot = await session.SendAsync("Page.captureScreenshot", new Dictionary<string, object> { ["format"] = "webp", ["quality"] = 42 });
            var bytes = shot!.Value.GetProperty("data").GetBytesFromBase64();
            Assert.InRange(bytes.Length, 2_000, 150_000);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name + ".webp"), bytes, Token);
        }
    }

    private const string Neutral = """
        temporary => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode, start = node.data.indexOf(temporary);
            if (start >= 0) node.data = node.data.slice(0, start) + "/srv/vigie" + node.data.slice(start + temporary.length).replace(/^[^/]*/, "");
          }
        }
        """;

    private Task<IBrowserContext> ContextAsync(Chromium chromium, int width, int height, string scheme, string language, bool script) =>
        chromium.EnterAsync(told.House, Role.Admin, width, height, scheme, language, script, Token);

    private static string Picture(string set, string address)
    {
        var name = address == "/" ? "overview" : string.Concat(address.Trim('/').Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        return Path.Combine(Folder(null), set, name + ".png");
    }

    private static string Folder(string? variable) =>
        variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? folder
        : Path.Combine(Environment.GetEnvironmentVariable("VIGIE_TEST_OUTPUT") ?? Path.Combine(AppContext.BaseDirectory, "test-output"), "console");

    // WCAG 2.2 §1.4.3: 4.5 to 1 for text, 3 to 1 for large text. Backgrounds are plain colours here, so the nearest one that is not clear is the one.
    private const string Contrast = """
        () => {
          const parse = (color) => {
            const canvas = Contrast.canvas ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
            canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
            return { rgb: [r, g, b], a: a / 255 };
          };
          const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = (element) => {
            for (let e = element; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0.9) return c.rgb; }
            return parse(getComputedStyle(document.documentElement).backgroundColor).rgb;
          };
          function Contrast() {}
          const poor = new Set();
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("svg, option")) continue;
            const style = getComputedStyle(element);
            const [one, two] = [light(parse(style.color).rgb), light(behind(element))].sort((a, b) => b - a);
            const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            const ratio = (one + 0.05) / (two + 0.05);
            if (ratio < (large ? 3 : 4.5)) poor.add(`${ratio.toFixed(2)} ${element.localName}.${element.className}: ${walker.currentNode.data.trim().slice(0, 40)}`);
          }
          return [...poor];
        }
        """;
}
