using System.Text.Json.Nodes;
using Dapper;
using Vigie.Commands.Sample;
using Vigie.Engine.Findings;
using Vigie.Incidents;
using Vigie.Incidents.Case;
using Vigie.Store;
using Vigie.Tests.Incidents;
using Vigie.Tests.Watches.Logs;
using Vigie.Watches.Logs;
using Vigie.Watches.Mail.Sample;

namespace Vigie.Tests.Acceptance;

/// <summary>
/// <c>up --sample</c>: mail through the milter, logs through files, syslog and HTTP, names through a feed, joined by the node
/// as by any other: one incident told across watches among everyday ones.
/// </summary>
[Collection("acceptance")]
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_story_arrives_as_one_incident_among_everyday_ones_and_only_once()
    {
        string[] first;
        await using (var node = await TellAsync())
        {
            await SomeLogs.UntilAsync(async () => (await StoryAsync(node)).Length == Expected.Length, "the whole story is one incident");
            await AssertStoryAsync(node);
            first = await FindingsAsync(node);
        }

        await using (var node = await TellAsync())
        {
            // Whatever came again would be there before this: it is read by then.
            await Task.Delay(1500, Token);
            Assert.Equal(first, await FindingsAsync(node));
            await AssertStoryAsync(node);
        }
    }

    // What the story says happened, in order of time.
    private static readonly string[] Expected =
    [
        "domains.lookalike-seen",
        "5f1b9e0d-35c9-4f5c-8f16-1c6a5d1f3f02", // fetched from the web
        "2a0e0c36-9f39-4c3f-8f0e-5d0a4f6f6b71", // run
        "0f4b3d58-7d0c-4a3c-9b0e-9c9b3d2f5e11", // calls home
        "87df788b-a25d-4a39-8fb0-5ab92412da70", // passwords
        "162f00e3-5d07-4c25-8c96-80aa15f43f6d", // second factor
        "0b590f5b-ee17-476d-94de-cc4af1da877d", // hides mail
        "mail.lookalike-recipient",
    ];

    private static async Task AssertStoryAsync(RunningNode node)
    {
        var story = await StoryAsync(node);
        Assert.Equal(Expected.Order(StringComparer.Ordinal), story.Select(finding => finding.Rule).Order(StringComparer.Ordinal));
        var about = story.SelectMany(finding => finding.Entities).ToHashSet();
        Assert.Contains(new Entity(EntityKinds.Domain, "delta-frte.example"), about);
        Assert.Contains(new Entity(EntityKinds.Ip, "203.0.113.77"), about);
        Assert.Contains(new Entity(EntityKinds.Mailbox, "fatou.diarra@horizon-voyages.example"), about);
        Assert.Contains(about, entity => entity.Kind == EntityKinds.Host && entity.Value.StartsWith("pc-fatou", StringComparison.Ordinal));
        Assert.Equal(["domains", "logs", "mail"], story.Select(finding => finding.Detector.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(about, entity => entity.Value.Contains("awa.keita", StringComparison.Ordinal) || entity.Value.Contains("moussa", StringComparison.Ordinal));

        var (rows, _) = await node.Services.GetRequiredService<IncidentTable>().InboxAsync(new IncidentQuery(), Token);
        Assert.InRange(rows.Count, 6, 10);
        Assert.All(story, finding => Assert.InRange(DateTimeOffset.UtcNow - finding.LastSeen, TimeSpan.FromMinutes(-1), TimeSpan.FromHours(49)));

        await AssertBundleAsync(node, story[0].Id);

        // What stood around the click is there too.
        var script = story.Single(finding => finding.Rule == Expected[2]);
        var context = await node.Services.GetRequiredService<FindingContexts>().ReadAsync(script.Id, Token);
        Assert.Equal("PC-FATOU.horizon-voyages.example", context!.Host);
        Assert.Contains(context.Before, kept => kept.Copy.Contains("delta-frte.example", StringComparison.Ordinal));
        Assert.Contains(context.After, kept => kept.Copy.Contains("suivi.ps1", StringComparison.Ordinal));
    }

    // What others are given of it is what STIX asks for; by the schemas of OASIS where they are at hand.
    private static async Task AssertBundleAsync(RunningNode node, FindingId any)
    {
        var number = await node.Services.GetRequiredService<Vigie.Store.Store>().ReadAsync(
            (connection, _) => connection.ExecuteScalarAsync<long>("SELECT incident_id FROM incident_finding WHERE finding_id = @Value", new { any.Value }), Token);
        var incident = await node.Services.GetRequiredService<IncidentTable>().FindAsync(number, Token);
        var bundle = JsonNode.Parse((await node.Services.GetRequiredService<CaseExports>().StixAsync(incident!, evidence: true, Token)).Bundle().ToJsonString())!.AsObject();
        Assert.Empty(StixChecker.Check(bundle));
        Assert.Empty(StixSchemas.Find()?.Check(bundle) ?? []);
    }

    // The findings of the incident the mistyped mail is in.
    private static async Task<Finding[]> StoryAsync(RunningNode node)
    {
        var ids = await node.Services.GetRequiredService<Vigie.Store.Store>().ReadAsync(
            (connection, _) => connection.QueryAsync<string>(
                """
                SELECT f.finding_id FROM incident_finding f WHERE f.incident_id = (
                    SELECT x.incident_id FROM incident_finding x JOIN finding_entity e ON e.finding_id = x.finding_id
                    WHERE e.value = 'operations@delta-frte.example')
                """),
            Token);
        var findings = new List<Finding>();
        foreach (var id in ids) findings.Add((await node.Services.GetRequiredService<Findings>().FindAsync(new FindingId(id), Token))!);
        return [.. findings.OrderBy(finding => finding.LastSeen)];
    }

    private static async Task<string[]> FindingsAsync(RunningNode node) => [.. await node.Services.GetRequiredService<Vigie.Store.Store>().ReadAsync(
        (connection, _) => connection.QueryAsync<string>("SELECT id FROM finding ORDER BY id"), Token)];

    private async Task<RunningNode> TellAsync()
    {
        var settings = SampleDay.Join(RunningNode.Read("domains: {watch: false}\n", _folder.Path));
        var day = new SampleDay(_folder.Path, TimeProvider.System);
        await day.WriteAsync(Token);
        var node = await RunningNode.StartAsync(settings, Token);
        await new SampleStory(_folder.Path, TimeProvider.System).SendAsync(node.Endpoints.Of("milter")[0], SampleMessage.Folder, Token);
        await day.SendAsync(node.Endpoints, node.Services.GetRequiredService<LogSources>(), Token);
        return node;
    }
}
