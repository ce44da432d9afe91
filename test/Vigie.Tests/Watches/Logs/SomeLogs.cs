using System.Globalization;
using System.Text.Json;
using Dapper;

namespace Vigie.Tests.Watches.Logs;

/// <summary>Logs of an application of the tests, and rules that find every tenth event of them and every burst of those.</summary>
internal static class SomeLogs
{
    public const string Rule = "5f3c6d1e-0a47-4a55-9d3c-0d7b1f1f0a01";
    public const string Correlation = "5f3c6d1e-0a47-4a55-9d3c-0d7b1f1f0a02";

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>One finding for every tenth event, and one correlation for every five of those of one user within a minute.</summary>
    public const string Rules = $"""
        title: A door was forced
        id: {Rule}
        name: forced
        status: test
        logsource:
            product: doors
        detection:
            selection:
                action: forced
            condition: selection
        level: high
        ---
        title: One person forces many doors
        id: {Correlation}
        status: test
        correlation:
            type: event_count
            rules: [forced]
            group-by: [user]
            timespan: 1m
            condition:
                gte: 5
            generate: true
        level: critical
        """;

    /// <summary>Event <paramref name="number"/> as a line of JSON, without its line end.</summary>
    public static string Line(int number) =>
        $$"""{"@timestamp":"{{Start.AddSeconds(number).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}}","number":{{number}},"user":"u{{number / 100}}","action":"{{(number % 10 == 0 ? "forced" : "opened")}}"}""";

    /// <summary>Events as a text of lines.</summary>
    public static string Lines(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i => Line(i) + "\n"));

    /// <summary>Events as the body of a bulk request.</summary>
    public static string Bulk(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i => "{\"create\":{\"_index\":\"doors\"}}\n" + Line(i) + "\n"));

    /// <summary>Settings with one source; the rules must lie in <c>rules</c> of the data folder.</summary>
    public static string Settings(string source) => $$"""
        logs:
          builtInRules: false
          lateness: 0s
          sources:
            - { {{source}}, product: doors }
        """;

    /// <summary>Puts the rules where a node with this data folder finds them.</summary>
    public static void WriteRules(string dataDirectory)
    {
        Directory.CreateDirectory(Path.Combine(dataDirectory, "rules"));
        File.WriteAllText(Path.Combine(dataDirectory, "rules", "doors.yml"), Rules);
    }

    /// <summary>Which events have a finding: the number in the evidence of each, sorted; a number that stands twice was doubled.</summary>
    public static async Task<int[]> FoundAsync(Vigie.Store.Store store)
    {
        var copies = await store.ReadAsync(
            (connection, _) => connection.QueryAsync<string>("SELECT e.copy FROM finding f JOIN finding_evidence e ON e.finding_id = f.id WHERE f.rule = @Rule", new { Rule }),
            TestContext.Current.CancellationToken);
        return [.. copies.Select(Number).Order()];
    }

    /// <summary>The number of an event.</summary>
    public static int Number(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("number").GetInt32();
    }

    /// <summary>The correlations that came true, by their ids.</summary>
    public static async Task<string[]> CorrelatedAsync(Vigie.Store.Store store) =>
        [.. (await store.ReadAsync(
            (connection, _) => connection.QueryAsync<string>("SELECT id FROM finding WHERE rule = @Correlation ORDER BY id", new { Correlation }),
            TestContext.Current.CancellationToken))];

    /// <summary>Waits until a condition holds; fails after half a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 1800; i++)
        {
            if (await condition()) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"It did not come to this within a minute and a half: {what}");
    }

    /// <summary>The numbers that have to be found among the first <paramref name="count"/> events.</summary>
    public static int[] Expected(int count) => [.. Enumerable.Range(0, count).Where(i => i % 10 == 0)];
}
