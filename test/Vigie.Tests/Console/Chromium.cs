using Microsoft.Playwright;
using Vigie.Governance;

namespace Vigie.Tests.Console;

/// <summary>The machine's own Chromium, driven headless; nothing is downloaded.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    public static async Task<Chromium> StartAsync()
    {
        if (!File.Exists(Executable) && Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1")
            Assert.Fail($"{Executable} is missing; run ./vigie test, which installs what the tests need");
        Assert.SkipUnless(File.Exists(Executable), $"{Executable} is not installed");

        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--no-first-run", "--disable-extensions", "--font-render-hinting=none",
            ],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A window in which somebody of a role is logged in.</summary>
    public async Task<IBrowserContext> EnterAsync(ConsoleHouse house, Role role, int width, int height, string scheme, string language, bool script, CancellationToken ct)
    {
        var context = await VisitAsync(house, width, height, scheme, language, script);
        using var visitor = await house.EnterAsync(role, ct);
        var cookie = visitor.Cookies.GetCookies(house.Address).Cast<System.Net.Cookie>().Single(cookie => cookie.Name == "vigie");
        await context.AddCookiesAsync([new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = house.Address.ToString() }]);
        return context;
    }

    /// <summary>A window in which nobody is logged in.</summary>
    public Task<IBrowserContext> VisitAsync(ConsoleHouse house, int width, int height, string scheme, string language, bool script) => Browser.NewContextAsync(new BrowserNewContextOptions
    {
        BaseURL = house.Address.ToString(),
        ViewportSize = new ViewportSize { Width = width, Height = height },
        ColorScheme = scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
        Locale = language == "fr" ? "fr-FR" : "en-GB",
        JavaScriptEnabled = script,
        IsMobile = width < 500,
        HasTouch = width < 500,
    });

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
