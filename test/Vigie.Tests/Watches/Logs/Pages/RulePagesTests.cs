using System.Net;
using Vigie.Governance;
using Vigie.Tests.Console;
using Vigie.Watches.Logs.Pages.Explaining;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Tests.Watches.Logs.Pages;

/// <summary>What people do on the pages of rules.</summary>
public sealed class RulePagesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rule_is_muted_with_a_reason_and_an_end_and_unmuted_again()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var approver = await house.EnterAsync(Role.Approver, Token);
        var address = $"/rules/{LogStory.WebShellRule}";
        var muted = await approver.SubmitAsync(await approver.OpenAsync(address, Token), "/rules/mute", new Dictionary<string, string> { ["for"] = "7d", ["reason"] = "A planned exercise." }, Token);
        Assert.Contains("The rule is muted.", muted.Text, StringComparison.Ordinal);
        Assert.Contains("A planned exercise.", muted.Text, StringComparison.Ordinal);
        var mute = Assert.Single(await house.Services.GetRequiredService<RuleMutes>().ActiveAsync(Token));
        Assert.Equal(("awa", TimeSpan.FromDays(7)), (mute.Actor, mute.Until - mute.CreatedAt));

        var without = await approver.SubmitAsync(muted, "/rules/unmute", new Dictionary<string, string> { ["reason"] = " " }, Token);
        Assert.Single(await house.Services.GetRequiredService<RuleMutes>().ActiveAsync(Token));
        var ended = await approver.SubmitAsync(without, "/rules/unmute", new Dictionary<string, string> { ["reason"] = "The exercise is over." }, Token);
        Assert.Contains("The mute is ended.", ended.Text, StringComparison.Ordinal);
        Assert.Empty(await house.Services.GetRequiredService<RuleMutes>().ActiveAsync(Token));
        var journal = await house.Services.GetRequiredService<Journal>().SearchAsync(new JournalQuery { Subject = LogStory.WebShellRule }, Token);
        Assert.Equal(["logs.unmute", "logs.mute"], journal.Entries.Select(entry => entry.Action));
    }

    [Fact]
    public async Task An_analyst_may_look_and_try_but_not_mute()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var analyst = await house.EnterAsync(Role.Analyst, Token);
        var page = await analyst.OpenAsync($"/rules/{LogStory.WebShellRule}", Token);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Null(page.Document.QuerySelector("form[action='/rules/mute']"));
        Assert.NotNull(page.Document.QuerySelector("form[action='/rules/explain']"));
    }

    [Fact]
    public async Task A_pasted_event_is_explained_term_by_term_to_the_one_who_pasted_it()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var analyst = await house.EnterAsync(Role.Analyst, Token);
        var page = await analyst.OpenAsync($"/rules/{LogStory.WebShellRule}", Token);
        const string fires = """{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"ParentImage":"C:\\Windows\\System32\\inetsrv\\w3wp.exe","Image":"C:\\Windows\\System32\\cmd.exe","CommandLine":"cmd /c <b>whoami</b>"}""";
        var explained = await analyst.SubmitAsync(page, "/rules/explain", new Dictionary<string, string> { ["event"] = fires }, Token);
        Assert.Contains("The rule fires for this event.", explained.Text, StringComparison.Ordinal);
        Assert.Contains(explained.Document.QuerySelectorAll(".terms li.holds"), line => line.TextContent.Contains("endswith '\\cmd.exe'", StringComparison.Ordinal) && line.TextContent.Contains("C:\\Windows\\System32\\cmd.exe", StringComparison.Ordinal));
        Assert.Contains(explained.Document.QuerySelectorAll(".terms li.fails"), line => line.TextContent.Contains("story", StringComparison.Ordinal));

        using var other = await house.EnterAsync(Role.Approver, Token);
        var elsewhere = await other.OpenAsync(explained.Address, Token);
        Assert.Contains("no longer in memory", elsewhere.Text, StringComparison.Ordinal);

        var nothing = await analyst.SubmitAsync(page, "/rules/explain", new Dictionary<string, string> { ["event"] = "no event at all" }, Token);
        Assert.DoesNotContain("fires for this event", nothing.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_is_not_used_is_listed_with_file_line_and_reason()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var analyst = await house.EnterAsync(Role.Analyst, Token);
        var page = await analyst.OpenAsync("/rules?show=failed", Token);
        Assert.Matches(@"broken\.yml:\d+", page.Text);
        Assert.Contains("condition.aggregation", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correlation_is_a_row_among_the_rules_and_found_by_what_it_counts()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var analyst = await house.EnterAsync(Role.Analyst, Token);
        foreach (var search in (string[])["/rules", "/rules?show=correlations", "/rules?q=IpAddress", "/rules?q=value_count", "/rules?q=attack.t1110&severity=high", "/rules?q=nombreux%20comptes"])
        {
            var page = await analyst.OpenAsync(search, Token);
            var row = Assert.Single(page.Document.QuerySelectorAll("table.list tr"), row => row.TextContent.Contains("Many accounts tried from one address", StringComparison.Ordinal));
            Assert.Contains("correlation", row.QuerySelector(".tag.info")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("90\u00a0minutes", row.TextContent, StringComparison.Ordinal);
            Assert.Contains("IpAddress, Computer", row.TextContent, StringComparison.Ordinal);
            Assert.NotNull(row.QuerySelector($"a[href='/rules/{LogStory.CorrelationRule}']"));
        }

        Assert.DoesNotContain("Web shell", (await analyst.OpenAsync("/rules?show=correlations", Token)).Document.QuerySelector("table.list")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Many accounts tried", (await analyst.OpenAsync("/rules?show=waiting", Token)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_correlation_says_what_it_counts_and_leads_to_its_rules_and_back()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var analyst = await house.EnterAsync(Role.Analyst, Token);
        var page = await analyst.OpenAsync($"/rules/{LogStory.CorrelationRule}", Token);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        foreach (var said in (string[])["number of different values of TargetUserName ≥ 1,200", "90 minutes", "IpAddress, Computer", "with each event", "type: value_count", "Offices behind one address"])
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("form[action='/rules/explain']"));
        var counted = Assert.Single(page.Document.QuerySelectorAll("ul.links a"), link => link.TextContent == "Many failed logons of one address");
        var rule = await analyst.OpenAsync(counted.GetAttribute("href")!, Token);
        Assert.Contains("also counted by these correlations", rule.Text, StringComparison.Ordinal);
        Assert.NotNull(rule.Document.QuerySelector($"ul.links a[href='/rules/{LogStory.CorrelationRule}']"));
        Assert.NotNull(rule.Document.QuerySelector("form[action='/rules/explain']"));
    }

    [Fact]
    public async Task A_correlation_is_muted_as_a_rule_is()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var approver = await house.EnterAsync(Role.Approver, Token);
        var address = $"/rules/{LogStory.CorrelationRule}";
        await approver.SubmitAsync(await approver.OpenAsync(address, Token), "/rules/mute", new Dictionary<string, string> { ["for"] = "1d", ["reason"] = "A test of passwords." }, Token);
        Assert.Equal(LogStory.CorrelationRule, Assert.Single(await house.Services.GetRequiredService<RuleMutes>().ActiveAsync(Token)).Rule);
        Assert.Contains("A test of passwords.", (await approver.OpenAsync(address, Token)).Text, StringComparison.Ordinal);
        Assert.Contains("muted", (await approver.OpenAsync("/rules?show=muted&q=TargetUserName", Token)).Document.QuerySelector("table.list")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_is_only_counted_says_so()
    {
        using var folder = new TemporaryFolder();
        var settings = LogStory.Prepare(folder);
        folder.Write("story-rules/correlation.yml", File.ReadAllText(folder.Combine("story-rules/correlation.yml")).Replace("generate: true", "generate: false", StringComparison.Ordinal));
        await using var house = await ConsoleHouse.StartAsync(Token, settings);
        await house.Services.GetRequiredService<RuleLibrary>().WhenLoadedAsync(Token);
        using var analyst = await house.EnterAsync(Role.Analyst, Token);
        var row = Assert.Single((await analyst.OpenAsync("/rules?q=failed%20logons", Token)).Document.QuerySelectorAll("table.list tbody tr"));
        Assert.Contains("only counted", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("no finding of its own", (await analyst.OpenAsync(row.QuerySelector("a.row")!.GetAttribute("href")!, Token)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_counts_a_correlation_by_its_techniques()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var analyst = await house.EnterAsync(Role.Analyst, Token);
        var page = await analyst.OpenAsync("/coverage", Token);
        var row = Assert.Single(page.Document.QuerySelectorAll(".tactic tr"), row => row.TextContent.Contains("Brute Force", StringComparison.Ordinal));
        Assert.Equal("2", row.QuerySelector("td.number")!.TextContent);
    }

    [Fact]
    public async Task A_rule_with_a_French_title_is_shown_in_French_and_one_without_is_announced_as_English()
    {
        using var folder = new TemporaryFolder();
        await using var house = await HouseAsync(folder);
        using var analyst = await house.EnterAsync(Role.Analyst, Token, "fr");
        var list = await analyst.OpenAsync("/rules", Token);
        var own = list.Document.QuerySelector($"a[href='/rules/{LogStory.CorrelationRule}']")!;
        Assert.Equal("Essai de nombreux comptes depuis une même adresse", own.TextContent.Trim());
        Assert.Null(own.QuerySelector("[lang]"));
        Assert.Equal("en", list.Document.QuerySelector($"a[href='/rules/{LogStory.WebShellRule}'] [lang]")!.GetAttribute("lang"));
        var page = await analyst.OpenAsync($"/rules/{LogStory.CorrelationRule}", Token);
        Assert.Contains("quelqu’un essaie des mots de passe", page.Text, StringComparison.Ordinal);
        Assert.Contains("Bureaux derrière une même adresse", page.Text, StringComparison.Ordinal);
        Assert.Contains("≥ 1 200", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Offices behind", page.Document.QuerySelector(".card")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Pasted_events_are_few_and_short_lived()
    {
        var time = new Domains.AdjustableTime(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
        var events = new PastedEvents(time);
        var first = events.Keep("awa", new string('x', 100_000));
        Assert.Equal(PastedEvents.MaxLength, events.Find("awa", first)!.Length);
        Assert.Null(events.Find("ines", first));
        for (var i = 0; i < 100; i++) events.Keep("awa", "more");
        Assert.Null(events.Find("awa", first));
        var last = events.Keep("awa", "last");
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(events.Find("awa", last));
    }

    private static async Task<ConsoleHouse> HouseAsync(TemporaryFolder folder)
    {
        var house = await ConsoleHouse.StartAsync(Token, LogStory.Prepare(folder));
        await house.Services.GetRequiredService<RuleLibrary>().WhenLoadedAsync(Token);
        return house;
    }
}
