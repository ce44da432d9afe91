using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Vigie.Engine.Findings;
using Vigie.Governance;
using Vigie.Incidents;
using Vigie.Incidents.Case;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents;

/// <summary>The page of an incident and what can be taken along, over real HTTP against the real node.</summary>
public sealed class IncidentPagesTests(IncidentPagesTests.House house) : IClassFixture<IncidentPagesTests.House>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_what_happened_why_it_belongs_together_and_what_is_new()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var page = await ines.OpenAsync($"/incidents/{CaseStory.Told}", Token);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal($"#{CaseStory.Told} A stolen account, from a look-alike of the ministry to a beacon", page.Heading);
        var story = string.Join(' ', page.Find("#story")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("29 findings of 8 rules", story, StringComparison.Ordinal);
        Assert.Contains("“Regular connections to one address” (medium, 20 times)", story, StringComparison.Ordinal);
        Assert.Contains("What they share:", story, StringComparison.Ordinal);
        Assert.Equal(8, page.Document.QuerySelectorAll(".timeline > li").Length);
        Assert.Contains("20 times", page.Find(".timeline")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Joined by", page.Text, StringComparison.Ordinal);
        Assert.Contains("3 new findings", page.Find(".fresh")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(14, page.Document.QuerySelectorAll(".tactics li").Length);
        Assert.Contains(page.Document.QuerySelectorAll(".tactics li.seen").Select(li => li.TextContent), text => text.StartsWith("exfiltration", StringComparison.Ordinal) && text.Contains("T1041", StringComparison.Ordinal));
        Assert.Equal("+48.2", page.Find(".score-terms dt")!.TextContent);
        // What the rule asked for stands out, in the value and in the text; what only says which event it was does not.
        Assert.Equal(["203.0.113.77"], page.Document.QuerySelectorAll("#evidence .proof:first-of-type .fields mark, #evidence .proof:first-of-type pre mark").Select(mark => mark.TextContent).Distinct());
        Assert.Equal([@"\\WINWORD.EXE", @"\\powershell.exe"], page.Document.QuerySelectorAll("#evidence pre mark").Select(mark => mark.TextContent).Where(text => text != "203.0.113.77").Order(StringComparer.OrdinalIgnoreCase).Reverse());
        Assert.Contains($"#{CaseStory.Earlier}", page.Find("#related")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Called Awa", page.Find("#comments")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Vigie asks", page.Find("#proposals")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_and_its_table_say_the_same()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var page = await ines.OpenAsync($"/incidents/{CaseStory.Told}", Token);
        var nodes = page.Document.QuerySelectorAll(".map [data-n]");
        Assert.Equal(nodes.Length, page.Document.QuerySelectorAll("#map tbody tr").Length);
        Assert.Contains(nodes, node => node.GetAttribute("data-label") == "ws-ops-07" && node.GetAttribute("href")!.Contains("ws-ops-07", StringComparison.Ordinal));
        // A process is called by its program and number; its id is one step away.
        var process = Assert.Single(nodes, node => node.GetAttribute("data-kind") == "process");
        Assert.StartsWith("powershel", process.GetAttribute("data-label"), StringComparison.Ordinal);
        Assert.Contains("powershell.exe (4312), {0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}", process.QuerySelector("title")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(page.Document.QuerySelectorAll("#map tbody td"), cell => cell.TextContent.Contains("powershell.exe (4312){0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}", StringComparison.Ordinal));
        Assert.Equal("process powershell.exe (4312)", (await ines.OpenAsync(process.GetAttribute("href")!, Token)).Heading);
        Assert.All(page.Document.QuerySelectorAll(".map path[data-a]"), edge => Assert.True(int.Parse(edge.GetAttribute("data-b")!, System.Globalization.CultureInfo.InvariantCulture) < nodes.Length));
    }

    [Fact]
    public async Task A_finding_leads_to_its_incident()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var page = await ines.OpenAsync($"/findings/{CaseStory.Gravest}", Token);
        Assert.Equal($"/incidents/{CaseStory.Told}", page.Find("#incident a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task A_merged_number_leads_on_and_says_so()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        using var answer = await ines.Http.GetAsync($"/incidents/{CaseStory.Merged}", Token);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var page = await ines.OpenAsync($"/incidents/{CaseStory.Merged}", Token);
        Assert.StartsWith($"#{CaseStory.Told} ", page.Heading, StringComparison.Ordinal);
        Assert.Contains($"#{CaseStory.Merged}", page.Find(".flash")!.TextContent, StringComparison.Ordinal);
        // An address can claim anything; the store decides.
        Assert.Null((await ines.OpenAsync($"/incidents/{CaseStory.Told}?from={CaseStory.Single}", Token)).Find(".flash"));
        Assert.Equal(HttpStatusCode.OK, (await ines.OpenAsync($"/incidents/{CaseStory.Merged}/print", Token)).Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("8999")]
    [InlineData("x%0Ay")]
    public async Task There_is_no_page_for_what_there_is_not(string number)
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        foreach (var rest in (string[])["", "/findings", "/context", "/print"])
        {
            var page = await ines.OpenAsync($"/incidents/{number}{rest}", Token);
            Assert.Equal(HttpStatusCode.NotFound, page.Status);
        }
    }

    [Fact]
    public async Task Findings_one_by_one_are_paged_and_say_why_they_are_here()
    {
        await CaseStory.TellManyAsync(house.Console.Services, 8100, 120, Token);
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var seen = new List<string>();
        for (var address = "/incidents/8100/findings"; address is not null;)
        {
            var page = await ines.OpenAsync(address, Token);
            seen.AddRange(page.Document.QuerySelectorAll("a.row").Select(link => link.GetAttribute("href")!));
            address = page.Find("a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(120, seen.Count);
        Assert.Equal(120, seen.Distinct().Count());
        var rule = await ines.OpenAsync("/incidents/8100/findings?detector=logs.sigma&rule=rare-1", Token);
        Assert.Single(rule.Document.QuerySelectorAll("a.row"));
    }

    [Fact]
    public async Task A_large_incident_and_a_large_finding_make_no_large_page()
    {
        await CaseStory.TellManyAsync(house.Console.Services, 8101, 2600, Token, rarer: 30);
        using var client = await house.Console.EnterAsync(Role.Analyst, Token);
        var page = await client.OpenAsync("/incidents/8101", Token);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("2,548 times", page.Text, StringComparison.Ordinal);
        Assert.Contains("Drawn from 2,000 of 2,600 findings", page.Text, StringComparison.Ordinal);
        Assert.Equal(31, page.Document.QuerySelectorAll(".timeline > li").Length);
        Assert.InRange(Compressed(page.Html), 1, 30_000);

        await CaseStory.TellManyAsync(house.Console.Services, 8103, 400, Token, rarer: 400, every: 1);
        var many = await client.OpenAsync("/incidents/8103", Token);
        Assert.Equal(IncidentCase.MaxGroups, many.Document.QuerySelectorAll(".timeline > li").Length);
        Assert.Contains("and 360 more", many.Find("#timeline")!.TextContent, StringComparison.Ordinal);
        Assert.InRange(Compressed(many.Html), 1, 30_000);

        await house.Console.Services.GetRequiredService<Vigie.Store.Store>().WriteAsync(
            Vigie.Store.Lane.Console,
            tx => CaseStory.Save(house.Console.Services, tx, 8102, [new Finding
            {
                Id = FindingId.Of("case-story", "wide"),
                Detector = "logs.sigma",
                Rule = "wide",
                RuleVersion = "1",
                Title = new("Wide", "Large"),
                Severity = Severity.High,
                FirstSeen = DateTimeOffset.UnixEpoch.AddYears(56),
                LastSeen = DateTimeOffset.UnixEpoch.AddYears(56),
                Entities = [.. Enumerable.Range(0, 10_000).Select(i => new Vigie.Engine.Findings.Entity(EntityKinds.Ip, $"10.0.{i / 256}.{i % 256}"))],
                Explanation = new("Wide", "Large"),
            }], DateTimeOffset.UnixEpoch.AddYears(56), new("Wide", "Large"), IncidentStatus.New),
            Token);
        var wide = await client.OpenAsync("/incidents/8102", Token);
        Assert.Equal(HttpStatusCode.OK, wide.Status);
        Assert.InRange(Compressed(wide.Html), 1, 30_000);
    }

    [Fact]
    public async Task After_the_first_visit_a_page_is_light()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var page = await ines.OpenAsync($"/incidents/{CaseStory.Told}", Token);
        Assert.InRange(Compressed(page.Html), 1, 30_000);
        using var client = new HttpClient { BaseAddress = house.Console.Address };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        var assets = 0;
        foreach (var address in page.Document.QuerySelectorAll("link[href], script[src]").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!)) assets += (await client.GetByteArrayAsync(address, Token)).Length;
        Assert.InRange(assets, 1, 120_000);
    }

    [Fact]
    public async Task Strings_from_strangers_stay_strings()
    {
        await CaseStory.TellHostileAsync(house.Console.Services, Token);
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        foreach (var address in (string[])[$"/incidents/{CaseStory.Hostile}", $"/incidents/{CaseStory.Hostile}/findings", $"/incidents/{CaseStory.Hostile}/context", $"/incidents/{CaseStory.Hostile}/print"])
        {
            var page = await ines.OpenAsync(address, Token);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.True(page.Html.Length < 500_000, $"{address}: {page.Html.Length} characters");
            Assert.All(page.Document.Scripts, script => Assert.StartsWith("/assets/", script.Source, StringComparison.Ordinal));
            Assert.Empty(page.Document.QuerySelectorAll("img, [onerror], [style]"));
            Assert.DoesNotContain("href=\"javascript:", page.Html, StringComparison.OrdinalIgnoreCase);
            foreach (var text in page.Document.Body!.Descendants<IText>().Where(text => text.ParentElement?.LocalName is not ("script" or "textarea")))
                Assert.True(text.Data.All(c => c is '\n' || (!char.IsControl(c) && c is not ('\u202E' or '\u2028'))), $"{address} shows a control character in \"{text.Data.Trim()[..Math.Min(40, text.Data.Trim().Length)]}\"");
        }

        foreach (var format in (string[])["json", "stix"])
        {
            var sent = await ExportAsync(ines, CaseStory.Hostile, format, evidence: true);
            Assert.NotNull(JsonNode.Parse(sent));
            if (format == "stix") Assert.Empty(StixSchemas.Find()?.Check(JsonNode.Parse(sent)!) ?? []);
        }
    }

    [Fact]
    public async Task Nothing_leaves_without_a_record()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var journal = house.Console.Services.GetRequiredService<Journal>();
        foreach (var format in (string[])["json", "stix", "print"])
        {
            await ExportAsync(ines, CaseStory.Single, format, evidence: format == "stix");
            var entry = (await journal.SearchAsync(new JournalQuery { Subject = $"#{CaseStory.Single}", Limit = 1 }, Token)).Entries[0];
            Assert.Equal(("ines", "incident.export"), (entry.Actor, entry.Action));
            Assert.Contains($"\"format\":\"{format}\"", entry.DetailsJson, StringComparison.Ordinal);
            var history = (await house.ReadAsync(CaseStory.Single)).History.Items[0];
            Assert.Equal((IncidentActions.Exported, "ines", format), (history.Action, history.Actor, history.Details["format"]));
        }

        using var get = await ines.Http.GetAsync($"/incidents/{CaseStory.Single}/export/json", Token);
        Assert.Equal((HttpStatusCode.SeeOther, $"/incidents/{CaseStory.Single}"), (get.StatusCode, get.Headers.Location?.OriginalString));
        Assert.Equal(IncidentActions.Exported, (await house.ReadAsync(CaseStory.Single)).History.Items[0].Action);
    }

    [Fact]
    public async Task The_bundle_keeps_the_rules_of_STIX_and_its_identifiers()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var bundle = JsonNode.Parse(await ExportAsync(ines, CaseStory.Told, "stix"))!.AsObject();
        Assert.Empty(StixChecker.Check(bundle));
        var objects = bundle["objects"]!.AsArray().Select(o => o!.AsObject()).ToList();
        Assert.Equal(["attack-pattern", "domain-name", "email-addr", "file", "identity", "incident", "ipv4-addr", "marking-definition", "observed-data", "relationship", "report", "sighting", "url", "user-account"],
            objects.Select(o => (string)o["type"]!).Distinct().Order(StringComparer.Ordinal));
        Assert.All(objects.Where(o => (string)o["type"]! is not ("identity" or "marking-definition")), o => Assert.Equal("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", (string)o["object_marking_refs"]![0]!));
        // From the specification's own rule: UUIDv5 over {"value":"203.0.113.77"}.
        Assert.Contains(objects, o => (string)o["id"]! == "ipv4-addr--" + Vigie.Engine.Stix.StixIds.Uuid(Vigie.Engine.Stix.StixIds.Observables, "{\"value\":\"203.0.113.77\"}"));
        var again = JsonNode.Parse(await ExportAsync(ines, CaseStory.Told, "stix"))!.AsObject();
        Assert.Equal(bundle.ToJsonString(), again.ToJsonString());

        Assert.DoesNotContain("payload_bin", bundle.ToJsonString(), StringComparison.Ordinal);
        var whole = JsonNode.Parse(await ExportAsync(ines, CaseStory.Told, "stix", evidence: true))!.AsObject();
        Assert.Empty(StixChecker.Check(whole));
        Assert.Contains(whole["objects"]!.AsArray(), o => (string)o!["type"]! == "artifact");
    }

    [Fact]
    public async Task The_bundle_keeps_to_the_schemas_of_OASIS()
    {
        var schemas = StixSchemas.Require();
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var store = house.Console.Services.GetRequiredService<Vigie.Store.Store>();
        var (one, two) = (await Desk.SomeIncident.TellAsync(store, Token, Desk.SomeIncident.Finding(701)), await Desk.SomeIncident.TellAsync(store, Token, Desk.SomeIncident.Finding(702), Desk.SomeIncident.Finding(703)));
        await ines.SubmitAsync(await ines.OpenAsync($"/incidents/{one}", Token), "/merge", new Dictionary<string, string> { ["into"] = $"#{two}" }, Token);
        foreach (var id in (long[])[CaseStory.Told, CaseStory.Merged, CaseStory.Single, CaseStory.Earlier, one, two])
        {
            var bundle = JsonNode.Parse(await ExportAsync(ines, id, "stix", evidence: true))!;
            Assert.Empty(schemas.Check(bundle));
            if (id == one || id == two) Assert.Equal(3, bundle["objects"]!.AsArray().Count(o => (string)o!["type"]! == "observed-data"));
        }
    }

    [Fact]
    public async Task The_JSON_export_has_everything_and_every_name_in_it_is_explained()
    {
        using var ines = await house.Console.EnterAsync(Role.Analyst, Token);
        var json = JsonNode.Parse(await ExportAsync(ines, CaseStory.Told, "json", evidence: true))!.AsObject();
        Assert.Equal("vigie.incident/1", (string)json["schema"]!);
        Assert.Equal("TLP:AMBER", (string)json["marking"]!);
        Assert.Equal(29, json["findings"]!.AsArray().Count);
        Assert.Contains(json["findings"]!.AsArray(), finding => finding!["because"]!.AsArray().Count > 0);
        Assert.Contains("OPS", (string)json["findings"]![0]!["evidence"]![0]!["copy"]!, StringComparison.Ordinal);
        var guide = Architecture.Repository.Read("docs", "incident-export.md");
        Architecture.Breaches.None(Names(json).Distinct().Where(name => !guide.Contains($"`{name}`", StringComparison.Ordinal)));
        var without = JsonNode.Parse(await ExportAsync(ines, CaseStory.Told, "json"))!;
        Assert.All(without["findings"]!.AsArray(), finding => Assert.All(finding!["evidence"]!.AsArray(), piece => Assert.Null(piece!["copy"])));
    }

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == "details" ? [p.Key] : Names(p.Value).Prepend(p.Key)),
        JsonArray a => a.SelectMany(Names),
        _ => [],
    };

    private static async Task<string> ExportAsync(Visitor visitor, long id, string format, bool evidence = false)
    {
        var page = await visitor.OpenAsync($"/incidents/{id}", Token);
        var fields = evidence ? new Dictionary<string, string> { ["evidence"] = "true" } : [];
        return (await visitor.SubmitAsync(page, $"/export/{format}", fields, Token)).Html;
    }

    private static int Compressed(string html)
    {
        using var output = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(output, System.IO.Compression.CompressionLevel.Fastest)) brotli.Write(System.Text.Encoding.UTF8.GetBytes(html));
        return output.ToArray().Length;
    }

    /// <summary>A node with the story.</summary>
    public sealed class House : IAsyncLifetime
    {
        internal ConsoleHouse Console { get; private set; } = null!;

        internal async Task<IncidentCase> ReadAsync(long id)
        {
            var cases = Console.Services.GetRequiredService<IncidentCases>();
            return await cases.ReadAsync((await cases.ResolveAsync(id, Token))!, Token);
        }

        public async ValueTask InitializeAsync()
        {
            Console = await ConsoleHouse.StartAsync(CancellationToken.None);
            await CaseStory.TellAsync(Console.Services, CancellationToken.None);
        }

        public ValueTask DisposeAsync() => Console.DisposeAsync();
    }
}
