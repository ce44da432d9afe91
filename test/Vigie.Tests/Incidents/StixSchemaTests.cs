using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Engine.Stix;
using Vigie.Incidents;
using Vigie.Incidents.Case;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents;

/// <summary>Exported bundles keep to the schemas that OASIS publishes, whatever an incident holds.</summary>
public sealed class StixSchemaTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private static readonly string[] Kinds = [EntityKinds.Domain, EntityKinds.Ip, EntityKinds.Mailbox, EntityKinds.User, EntityKinds.Host, EntityKinds.FileHash, EntityKinds.Url, EntityKinds.Process, EntityKinds.Logon, EntityKinds.Resource, EntityKinds.QueueId, "made-up"];

    private static readonly string[] Values =
    [
        "example.org", "xn--bcher-kva.example", "bücher.example", "EXAMPLE.ORG.", "-.example", "a..b", "under_score.example", "192.0.2.1", "192.0.2.1/24", "::ffff:192.0.2.1", "2001:db8::1%eth0", "fe80::1", "0x7f.1",
        "awa@example.org", "awa@[192.0.2.1]", "\"a b\"@example.org", "awa@example", "@", "ÀWA@example.org", "a@b@c", "https://example.org/a b", "https://bücher.example/é?q=1#f", "http://[2001:db8::1]:8080/", "ftp://x", "javascript:alert(1)", "http://",
        "sha256:" + "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef", "md5:0123456789abcdef0123456789abcdef", "sha1:xyz", "sha512:00", "DOMAIN\\awa", "S-1-5-18", " ", "\n", "tab\there", "\uFFFD", "e\u0301", "😀",
    ];

    [Fact]
    public void Takes_what_OASIS_gives_as_examples()
    {
        var schemas = StixSchemas.Require();
        var examples = Directory.GetFiles(ExternalData.Require("stix/examples"), "*.json", SearchOption.AllDirectories);
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var faults = schemas.Check(JsonNode.Parse(File.ReadAllText(example))!);
            Assert.True(faults.Count == 0, $"{Path.GetFileName(example)}: {string.Join('\n', faults.Take(10))}");
        }
    }

    [Fact]
    public void Refuses_what_is_broken()
    {
        var schemas = StixSchemas.Require();
        var whole = Export(Enumerable.Range(0, 3).Select(i => Of(i, new Entity(EntityKinds.Domain, "example.org"), new Entity(EntityKinds.FileHash, "md5:0123456789abcdef0123456789abcdef"), new Entity(EntityKinds.Url, "https://example.org/"))));
        Assert.Empty(schemas.Check(whole));
        (string Type, Action<JsonObject> Break)[] breaks =
        [
            ("incident", o => o.Remove("name")), ("incident", o => o["created"] = "2026-03-01T08:00:00Z"), ("report", o => o["object_refs"] = new JsonArray()), ("report", o => o["object_refs"] = new JsonArray("nothing")),
            ("file", o => o["hashes"] = new JsonObject { ["MD5"] = "xyz" }), ("domain-name", o => o.Remove("value")), ("domain-name", o => o["id"] = "url--" + Guid.NewGuid()), ("observed-data", o => o["number_observed"] = 0),
            ("sighting", o => o["sighting_of_ref"] = "attack-pattern--1"), ("relationship", o => o.Remove("target_ref")), ("attack-pattern", o => o["kill_chain_phases"] = new JsonArray(new JsonObject { ["kill_chain_name"] = "mitre-attack" })),
            ("marking-definition", o => o.Remove("extensions")), ("identity", o => o["spec_version"] = "3.0"), ("url", o => o["value"] = 7),
        ];
        foreach (var (type, damage) in breaks)
        {
            var broken = JsonNode.Parse(whole.ToJsonString())!;
            damage(broken["objects"]!.AsArray().Select(o => o!.AsObject()).First(o => (string)o["type"]! == type));
            Assert.NotEmpty(schemas.Check(broken));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_an_incident_holds_its_bundle_is_valid(int seed)
    {
        var schemas = StixSchemas.Require();
        var random = new Random(seed);
        string[] values = [.. Values, .. MailStory.Hostile];
        for (var round = 0; round < 8; round++)
        {
            var findings = Enumerable.Range(0, random.Next(1, 6)).Select(number => Of(number, [.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => new Entity(random.GetItems(Kinds, 1)[0], random.GetItems(values, 1)[0]))]) with
            {
                Title = new Bilingual(random.GetItems(values, 1)[0], "x"),
                Techniques = [.. random.GetItems(["T1566", "T1059.001", "T1041", "t1566", "T9999", "", "<script>"], random.Next(0, 4))],
                Evidence = [new Evidence { Kind = "log-event", Location = random.GetItems(values, 1)[0], Fields = [], Copy = random.GetItems(values, 1)[0] }],
                LastSeen = Start.AddMinutes(random.Next(0, 100)),
            });
            var bundle = Export(findings, random.GetItems(values, 1)[0], evidence: random.Next(2) == 0, (TlpLevel)random.Next(Enum.GetValues<TlpLevel>().Length));
            Valid(schemas, bundle);
        }
    }

    [Fact]
    public void Five_hundred_entities_are_one_valid_bundle()
    {
        var entities = Enumerable.Range(0, 500).Select(i => (i % 5) switch
        {
            0 => new Entity(EntityKinds.Ip, string.Create(CultureInfo.InvariantCulture, $"198.51.{i / 250}.{i % 250}")),
            1 => new Entity(EntityKinds.Mailbox, $"writer{i}@example.org"),
            2 => new Entity(EntityKinds.Host, $"ws-{i}"),
            3 => new Entity(EntityKinds.Url, $"https://example.org/{i}"),
            _ => new Entity(EntityKinds.User, $"user{i}"),
        }).ToArray();
        var bundle = Export(entities.Chunk(125).Select((some, number) => Of(number, some)), evidence: true);
        Assert.InRange(bundle["objects"]!.AsArray().Count, 500, 1000);
        Valid(StixSchemas.Require(), bundle);
    }

    private static void Valid(StixSchemas schemas, JsonObject bundle)
    {
        // Through text, as it leaves the house.
        var sent = JsonNode.Parse(bundle.ToJsonString())!.AsObject();
        Assert.Empty(schemas.Check(sent));
        Assert.Empty(StixChecker.Check(sent));
    }

    private static Finding Of(int number, params Entity[] entities) => Store.SomeFinding.Number(number) with { Entities = [.. entities] };

    private static JsonObject Export(IEnumerable<Finding> findings, string title = "A stolen account", bool evidence = false, TlpLevel marking = TlpLevel.Amber)
    {
        var list = findings.ToList();
        var incident = new Incident
        {
            Id = 7,
            Version = 3,
            CreatedAt = Start,
            ChangedAt = Start.AddHours(1),
            FirstSeen = Start,
            LastSeen = Start.AddHours(1),
            Title = new Bilingual(title, "Un compte volé"),
            Severity = Severity.High,
            Score = new IncidentScore(40, []),
            Findings = list.Count,
            Rules = 1,
            Status = IncidentStatus.New,
        };
        var said = ImmutableArray.Create(new StoryPart(StoryPartKind.Title, title));
        var export = new StixExport(incident, [new StorySentence(said, said)], TlpMarking.Of(marking), evidence);
        foreach (var finding in list) export.Add(finding);
        return export.Bundle();
    }
}
