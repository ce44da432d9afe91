namespace Vigie.Tests.Commands.Logs;

/// <summary>A folder with two rules, a correlation and logs that they fire on.</summary>
internal sealed class LogCase : IDisposable
{
    public const string WhoamiId = "7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f2b01";
    public const string FailedId = "7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f2b02";
    public const string ManyFailedId = "7d0a5c7e-2f53-4c0a-9c55-0b9d5c0f2b03";

    private readonly TemporaryFolder _folder = new();

    public LogCase()
    {
        _folder.Write("rules/whoami.yml", $"""
            title: Somebody asks who he is
            id: {WhoamiId}
            status: test
            level: high
            tags: [attack.discovery, attack.t1033]
            logsource: {"{category: process_creation, product: windows}"}
            detection:
              selection:
                Image|endswith: '\whoami.exe'
              condition: selection
            """);
        _folder.Write("rules/whoami.tests.yaml", """
            tests:
              - name: Only the program itself
                match: {"Image": "C:\\Windows\\System32\\whoami.exe"}
                miss: {"Image": "C:\\Windows\\System32\\cmd.exe"}
            """);
        _folder.Write("rules/failed.yml", $"""
            title: A logon failed
            id: {FailedId}
            name: failed_logon
            status: test
            level: low
            tags: [attack.credential-access, attack.t1110]
            logsource: {"{product: windows, service: security}"}
            detection:
              selection:
                EventID: 4625
              condition: selection
            ---
            title: Many logons failed
            id: {ManyFailedId}
            status: test
            level: critical
            correlation:
              type: event_count
              rules: [failed_logon]
              generate: true
              group-by: [IpAddress]
              timespan: 10m
              condition: {"{gte: 3}"}
            """);
        // The three failures lie in two files, and the first file holds the later ones.
        _folder.Write("logs/a.jsonl", Process("2026-03-12T10:00:00Z", 1, "whoami.exe") + Failed("2026-03-12T10:02:00Z", 2) + Failed("2026-03-12T10:03:00Z", 3));
        _folder.Write("logs/b.jsonl", Failed("2026-03-12T10:01:00Z", 4) + Process("2026-03-10T10:00:00Z", 5, "whoami.exe"));
    }

    public string Rules => _folder.Combine("rules");

    public string Logs => _folder.Combine("logs");

    public string Data => _folder.Combine("data");

    public string Combine(params string[] parts) => _folder.Combine(parts);

    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Runs a verb with this folder's rules.</summary>
    public Task<CommandLine> RunAsync(params string[] args) => CommandLine.RunAsync([.. args, "--rules", Rules, "--data", Data, "--lang", "en"]);

    public static string Process(string time, int record, string program) =>
        $$"""{"EventTime":"{{time}}","Hostname":"ws-07","Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"EventRecordID":{{record}},"Image":"C:\\Windows\\System32\\{{program}}","CommandLine":"{{program}} /all","User":"OPS\\keita"}""" + "\n";

    public static string Failed(string time, int record) =>
        $$"""{"EventTime":"{{time}}","Hostname":"dc-01","Channel":"Security","EventID":4625,"EventRecordID":{{record}},"TargetUserName":"keita","IpAddress":"203.0.113.77"}""" + "\n";

    public void Dispose() => _folder.Dispose();
}
