using System.Globalization;
using System.Text.Json;
using Vigie.Commands;

namespace Vigie.Tests.Commands.Eval.Replay;

/// <summary>
/// Two attacks that we made up: one goes from an accountant's machine to a file server, the other stays on one machine. Both use the same
/// shell, the same resolver and the machine's own account, which must not make them one.
/// </summary>
public sealed class IncidentsCommandTests
{
    private const string ShellHash = "SHA256=00AA11BB22CC33DD44EE55FF6677889900AA11BB22CC33DD44EE55FF66778899";

    [Fact]
    public async Task Each_attack_is_one_incident_of_its_own()
    {
        using var folder = new TemporaryFolder();
        Write(folder);

        var run = await CommandLine.RunAsync("eval", "incidents", "--data", folder.Combine("attacks"), "--rules", folder.Combine("rules"), "--replays", "3", "--json");

        Assert.Equal("", run.Error);
        using var document = JsonDocument.Parse(run.Output);
        var figures = document.RootElement.GetProperty("figures").EnumerateArray().ToDictionary(f => f.GetProperty("id").GetString()!, f => f.GetProperty("value").GetDouble());
        Assert.Equal(1, figures["share"]);
        Assert.Equal(1, figures["purity"]);
        Assert.Equal(1, figures["incidents"]);
        Assert.Equal(0, figures["next-day"]);
        Assert.Equal(6, figures["faithful"]);
        // 12 findings an attack's replay of the first and 6 of the second, three of each.
        Assert.Equal(6.0 / 54, figures["rows"], 6);
        Assert.Equal(ExitCodes.Found, run.ExitCode);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_figures()
    {
        using var folder = new TemporaryFolder();
        Write(folder);
        string[] line = ["eval", "incidents", "--data", folder.Combine("attacks"), "--rules", folder.Combine("rules"), "--replays", "2", "--seed", "9"];
        var (one, other) = (await CommandLine.RunAsync(line), await CommandLine.RunAsync(line));
        Assert.Equal(WithoutCost(one.Output), WithoutCost(other.Output));

        static string WithoutCost(string output) => string.Join('\n', output.Split('\n').Where(text => !text.StartsWith("What this took", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Absent_data_is_named()
    {
        using var folder = new TemporaryFolder();
        var run = await CommandLine.RunAsync("eval", "incidents", "--data", folder.Combine("none"), "--rules", folder.Path);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("none", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no log at all\n")]
    public async Task Says_that_there_is_nothing_to_measure(string text)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandLine.RunAsync("eval", "incidents", "--data", folder.Write("attack.json", text), "--rules", folder.Path);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("attack.json: no", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--replays", "0")]
    [InlineData("--overlap", "-1")]
    [InlineData("--overlap", "NaN")]
    [InlineData("--replays", "many")]
    [InlineData("--seed", "99999999999")]
    public async Task Options_out_of_bounds_are_refused(string option, string value)
    {
        var run = await CommandLine.RunAsync("eval", "incidents", option, value);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder folder)
    {
        Rule(folder, "shell", "medium", "process_creation", "Image|endswith: '\\shell.exe'", "a1f5c2d0-1111-4a2b-8c3d-000000000001");
        Rule(folder, "dump", "high", "process_creation", "CommandLine|contains: 'dump-secrets'", "a1f5c2d0-1111-4a2b-8c3d-000000000002");
        Rule(folder, "outside", "medium", "network_connection", "DestinationPort: 4444", "a1f5c2d0-1111-4a2b-8c3d-000000000003");
        Rule(folder, "asked", "low", "dns_query", "QueryName|endswith: '.example'", "a1f5c2d0-1111-4a2b-8c3d-000000000004");
        folder.Write("attacks/accounting.json", string.Join('\n', Accounting()) + "\n");
        folder.Write("attacks/press-office.json", string.Join('\n', PressOffice()) + "\n");
    }

    private static IEnumerable<string> Accounting()
    {
        for (var i = 0; i < 4; i++)
        {
            yield return Started("COMPTA7.paierie.local", @"PAIERIE\moussa", i, "shell.exe", i == 3 ? "shell.exe dump-secrets" : "shell.exe /c dir");
            yield return Asked("COMPTA7.paierie.local", i);
        }

        // The account turns up on the server, named differently; then the server's own account acts there.
        yield return Started("SRVFIC", "moussa@paierie.local", 20, "shell.exe", "shell.exe /c copy");
        yield return Connected("SRVFIC.paierie.local", @"NT AUTHORITY\SYSTEM", 21, "10.20.0.17", "10.66.0.9");
        yield return Asked("SRVFIC.paierie.local", 22);
    }

    private static IEnumerable<string> PressOffice()
    {
        yield return Started("PRESSE2", @"PRESSE2\kadi", 0, "shell.exe", "shell.exe /c whoami");
        yield return Started("PRESSE2", @"NT AUTHORITY\SYSTEM", 40, "shell.exe", "shell.exe dump-secrets");
        for (var i = 0; i < 3; i++) yield return Asked("PRESSE2", 50 + i);
    }

    private static string Started(string host, string user, int second, string image, string command) => Event(1, host, second, new
    {
        User = user,
        Image = $@"C:\Windows\System32\{image}",
        Company = "Microsoft Corporation",
        Hashes = ShellHash,
        CommandLine = command,
        ProcessGuid = GuidOf(host, second),
        ParentProcessGuid = GuidOf(host, 0),
    });

    private static string Connected(string host, string user, int second, string from, string to) => Event(3, host, second, new
    {
        User = user,
        Image = @"C:\Windows\System32\shell.exe",
        SourceIp = from,
        DestinationIp = to,
        DestinationPort = 4444,
        ProcessGuid = GuidOf(host, second),
    });

    private static string Asked(string host, int second) => Event(22, host, second, new
    {
        QueryName = "portail.example",
        QueryResults = "::ffff:8.8.8.8;",
        Image = @"C:\Windows\System32\svchost.exe",
        ProcessGuid = GuidOf(host, 1000 + second),
    });

    private static string Event(int id, string host, int second, object fields)
    {
        var time = new DateTime(2026, 1, 5, 9, 0, 0).AddSeconds(second);
        var all = new Dictionary<string, object?>
        {
            ["@timestamp"] = time.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture),
            ["Channel"] = "Microsoft-Windows-Sysmon/Operational",
            ["SourceName"] = "Microsoft-Windows-Sysmon",
            ["EventID"] = id,
            ["Hostname"] = host,
            ["RecordNumber"] = (id * 1000) + second,
            ["host"] = "collecteur.paierie.local",
        };
        foreach (var property in fields.GetType().GetProperties()) all[property.Name] = property.GetValue(fields);
        return JsonSerializer.Serialize(all);
    }

    private static string GuidOf(string host, int number) => $"{{{host.Length:x8}-0001-695b-0100-{number:x12}}}";

    private static void Rule(TemporaryFolder folder, string name, string level, string category, string selection, string id) => folder.Write($"rules/{name}.yml", $"""
        title: {name}
        id: {id}
        status: test
        description: Made for a test.
        author: Vigie
        date: 2026-01-05
        logsource:
            product: windows
            category: {category}
        detection:
            selection:
                {selection}
            condition: selection
        level: {level}
        """);
}
