using System.Collections.Concurrent;
using Dapper;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Incidents.Notifications;
using Vigie.Store;
using Vigie.Tests.Incidents;

namespace Vigie.Tests.Console;

/// <summary>
/// axe-core over every page, in both languages, light and dark, wide and narrow: no rule of WCAG 2.2 AA is broken, and none of its best
/// practices. A page is loaded once in each language; size, theme and medium change under it. Without <c>VIGIE_TEST_FULL</c> only the
/// pages that people walk, in English.
/// </summary>
[Collection("browser")]
public sealed class AccessibilityTests(AccessibilityTests.ToldMore told) : IClassFixture<AccessibilityTests.ToldMore>
{
    /// <summary>As many pages at once as keep two cores busy while one of them waits for the node.</summary>
    private const int Tabs = 3;

    private const int Wide = 1280;
    private const int Narrow = 390;

    private const string Run = """
        async ([type, values]) => {
          const result = await axe.run(document, { runOnly: { type, values }, resultTypes: ["violations"], preload: false, iframes: false });
          return result.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.tags.includes("best-practice") ? "best practice" : "WCAG"}: ${rule.id}: ${node.target.join(" ")}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? rule.help}`));
        }
        """;

    private const string Rewrite = """
        async (address) => {
          const answer = await fetch(address, { headers: { Accept: "text/html" } });
          const html = await answer.text();
          document.open();
          const loaded = new Promise(done => window.addEventListener("load", done, { once: true }));
          document.write(html);
          document.close();
          await loaded;
          history.replaceState(null, "", address);
        }
        """;

    // News come by a connection that lasts as long as the tab would: the documents written into one tab would use up all there are.
    private const string WithoutNews = "window.EventSource = class extends EventTarget { close() {} };";

    private static readonly string[] Tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    // What depends on colours; everything else is the same in both themes.
    private static readonly string[] Colors = ["color-contrast", "link-in-text-block"];

    // What depends on how long a text is where there is little room.
    private static readonly string[] Sizes = ["target-size", "scrollable-region-focusable"];

    private static readonly string[] Outside = ["/login", "/setup/x", "/password/x", "/insist/x"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsFull => Environment.GetEnvironmentVariable("VIGIE_TEST_FULL") == "1";

    [Fact]
    public async Task No_page_breaks_a_rule()
    {
        await using var chromium = await Chromium.StartAsync();
        var script = await SourceAsync();
        var visits = new ConcurrentQueue<Visit>();
        foreach (var language in IsFull ? (string[])["en", "fr"] : ["en"])
        {
            var inside = await chromium.EnterAsync(told.House, Role.Admin, Wide, 900, "light", language, script: true, Token);
            var outside = await chromium.VisitAsync(told.House, Wide, 900, "light", language, script: true);
            foreach (var context in (IBrowserContext[])[inside, outside]) await context.AddInitScriptAsync(WithoutNews + script);
            await PrepareAsync(inside);
            visits.Enqueue(new Visit(inside, language, "the answer to who was not the first", page => ComeSecondAsync(page, language == "en" ? Role.Approver : Role.Analyst)));
            foreach (var address in await InsideAsync(language)) visits.Enqueue(new Visit(inside, language, address, page => OpenAsync(page, address)) { IsOtherState = PagesTests.Pages.Select(row => row.Data).Except(BrowserTests.Walk).Contains(address) });
            foreach (var address in Outside) visits.Enqueue(new Visit(outside, language, address, page => OpenAsync(page, address)));
        }

        var broken = new ConcurrentBag<(string Where, string Text)>();
        await Task.WhenAll(Enumerable.Range(0, Tabs).Select(async _ =>
        {
            // A tab is a process, and slow to begin: each goes from page to page.
            var tabs = new Dictionary<IBrowserContext, IPage>();
            while (visits.TryDequeue(out var visit))
            {
                if (!tabs.TryGetValue(visit.Context, out var page)) tabs.Add(visit.Context, page = await visit.Context.NewPageAsync());
                foreach (var text in await CheckAsync(page, visit)) broken.Add(($"{visit.Name} ({visit.Language})", text));
            }
        }));
        // A fault of the layout is on every page: told once, with the pages it is on.
        Assert.True(broken.IsEmpty, string.Join('\n', broken.GroupBy(one => one.Text, one => one.Where).Select(group => $"{group.Key} ({group.Count()}: {string.Join(' ', group.Take(3))})")));
    }

    [Fact]
    public async Task What_is_wrong_is_found_in_either_theme_on_a_page_behind_the_first()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var context = await chromium.EnterAsync(told.House, Role.Admin, Wide, 900, "light", "en", script: true, Token);
        await context.AddInitScriptAsync(WithoutNews + await SourceAsync());
        var page = await context.NewPageAsync();
        foreach (var address in (string[])["/", "/held", "/profile"]) await OpenAsync(page, address);
        await SetAsync(page, Wide, ColorScheme.Light);
        Assert.Empty(await AskAsync(page, "tag", Tags));

        await page.EvaluateAsync("document.documentElement.lang = ''; document.querySelector('main h2').style.color = '#c4c4c4';");
        var found = await AskAsync(page, "tag", Tags);
        Assert.Contains(found, text => text.Contains("html-has-lang", StringComparison.Ordinal));
        Assert.Contains(found, text => text.Contains("color-contrast", StringComparison.Ordinal));
        await SetAsync(page, Wide, ColorScheme.Dark);
        Assert.Empty(await AskAsync(page, "rule", Colors));
        await page.EvaluateAsync("document.querySelector('main h2').style.color = '#3c3c3c';");
        Assert.Contains("color-contrast", Assert.Single(await AskAsync(page, "rule", Colors)), StringComparison.Ordinal);
    }

    // Forms are sealed by a cookie that comes with the first of them: as people do, one page is open before the others.
    private static async Task PrepareAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await OpenAsync(page, "/profile");
        await page.CloseAsync();
    }

    // Every page in both languages, each other state of a page once; and those that are named by what the store holds.
    private async Task<IEnumerable<string>> InsideAsync(string language)
    {
        var ines = (await told.House.Services.GetRequiredService<Accounts>().ListAsync(Token)).Single(account => account.Name == ConsoleHouse.NameOf(Role.Analyst));
        return (IsFull && language == "en" ? BrowserTests.Walk.Concat(PagesTests.Pages.Select(row => row.Data)).Except(Outside).Distinct() : BrowserTests.Walk).Append($"/accounts/{ines.Id}");
    }

    private static async Task<List<string>> CheckAsync(IPage page, Visit visit)
    {
        var broken = new List<string>();
        await SetAsync(page, Wide, ColorScheme.Light);
        await visit.OpenAsync(page);
        Assert.Equal(visit.Language, await page.EvaluateAsync<string>("document.documentElement.lang"));
        // Colours are the same in both languages, and so is all but their length in both sizes: each language is measured whole in one size.
        var isWide = visit.Language == "en";
        if (!isWide) await SetAsync(page, Narrow, ColorScheme.Light);
        await RunAsync(isWide ? "" : "narrow: ", "tag", Tags);
        // Each other state of a page is made of the same parts in the same colours.
        if (visit.IsOtherState) return broken;
        await SetAsync(page, isWide ? Wide : Narrow, ColorScheme.Dark);
        await RunAsync(isWide ? "in the dark: " : "narrow, in the dark: ", "rule", Colors);
        await SetAsync(page, isWide ? Narrow : Wide, ColorScheme.Light);
        await RunAsync(isWide ? "narrow: " : "", "rule", Sizes);
        if (!visit.Name.EndsWith("/print", StringComparison.Ordinal)) return broken;
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print, ColorScheme = ColorScheme.Light });
        await RunAsync("on paper: ", "tag", Tags);
        return broken;

        async Task RunAsync(string state, string type, string[] values) => broken.AddRange((await AskAsync(page, type, values)).Select(text => state + text));
    }

    private static Task<string[]> AskAsync(IPage page, string type, string[] values) => page.EvaluateAsync<string[]>(Run, new object[] { type, values });

    // A tab that navigates begins with a cold engine, in which axe takes more than twice as long: the second page and those behind it are
    // written into the document of the first. Language, cookies and the policy of content are those of any other page of the tab.
    private static async Task OpenAsync(IPage page, string address)
    {
        if (page.Url == "about:blank") await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        else await page.EvaluateAsync(Rewrite, address);
    }

    // A colleague changes the incident while the form is open; another one in each language, for what is so already is no change.
    private async Task ComeSecondAsync(IPage page, Role colleague)
    {
        await OpenAsync(page, $"/incidents/{CaseStory.Single}");
        using var awa = await told.House.EnterAsync(Role.Approver, Token);
        var incident = await awa.OpenAsync($"/incidents/{CaseStory.Single}", Token);
        await awa.SubmitAsync(incident, "/assign", new Dictionary<string, string> { ["assignee"] = ConsoleHouse.NameOf(colleague) }, Token);
        await page.EvaluateAsync("const form = document.querySelector(\"main form[action$='/verdict']\"); form.elements.verdict.value = 'false'; form.elements.reason.value = 'A test of ours.'; form.submit();");
        await Assertions.Expect(page.Locator("#meanwhile")).ToBeVisibleAsync();
    }

    // Colours that change gradually would be measured on their way.
    private static async Task SetAsync(IPage page, int width, ColorScheme scheme)
    {
        await page.SetViewportSizeAsync(width, width < 500 ? 844 : 900);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
    }

    private static async Task<string> SourceAsync()
    {
        await using var stream = typeof(AxeRunOptions).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")
            ?? throw new InvalidOperationException("the package of axe-core has no axe.min.js");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }

    private sealed record Visit(IBrowserContext Context, string Language, string Name, Func<IPage, Task> OpenAsync)
    {
        /// <summary>Whether it is a page that is looked at elsewhere, in another state.</summary>
        public bool IsOtherState { get; init; }
    }

    /// <summary>The story, and notifications in every state.</summary>
    public sealed class ToldMore : PagesTests.Told
    {
        protected override string More => "incidents:\n  notify:\n    - {name: duty, to: soc@example.org, quietHours: 00:00-23:59, atLeastScore: 100}\n";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            var store = House.Services.GetRequiredService<Vigie.Store.Store>();
            var now = House.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            foreach (var state in Enum.GetValues<NotificationState>())
            {
                var id = $"{(int)state:x32}";
                await store.WriteAsync(
                    Lane.Background,
                    tx =>
                    {
                        NotificationTable.Add(tx, new Notification { Id = id, Channel = "duty", Kind = NotificationKind.New, Incident = CaseStory.Told, Severity = Severity.High, Time = now, Subject = $"[Vigie] {state}", Body = "A stolen account." });
                        tx.Connection!.Execute(
                            "UPDATE notification SET state = @state, attempts = 3, next_at = @next, problem = 'mail.example.org answers 451' WHERE id = @id",
                            new { id, state = (int)state, next = now.AddHours(1).ToUnixTimeMilliseconds() }, tx);
                    },
                    CancellationToken.None);
            }
        }
    }
}
