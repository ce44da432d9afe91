using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Vigie.Governance;

namespace Vigie.Tests.Console;

/// <summary>
/// axe-core over every page, in both languages, light and dark, wide and narrow: no rule of WCAG 2.2 AA is broken, and none of its best
/// practices. Without <c>VIGIE_TEST_FULL</c> only one language and size each.
/// </summary>
[Collection("acceptance")]
public sealed class AccessibilityTests(PagesTests.Told told) : IClassFixture<PagesTests.Told>
{
    private const string Run = """
        async ([type, values, skipped]) => {
          const result = await axe.run(document, { runOnly: { type, values: values.filter(value => !skipped.includes(value)) }, rules: Object.fromEntries(skipped.map(rule => [rule, { enabled: false }])), resultTypes: ["violations"], preload: false, iframes: false });
          return result.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.tags.includes("best-practice") ? "best practice" : "WCAG"}: ${rule.id}: ${node.target.join(" ")}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? rule.help}`));
        }
        """;

    private static readonly string[] Tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    // What depends on colours; everything else is the same in both themes.
    private static readonly string[] Colors = ["color-contrast", "link-in-text-block"];

    private static readonly string[] Outside = ["/login", "/setup/x", "/password/x", "/insist/x"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsFull => Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1";

    [Theory]
    [InlineData("en", 1280, 900)]
    [InlineData("fr", 390, 844)]
    [InlineData("fr", 1280, 900)]
    [InlineData("en", 390, 844)]
    public async Task No_page_breaks_a_rule(string language, int width, int height)
    {
        Assert.SkipUnless(IsFull || (language == "en") == (width > 500), "part of the whole matrix, which ./vigie test runs");
        // Colours are the same in both languages: each width is measured once, in both themes.
        var colors = (language == "en") == (width > 500);
        await using var chromium = await Chromium.StartAsync();
        var broken = new List<(string Address, string Text)>();
        await using (var context = await chromium.EnterAsync(told.House, Role.Admin, width, height, "light", language, script: true, Token))
            broken.AddRange(await CheckAsync(context, PagesOf(language, width), colors));
        await using (var context = await chromium.VisitAsync(told.House, width, height, "light", language, script: true))
            broken.AddRange(await CheckAsync(context, Outside, colors));
        // A fault of the layout is on every page: told once, with the pages it is on.
        Assert.True(broken.Count == 0, string.Join('\n', broken.GroupBy(one => one.Text, one => one.Address).Select(group => $"{group.Key} ({group.Count()}: {string.Join(' ', group.Take(3))})")));
    }

    // The pages that are worth a look everywhere; each other state of a page once.
    private static IEnumerable<string> PagesOf(string language, int width) =>
        IsFull && language == "en" && width > 500 ? BrowserTests.Walk.Concat(PagesTests.Pages.Select(row => row.Data)).Except(Outside).Distinct() : BrowserTests.Walk;

    private static async Task<List<(string Address, string Text)>> CheckAsync(IBrowserContext context, IEnumerable<string> addresses, bool colors)
    {
        await context.AddInitScriptAsync(await SourceAsync());
        var page = await context.NewPageAsync();
        var broken = new List<(string, string)>();
        foreach (var address in addresses)
        {
            // Colours that change gradually would be measured on their way.
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
            broken.AddRange((await page.EvaluateAsync<string[]>(Run, new object[] { "tag", Tags, colors ? [] : Colors })).Select(text => (address, text)));
            if (!colors || !BrowserTests.Walk.Contains(address)) continue;
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
            broken.AddRange((await page.EvaluateAsync<string[]>(Run, new object[] { "rule", Colors, Array.Empty<string>() })).Select(text => (address, "in the dark: " + text)));
        }

        return broken;
    }

    private static async Task<string> SourceAsync()
    {
        await using var stream = typeof(AxeRunOptions).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")
            ?? throw new InvalidOperationException("the package of axe-core has no axe.min.js");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }
}
