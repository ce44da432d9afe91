using System.Net;
using System.Net.Sockets;
using System.Text;
using AngleSharp.Html.Dom;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents.Desk;

/// <summary>The desk over real HTTP against the real node.</summary>
public sealed class DeskFormsTests(DeskFormsTests.Seated seated) : IClassFixture<DeskFormsTests.Seated>
{
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "\u202Egnp.exe \u2066x", "BEL \u0007 and ESC \u001B[2J", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}} ${7*7} @(1+1)", "' OR 1=1 --", new string('ẞ', 700),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ConsoleHouse House => seated.House;

    [Fact]
    public async Task Who_decides_on_what_a_colleague_changed_is_told_and_has_the_input_still()
    {
        var id = await TellAsync(1);
        using var ines = await House.EnterAsync(Role.Analyst, Token);
        using var awa = await House.EnterAsync(Role.Approver, Token);
        var seen = await ines.OpenAsync($"/incidents/{id}", Token);
        await PostAsync(awa, id, "status", ("version", "1"), ("status", "waiting"));

        var answer = await ines.SubmitAsync(seen, "/verdict", new Dictionary<string, string> { ["verdict"] = "false", ["reason"] = "A test <b>of</b> ours." }, Token);
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("Somebody was here before you", answer.Heading);
        Assert.Contains("awa set it to “waiting”", answer.Find("#meanwhile")!.TextContent.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("A test <b>of</b> ours.", ((IHtmlTextAreaElement)answer.Find("#again textarea[name=reason]")!).Value);
        Assert.Equal("false", ((IHtmlSelectElement)answer.Find("#again select[name=verdict]")!).Value);
        Assert.Equal(IncidentStatus.Waiting, (await FindAsync(id)).Status);

        var done = await ines.SubmitAsync(answer, "/verdict", new Dictionary<string, string> { ["verdict"] = "false", ["reason"] = "A test of ours." }, Token);
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Equal((IncidentStatus.Closed, IncidentVerdict.False), ((await FindAsync(id)).Status, (await FindAsync(id)).Verdict));
    }

    [Fact]
    public async Task A_comment_stands_beside_what_a_colleague_did_and_says_so()
    {
        var id = await TellAsync(2);
        using var ines = await House.EnterAsync(Role.Analyst, Token);
        using var awa = await House.EnterAsync(Role.Approver, Token);
        await PostAsync(awa, id, "assign", ("version", "1"), ("assignee", "awa"));
        var done = await PostAsync(ines, id, "comment", ("version", "1"), ("text", "I look at the mailbox."));
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Contains("Meanwhile, awa", done.Flash, StringComparison.Ordinal);
        Assert.Contains("I look at the mailbox.", done.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_to_a_merged_incident_can_be_sent_on()
    {
        var (id, into) = (await TellAsync(3), await TellAsync(4));
        using var ines = await House.EnterAsync(Role.Analyst, Token);
        await PostAsync(ines, id, "merge", ("version", "1"), ("into", $"#{into}"));
        var answer = await PostAsync(ines, id, "comment", ("version", "1"), ("text", "Too late?"));
        Assert.Equal(HttpStatusCode.Gone, answer.Status);
        Assert.Contains($"#{into}", answer.Text, StringComparison.Ordinal);
        await ines.SubmitAsync(answer, $"/incidents/{into}/comment", new Dictionary<string, string> { ["text"] = "Too late?" }, Token);
        Assert.Equal([into], await QueryAsync<long>("SELECT incident_id FROM incident_comment WHERE text = 'Too late?'"));
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync(ines, 999_999, "comment", ("version", "1"), ("text", "Nowhere."))).Status);
    }

    [Fact]
    public async Task What_does_not_fit_is_said_and_not_lost()
    {
        var id = await TellAsync(5);
        using var ines = await House.EnterAsync(Role.Analyst, Token);
        var megabyte = new string('x', 1_000_000);
        var answer = await PostAsync(ines, id, "comment", ("version", "1"), ("text", megabyte));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("1000000", answer.Flash, StringComparison.Ordinal);
        Assert.Equal(megabyte, ((IHtmlTextAreaElement)answer.Find("#again textarea")!).Value);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(ines, id, "verdict", ("version", "1"), ("verdict", "true"), ("reason", " "))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(ines, id, "merge", ("version", "1"), ("into", "the other one"))).Status);
        Assert.Equal(1, (await FindAsync(id)).Version);
    }

    [Fact]
    public async Task A_form_that_was_cut_is_not_applied_and_one_that_arrived_is_whole()
    {
        var id = await TellAsync(6);
        using var ines = await House.EnterAsync(Role.Analyst, Token);
        var token = await TokenAsync(ines);
        var body = Encoding.UTF8.GetBytes($"form-token={Uri.EscapeDataString(token)}&version=1&text={new string('y', 4000)}&end=1");
        foreach (var portion in (int[])[0, 1, 300, 2000, body.Length - 1]) await SendAsync($"/incidents/{id}/comment", "application/x-www-form-urlencoded", body, portion);
        var file = Multipart(token, "evidence.bin", new byte[300_000]);
        foreach (var portion in (int[])[200, 100_000, file.Body.Length - 3]) await SendAsync($"/incidents/{id}/files", file.Type, file.Body, portion);
        await Task.Delay(300, Token);
        Assert.Equal(1, (await FindAsync(id)).Version);
        Assert.Equal([0L], await QueryAsync<long>($"SELECT COUNT(*) FROM incident_attachment WHERE incident_id = {id}"));

        // Whoever closes the browser after sending has sent it.
        await SendAsync($"/incidents/{id}/comment", "application/x-www-form-urlencoded", body, body.Length);
        for (var i = 0; i < 100 && (await FindAsync(id)).Version == 1; i++) await Task.Delay(50, Token);
        Assert.Equal([4000L], await QueryAsync<long>($"SELECT length(text) FROM incident_comment WHERE incident_id = {id}"));

        async Task SendAsync(string path, string type, byte[] content, int portion)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(House.Address.Host, House.Address.Port, Token);
            var head = $"POST {path} HTTP/1.1\r\nHost: {House.Address.Authority}\r\nCookie: {ines.Cookies.GetCookieHeader(House.Address)}\r\nContent-Type: {type}\r\nContent-Length: {content.Length}\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Token);
            await client.GetStream().WriteAsync(content.AsMemory(0, portion), Token);
            await client.GetStream().FlushAsync(Token);
            // A whole request is read before the connection goes; a cut one ends here.
            if (portion == content.Length) await client.GetStream().ReadExactlyAsync(new byte[12], Token);
        }
    }

    [Fact]
    public async Task A_file_comes_back_as_a_download_whatever_it_is()
    {
        var id = await TellAsync(7);
        using var ines = await House.EnterAsync(Role.Analyst, Token);
        var page = "<html><script>alert(document.cookie)</script>"u8.ToArray();
        await AttachAsync(ines, id, "../\u202Elmth.page.html\"; x=\"", page);
        var file = Assert.Single(await QueryAsync<long>($"SELECT id FROM incident_attachment WHERE incident_id = {id}"));

        using var response = await ines.Http.GetAsync($"/incidents/{id}/files/{file}", Token);
        Assert.Equal(page, await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("no-store", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var elsewhere = await ines.Http.GetAsync($"/incidents/{id + 1}/files/{file}", Token);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);

        var large = await AttachAsync(ines, id, "large.bin", new byte[IncidentDesk.MaxAttachment + 1000]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, large.StatusCode);
        Assert.Contains("10 MB", await large.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal([1L], await QueryAsync<long>($"SELECT COUNT(*) FROM incident_attachment WHERE incident_id = {id}"));
    }

    [Fact]
    public async Task Hostile_strings_stay_strings()
    {
        var id = await TellAsync(8);
        using var approver = await House.EnterAsync(Role.Approver, Token);
        foreach (var text in Hostile)
        {
            foreach (var (path, field) in ((string, string)[])[("comment", "text"), ("tasks", "text"), ("rename", "title"), ("assign", "assignee"), ("merge", "into"), ("verdict/undo", "reason")])
                AssertHarmless(await PostAsync(approver, id, path, ("version", "0"), (field, text)));
            AssertHarmless(await PostAsync(approver, id, "verdict", ("version", "0"), ("verdict", text), ("reason", text)));
            AssertHarmless(await PostAsync(approver, "/suppressions", ("rule", text), ("detector", text), ("kind", text), ("value", text), ("owner", text), ("reason", text), ("until", text)));
            AssertHarmless(await PostAsync(approver, "/suppressions", ("rule", text), ("owner", text), ("reason", text), ("until", "2031-01-01T00:00")));
            AssertHarmless(await PostAsync(approver, "/suppressions", ("rule", text), ("owner", text), ("reason", text), ("until", Soon())));
            AssertHarmless(await PostAsync(approver, "/incidents/bulk", ("act", "close"), ("seen", text), ("fold", text), ("reason", text), ("verdict", text)));
            if (text.Length > 1000) continue;
            foreach (var path in (string[])["/suppressions/new?rule=", "/suppressions/new?kind=host&value=", "/suppressions/", "/records?q=", "/records/rule?detector=x&rule="])
                AssertHarmless(await approver.OpenAsync(path + Uri.EscapeDataString(text), Token));
        }

        // A NUL cannot be typed; a form that holds one is refused before anything of it is read.
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(approver, id, "comment", ("version", "0"), ("text", "NUL \0"))).Status);
        foreach (var address in (string[])["/suppressions", "/records", $"/incidents/{id}", "/"]) AssertHarmless(await approver.OpenAsync(address, Token));
        foreach (var suppression in await House.Services.GetRequiredService<SuppressionDesk>().ListAsync(SuppressionShown.Active, Token))
            AssertHarmless(await approver.OpenAsync($"/suppressions/{suppression.Id}", Token));
    }

    [Fact]
    public async Task A_suppression_is_looked_at_before_it_is_made_and_ended_with_a_reason()
    {
        await using var house = await ConsoleHouse.StartAsync(Token);
        using var approver = await house.EnterAsync(Role.Approver, Token);
        var recent = Enumerable.Range(0, 4).Select(i => SomeIncident.Finding(100 + i, "console-rule") with { FirstSeen = DateTimeOffset.UtcNow.AddHours(-2), LastSeen = DateTimeOffset.UtcNow.AddHours(-1) }).ToList();
        await SomeIncident.TellAsync(house.Services.GetRequiredService<Vigie.Store.Store>(), Token, recent);

        var empty = await approver.OpenAsync("/suppressions/new", Token);
        Assert.Null(empty.Find("form[action='/suppressions']"));
        var page = await approver.OpenAsync("/suppressions/new?rule=console-rule", Token);
        Assert.Contains("4 of 4", page.Text, StringComparison.Ordinal);
        var fields = new Dictionary<string, string> { ["until"] = Soon(), ["owner"] = "Network", ["reason"] = "The new scanner." };
        var refused = await approver.SubmitAsync(page, "/suppressions", fields, Token);
        Assert.Contains("more than half", refused.Flash, StringComparison.Ordinal);
        Assert.Equal("The new scanner.", ((IHtmlInputElement)refused.Find("input[name=reason]")!).Value);
        var made = await approver.SubmitAsync(refused, "/suppressions", new Dictionary<string, string>(fields) { ["sure"] = "yes" }, Token);
        Assert.StartsWith("Suppression #", made.Heading, StringComparison.Ordinal);
        Assert.Contains("console-rule", (await approver.OpenAsync("/suppressions", Token)).Text, StringComparison.Ordinal);
        Assert.Contains("suppressions in force: 1", (await approver.OpenAsync("/", Token)).Text, StringComparison.Ordinal);

        using var ines = await house.EnterAsync(Role.Analyst, Token);
        Assert.Null((await ines.OpenAsync(made.Address, Token)).Find("form[action$='/end']"));
        var ended = await approver.SubmitAsync(made, "/end", new Dictionary<string, string> { ["reason"] = "It was switched off." }, Token);
        Assert.Contains("It was switched off.", ended.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("console-rule", (await approver.OpenAsync("/suppressions", Token)).Text, StringComparison.Ordinal);
        Assert.Contains("console-rule", (await approver.OpenAsync("/suppressions?show=ended", Token)).Text, StringComparison.Ordinal);

        var record = await approver.OpenAsync("/records/rule?detector=mail.lookalike-recipient&rule=console-rule", Token);
        Assert.Contains("nobody has judged it", record.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_incidents_are_closed_from_the_inbox_and_a_missing_reason_loses_no_choice()
    {
        var (one, two) = (await TellAsync(9), await TellAsync(10));
        using var ines = await House.EnterAsync(Role.Analyst, Token);
        var again = await PostAsync(ines, "/incidents/bulk", ("act", "close"), ("seen", $"{one}:1"), ("verdict", "benign"), ("reason", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Status);
        Assert.Equal($"{one}:1", ((IHtmlInputElement)again.Find("#again input[name=seen]")!).Value);
        Assert.Equal("benign", ((IHtmlSelectElement)again.Find("#again select[name=verdict]")!).Value);

        var done = await ines.SubmitAsync(again, "/incidents/bulk", new Dictionary<string, string> { ["verdict"] = "benign", ["reason"] = "The new printer." }, Token);
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Equal(IncidentVerdict.Benign, (await FindAsync(one)).Verdict);
        Assert.Null((await FindAsync(two)).Verdict);
    }

    private static string Soon() => DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static void AssertHarmless(Seen page)
    {
        Assert.True((int)page.Status is 200 or 404 or 409 or 410 or 414 or 422, $"{page.Address}: {page.Status}");
        Assert.All(page.Document.Scripts, script => Assert.StartsWith("/assets/", script.Source, StringComparison.Ordinal));
        Assert.Empty(page.Document.QuerySelectorAll("img, [onerror], b > script"));
        Assert.DoesNotContain("href=\"javascript:", page.Html, StringComparison.OrdinalIgnoreCase);
        foreach (var text in page.Document.Body!.QuerySelectorAll("*").SelectMany(element => element.ChildNodes.OfType<AngleSharp.Dom.IText>()).Where(text => text.ParentElement!.LocalName is not ("script" or "textarea")))
            Assert.True(text.Data.All(c => c is '\n' || (!char.IsControl(c) && c is not ('\u202E' or '\u2066'))), $"{page.Address} shows a control character in \"{text.Data.Trim()}\"");
    }

    private Task<long> TellAsync(int number) => SomeIncident.TellAsync(House.Services.GetRequiredService<Vigie.Store.Store>(), Token, SomeIncident.Finding(number, $"rule-{number}", Severity.High));

    private async Task<Incident> FindAsync(long id) => (await House.Services.GetRequiredService<IncidentTable>().FindAsync(id, Token))!;

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql) =>
        [.. await House.Services.GetRequiredService<Vigie.Store.Store>().ReadAsync((connection, _) => connection.QueryAsync<T>(sql), Token)];

    private static async Task<string> TokenAsync(Visitor visitor) =>
        (await visitor.OpenAsync("/profile", Token)).Document.QuerySelector("input[name=form-token]")!.GetAttribute("value")!;

    private static Task<Seen> PostAsync(Visitor visitor, long id, string path, params (string Name, string Value)[] fields) => PostAsync(visitor, $"/incidents/{id}/{path}", fields);

    private static async Task<Seen> PostAsync(Visitor visitor, string address, params (string Name, string Value)[] fields)
    {
        var form = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        form["form-token"] = await TokenAsync(visitor);
        return await visitor.PostAsync(address, form, Token);
    }

    private static async Task<HttpResponseMessage> AttachAsync(Visitor visitor, long id, string name, byte[] content)
    {
        var (type, body) = Multipart(await TokenAsync(visitor), name, content);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/incidents/{id}/files") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await visitor.Http.SendAsync(request, Token);
    }

    private static (string Type, byte[] Body) Multipart(string token, string name, byte[] content)
    {
        const string Boundary = "----a-boundary";
        var head = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"form-token\"\r\n\r\n{token}\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n1\r\n"
            + $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name.Replace("\"", "%22", StringComparison.Ordinal)}\"\r\nContent-Type: text/html\r\n\r\n";
        return ($"multipart/form-data; boundary={Boundary}", [.. Encoding.UTF8.GetBytes(head), .. content, .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n")]);
    }

    /// <summary>One node for all tests of this class.</summary>
    public sealed class Seated : IAsyncLifetime
    {
        internal ConsoleHouse House { get; private set; } = null!;

        public async ValueTask InitializeAsync() => House = await ConsoleHouse.StartAsync(CancellationToken.None);

        public ValueTask DisposeAsync() => House.DisposeAsync();
    }
}
