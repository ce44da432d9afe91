using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Vigie.Engine.Attack;
using Vigie.Engine.Findings;
using Vigie.Store;

namespace Vigie.Tests.Console;

/// <summary>
/// Fills a store with as much as a busy year leaves: findings of all watches with their entities and evidence, and the incidents they are in.
/// The same seed gives the same rows. Written row by row past the watches, so that it takes seconds.
/// </summary>
internal static class LargeStore
{
    private const int Portion = 2000;

    /// <summary>Fills a store.</summary>
    /// <param name="store">An open store.</param>
    /// <param name="now">The latest time of a finding; the earliest is thirty days before.</param>
    /// <param name="findings">How many findings.</param>
    /// <param name="incidents">How many incidents; a third of the findings are in one.</param>
    /// <param name="ct">Gives up between portions.</param>
    public static async Task FillAsync(Vigie.Store.Store store, DateTimeOffset now, int findings = 100_000, int incidents = 2_000, CancellationToken ct = default)
    {
        var cast = new Cast(new Random(20261122), now, findings, incidents);
        var placed = new List<object?[]>();
        for (var first = 0; first < findings; first += Portion)
        {
            var from = first;
            var made = Enumerable.Range(from, Math.Min(Portion, findings - from)).Select(cast.Finding).ToList();
            await store.WriteAsync(Lane.Background, transaction => Save(store, transaction, made), ct);
            placed.AddRange(made.Where(finding => finding.Incident > 0).Select(finding => new object?[] { finding.Id, (long)finding.Incident, finding.Time, "[]" }));
        }

        await store.WriteAsync(Lane.Background, transaction => SaveIncidents(store, transaction, cast.Incidents), ct);
        foreach (var portion in placed.Chunk(Portion)) await store.WriteAsync(Lane.Background, transaction => Load(store, transaction, "incident_finding", ["finding_id", "incident_id", "placed_at", "because"], portion), ct);
    }

    private static void Save(Vigie.Store.Store store, DbTransaction transaction, List<Made> made)
    {
        Load(store, transaction, "finding", ["id", "detector", "rule", "rule_version", "title_en", "title_fr", "severity", "confidence", "first_seen", "last_seen", "techniques", "explanation_en", "explanation_fr", "saved_at", "muted"], made.Select(finding => new object?[]
        {
            finding.Id, finding.Rule.Detector, finding.Rule.Id, "1", finding.Rule.Title, finding.Rule.TitleFr, (short)finding.Rule.Level, null, finding.Time - 1000, finding.Time,
            JsonSerializer.Serialize(finding.Rule.Techniques), $"{finding.Rule.Title}: {finding.Command}", $"{finding.Rule.TitleFr} : {finding.Command}", finding.Time, (short)0,
        }));
        Load(store, transaction, "finding_entity", ["finding_id", "ordinal", "kind", "value"], made.SelectMany(finding => finding.Entities.Select((entity, i) => new object?[] { finding.Id, i, entity.Kind, entity.Value })));
        Load(store, transaction, "finding_evidence", ["finding_id", "ordinal", "kind", "location", "sha256", "fields", "copy"], made.Select(finding => new object?[]
        {
            finding.Id, 0, "log-event", $"/var/log/windows/security.json:{finding.Time % 1_000_000_000}", new string('5', 64),
            JsonSerializer.Serialize(new[] { new[] { "CommandLine", finding.Command }, ["Image", "C:\\Windows\\System32\\cmd.exe"] }), $$"""{"EventID":4688,"CommandLine":{{JsonSerializer.Serialize(finding.Command)}},"User":"{{finding.Entities[1].Value.Replace("\\", "\\\\", StringComparison.Ordinal)}}"}""",
        }));
    }

    private static void SaveIncidents(Vigie.Store.Store store, DbTransaction transaction, IEnumerable<MadeIncident> incidents) => Load(
        store,
        transaction,
        "incident",
        ["id", "version", "created_at", "changed_at", "first_seen", "last_seen", "title_en", "title_fr", "severity", "score", "terms", "findings", "rules", "only_rule", "watches", "techniques", "about", "status", "verdict", "assignee", "touched_at", "closed_at", "merged_into"],
        incidents.Where(incident => incident.Findings > 0).Select(incident => new object?[]
        {
            (long)incident.Id, 1L, incident.First, incident.Last, incident.First, incident.Last, incident.Title, incident.TitleFr, (short)incident.Level, incident.Score,
            $$"""[["evidence",{{incident.Score.ToString("0.0", CultureInfo.InvariantCulture)}},"What the rules say.","Ce que disent les règles."]]""", (long)incident.Findings, incident.Rules.Count,
            incident.Rules.Count == 1 ? incident.Rules.Single() : null, JsonSerializer.Serialize(incident.Watches.Order(StringComparer.Ordinal)), JsonSerializer.Serialize(incident.Techniques.Order(StringComparer.Ordinal)),
            JsonSerializer.Serialize(incident.About.OrderByDescending(about => about.Value).Take(12).Select(about => (object[])[about.Key.Kind, about.Key.Value, about.Value])), (short)incident.Status,
            incident.Status == 3 ? (short)(incident.Id % 3) : null, incident.Status is 1 or 3 ? "awa" : null, incident.Status > 0 ? incident.Last : null, incident.Status == 3 ? incident.Last : null, null,
        }));

    private static void Load(Vigie.Store.Store store, DbTransaction transaction, string table, string[] columns, IEnumerable<object?[]> rows)
    {
        using var loader = store.Dialect.Load(transaction, table, columns);
        foreach (var row in rows) loader.Add(row);
        loader.Complete();
    }

    private sealed record Rule(string Detector, string Id, string Title, string TitleFr, Severity Level, string[] Techniques);

    private sealed record Made(string Id, Rule Rule, long Time, string Command, Entity[] Entities, int Incident);

    private sealed class MadeIncident(int id)
    {
        public int Id => id;

        public long First { get; set; } = long.MaxValue;

        public long Last { get; set; }

        public int Findings { get; set; }

        public Severity Level { get; set; }

        public string Title { get; set; } = "";

        public string TitleFr { get; set; } = "";

        public HashSet<string> Rules { get; } = [];

        public HashSet<string> Watches { get; } = [];

        public HashSet<string> Techniques { get; } = [];

        public Dictionary<Entity, int> About { get; } = [];

        // Most are over; of the others most are new.
        public int Status => (id % 10) switch { < 6 => 3, < 8 => 0, 8 => 1, _ => 2 };

        public double Score => Math.Min(99, (int)Level * 14 + Techniques.Count * 3 + Watches.Count * 6 + id % 17);
    }

    private sealed class Cast(Random random, DateTimeOffset now, int findings, int incidents)
    {
        private static readonly string[] Things = ["web shell", "encoded command", "failed logons", "new service", "look-alike domain", "beacon", "credential dump", "scheduled task", "macro", "remote desktop", "archive", "tunnel", "script host", "shadow copy", "mail rule"];
        private static readonly string[] ThingsFr = ["console web", "commande encodée", "échecs d’ouverture", "nouveau service", "domaine sosie", "balise", "vol d’identifiants", "tâche planifiée", "macro", "bureau à distance", "archive", "tunnel", "hôte de scripts", "copie fantôme", "règle de courrier"];
        private static readonly string[] Places = ["on a server", "on a workstation", "at night", "of a service account", "by an administrator", "from abroad", "after a download", "in a mailbox"];
        private static readonly string[] PlacesFr = ["sur un serveur", "sur un poste", "la nuit", "d’un compte de service", "par un administrateur", "depuis l’étranger", "après un téléchargement", "dans une boîte"];
        private static readonly string[] Syllables = ["ba", "ma", "ko", "sa", "di", "tou", "ré", "ga", "ni", "lo", "fa", "se", "mo", "ti", "ka", "be"];

        private readonly Rule[] _rules =
        [
            .. Enumerable.Range(0, 120).Select(i => new Rule(
                i % 9 == 0 ? "mail.lookalike-recipient" : i % 9 == 1 ? "domains.lookalike-registered" : "logs.sigma",
                $"rule-{i:D3}",
                $"{char.ToUpperInvariant(Things[i % 15][0])}{Things[i % 15][1..]} {Places[i % 8]}",
                $"{char.ToUpperInvariant(ThingsFr[i % 15][0])}{ThingsFr[i % 15][1..]} {PlacesFr[i % 8]}",
                (Severity)Math.Min(4, i * 7 % 11 / 2),
                [AttackMatrix.Enterprise.Techniques[i * 5 % AttackMatrix.Enterprise.Techniques.Length].Id])),
        ];

        private readonly MadeIncident[] _incidents = [.. Enumerable.Range(1, incidents).Select(i => new MadeIncident(i))];

        public IEnumerable<MadeIncident> Incidents => _incidents;

        public Made Finding(int number)
        {
            // Few things are frequent and many are rare, as everywhere.
            var rule = _rules[Skewed(_rules.Length)];
            var time = now.AddSeconds(-(findings - number) * (30.0 * 86_400 / findings)).ToUnixTimeMilliseconds();
            var host = Skewed(800);
            var command = $"powershell.exe -NoProfile -File C:\\Users\\{Name(host)}\\AppData\\Local\\Temp\\{Hex(8)}.ps1 /run:{number}";
            Entity[] entities =
            [
                new(EntityKinds.Host, $"ws-{Name(host * 7)}-{host:D3}"), new(EntityKinds.User, $"OPS\\{Name(host * 3)}.{Name(host * 11)}"), new(EntityKinds.Ip, $"10.{host % 50}.{random.Next(256)}.{random.Next(1, 255)}"),
                new(EntityKinds.Domain, $"{Name(random.Next(9000))}{Name(random.Next(200))}.example"), new(EntityKinds.FileHash, $"sha256:{Hex(64)}"),
            ];
            if (rule.Detector.StartsWith("mail", StringComparison.Ordinal)) entities[2] = new Entity(EntityKinds.Mailbox, $"{Name(random.Next(3000))}@{Name(random.Next(400))}.example");
            var incident = incidents > 0 && rule.Level >= Severity.Medium && number % 2 == 0 ? 1 + (host * 13 + number / Math.Max(1, findings / 40) * 50) % incidents : 0;
            var made = new Made(FindingId.Of(rule.Detector, rule.Id, FindingId.Part(number)).Value, rule, time, command, entities, incident);
            if (incident > 0) Join(_incidents[incident - 1], made);
            return made;
        }

        private static void Join(MadeIncident incident, Made finding)
        {
            incident.First = Math.Min(incident.First, finding.Time);
            incident.Last = Math.Max(incident.Last, finding.Time);
            incident.Findings++;
            if (finding.Rule.Level >= incident.Level) (incident.Title, incident.TitleFr) = ($"{finding.Rule.Title} – {finding.Entities[0].Value}", $"{finding.Rule.TitleFr} – {finding.Entities[0].Value}");
            incident.Level = finding.Rule.Level > incident.Level ? finding.Rule.Level : incident.Level;
            incident.Rules.Add($"{finding.Rule.Detector} {finding.Rule.Id}");
            incident.Watches.Add(finding.Rule.Detector.Split('.')[0]);
            incident.Techniques.UnionWith(finding.Rule.Techniques);
            foreach (var entity in finding.Entities.Take(3)) incident.About[entity] = incident.About.GetValueOrDefault(entity) + 1;
        }

        private int Skewed(int most) => (int)(most * Math.Pow(random.NextDouble(), 3));

        private string Hex(int digits)
        {
            var bytes = new byte[digits / 2];
            random.NextBytes(bytes);
            return Convert.ToHexStringLower(bytes);
        }

        private static string Name(int number)
        {
            var name = Syllables[number % 16] + Syllables[number / 16 % 16];
            return number < 256 ? name : name + Syllables[number / 256 % 16];
        }
    }
}
