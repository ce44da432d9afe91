using System.Net;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Components.Endpoints;
using Vigie.Console;
using Vigie.Governance;
using Vigie.Incidents.Search;
using Vigie.Tests.Incidents;
using Vigie.Watches.Mail;

namespace Vigie.Tests.Console;

/// <summary>Every page and every action over real HTTP against the real node.</summary>
public sealed class PagesTests(PagesTests.Told told) : IClassFixture<PagesTests.Told>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages =>
    [
        "/", "/held", "/held?state=all", $"/held/{MailStory.HeldQueueId}", "/held/4Wb2Hn0pQrs", "/held/nothing", "/decisions", "/decisions?verdict=hold&period=week&q=keita",
        "/decisions/story-0", "/decisions/story-held", "/decisions/nothing", "/explore", "/explore?q=army.ml", "/explore?q=army.mil", "/explore?q=b%C3%BCcher.example", "/explore?q=--",
        "/protected", "/protected?q=mil&origin=pack", "/relationships", "/relationships?show=trusted", "/relationships/bnda.ml", "/relationships/unknown.example", "/domains", "/health",
        "/findings", "/findings?severity=high&period=month&group=rule", "/findings?host=ws-ops-07&q=shell", "/findings?kind=ip&entity=203.0.113.77", "/findings?q=no-such-thing",
        $"/findings/{LogStory.WebShellId}", "/findings/nothing", "/logs", "/rules", "/rules?q=shell&severity=high&order=noise", "/rules?show=failed", "/rules?show=muted", "/rules?show=waiting&q=none", "/rules?show=correlations", $"/rules/{LogStory.CorrelationRule}",
        $"/rules/{LogStory.WebShellRule}", $"/rules/{LogStory.WebShellRule}?event=gone", "/rules/nothing", "/coverage", "/notifications",
        "/incidents", "/incidents?status=all&severity=high&order=lastseen&up=1&period=week&watch=logs&technique=T1059", "/incidents?assignee=me&q=nothing", "/incidents?page=9",
        "/search", "/search?q=whoami", "/search?q=nothing-like-it", "/entities/host?value=WEB-02", "/entities/ip?value=192.0.2.99",
        $"/incidents/{CaseStory.Told}", $"/incidents/{CaseStory.Merged}", $"/incidents/{CaseStory.Single}", "/incidents/nothing", $"/incidents/{CaseStory.Told}/findings", $"/incidents/{CaseStory.Told}/context", $"/incidents/{CaseStory.Told}/print",
        "/suppressions", "/suppressions?show=coming", "/suppressions?show=ended", "/suppressions/1", "/suppressions/nothing", "/suppressions/new", "/suppressions/new?detector=logs.sigma&kind=host&value=WEB-02",
        "/records", "/records?period=all&order=precision&q=shell", $"/records/rule?detector=logs.sigma&rule={LogStory.WebShellRule}", "/records/rule?rule=nothing",
        "/mode", "/journal", "/journal?actor=awa", "/accounts", "/profile", "/profile/second-factor", "/login", "/login/code", "/setup/x", "/password/x", "/insist/x", "/no/such/page",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Is_whole_in_English_and_in_French(string address)
    {
        using var english = await told.House.EnterAsync(Role.Admin, Token);
        using var french = await told.House.EnterAsync(Role.Admin, Token, "fr-ML,fr;q=0.9,en;q=0.5");
        var en = await english.OpenAsync(address, Token);
        var fr = await french.OpenAsync(address, Token);

        Assert.Equal("en", en.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("fr", fr.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal(en.Status, fr.Status);
        Assert.True((int)en.Status is 200 or 404 or 410 or 422, $"{address}: {en.Status}");
        Assert.False(string.IsNullOrWhiteSpace(en.Heading), $"{address} has no heading");
        Assert.EndsWith("· Vigie", en.Document.Title, StringComparison.Ordinal);

        var pieces = new HashSet<string>(Visible(fr), StringComparer.Ordinal);
        foreach (var (name, text) in TextsTests.All.Where(text => text.Text.English != text.Text.French && text.Text.English.Length > 5))
            Assert.False(pieces.Contains(text.English), $"{address} in French says {name}: {text.English}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Needs_nothing_that_its_policy_forbids(string address)
    {
        using var visitor = await told.House.EnterAsync(Role.Admin, Token);
        var page = await visitor.OpenAsync(address, Token);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("no-store", page.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        Assert.Empty(page.Document.QuerySelectorAll("[style], style, iframe, object, embed, base"));
        Assert.All(page.Document.Scripts, script => Assert.StartsWith("/assets/", script.Source, StringComparison.Ordinal));
        Assert.Empty(page.Document.All.SelectMany(element => element.Attributes).Where(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)).Select(attribute => attribute.Name));
        Assert.All(page.Document.QuerySelectorAll("form[method=post]"), form => Assert.NotNull(form.QuerySelector("input[name=form-token]")));
        Assert.All(page.Document.QuerySelectorAll("input:not([type=hidden]), select, textarea"), field => Assert.True(
            field.Closest("label") is not null || field.HasAttribute("aria-label"), $"{address}: a field without a label: {field.OuterHtml}"));
        Assert.Equal(page.Document.QuerySelectorAll("[id]").Length, page.Document.QuerySelectorAll("[id]").Select(element => element.Id).Distinct().Count());
    }

    [Fact]
    public void Every_page_and_action_says_who_may()
    {
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null || endpoint.Metadata.GetMetadata<ConsoleActionMetadata>() is not null))
        {
            var requires = endpoint.Metadata.GetMetadata<RequiresAttribute>();
            var open = endpoint.Metadata.GetMetadata<OpenToAllAttribute>();
            Assert.True((requires is null) != (open is null), $"{endpoint.DisplayName} must say either [Requires] or [OpenToAll]");
        }
    }

    [Fact]
    public async Task Everything_that_is_not_open_asks_for_a_login()
    {
        using var visitor = told.House.Visit();
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is null))
        {
            using var request = new HttpRequestMessage(MethodOf(endpoint), PathOf(endpoint));
            using var response = await visitor.Http.SendAsync(request, Token);
            Assert.True(response.StatusCode == HttpStatusCode.Redirect, $"{endpoint.DisplayName}: {response.StatusCode}");
            Assert.StartsWith("/login", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(Role.Analyst))]
    [InlineData(nameof(Role.Approver))]
    public async Task What_a_role_may_not_is_refused(string roleName)
    {
        var role = Enum.Parse<Role>(roleName);
        using var visitor = await told.House.EnterAsync(role, Token);
        var refused = 0;
        foreach (var endpoint in Endpoints())
        {
            if (endpoint.Metadata.GetMetadata<RequiresAttribute>() is not { } requires || Access.Allows(role, requires.Permission)) continue;
            using var request = new HttpRequestMessage(MethodOf(endpoint), PathOf(endpoint));
            if (request.Method == HttpMethod.Post) request.Content = new FormUrlEncodedContent([]);
            using var response = await visitor.Http.SendAsync(request, Token);
            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{roleName} at {endpoint.DisplayName}: {response.StatusCode}");
            refused++;
        }

        Assert.True(refused > 5);
    }

    [Fact]
    public async Task The_address_of_a_form_that_is_opened_again_leads_to_its_page()
    {
        static string Parent(string path) => path[..path.LastIndexOf('/')];
        using var admin = await told.House.EnterAsync(Role.Admin, Token);
        var led = 0;
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<ConsoleActionMetadata>() is not null))
        {
            var path = PathOf(endpoint);
            using var response = await admin.Http.GetAsync(path, Token);
            // A page with a name in its address may take the last part for one.
            if (response.StatusCode != HttpStatusCode.SeeOther && Endpoints().Any(page => page.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && Parent(PathOf(page)) == Parent(path))) continue;
            led++;
            Assert.True(response.StatusCode == HttpStatusCode.SeeOther, $"{endpoint.DisplayName}: {response.StatusCode}");
            Assert.StartsWith(response.Headers.Location!.OriginalString, path, StringComparison.Ordinal);
        }

        Assert.True(led > 20, $"{led} forms");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await admin.Http.PutAsync("/incidents/1/verdict", null, Token)).StatusCode);
    }

    [Fact]
    public async Task No_action_takes_a_form_that_was_not_made_for_this_person()
    {
        using var admin = await told.House.EnterAsync(Role.Admin, Token);
        using var other = await told.House.EnterAsync(Role.Approver, Token);
        var foreign = (await other.OpenAsync("/profile", Token)).Document.QuerySelector("input[name=form-token]")!.GetAttribute("value")!;
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<ConsoleActionMetadata>() is not null))
        {
            // The limits on guessing come before the form is read; what is asked here is about the others.
            if (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.RateLimiting.EnableRateLimitingAttribute>() is not null) continue;
            foreach (var token in (string[])["", "made-up", foreign])
            {
                var page = await admin.PostAsync(PathOf(endpoint), new Dictionary<string, string> { ["form-token"] = token }, Token);
                Assert.True(page.Status == HttpStatusCode.BadRequest, $"{endpoint.DisplayName} with \"{token}\": {page.Status}");
                Assert.Equal("This form is no longer valid", page.Heading);
            }
        }
    }

    [Fact]
    public async Task A_form_too_large_to_be_one_is_refused()
    {
        using var admin = await told.House.EnterAsync(Role.Admin, Token);
        var token = (await admin.OpenAsync("/mode", Token)).Document.QuerySelector("input[name=form-token]")!.GetAttribute("value")!;
        var fields = new Dictionary<string, string> { ["form-token"] = token, ["mode"] = "Observe", ["reason"] = new string('x', 200_000) };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await admin.PostAsync("/mode", fields, Token)).Status);
        Assert.Equal(Mode.Enforce, told.House.Services.GetRequiredService<MailMode>().Current);
    }

    [Fact]
    public async Task Strings_from_strangers_stay_strings()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        await MailStory.TellHostileAsync(house.Services, Token);
        await LogStory.TellHostileAsync(house.Services, Token);
        using var visitor = await house.EnterAsync(Role.Admin, Token);
        string[] addresses =
        [
            "/", "/held", "/decisions", "/journal", "/findings", "/findings?group=rule", .. LogStory.HostileIds.Select(id => $"/findings/{id}"), .. MailStory.Hostile.Select((_, i) => $"/held/hostile{i}"), .. MailStory.Hostile.Select((_, i) => $"/decisions/hostile-{i}"),
            .. MailStory.Hostile.Where(text => text.Length < 1000).SelectMany(text => new[] { "/held?q=", "/decisions?q=", "/explore?q=", "/protected?q=", "/relationships?q=", "/login?back=", "/journal?actor=", "/findings?q=", "/findings?host=", "/findings?kind=ip&entity=", "/findings?rule=", "/rules?q=", "/rules/", "/incidents?q=", "/incidents?assignee=", "/incidents?kind=ip&entity=", "/search?q=", "/entities/host?value=" }
                .Select(path => path + Uri.EscapeDataString(text))),
        ];
        foreach (var address in addresses)
        {
            var page = await visitor.OpenAsync(address, Token);
            Assert.True(page.Html.Length < 400_000, $"{address}: {page.Html.Length} characters");
            Assert.All(page.Document.Scripts, script => Assert.StartsWith("/assets/", script.Source, StringComparison.Ordinal));
            Assert.Empty(page.Document.QuerySelectorAll("img, [onerror]"));
            Assert.DoesNotContain("href=\"javascript:", page.Html, StringComparison.OrdinalIgnoreCase);
            foreach (var text in page.Document.Body!.Descendants<IText>().Where(text => text.ParentElement?.LocalName is not ("script" or "textarea")))
                Assert.True(text.Data.All(c => c is '\n' || (!char.IsControl(c) && c is not ('\u202E' or '\u2028'))), $"{address} shows a control character in \"{text.Data.Trim()[..Math.Min(40, text.Data.Trim().Length)]}\"");
        }

        var held = await visitor.OpenAsync("/held", Token);
        Assert.Contains("U+202E", held.Text, StringComparison.Ordinal);
        Assert.Contains("<script>alert(1)</script>", held.Text, StringComparison.Ordinal);
        Assert.All(held.Document.QuerySelectorAll("td a.row"), link => Assert.True(link.QuerySelector("bdi") is not null));
    }

    [Fact]
    public async Task A_first_visit_is_light()
    {
        using var visitor = new HttpClient { BaseAddress = told.House.Address };
        visitor.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        var page = await visitor.GetAsync("/login", Token);
        var total = (await page.Content.ReadAsByteArrayAsync(Token)).Length;
        using var reader = told.House.Visit();
        var login = await reader.OpenAsync("/login", Token);
        foreach (var address in login.Document.QuerySelectorAll("link[href], script[src]").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!))
        {
            var asset = await visitor.GetAsync(address, Token);
            Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("br", asset.Content.Headers.ContentEncoding.Single());
            total += (await asset.Content.ReadAsByteArrayAsync(Token)).Length;
        }

        Assert.True(total < 20_000, $"{total} bytes");
        using var inside = await told.House.EnterAsync(Role.Admin, Token);
        var overview = await inside.OpenAsync("/", Token);
        Assert.True(overview.Html.Length < 60_000, $"{overview.Html.Length} characters before compression");
    }

    [Fact]
    public async Task Language_and_theme_are_kept_without_an_account_and_with_one()
    {
        using var visitor = told.House.Visit();
        var login = await visitor.SubmitAsync(await visitor.OpenAsync("/login", Token), "/preferences", new Dictionary<string, string> { ["language"] = "fr" }, Token);
        Assert.Equal("Se connecter", login.Heading);
        login = await visitor.SubmitAsync(login, "/preferences", new Dictionary<string, string> { ["theme"] = "dark" }, Token);
        Assert.Equal("dark", login.Document.DocumentElement.GetAttribute("data-theme"));

        using var first = await told.House.EnterAsync(Role.Analyst, Token);
        var profile = await first.SubmitAsync(await first.OpenAsync("/profile", Token), "/profile/display", new Dictionary<string, string> { ["language"] = "fr", ["theme"] = "light" }, Token);
        Assert.Equal("fr", profile.Document.DocumentElement.GetAttribute("lang"));
        using var elsewhere = await told.House.EnterAsync(Role.Analyst, Token);
        Assert.Equal("light", (await elsewhere.OpenAsync("/", Token)).Document.DocumentElement.GetAttribute("data-theme"));
    }

    private IEnumerable<RouteEndpoint> Endpoints() =>
        told.House.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static HttpMethod MethodOf(RouteEndpoint endpoint) =>
        new(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET");

    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "x"))));

    private static IEnumerable<string> Visible(Seen page) =>
        page.Document.Body!.Descendants<IText>().Select(text => text.Data.Trim()).Where(text => text.Length > 0);

    /// <summary>One node with a story for all tests of this class.</summary>
    public class Told : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal ConsoleHouse House { get; private set; } = null!;

        /// <summary>Settings beside those of the story.</summary>
        protected virtual string More => "";

        public virtual async ValueTask InitializeAsync()
        {
            House = await ConsoleHouse.StartAsync(CancellationToken.None, "protection:\n  ownDomains: [travel.example, freight.example]\n" + LogStory.Prepare(_folder) + More);
            await MailStory.TellAsync(House.Services, CancellationToken.None);
            await LogStory.TellAsync(House.Services, CancellationToken.None);
            await CaseStory.TellAsync(House.Services, CancellationToken.None);
            await DeskStory.TellAsync(House.Services, CancellationToken.None);
            await House.Services.GetRequiredService<MailMode>().SetAsync(Mode.Enforce, "admin", "Two quiet weeks of observing.", null, CancellationToken.None);
            // What was told can be found.
            var index = House.Services.GetRequiredService<SearchIndex>();
            for (var i = 0; i < 300 && await index.BehindAsync(1, CancellationToken.None) > 0; i++) await Task.Delay(100);
        }

        public async ValueTask DisposeAsync()
        {
            await House.DisposeAsync();
            _folder.Dispose();
            GC.SuppressFinalize(this);
        }
    }
}
