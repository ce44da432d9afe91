using System.Text;
using Vigie.Commands.Logs;
using Vigie.Engine.Findings;
using Vigie.Tests.Acceptance;
using Vigie.Tests.Watches.Domains;
using Vigie.Tests.Watches.Logs;
using Vigie.Watches.Logs.Reading;
using Vigie.Watches.Logs.Rules;

namespace Vigie.Tests.Commands.Logs;

/// <summary>What <c>vigie tail</c> says, with logs as they are piped into it.</summary>
public sealed class TailFindingsTests : IDisposable
{
    private readonly LogCase _case = new();
    private readonly AdjustableTime _time = new(new DateTimeOffset(2026, 3, 12, 12, 0, 0, TimeSpan.Zero));
    private readonly Hits _hits = new();
    private readonly List<string> _notes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _case.Dispose();

    [Fact]
    public async Task A_correlation_over_a_piped_log_has_the_id_that_a_scan_gives_it()
    {
        var events = LogCase.Failed("2026-03-12T10:01:00Z", 4) + LogCase.Process("2026-03-12T10:01:30Z", 1, "whoami.exe") + LogCase.Failed("2026-03-12T10:02:00Z", 2) + LogCase.Failed("2026-03-12T10:03:00Z", 3);
        var found = await PipeAsync(Load(), events);
        var correlation = Assert.Single(found, hit => hit.RuleId == LogCase.ManyFailedId);
        Assert.Equal("203.0.113.77", correlation.Matched.First(field => field.Key == "IpAddress").Value);
        Assert.Equal(5, found.Count);
        Assert.Equal("3", correlation.Matched.First(field => field.Key == "events").Value);
        Assert.Equal(new DateTimeOffset(2026, 3, 12, 10, 3, 0, TimeSpan.Zero), correlation.Time);
        var scan = await _case.RunAsync("scan", "logs", _case.Write("one.jsonl", events), "--json");
        Assert.Contains(correlation.Id.Value, scan.Output, StringComparison.Ordinal);
        Assert.Equal(scan.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()).Order(), found.Select(hit => hit.Id.Value).Order());
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task The_findings_are_those_of_a_node_that_reads_the_same_log()
    {
        using var folder = new TemporaryFolder();
        SomeLogs.WriteRules(folder.Combine("data"));
        folder.Write("logs/doors.jsonl", SomeLogs.Lines(0, 1000));
        var rules = RuleLoader.Load(new RuleSelection { Paths = [folder.Combine("data", "rules")] }, Token);
        var found = await PipeAsync(rules, SomeLogs.Lines(0, 1000), new ReadAs { Source = new Vigie.Engine.Events.LogSource("doors", null, null) });
        string[] correlated = [.. found.Where(hit => hit.RuleId == SomeLogs.Correlation).Select(hit => hit.Id.Value).Order(StringComparer.Ordinal)];
        Assert.True(correlated.Length >= 10);
        Assert.Equal(100, found.Count(hit => hit.RuleId == SomeLogs.Rule));

        await using var node = await RunningNode.StartAsync(SomeLogs.Settings($"name: doors, kind: files, paths: [\"{folder.Combine("logs")}\"]"), folder.Combine("data"), Token);
        var store = node.Services.GetRequiredService<Vigie.Store.Store>();
        await SomeLogs.UntilAsync(async () => (await SomeLogs.CorrelatedAsync(store)).Length == correlated.Length, "the node finds what was found here");
        Assert.Equal(correlated, await SomeLogs.CorrelatedAsync(store));
    }

    [Fact]
    public async Task What_only_a_correlation_counts_is_not_printed_and_still_counts_below_the_level_asked_for()
    {
        _case.Write("rules/failed.yml", File.ReadAllText(_case.Combine("rules", "failed.yml")).Replace("generate: true", "generate: false", StringComparison.Ordinal));
        var found = await PipeAsync(Load(), string.Concat(Enumerable.Range(0, 6).Select(i => LogCase.Failed($"2026-03-12T10:0{i}:00Z", i))), atLeast: Severity.High);
        Assert.Equal([LogCase.ManyFailedId], found.Select(hit => hit.RuleId));
    }

    [Fact]
    public async Task Events_count_in_the_order_of_their_times_within_the_lateness()
    {
        var disordered = LogCase.Failed("2026-03-12T10:00:20Z", 3) + LogCase.Failed("2026-03-12T10:00:00Z", 1) + LogCase.Failed("2026-03-12T10:00:10Z", 2);
        var correlation = Assert.Single(await PipeAsync(Load(), disordered, portion: 200), hit => hit.RuleId == LogCase.ManyFailedId);
        Assert.Equal(new DateTimeOffset(2026, 3, 12, 10, 0, 20, TimeSpan.Zero), correlation.Time);
        Assert.Equal("2026-03-12T10:00:00.000Z", correlation.Matched.First(field => field.Key == "from").Value);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task What_comes_too_late_or_from_the_future_is_not_counted_and_said_once()
    {
        var late = LogCase.Failed("2026-03-12T10:01:00Z", 1) + LogCase.Failed("2026-03-12T10:05:00Z", 2) + LogCase.Failed("2026-03-12T10:02:00Z", 3) + LogCase.Failed("2026-03-13T10:02:00Z", 4) + LogCase.Failed("2026-03-12T10:01:01Z", 5);
        var found = await PipeAsync(Load(), late, portion: 150);
        Assert.DoesNotContain(found, hit => hit.RuleId == LogCase.ManyFailedId);
        Assert.Equal(5, found.Count);
        Assert.Contains("logs.lateness", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_more_comes_time_goes_on_by_the_clock()
    {
        var events = string.Concat(Enumerable.Range(0, 3).Select(i => LogCase.Failed($"2026-03-12T10:0{i}:00Z", i)));
        using var pipe = new Pipe(Encoding.UTF8.GetBytes(events));
        var found = Findings(Load(), Severity.Informational);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = new LogFollower(new ReadAs(), _ => { }).ReadAsync(pipe, "-", found.Record, found.Take, found.Through, stop.Token);
        await SomeLogs.UntilAsync(() => Task.FromResult(_hits.All.Count == 3), "the events are read");
        await Task.Delay(700, Token);
        Assert.Equal(3, _hits.All.Count);
        _time.Advance(TimeSpan.FromSeconds(33));
        await SomeLogs.UntilAsync(() => Task.FromResult(_hits.All.Count == 4), "the correlation is judged");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private LoadedRules Load() => RuleLoader.Load(new RuleSelection { Paths = [_case.Rules] }, Token);

    private TailFindings Findings(LoadedRules rules, Severity atLeast) => new(rules, atLeast, TimeSpan.FromSeconds(30), _hits, _notes.Add, _time);

    private async Task<IReadOnlyList<LogHit>> PipeAsync(LoadedRules rules, string text, ReadAs? readAs = null, Severity atLeast = Severity.Informational, int portion = int.MaxValue)
    {
        var found = Findings(rules, atLeast);
        using var input = new Portions(Encoding.UTF8.GetBytes(text), portion);
        await new LogFollower(readAs ?? new ReadAs(), diagnostic => Assert.Fail(diagnostic.Message)).ReadAsync(input, "-", found.Record, found.Take, found.Through, Token);
        found.End();
        return _hits.All;
    }

    private sealed class Hits : IHitWriter
    {
        private readonly List<LogHit> _all = [];

        public IReadOnlyList<LogHit> All
        {
            get
            {
                lock (_all) return [.. _all];
            }
        }

        public void Write(LogHit hit)
        {
            lock (_all) _all.Add(hit);
        }

        public void End(ScanSummary summary)
        {
        }
    }

    // As a pipe hands it over: so much at once.
    private sealed class Portions(byte[] bytes, int portion) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(buffer.Length, portion)], cancellationToken);
    }

    // A pipe whose writer takes a pause that never ends.
    private sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < Length) return await base.ReadAsync(buffer, cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
