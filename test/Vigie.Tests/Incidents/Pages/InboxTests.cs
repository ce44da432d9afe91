using System.Net;
using Vigie.Governance;
using Vigie.Incidents;
using Vigie.Incidents.Pages;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents.Pages;

/// <summary>The inbox, the search, an entity and the overview, over a store with a few hundred findings.</summary>
public sealed class InboxTests(InboxTests.Filled filled) : IClassFixture<InboxTests.Filled>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_what_is_open_the_most_pressing_first()
    {
        using var ines = await filled.House.EnterAsync(Role.Analyst, Token);
        var page = await ines.OpenAsync("/incidents", Token);
        var scores = page.Document.QuerySelectorAll(".inbox .score b").Select(score => int.Parse(score.TextContent, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.True(scores.Count > 5);
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.DoesNotContain("closed", page.Document.QuerySelectorAll(".inbox tbody .tag").Select(tag => tag.TextContent));
        Assert.Contains("closed", (await ines.OpenAsync("/incidents?status=closed", Token)).Document.QuerySelectorAll(".inbox tbody .tag").Select(tag => tag.TextContent));
    }

    [Theory]
    [InlineData("score")]
    [InlineData("title")]
    [InlineData("severity")]
    [InlineData("findings")]
    [InlineData("lastseen")]
    [InlineData("status")]
    [InlineData("assignee")]
    [InlineData("number")]
    public async Task Every_column_orders_both_ways(string order)
    {
        using var ines = await filled.House.EnterAsync(Role.Analyst, Token);
        var down = await NumbersAsync(ines, $"/incidents?status=all&order={order}");
        var up = await NumbersAsync(ines, $"/incidents?status=all&order={order}&up=1");
        Assert.Equal(down.Count, up.Count);
        if (order != "severity") Assert.NotEqual(down, up);
        if (order == "number") Assert.Equal(down.Order(), up);
    }

    [Fact]
    public async Task Filters_narrow_and_say_so_when_nothing_is_left()
    {
        using var admin = await filled.House.EnterAsync(Role.Admin, Token);
        var all = await NumbersAsync(admin, "/incidents?status=all");
        Assert.True((await NumbersAsync(admin, "/incidents?status=all&severity=critical")).Count < all.Count);
        Assert.Single(await NumbersAsync(admin, $"/incidents?status=all&q=%23{all[0]}"));
        Assert.Empty(await NumbersAsync(admin, "/incidents?assignee=me"));
        Assert.Contains("No incident fits", (await admin.OpenAsync("/incidents?assignee=me", Token)).Text, StringComparison.Ordinal);
        Assert.NotEmpty(await NumbersAsync(admin, "/incidents?assignee=awa"));
        Assert.NotEmpty(await NumbersAsync(admin, "/incidents?status=all&watch=mail"));
        foreach (var nonsense in (string[])["status=x&order=y&page=-4", "page=99999999999", "severity=9&verdict=x&technique=%27--", "kind=ip&entity=%00", "watch=%22%5D", "rule=%F0%9F%92%A9"])
            Assert.Equal(HttpStatusCode.OK, (await admin.OpenAsync($"/incidents?{nonsense}", Token)).Status);
    }

    [Fact]
    public async Task A_filter_is_saved_used_and_deleted_by_its_owner_alone()
    {
        using var ines = await filled.House.EnterAsync(Role.Analyst, Token);
        using var awa = await filled.House.EnterAsync(Role.Approver, Token);
        var page = await ines.OpenAsync("/incidents?severity=high&status=all", Token);
        var saved = await ines.SubmitAsync(page, "/incidents/filters", new Dictionary<string, string> { ["name"] = "Grave <b>ones" }, Token);
        var chip = saved.Document.QuerySelector("a.chip")!;
        Assert.Equal("Grave <b>ones", chip.TextContent.Trim());
        Assert.Equal("/incidents?status=all&severity=high", chip.GetAttribute("href"));
        Assert.Equal("true", chip.GetAttribute("aria-current"));
        Assert.Null((await awa.OpenAsync("/incidents", Token)).Document.QuerySelector("a.chip"));

        var id = saved.Document.QuerySelector("form[action$='filters/delete'] input[name=id]")!.GetAttribute("value")!;
        var others = await awa.OpenAsync("/incidents", Token);
        var token = others.Document.QuerySelector("input[name=form-token]")!.GetAttribute("value")!;
        await awa.PostAsync("/incidents/filters/delete", new Dictionary<string, string> { ["form-token"] = token, ["id"] = id }, Token);
        saved = await ines.OpenAsync("/incidents", Token);
        Assert.NotNull(saved.Document.QuerySelector("a.chip"));
        Assert.Null((await ines.SubmitAsync(saved, "/filters/delete", new Dictionary<string, string>(), Token)).Document.QuerySelector("a.chip"));
    }

    [Fact]
    public async Task Selected_incidents_are_assigned_at_once()
    {
        using var ines = await filled.House.EnterAsync(Role.Analyst, Token);
        var page = await ines.OpenAsync("/incidents?status=waiting", Token);
        var boxes = page.Document.QuerySelectorAll("td.pick input[name=seen]").Select(box => box.GetAttribute("value")!).Take(1).ToList();
        Assert.NotEmpty(boxes);
        var after = await ines.SubmitAsync(page, "/incidents/bulk", new Dictionary<string, string> { ["act"] = "assign", ["seen"] = boxes[0] }, Token);
        Assert.StartsWith("Done.", after.Flash, StringComparison.Ordinal);
        Assert.Contains(boxes[0].Split(':')[0], (await NumbersAsync(ines, "/incidents?assignee=me")).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Search_finds_marks_and_links()
    {
        using var ines = await filled.House.EnterAsync(Role.Analyst, Token);
        await filled.IndexedAsync(Token);
        var host = (await ines.OpenAsync("/incidents?status=all", Token)).Document.QuerySelector(".inbox .about")!.TextContent.Trim();
        var page = await ines.OpenAsync($"/search?q={Uri.EscapeDataString(host)}", Token);
        Assert.Contains(page.Document.QuerySelectorAll("mark"), mark => mark.TextContent == host);
        var entity = page.Document.QuerySelectorAll(".hits a.mono").First(link => link.TextContent == host);
        var about = await ines.OpenAsync(entity.GetAttribute("href")!, Token);
        Assert.Equal(HttpStatusCode.OK, about.Status);
        Assert.Contains(host, about.Heading!, StringComparison.Ordinal);
        Assert.NotEmpty(about.Document.QuerySelectorAll(".inbox tbody tr"));
        Assert.Equal(HttpStatusCode.NotFound, (await ines.OpenAsync("/entities/url?value=https%3A%2F%2Fnobody.example%2Fa%2F..%2Fb%3Fc%3Dd", Token)).Status);
        Assert.Contains("Nothing found", (await ines.OpenAsync("/search?q=zzzzqqqq", Token)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_overview_begins_with_what_needs_somebody()
    {
        using var ines = await filled.House.EnterAsync(Role.Analyst, Token);
        var page = await ines.OpenAsync("/", Token);
        Assert.Equal(["now", "day", "health"], page.Document.QuerySelectorAll("main section.part").Select(part => part.GetAttribute("aria-labelledby")));
        Assert.NotEmpty(page.Document.QuerySelectorAll(".part:first-of-type .inbox tbody tr"));
        Assert.NotNull(page.Document.QuerySelector(".part svg.chart"));
        // The chart says nothing that its table does not.
        var figures = page.Document.QuerySelectorAll(".part details table tbody td.number").Sum(cell => long.Parse(cell.TextContent, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(figures, long.Parse(page.Document.QuerySelector("a[href='/findings?period=day']")!.TextContent, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(figures > 0);
    }

    [Fact]
    public async Task Quiet_says_how_far_it_can_be_trusted()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        using var ines = await house.EnterAsync(Role.Analyst, Token);
        Assert.Contains("Nothing needs you", (await ines.OpenAsync("/incidents", Token)).Text, StringComparison.Ordinal);
        Assert.Contains("Nothing has been found yet", (await ines.OpenAsync("/", Token)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_pages_are_told_what_changed()
    {
        using var ines = await filled.House.EnterAsync(Role.Analyst, Token);
        using var response = await ines.Http.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Contains("\"changed\":[]", await EventAsync(reader), StringComparison.Ordinal);
        filled.House.Services.GetRequiredService<IncidentChanges>().Raise([7, 9]);
        var news = await EventAsync(reader);
        Assert.Contains("7", news, StringComparison.Ordinal);
        Assert.Contains("9", news, StringComparison.Ordinal);
        Assert.Contains("\"everything\":false", news, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_are_bounded_open_to_nobody_else_and_hold_up_no_stop()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        using var stranger = house.Visit();
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.Http.GetAsync("/live", Token)).StatusCode);
        using var ines = await house.EnterAsync(Role.Analyst, Token);
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < LiveStreams.MostOfAccount; i++) streams.Add(await ines.Http.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, Token));
        Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await ines.Http.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, Token)).StatusCode);
        streams[0].Dispose();
        var live = house.Services.GetRequiredService<LiveStreams>();
        while (live.Open >= LiveStreams.MostOfAccount) await Task.Delay(20, Token);
        using var again = await ines.Http.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        // Stopping ends the streams; it would otherwise wait for as long as the settings allow.
        house.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        while (live.Open > 0) await Task.Delay(20, Token);
        foreach (var stream in streams) stream.Dispose();
    }

    private static async Task<List<long>> NumbersAsync(Visitor visitor, string address) =>
        [.. (await visitor.OpenAsync(address, Token)).Document.QuerySelectorAll("tr[data-incident]").Select(row => long.Parse(row.GetAttribute("data-incident")!, System.Globalization.CultureInfo.InvariantCulture))];

    private static async Task<string> EventAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal)) return line;
        }

        return "";
    }

    /// <summary>One node for all tests of this class.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        internal ConsoleHouse House { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            House = await ConsoleHouse.StartAsync(CancellationToken.None);
            await LargeStore.FillAsync(House.Services.GetRequiredService<Vigie.Store.Store>(), DateTimeOffset.UtcNow, 1_500, 40);
        }

        /// <summary>Waits until everything can be found.</summary>
        internal async Task IndexedAsync(CancellationToken ct)
        {
            while (await House.Services.GetRequiredService<Vigie.Incidents.Search.SearchIndex>().BehindAsync(1, ct) > 0) await Task.Delay(50, ct);
        }

        public async ValueTask DisposeAsync() => await House.DisposeAsync();
    }
}
