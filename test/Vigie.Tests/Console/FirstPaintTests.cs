using System.Globalization;
using Vigie.Governance;

namespace Vigie.Tests.Console;

/// <summary>
/// How soon pages show something when the store is full: 100,000 findings and 2,000 incidents. Times are the browser's own
/// (<c>first-contentful-paint</c>). A measurement and not a test, so it runs only where <c>VIGIE_PAINT</c> names the file for its
/// figures; <c>bench/peers/console-paint.sh</c> does.
/// </summary>
[Collection("browser")]
public sealed class FirstPaintTests
{
    private const int Rounds = 3;

    private const string Paint = """
        () => new Promise(resolve => {
          const painted = () => performance.getEntriesByName("first-contentful-paint")[0];
          if (painted()) resolve(painted().startTime);
          else new PerformanceObserver(list => { for (const entry of list.getEntriesByName("first-contentful-paint")) resolve(entry.startTime); }).observe({ type: "paint", buffered: true });
        })
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Pages_over_a_full_store()
    {
        var file = Environment.GetEnvironmentVariable("VIGIE_PAINT");
        Assert.SkipWhen(string.IsNullOrEmpty(file), "VIGIE_PAINT names no file: a measurement, run by bench/peers/console-paint.sh");
        await using var house = await ConsoleHouse.StartAsync(Token);
        await LargeStore.FillAsync(house.Services.GetRequiredService<Vigie.Store.Store>(), DateTimeOffset.UtcNow, ct: Token);
        await using var chromium = await Chromium.StartAsync();
        var addresses = await AddressesAsync(chromium, house);
        var lines = new List<string>();
        foreach (var address in addresses)
        {
            await using var context = await chromium.EnterAsync(house, Role.Admin, 1280, 900, "light", "en", script: true, Token);
            var page = await context.NewPageAsync();
            var times = new List<double>();
            for (var round = 0; round <= Rounds; round++)
            {
                await page.GotoAsync(address);
                times.Add(await page.EvaluateAsync<double>(Paint));
            }

            var warm = times[1..].Order().ElementAt(Rounds / 2);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{times[0],6:F0} {warm,6:F0}  {address}"));
            await page.CloseAsync();
        }

        await File.WriteAllLinesAsync(file!, lines, Token);
        Assert.NotEmpty(lines);
    }

    // Pages of single things are those of the first ones in the lists.
    private static async Task<List<string>> AddressesAsync(Chromium chromium, ConsoleHouse house)
    {
        var addresses = new List<string> { "/", "/incidents", "/incidents?status=all&order=lastseen", "/findings", "/findings?group=rule", "/search?q=powershell", "/rules", "/coverage", "/health", "/journal" };
        await using var context = await chromium.EnterAsync(house, Role.Admin, 1280, 900, "light", "en", script: true, Token);
        var page = await context.NewPageAsync();
        foreach (var (list, start) in new[] { ("/incidents?status=all", "/incidents/"), ("/findings", "/findings/") })
        {
            await page.GotoAsync(list);
            if (await page.EvaluateAsync<string?>($"document.querySelector('main a[href^=\"{start}\"]')?.getAttribute('href')") is { } first) addresses.Add(first);
        }

        await page.GotoAsync(addresses[^1]);
        if (await page.EvaluateAsync<string?>("document.querySelector('main a[href^=\"/entities/\"]')?.getAttribute('href')") is { } entity) addresses.Add(entity);
        return addresses;
    }
}
