using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Incidents;
using Vigie.Store;
using Vigie.Tests.Console;

namespace Vigie.Tests.Incidents;

/// <summary>Incidents as the placer and people leave them, written straight into the store so that every page has something to show.</summary>
internal static class CaseStory
{
    /// <summary>Told across three watches, worked on, with everything a page can have.</summary>
    public const long Told = 9001;

    /// <summary>Became part of <see cref="Told"/>.</summary>
    public const long Merged = 9002;

    /// <summary>One finding, nobody has touched it.</summary>
    public const long Single = 9003;

    /// <summary>Closed earlier, about the same account.</summary>
    public const long Earlier = 9004;

    /// <summary>Text from strangers wherever text can be.</summary>
    public const long Hostile = 9005;

    /// <summary>The finding about the stolen account.</summary>
    public static FindingId Gravest => IdOf("stolen", 0);

    public static Task TellAsync(IServiceProvider services, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return services.GetRequiredService<Vigie.Store.Store>().WriteAsync(
            Lane.Console,
            tx =>
            {
                var findings = Findings(now.AddDays(-2)).ToList();
                Save(services, tx, Told, findings, now.AddDays(-1), new Bilingual("A stolen account, from a look-alike of the ministry to a beacon", "Un compte volé, d’un sosie du ministère à une balise"), IncidentStatus.InWork, assignee: "ines", touched: true);
                foreach (var finding in findings.TakeLast(3)) tx.Connection!.Execute("UPDATE incident_finding SET placed_at = @at WHERE finding_id = @Value", new { at = now.ToUnixTimeMilliseconds(), finding.Id.Value }, tx);
                Add(tx, "incident", ("id", Merged), ("version", 3), ("created_at", Ms(now.AddDays(-2))), ("changed_at", Ms(now)), ("first_seen", Ms(now)), ("last_seen", Ms(now)), ("title_en", "A beacon"), ("title_fr", "Une balise"), ("severity", 3), ("score", 12.0), ("terms", "[]"), ("findings", 0), ("rules", 0), ("watches", "[]"), ("techniques", "[]"), ("about", "[]"), ("status", (int)IncidentStatus.Merged), ("merged_into", Told));
                Save(services, tx, Single, [findings[0] with { Id = IdOf("single", 0) }], now.AddHours(-3), new Bilingual("A mail to a look-alike", "Un courriel vers un sosie"), IncidentStatus.New);
                Save(services, tx, Earlier, [findings[^1] with { Id = IdOf("earlier", 0), FirstSeen = now.AddDays(-20), LastSeen = now.AddDays(-20) }], now.AddDays(-20), new Bilingual("Guessing at one account", "Tentatives sur un compte"), IncidentStatus.Closed, IncidentVerdict.Benign);
                Notes(tx, Told, now);
            },
            ct);
    }

    public static Task TellHostileAsync(IServiceProvider services, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var texts = MailStory.Hostile.Select(PortableText.Clean).ToList();
        return services.GetRequiredService<Vigie.Store.Store>().WriteAsync(
            Lane.Console,
            tx =>
            {
                var findings = MailStory.Hostile.Select((text, i) => Make("hostile" + i, i, now.AddMinutes(-i), text, Severity.High, [new Entity(EntityKinds.Host, text), new Entity(EntityKinds.User, text), new Entity(EntityKinds.Ip, text)], [text.Length < 100 ? text : "T1059"]) with
                {
                    Explanation = new Bilingual(text, text),
                    Evidence = [new Evidence { Kind = "log-event", Location = text, Fields = [new(text, text)], Asked = [[text]], Copy = text, Sha256 = text.Length < 100 ? text : null }],
                }).ToList();
                Save(services, tx, Hostile, findings, now, new Bilingual(texts[5], texts[5]), IncidentStatus.InWork, assignee: texts[0], touched: true);
                foreach (var (text, i) in texts.Select((text, i) => (text, i)))
                {
                    Add(tx, "incident_comment", ("incident_id", Hostile), ("time", Ms(now)), ("actor", text), ("text", text));
                    Add(tx, "incident_task", ("incident_id", Hostile), ("text", text), ("created_at", Ms(now)), ("created_by", text));
                    Add(tx, "incident_attachment", ("incident_id", Hostile), ("name", text), ("media_type", text), ("size", 1), ("sha256", text), ("content", new byte[] { 1 }), ("added_at", Ms(now)), ("added_by", text));
                    Add(tx, "incident_proposal", ("incident_id", Hostile), ("kind", 0), ("other_id", Told + i), ("findings", "[]"), ("why_en", text), ("why_fr", text), ("created_at", Ms(now)));
                    History(tx, Hostile, now, text, IncidentActions.Renamed, ("to", text));
                    History(tx, Hostile, now, text, text, (text, text));
                }
            },
            ct);
    }

    /// <summary>An incident of very many findings, most of one noisy rule.</summary>
    public static Task TellManyAsync(IServiceProvider services, long id, int count, CancellationToken ct, int rarer = 90, int every = 50)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return services.GetRequiredService<Vigie.Store.Store>().WriteAsync(
            Lane.Console,
            tx => Save(services, tx, id, [.. Enumerable.Range(0, count).Select(i => Make($"many{id}", i, now.AddMinutes(-i), i % every == 0 ? $"Rarer thing {i / every % rarer}" : "Many failed logons of one address", i % every == 0 ? Severity.High : Severity.Medium,
                [new Entity(EntityKinds.Host, $"ws-{i % 40:D2}"), new Entity(EntityKinds.User, $"user{i % 25}"), new Entity(EntityKinds.Ip, $"203.0.113.{i % 200}")], ["T1110.003"]) with { Rule = i % every == 0 ? $"rare-{i / every % rarer}" : "guessing" })], now, new Bilingual("Very much guessing", "Beaucoup de tentatives"), IncidentStatus.New),
            ct);
    }

    /// <summary>Stores findings and an incident of them, each linked to the one before it by what they share.</summary>
    public static void Save(
        IServiceProvider services, System.Data.Common.DbTransaction tx, long id, IReadOnlyList<Finding> findings, DateTimeOffset placed, Bilingual title, IncidentStatus status,
        IncidentVerdict? verdict = null, string? assignee = null, bool touched = false)
    {
        SaveIncident(tx, id, findings, placed, title, status, verdict, assignee, touched);
        var store = services.GetRequiredService<Findings>();
        Finding? before = null;
        foreach (var finding in findings)
        {
            store.Save(tx, finding);
            var shared = before?.Entities.Intersect(finding.Entities).FirstOrDefault() ?? default;
            var links = before is null || shared.Kind is null ? [] : (System.Collections.Immutable.ImmutableArray<Link>)[new Link(new LinkKey(shared.Kind, shared.Value), before.Id, 0.62)];
            tx.Connection!.Execute("DELETE FROM incident_queue WHERE finding_id = @Value", new { finding.Id.Value }, tx);
            Add(tx, "incident_finding", ("finding_id", finding.Id.Value), ("incident_id", id), ("placed_at", Ms(placed)), ("because", IncidentJson.Of(links)));
            before = finding;
        }
    }

    private static void SaveIncident(
        System.Data.Common.DbTransaction tx, long id, IReadOnlyList<Finding> findings, DateTimeOffset placed, Bilingual title, IncidentStatus status, IncidentVerdict? verdict, string? assignee, bool touched)
    {
        var about = findings.SelectMany(f => f.Entities.Distinct()).GroupBy(e => e).OrderByDescending(g => g.Count()).Take(Incident.MaxAbout).Select(g => new IncidentEntity(g.Key, g.Count()));
        var terms = IncidentJson.Of(
        [
            new ScoreTerm("evidence", 48.2, new Bilingual("8 rules, the gravest critical; most were right 4 times of 5", "8 règles, la plus grave critique ; la plupart ont eu raison 4 fois sur 5")),
            new ScoreTerm("progress", 21, new Bilingual("5 tactics reached, the last is exfiltration", "5 tactiques atteintes, la dernière est l’exfiltration")),
            new ScoreTerm("spread", 9.5, new Bilingual("2 hosts, 2 accounts, 3 watches", "2 hôtes, 2 comptes, 3 veilles")),
            new ScoreTerm("importance", -1.7, new Bilingual("no asset of special importance", "aucun bien d’importance particulière")),
        ]);
        Add(tx, "incident",
            ("id", id), ("version", 7), ("created_at", Ms(placed)), ("changed_at", Ms(placed)), ("first_seen", Ms(findings.Min(f => f.FirstSeen))), ("last_seen", Ms(findings.Max(f => f.LastSeen))), ("title_en", title.English), ("title_fr", title.French),
            ("severity", (int)findings.Max(f => f.Severity)), ("score", 77.0), ("terms", terms), ("findings", findings.Count), ("rules", findings.Select(f => f.Rule).Distinct().Count()),
            ("watches", System.Text.Json.JsonSerializer.Serialize(findings.Select(f => f.Detector.Split('.')[0]).Distinct())), ("techniques", System.Text.Json.JsonSerializer.Serialize(findings.SelectMany(f => f.Techniques).Distinct())),
            ("about", IncidentJson.Of([.. about])), ("status", (int)status), ("verdict", (int?)verdict), ("assignee", assignee), ("touched_at", touched ? Ms(placed) : null), ("closed_at", verdict is null ? null : Ms(placed)));
        History(tx, id, placed, IncidentHistoryEntry.Vigie, IncidentActions.Created);
    }

    private static IEnumerable<Finding> Findings(DateTimeOffset start)
    {
        var (awa, domain, ip) = (new Entity(EntityKinds.Mailbox, "awa@travel.example"), new Entity(EntityKinds.Domain, "sante.g0v.example"), new Entity(EntityKinds.Ip, "203.0.113.77"));
        var (host, server, user) = (new Entity(EntityKinds.Host, "ws-ops-07"), new Entity(EntityKinds.Host, "FILES-01"), new Entity(EntityKinds.User, "OPS\\awa"));
        yield return Make("typo", 0, start, "Mail to sante.g0v.example, a look-alike of sante.gov.example", Severity.Medium, [awa, domain], []) with { Detector = "mail.lookalike-recipient" };
        yield return Make("lookalike", 0, start.AddHours(2), "sante.g0v.example, a look-alike of sante.gov.example, was registered", Severity.Medium, [domain], ["T1583.001"]) with { Detector = "domains.feed" };
        yield return Make("phish", 0, start.AddHours(5), "A mail with a link from a look-alike", Severity.High, [awa, domain, new Entity(EntityKinds.Url, "https://sante.g0v.example/login")], ["T1566.002"]) with { Detector = "mail.lookalike-sender" };
        yield return Make("shell", 0, start.AddHours(5).AddMinutes(9), "Office program starts PowerShell with an encoded command", Severity.High, [host, user, new Entity(EntityKinds.Process, "{0d5c1f3a-7b1e-4c55-9f7d-3a5e9d2c1b00}")], ["T1059.001", "T1204.002"]) with
        {
            Evidence =
            [
                new Evidence
                {
                    Kind = "log-event",
                    Location = "/var/log/windows/sysmon.json:77120",
                    Sha256 = new string('5', 64),
                    Fields = [new("Image", @"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"), new("ParentImage", @"C:\Program Files\Microsoft Office\WINWORD.EXE"), new("Computer", "ws-ops-07")],
                    Asked = [[@"\powershell.exe"], [@"\WINWORD.EXE"]],
                    Copy = """{"EventID":1,"Computer":"ws-ops-07","ProcessGuid":"{0D5C1F3A-7B1E-4C55-9F7D-3A5E9D2C1B00}","ProcessId":4312,"Image":"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe","ParentImage":"C:\\Program Files\\Microsoft Office\\WINWORD.EXE"}""",
                },
            ],
        };
        for (var i = 0; i < 20; i++) yield return Make("beacon", i, start.AddHours(5).AddMinutes(12 + i * 15), "Regular connections to one address", Severity.Medium, [host, ip, domain], ["T1071.001"]);
        yield return Make("guess", 0, start.AddHours(8), "Logon to a server the account never used", Severity.Medium, [server, user, ip], ["T1078.002", "T1021.002"]);
        yield return Make("archive", 0, start.AddHours(8).AddMinutes(3), "A program packs a whole share", Severity.Medium, [server, user, new Entity(EntityKinds.FileHash, "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")], ["T1560.001"]);
        for (var i = 0; i < 3; i++) yield return Make("stolen", i, start.AddHours(9).AddMinutes(i * 4), "Large upload under a stolen account", Severity.Critical, [server, user, ip, domain], ["T1041"]);
    }

    private static void Notes(System.Data.Common.DbTransaction tx, long id, DateTimeOffset now)
    {
        History(tx, id, now.AddHours(-20), "ines", IncidentActions.Assigned, ("to", "ines"));
        History(tx, id, now.AddHours(-19), "ines", IncidentActions.Commented, ("text", "Called Awa"));
        Add(tx, "incident_comment", ("incident_id", id), ("time", Ms(now.AddHours(-19))), ("actor", "ines"), ("text", "Called Awa: she followed the link at 14:03.\n\nHer password is changed; the laptop stays off the network."));
        Add(tx, "incident_task", ("incident_id", id), ("text", "Take an image of ws-ops-07"), ("created_at", Ms(now.AddHours(-19))), ("created_by", "ines"));
        Add(tx, "incident_task", ("incident_id", id), ("text", "Change the password of OPS\\awa"), ("created_at", Ms(now.AddHours(-19))), ("created_by", "ines"), ("done_at", Ms(now.AddHours(-18))), ("done_by", "awa"));
        Add(tx, "incident_attachment", ("incident_id", id), ("name", "proxy.log"), ("media_type", "text/plain"), ("size", 4812), ("sha256", new string('a', 64)), ("content", "proxy"u8.ToArray()), ("added_at", Ms(now.AddHours(-18))), ("added_by", "ines"));
        Add(tx, "incident_proposal", ("incident_id", id), ("kind", 0), ("other_id", Single), ("findings", "[]"), ("why_en", "They share the mailbox awa@travel.example, 3 hours apart."), ("why_fr", "Ils partagent la boîte aux lettres awa@travel.example, à 3 heures d’écart."), ("created_at", Ms(now.AddHours(-1))));
        History(tx, id, now.AddMinutes(-20), IncidentHistoryEntry.Vigie, IncidentActions.Joined, ("findings", "3"));
    }

    private static Finding Make(string story, int number, DateTimeOffset time, string title, Severity severity, Entity[] entities, string[] techniques) => new()
    {
        Id = IdOf(story, number),
        Detector = "logs.sigma",
        Rule = story,
        RuleVersion = "1",
        Title = new Bilingual(title, title),
        Severity = severity,
        FirstSeen = time,
        LastSeen = time,
        Entities = [.. entities],
        Techniques = [.. techniques],
        Evidence = [new Evidence { Kind = "log-event", Location = $"/var/log/proxy.log:{number * 811}", Sha256 = new string('5', 64), Fields = [new("DestinationIp", "203.0.113.77"), new("User", "OPS\\awa")], Asked = [[]], Copy = """{"DestinationIp":"203.0.113.77","User":"OPS\\awa","Bytes":88123456}""" }],
        Explanation = new Bilingual($"An event fulfils the rule \"{title}\".", $"Un événement remplit la règle « {title} »."),
    };

    private static FindingId IdOf(string story, int number) => FindingId.Of("case-story", story, FindingId.Part(number));

    private static void History(System.Data.Common.DbTransaction tx, long id, DateTimeOffset at, string actor, string action, params (string, string)[] details) =>
        IncidentHistory.Append(tx, id, 7, at, actor, action, [.. details.Select(d => (d.Item1, (string?)d.Item2))]);

    private static void Add(System.Data.Common.DbTransaction tx, string table, params (string Column, object? Value)[] values)
    {
        var parameters = new DynamicParameters();
        foreach (var (column, value) in values) parameters.Add(column, value);
        tx.Connection!.Execute($"INSERT INTO {table} ({string.Join(", ", values.Select(v => v.Column))}) VALUES ({string.Join(", ", values.Select(v => "@" + v.Column))})", parameters, tx);
    }

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
