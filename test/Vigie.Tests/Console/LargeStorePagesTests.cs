using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Playwright;
using Vigie.Governance;

namespace Vigie.Tests.Console;

/// <summary>What pages weigh and how fast they answer over a store as large as a busy year leaves. Run by name: it measures.</summary>
public sealed class LargeStorePagesTests
{
    private static readonly string[] Addresses =
    [
        "/", "/incidents", "/incidents?status=all&order=lastseen", "/incidents?status=all&page=5", "/incidents?status=all&q=server", "/incidents?status=closed&technique=T1059", "/findings", "/findings?group=rule&period=week",
        "/search?q=powershell", "/search?q=ws-ba", "/search?q=10.1", "/entities/host?value=ws-baba-000", "/entities/user?value=OPS%5Cbaba.baba", "/incidents?status=all&kind=host&entity=ws-baba-000", "/rules", "/records", "/decisions", "/health",
    ];

    [Theory(Explicit = true)]
    [InlineData(3_000, 60)]
    [InlineData(100_000, 2_000)]
    [InlineData(100_000, 1)]
    public async Task Pages_of_a_large_store(int findings, int incidents)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var house = await ConsoleHouse.StartAsync(ct);
        var store = house.Services.GetRequiredService<Vigie.Store.Store>();
        var filling = Stopwatch.StartNew();
        await LargeStore.FillAsync(store, DateTimeOffset.UtcNow, findings, incidents, ct);
        Say($"{findings} findings and {incidents} incidents in {filling.Elapsed.TotalSeconds:F1} s");
        using var visitor = await house.EnterAsync(Role.Admin, ct);
        while (await house.Services.GetRequiredService<Vigie.Incidents.Search.SearchIndex>().BehindAsync(1, ct) > 0 && filling.Elapsed < TimeSpan.FromMinutes(8)) await Task.Delay(500, ct);
        Say($"indexed after {filling.Elapsed.TotalSeconds:F1} s");
        var largest = await store.ReadAsync((connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT id FROM incident ORDER BY findings DESC, id LIMIT 1", cancellationToken: token)), ct);
        string[] its = [$"/incidents/{largest}", $"/incidents/{largest}/findings", $"/incidents/{largest}/context", $"/incidents/{largest}/print"];
        foreach (var address in Addresses.Concat(its))
        {
            var times = new List<double>();
            var weight = 0;
            for (var i = 0; i < 5; i++)
            {
                var watch = Stopwatch.StartNew();
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.AcceptEncoding.ParseAdd("br");
                using var raw = new HttpClient(new SocketsHttpHandler { CookieContainer = visitor.Cookies, AutomaticDecompression = System.Net.DecompressionMethods.None }) { BaseAddress = house.Address };
                using var response = await raw.SendAsync(request, ct);
                weight = (await response.Content.ReadAsByteArrayAsync(ct)).Length;
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            Say($"{times.Order().ElementAt(2),8:F0} ms median {times.Max(),8:F0} ms most {weight / 1000.0,7:F1} kB  {address}");
            Assert.True(weight < 30_000, $"{address} weighs {weight} bytes");
        }

        await PicturesAsync(house, visitor);
    }

    private static async Task PicturesAsync(ConsoleHouse house, Visitor visitor)
    {
        await using var chromium = await Chromium.StartAsync();
        var folder = Path.Combine(Environment.GetEnvironmentVariable("VIGIE_TEST_OUTPUT") ?? Path.Combine(AppContext.BaseDirectory, "test-output"), "large-store");
        var cookie = visitor.Cookies.GetCookies(house.Address).Single(cookie => cookie.Name == "vigie");
        foreach (var (width, scheme, language) in new[] { (1280, ColorScheme.Light, "en-GB"), (1280, ColorScheme.Dark, "fr-FR"), (390, ColorScheme.Light, "fr-FR"), (390, ColorScheme.Dark, "en-GB") })
        {
            await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = house.Address.ToString(), ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = scheme, Locale = language });
            await context.AddCookiesAsync([new Cookie { Name = cookie.Name, Value = cookie.Value, Url = house.Address.ToString() }]);
            var page = await context.NewPageAsync();
            foreach (var (name, address) in new[] { ("overview", "/"), ("inbox", "/incidents"), ("search", "/search?q=ws-ba"), ("words", "/search?q=powershell"), ("entity", "/entities/host?value=ws-baba-000") })
            {
                await page.GotoAsync(address);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}-{language[..2]}-{scheme}.png"), FullPage = true });
                Say($"{name} {width}: {await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")} pixels too wide");
            }
        }
    }

    private static void Say(FormattableString text) => TestContext.Current.SendDiagnosticMessage(text.ToString(CultureInfo.InvariantCulture));
}
