using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine.Findings;
using Vigie.Store;
using Vigie.Tests.Watches.Logs;

namespace Vigie.Tests.Acceptance;

/// <summary>
/// The node is killed at random moments while logs come in through a file that is rotated and over HTTP, whose sender sends
/// again what was not answered: afterwards the findings are those of a run without a fault, none lost, none doubled.
/// VIGIE_KILLS sets how often.
/// </summary>
[Collection("acceptance")]
public sealed class LogKillTests : IDisposable
{
    private const int Seed = 29;
    private const int Portion = 250;
    private const int FileFrom = 40_000;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("VIGIE_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Killed_anywhere_the_findings_are_those_of_a_run_without_a_fault()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill -9 is a Unix signal.");
        var random = new Random(Seed);
        var data = _folder.Combine("data");
        SomeLogs.WriteRules(data);
        Directory.CreateDirectory(_folder.Combine("logs"));
        var (sent, written) = (0, 0);
        for (var kill = 0; kill <= Kills; kill++)
        {
            await using var node = await NodeProcess.StartAsync(data, Settings(), cancellationToken: Token);
            var isLast = kill == Kills;
            var rounds = random.Next(1, 6);
            var death = isLast ? Task.CompletedTask : KillAsync(node, random.Next(0, 1500));
            for (var round = 0; round < rounds && !(death.IsCompleted && !isLast); round++)
            {
                written = await WriteAsync(random, written);
                if (await SendAsync(data, sent)) sent += Portion;
            }

            await death;
            if (!isLast) continue;
            while (!await SendAsync(data, sent)) await Task.Delay(100, Token);
            sent += Portion;
            await AssertAllAsync(data, sent, written, $"seed {Seed}, {Kills} kills");
            await AssertContextsAsync(data);
            var correlated = await ConcludeAsync(data);
            Assert.NotEmpty(correlated);
            Assert.Equal(await WithoutFaultAsync(sent), correlated);
        }
    }

    // The same files and requests through a node that nobody kills.
    private async Task<string[]> WithoutFaultAsync(int sent)
    {
        var data = _folder.Combine("whole");
        SomeLogs.WriteRules(data);
        await using var node = await NodeProcess.StartAsync(data, Settings(), cancellationToken: Token);
        for (var from = 0; from < sent;)
        {
            if (await SendAsync(data, from)) from += Portion;
            else await Task.Delay(50, Token);
        }

        await using var store = await OpenAsync(data);
        await SomeLogs.UntilAsync(async () => (await SomeLogs.FoundAsync(store)).Any(number => number >= FileFrom), "the files are read too");
        return await ConcludeAsync(data);
    }

    // An event of weeks later ends every window.
    private async Task<string[]> ConcludeAsync(string data)
    {
        await Task.Delay(1500, Token);
        while (!await SendAsync(data, 3_000_000)) await Task.Delay(100, Token);
        await using var store = await OpenAsync(data);
        // Correlations wait for the slowest source until nothing comes any more.
        await SomeLogs.UntilAsync(async () => (await SomeLogs.CorrelatedAsync(store)).Length > 0, "correlations come true");
        var correlated = await SomeLogs.CorrelatedAsync(store);
        for (var same = 0; same < 10; same++)
        {
            await Task.Delay(200, Token);
            var now = await SomeLogs.CorrelatedAsync(store);
            if (now.Length != correlated.Length) same = 0;
            correlated = now;
        }

        return correlated;
    }

    private static Task<Vigie.Store.Store> OpenAsync(string data) =>
        Vigie.Store.Store.OpenAsync(new StoreSettings { DataDirectory = data }, TimeProvider.System, NullLoggerFactory.Instance, Token);

    private static async Task KillAsync(NodeProcess node, int afterMilliseconds)
    {
        await Task.Delay(afterMilliseconds, Token);
        await node.SignalAsync(PosixSignals.Kill, Token);
    }

    // Events over HTTP are numbered from 0, those in the file from 1,000,000.
    private async Task<int> WriteAsync(Random random, int written)
    {
        var log = _folder.Combine("logs", "app.log");
        if (random.Next(4) == 0 && File.Exists(log)) File.Move(log, string.Create(CultureInfo.InvariantCulture, $"{log}.{written}"));
        var count = random.Next(1, 400);
        await File.AppendAllTextAsync(log, SomeLogs.Lines(FileFrom + written, count), Token);
        return written + count;
    }

    // As shippers do: what was not answered is sent again, the same bytes.
    private async Task<bool> SendAsync(string data, int from)
    {
        try
        {
            if (Endpoint(data) is not { } address) return false;
            using var content = new StringContent(SomeLogs.Bulk(from, Portion), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
            using var answer = await _http.PostAsync(new Uri($"{address}/_bulk"), content, Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string? Endpoint(string data) =>
        Vigie.Operations.NodeEndpoints.Read(data).TryGetValue("logs.es", out var addresses) ? addresses[0] : null;

    private static async Task AssertAllAsync(string data, int sent, int written, string run)
    {
        await using var store = await OpenAsync(data);
        int[] expected = [.. SomeLogs.Expected(sent), .. Enumerable.Range(FileFrom, written).Where(i => i % 10 == 0)];
        int[] found = [];
        for (var i = 0; i < 400 && found.Length < expected.Length; i++)
        {
            await Task.Delay(50, Token);
            found = await SomeLogs.FoundAsync(store);
        }

        Assert.True(expected.SequenceEqual(found), $"{run}: lost {string.Join(' ', expected.Except(found).Take(20))}; doubled or made up {found.Length - found.Distinct().Count()} {string.Join(' ', found.Except(expected).Take(20))}");
        Assert.NotEmpty(found);
    }

    // What stood around a finding is a run of the events before and after it, none twice, none left out. A rotation while the
    // node was away puts two files of a source in turn: there only doubles would be wrong.
    private static async Task AssertContextsAsync(string data)
    {
        await using var store = await OpenAsync(data);
        var found = await store.ReadAsync(
            async (connection, _) => (await connection.QueryAsync<(string Id, string Copy)>("SELECT f.id, e.copy FROM finding f JOIN finding_evidence e ON e.finding_id = f.id WHERE f.rule = @Rule", new { SomeLogs.Rule })).AsList(), Token);
        var (contexts, full) = (new FindingContexts(store), 0);
        foreach (var (id, copy) in found)
        {
            var own = SomeLogs.Number(copy);
            var context = await contexts.ReadAsync(new FindingId(id), Token);
            Assert.NotNull(context);
            int[] before = [.. context.Before.Select(kept => SomeLogs.Number(kept.Copy))];
            int[] after = [.. context.After.Select(kept => SomeLogs.Number(kept.Copy))];
            int[] all = [.. before, own, .. after];
            Assert.Equal(all.Length, all.Distinct().Count());
            if (own < FileFrom) Assert.Equal(Enumerable.Range(own - before.Length, all.Length), all);
            if (context is { Before.Count: 10, After.Count: 10 }) full++;
        }

        Assert.True(full > found.Count / 2, $"{full} of {found.Count} contexts are whole");
    }

    private string Settings() => $$"""
        logs:
          builtInRules: false
          lateness: 1d
          sources:
            - { name: app, kind: files, format: json, paths: "{{_folder.Combine("logs", "app.log")}}*", product: doors }
            - { name: es, kind: http, listen: "127.0.0.1:0", product: doors }
        """;
}
