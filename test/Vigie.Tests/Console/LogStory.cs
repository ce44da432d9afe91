using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Store;
using Vigie.Watches.Logs.Rules;
using Vigie.Watches.Logs.Tables;

namespace Vigie.Tests.Console;

/// <summary>A night of logs, written into the store of a running node the way the watch writes it.</summary>
internal static class LogStory
{
    private static readonly Rule WebShell = new("7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f1a01", "Web shell: a web server starts a command shell", Severity.Critical, "T1505.003");
    private static readonly Rule Encoded = new("7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f1a02", "PowerShell with an encoded command", Severity.High, "T1059.001", "T1027.010");
    private static readonly Rule Guessing = new("7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f1a03", "Many failed logons of one address", Severity.Medium, "T1110.003");
    private static readonly Rule Discovery = new("7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f1a04", "Whoami run by a service account", Severity.Low, "T1033");

    /// <summary>The finding about the web shell.</summary>
    public static FindingId WebShellId { get; } = FindingId.Of("logs.sigma", WebShell.Id, "story", "0");

    /// <summary>The findings of <see cref="TellHostileAsync"/>.</summary>
    public static IEnumerable<FindingId> HostileIds => MailStory.Hostile.Select((_, i) => FindingId.Of("logs.sigma", "hostile", FindingId.Part(i)));

    /// <summary>The rule of the web shell, whose page has everything on it.</summary>
    public static string WebShellRule => WebShell.Id;

    /// <summary>A correlation over the story's rules, with a title in both languages.</summary>
    public static string CorrelationRule => "7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f1a06";

    /// <summary>Writes the rules of the story, one that cannot be used among them, and a log to follow.</summary>
    /// <returns>The settings that use them.</returns>
    public static string Prepare(TemporaryFolder folder)
    {
        foreach (var rule in (Rule[])[WebShell, Encoded, Guessing, Discovery]) folder.Write($"story-rules/{rule.Id}.yml", rule.Yaml);
        folder.Write("story-rules/placeholder.yml", new Rule("7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f1a05", "Logon outside the office's countries", Severity.Medium, "T1078.004").Yaml.Replace("contains: story", "expand: '%office_countries%'", StringComparison.Ordinal));
        folder.Write("story-rules/correlation.yml", CorrelationYaml);
        folder.Write("story-rules/broken.yml", "title: Old style\nlogsource: {product: linux}\ndetection:\n  selection:\n    a: b\n  condition: selection | count() by host > 5\n");
        folder.Write("web-logs/access.jsonl", string.Concat(Enumerable.Range(0, 400).Select(i => $$"""{"time":"2026-03-12T10:{{i / 60:D2}}:{{i % 60:D2}}Z","path":"/index.php","status":200}""" + "\n")) + "{\"time\": \"2026-03-12T10:59:00Z\", \"path\": \"cut\n");
        return $"logs:\n  builtInRules: false\n  rules: [{folder.Combine("story-rules")}]\n  sources:\n    - name: web\n      kind: files\n      paths: [{folder.Combine("web-logs")}]\n    - name: firewall\n      kind: files\n      paths: [{folder.Combine("no-such-folder")}]\n";
    }

    public static async Task TellAsync(IServiceProvider services, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await services.GetRequiredService<RuleLibrary>().WhenLoadedAsync(ct);
        await services.GetRequiredService<Findings>().SaveAsync(Lane.Background, [.. Told(now)], ct);
        await services.GetRequiredService<Vigie.Store.Store>().WriteAsync(
            Lane.Background,
            tx =>
            {
                LogRuleTable.Add(tx, new LogRuleCounts(WebShell.Id, 1, 1, 0, 0, now.AddMinutes(-31), now.AddMinutes(-31)));
                LogRuleTable.Add(tx, new LogRuleCounts(Guessing.Id, 18_420, 9, 18_411, 0, now.AddDays(-9), now.AddMinutes(-45)));
                LogSourceTable.Save(tx, new LogSourceStatus("old-proxy", "syslog-udp") { Events = 400, Dropped = 12, LastEvent = now.AddDays(-40), LastReceived = now.AddDays(-40) });
            },
            ct);
        await services.GetRequiredService<RuleMutes>().MuteAsync(Discovery.Id, "awa", "The backup account checks itself every hour.", TimeSpan.FromDays(7), ct);
    }

    public static Task TellHostileAsync(IServiceProvider services, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return services.GetRequiredService<Findings>().SaveAsync(
            Lane.Background,
            [.. MailStory.Hostile.Select((text, i) => Make(now, new Rule("hostile", text, Severity.High, "T1059"), "hostile", i, "host", "user", text) with
            {
                Id = FindingId.Of("logs.sigma", "hostile", FindingId.Part(i)),
                Entities = [new Entity(EntityKinds.Host, text), new Entity(EntityKinds.User, text)],
                Evidence = [new Evidence { Kind = "log-event", Location = text, Fields = [new(text, text)], Copy = text }],
                Explanation = new Bilingual(text, text),
            })],
            ct);
    }

    private static IEnumerable<Finding> Told(DateTimeOffset now)
    {
        yield return Make(now.AddMinutes(-31), WebShell, "story", 0, "WEB-02", "IIS APPPOOL\\intranet", "C:\\Windows\\System32\\cmd.exe /c whoami & hostname");
        for (var i = 1; i < 24; i++)
        {
            var rule = (i % 5) switch { 0 => Encoded, 1 or 2 => Guessing, _ => Discovery };
            var command = rule == Encoded ? "powershell.exe -NoProfile -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA" : "whoami /all";
            yield return Make(now.AddMinutes(-31 - i * i * 7), rule, "story", i, i % 3 == 0 ? "WEB-02" : "ws-ops-07", i % 3 == 0 ? "IIS APPPOOL\\intranet" : "OPS\\m.keita", command);
        }
    }

    private static Finding Make(DateTimeOffset time, Rule rule, string story, int number, string host, string user, string command) => new()
    {
        Id = FindingId.Of("logs.sigma", rule.Id, story, FindingId.Part(number)),
        Detector = "logs.sigma",
        Rule = rule.Id,
        RuleVersion = "0a1b2c3d4e5f6071",
        Title = new Bilingual(rule.Title, rule.Title),
        Severity = rule.Level,
        FirstSeen = time,
        LastSeen = time,
        Entities = [new Entity(EntityKinds.Host, host), new Entity(EntityKinds.User, user), new Entity(EntityKinds.Ip, "203.0.113.77")],
        Techniques = [.. rule.Techniques],
        Evidence =
        [
            new Evidence
            {
                Kind = "log-event",
                Location = $"/var/log/windows/security.json:{number * 1187}",
                Sha256 = new string('5', 64),
                Fields = [new("CommandLine", command), new("ParentImage", "C:\\Windows\\System32\\inetsrv\\w3wp.exe"), new("EventRecordID", FindingId.Part(88_410 + number))],
                Asked = [[command.Split(' ')[^1]], ["\\w3wp.exe"]],
                Copy = $$"""{"EventID":4688,"Computer":"{{host}}","NewProcessName":"C:\\Windows\\System32\\cmd.exe","CommandLine":{{System.Text.Json.JsonSerializer.Serialize(command)}},"ParentProcessName":"C:\\Windows\\System32\\inetsrv\\w3wp.exe"}""",
            },
        ],
        Explanation = new Bilingual(
            $"An event of /var/log/windows/security.json fulfils the rule \"{rule.Title}\": CommandLine = \"{command}\".",
            $"Un événement de /var/log/windows/security.json remplit la règle « {rule.Title} » : CommandLine = « {command} »."),
    };

    private static string CorrelationYaml => $$"""
        title: Many accounts tried from one address
        title_fr: Essai de nombreux comptes depuis une même adresse
        id: {{CorrelationRule}}
        status: test
        level: high
        description: From one address the logons of many accounts failed within minutes.
        description_fr: "Depuis une même adresse, les connexions de nombreux comptes ont échoué en quelques minutes : quelqu’un essaie des mots de passe."
        author: Vigie
        date: 2026-03-01
        tags: [attack.credential-access, attack.t1110.003]
        falsepositives: [Offices behind one address]
        falsepositives_fr: [Bureaux derrière une même adresse]
        correlation:
          type: value_count
          rules: [{{Guessing.Id}}, {{Discovery.Id}}]
          group-by: [IpAddress, Computer]
          timespan: 90m
          condition: {gte: 1200, field: TargetUserName}
          generate: true
        """;

    private sealed record Rule(string Id, string Title, Severity Level, params string[] Techniques)
    {
        public string Yaml => $"""
            title: "{Title}"
            id: {Id}
            status: test
            level: {Level.ToString().ToLowerInvariant()}
            description: |
              What a story needs to be told: {Title}.
              Look at who started the process, and what it did next.
            author: Vigie
            date: 2026-03-01
            references:
              - https://attack.mitre.org/techniques/{Techniques[0].Replace('.', '/')}/
            tags: [{string.Join(", ", Techniques.Select(technique => $"attack.{technique.ToLowerInvariant()}"))}]
            falsepositives:
              - Administrators who work on the server
            logsource:
              product: windows
              category: process_creation
            detection:
              selection:
                ParentImage|endswith: ['\w3wp.exe', '\php-cgi.exe', '\httpd.exe']
                Image|endswith: ['\cmd.exe', '\powershell.exe']
              filter_known:
                CommandLine|contains: story
              condition: selection and not filter_known
            """;
    }
}
