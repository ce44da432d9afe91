using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine.Findings;
using Vigie.Store;
using Vigie.Tests.Store;
using Vigie.Tests.Watches.Domains.Dns;
using Vigie.Watches.Domains;
using Vigie.Watches.Domains.Dns;
using Vigie.Watches.Domains.Registration;

namespace Vigie.Tests.Watches.Domains.Registration;

public abstract class RegistrationWatchBody : IAsyncLifetime
{
    private readonly TestZone _zone = new() { NegativeSeconds = 0 };
    private readonly AdjustableTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private TestStore _store = null!;
    private LoopbackDnsServer _server = null!;
    private IReadOnlyList<WatchedName> _names = [];

    protected abstract Task<TestStore> OpenAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _server = new LoopbackDnsServer(_zone);
        _names = [.. Enumerable.Range(0, 200).Select(i => Name($"army{i}.ml", i))];
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Reports_only_what_changes_between_runs()
    {
        _zone.Register("army1.ml").Register("army2.ml", "mx.army2.ml");
        Assert.Equal(["registered-at-first-look army1.ml", "registered-at-first-look army2.ml"], await RunAsync());
        Assert.Empty(await RunAsync());

        _zone.Register("army3.ml").Add(new MailExchangeRecord(DnsName.Parse("army1.ml"), 0, 10, DnsName.Parse("mx.test")));
        Assert.Equal(["mail-appeared army1.ml", "newly-registered army3.ml"], await RunAsync());

        _zone.Remove("army2.ml");
        Assert.Empty(await RunAsync());
        Assert.Empty(await RunAsync());
        Assert.Equal(["gone army2.ml"], await RunAsync());
        Assert.Empty(await RunAsync());

        var run = await Table.LastFinishedRunAsync(Token);
        Assert.Equal((200, 2, 1, 0), (run!.Checked, run.Registered, run.WithMail, run.Unknown));
        Assert.Equal((2, 1), await Table.CountRegisteredAsync(Token));
        Assert.Equal(["army1.ml", "army3.ml"], (await Table.ListRegisteredAsync(mailOnly: false, 0, 10, Token)).Select(e => e.Name.Domain));
        Assert.Equal(["army1.ml"], (await Table.ListRegisteredAsync(mailOnly: true, 0, 10, Token)).Select(e => e.Name.Domain));
        Assert.Equal(["army3.ml"], (await Table.ListRegisteredAsync(mailOnly: false, 1, 10, Token)).Select(e => e.Name.Domain));
    }

    [Fact]
    public async Task A_broken_domain_neither_appears_nor_disappears()
    {
        _zone.Register("army1.ml");
        await RunAsync();
        _zone.Remove("army1.ml").Break("army1.ml", ResponseCode.ServerFailure).Break("army2.ml", ResponseCode.ServerFailure);
        for (var i = 0; i < 5; i++) Assert.Empty(await RunAsync());
        var entries = await Table.LoadAsync(Token);
        Assert.True(entries["army1.ml"].State.Registered);
        Assert.Equal(DnsFailure.ServerFailure, entries["army1.ml"].State.LastFailure);
        Assert.False(entries["army2.ml"].State.Registered);
        Assert.Equal(2, (await Table.LastFinishedRunAsync(Token))!.Unknown);
    }

    [Fact]
    public async Task With_every_resolver_down_nothing_is_recorded_and_the_run_goes_on_later()
    {
        _zone.Register("army150.ml").Break("ml", ResponseCode.Refused);
        _server.Respond = (query, _) => [new Reply((query with { IsResponse = true, Code = ResponseCode.Refused }).Encode())];
        Assert.Equal(RunOutcome.ResolversDown, await Watch().RunOnceAsync(Token));
        Assert.Empty(await Table.LoadAsync(Token));
        var open = await Table.LastRunAsync(Token);
        Assert.Null(open!.Finished);

        _zone.Mend("ml");
        _server.Respond = (query, tcp) => [new Reply(_server.Answer(query, tcp))];
        Assert.Equal(["registered-at-first-look army150.ml"], await RunAsync());
        Assert.Equal(open.Id, (await Table.LastFinishedRunAsync(Token))!.Id);
    }

    [Fact]
    public async Task A_few_silent_domains_do_not_pass_for_resolvers_that_are_down()
    {
        _names = [Name("army1.ml", 1)];
        _server.Respond = (query, tcp) => query.Questions[0].Name == DnsName.Parse("army1.ml") ? [] : [new Reply(_server.Answer(query, tcp))];
        Assert.Equal(RunOutcome.Finished, await Watch(o => o with { Timeout = TimeSpan.FromMilliseconds(100) }).RunOnceAsync(Token));
        Assert.Equal(1, (await Table.LastFinishedRunAsync(Token))!.Unknown);
    }

    [Fact]
    public async Task Cut_short_anywhere_it_goes_on_where_it_was_and_reports_everything_once()
    {
        for (var i = 0; i < 200; i += 3) _zone.Register($"army{i}.ml", "mx.test");
        var random = new Random(7);
        var cuts = 0;
        while ((await Table.LastFinishedRunAsync(Token)) is null)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            // Cut after so many answers: in the middle of a batch, between batches, or never.
            var answers = random.Next(20, 700);
            _server.Respond = (query, tcp) =>
            {
                if (Interlocked.Decrement(ref answers) == 0) stop.Cancel();
                return [new Reply(_server.Answer(query, tcp))];
            };
            try
            {
                await Watch().RunOnceAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                cuts++;
                await _store.ReopenAsync();
            }
        }

        Assert.True(cuts > 0, "the run was never cut short");
        var findings = await FindingsAsync();
        Assert.Equal(67, findings.Count);
        var run = await Table.LastFinishedRunAsync(Token);
        Assert.Equal((200, 67, 67, 67), (run!.Checked, run.Registered, run.WithMail, run.Changes));
    }

    [Fact]
    public async Task What_is_registered_is_looked_at_although_it_is_no_candidate_any_more()
    {
        _zone.Register("army199.ml");
        await RunAsync();
        _names = [.. _names.Take(10)];
        _zone.Add(new MailExchangeRecord(DnsName.Parse("army199.ml"), 0, 10, DnsName.Parse("mx.test")));
        Assert.Equal(["mail-appeared army199.ml"], await RunAsync());
        Assert.Equal(11, (await Table.LastFinishedRunAsync(Token))!.Checked);
    }

    [Fact]
    public async Task A_finding_says_in_both_languages_what_was_seen()
    {
        _names = [Name("army.ml", 0)];
        _zone.Register("army.ml", "mx.army.ml");
        await RunAsync();
        var finding = Assert.Single(await FindingsAsync());
        Assert.Equal(DomainFindings.Registered, finding.Detector);
        Assert.Equal(Severity.High, finding.Severity);
        Assert.Contains(new Entity(EntityKinds.Domain, "army.ml"), finding.Entities);
        Assert.Contains(new Entity(EntityKinds.Domain, "army.mil"), finding.Entities);
        Assert.Contains(new Entity(EntityKinds.Domain, "mx.army.ml"), finding.Entities);
        Assert.Contains("mx.army.ml", finding.Explanation.English, StringComparison.Ordinal);
        Assert.Contains("mx.army.ml", finding.Explanation.French, StringComparison.Ordinal);
        Assert.Contains("is not known: the DNS does not tell", finding.Explanation.English, StringComparison.Ordinal);
        Assert.Null(finding.Confidence);
    }

    [Fact]
    public async Task The_next_run_waits_for_its_time()
    {
        _names = [Name("army.ml", 0)];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = Watch().RunAsync(stop.Token);
        await UntilAsync(async () => (await Table.LastFinishedRunAsync(Token)) is not null && _time.Waiting > 0);
        var first = (await Table.LastFinishedRunAsync(Token))!;

        _time.Advance(TimeSpan.FromHours(11));
        await UntilAsync(() => Task.FromResult(_time.Waiting > 0));
        Assert.Equal(first.Id, (await Table.LastRunAsync(Token))!.Id);
        for (var hour = 0; hour < 3; hour++)
        {
            await UntilAsync(() => Task.FromResult(_time.Waiting > 0));
            _time.Advance(TimeSpan.FromHours(1));
        }

        await UntilAsync(async () => (await Table.LastFinishedRunAsync(Token))!.Id > first.Id);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WatchTable Table => new(_store.Store);

    private static WatchedName Name(string domain, int rank) =>
        new(domain, "army.mil", "TldTypo", 1e-3 / (rank + 1), 0.9, new("It ends in .ml instead of .mil.", "Il finit par .ml au lieu de .mil."));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await Task.Delay(10, Token);
    }

    /// <summary>A run from the start, as a node that was just started does it; the new findings as "rule domain".</summary>
    private async Task<IReadOnlyList<string>> RunAsync()
    {
        var before = (await FindingsAsync()).Select(f => f.Id).ToHashSet();
        _time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(RunOutcome.Finished, await Watch().RunOnceAsync(Token));
        return [.. (await FindingsAsync()).Where(f => !before.Contains(f.Id)).Select(f => $"{f.Rule} {f.Entities[0].Value}").Order(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<Finding>> FindingsAsync() =>
        (await new Findings(_store.Store, _time).SearchAsync(new FindingQuery { Limit = 500 }, Token)).Items;

    private RegistrationWatch Watch(Func<DnsClientOptions, DnsClientOptions>? change = null)
    {
        var options = new DnsClientOptions { Servers = [_server.EndPoint], QueriesPerSecond = 100_000, Concurrency = 32, Timeout = TimeSpan.FromSeconds(10), Rounds = 1, CacheEntries = 0 };
        var dns = new DnsClient(change?.Invoke(options) ?? options, TimeProvider.System);
        return new RegistrationWatch(
            new DomainsSettings(),
            () => _names,
            new DomainInspector(dns),
            Table,
            _store.Store,
            new Findings(_store.Store, _time),
            new RunSchedule(TimeSpan.FromHours(12), TimeSpan.FromMinutes(30), "test"),
            _time,
            _services.GetRequiredService<IMeterFactory>(),
            NullLogger<RegistrationWatch>.Instance);
    }
}

public sealed class RegistrationWatchTests : RegistrationWatchBody
{
    protected override Task<TestStore> OpenAsync() => TestStore.SqliteAsync();
}

[Collection("acceptance")]
public sealed class RegistrationWatchOnPostgreSqlTests(PostgreSqlServer server) : RegistrationWatchBody
{
    protected override Task<TestStore> OpenAsync() => TestStore.PostgreSqlAsync(server);
}
