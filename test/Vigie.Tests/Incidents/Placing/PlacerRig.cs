using System.Diagnostics.Metrics;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Governance;
using Vigie.Incidents;
using Vigie.Incidents.Desk;
using Vigie.Incidents.Placing;
using Vigie.Protection;
using Vigie.Store;
using Vigie.Tests.Store;

namespace Vigie.Tests.Incidents.Placing;

/// <summary>A store, the placer over it and the desk, as in a node; a new placer knows nothing but the store.</summary>
internal sealed class PlacerRig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ProtectionSettings _protection;
    private readonly TimeProvider _time;

    public PlacerRig(TestStore test, TimeProvider? time = null, IncidentsSettings? settings = null, string[]? ownDomains = null)
    {
        Test = test;
        _time = time ?? TimeProvider.System;
        // The findings of these tests are from one spring; the horizon must hold it whatever today is.
        Settings = settings ?? new IncidentsSettings { Horizon = TimeSpan.FromDays(20_000) };
        _protection = new ProtectionSettings { OwnDomains = ownDomains ?? [], Partners = ["army.mil"] };
        Findings = new Findings(test.Store, _time);
        Journal = new Journal(test.Store, _time);
        Precision = new RulePrecision(test.Store);
        Suppressions = ActivatorUtilities.CreateInstance<Suppressions>(new ServiceCollection().AddSingleton(test.Store).AddSingleton(Journal).AddSingleton(Changes).AddSingleton(_time).BuildServiceProvider());
        State = new PlacerState(_services.GetRequiredService<IMeterFactory>());
        Desk = ActivatorUtilities.CreateInstance<IncidentDesk>(new ServiceCollection()
            .AddSingleton(test.Store).AddSingleton(Journal).AddSingleton(Precision).AddSingleton(Suppressions).AddSingleton(Changes).AddSingleton(_time).AddSingleton(Settings)
            .AddSingleton(new DeskRows(test.Store, new IncidentSummaries(Precision, Settings))).BuildServiceProvider());
    }

    public TestStore Test { get; }

    public IncidentsSettings Settings { get; }

    public Findings Findings { get; }

    public Journal Journal { get; }

    public RulePrecision Precision { get; }

    public Suppressions Suppressions { get; }

    public IncidentChanges Changes { get; } = new();

    public PlacerState State { get; }

    public IncidentDesk Desk { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A placer that begins with what is stored.</summary>
    public IncidentPlacer NewPlacer()
    {
        var names = new ProtectedNames(_protection);
        var reads = new PlacingReads(Test.Store);
        var imitated = new ImitatedNames(names, new ImitationJudge(names, Strictness.Normal), _protection, Settings);
        var writes = new PlacingWrites(Test.Store, Suppressions, _time);
        return new IncidentPlacer(
            Test.Store, Findings, reads, writes, new IncidentSummaries(Precision, Settings), imitated, Suppressions, Precision, Changes, Settings, State, _time, NullLogger<IncidentPlacer>.Instance);
    }

    public async Task SaveAsync(params Finding[] findings)
    {
        foreach (var portion in findings.Chunk(200)) await Findings.SaveAsync(Lane.Background, portion, Token);
    }

    /// <summary>Saves and places.</summary>
    public async Task PlaceAsync(params Finding[] findings)
    {
        await SaveAsync(findings);
        await NewPlacer().PlaceWaitingAsync(Token);
    }

    public async Task<long> IncidentOfAsync(Finding finding) => (await HomesAsync())[finding.Id.Value];

    public async Task<Incident> FindAsync(Finding finding) => (await new IncidentTable(Test.Store).FindAsync(await IncidentOfAsync(finding), Token))!;

    public async Task<IReadOnlyDictionary<string, long>> HomesAsync() => (await Test.Store.ReadAsync(
        (connection, _) => connection.QueryAsync<(string Finding, long Incident)>("SELECT finding_id, incident_id FROM incident_finding"), Token)).ToDictionary(one => one.Finding, one => one.Incident);

    /// <summary>Which findings are together, whatever their incidents are called.</summary>
    public async Task<string[]> PartitionAsync() => Partition((await HomesAsync()).Select(pair => (pair.Key, pair.Value)));

    public static string[] Partition(IEnumerable<(string Finding, long Group)> homes) =>
        [.. homes.GroupBy(pair => pair.Group).Select(group => string.Join(' ', group.Select(pair => pair.Finding).Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal)];

    /// <summary>What a computation over all findings at once gives.</summary>
    public string[] Batch(IEnumerable<Finding> findings)
    {
        var graph = new IncidentGraph(new LinkPolicy());
        var names = new ProtectedNames(_protection);
        var imitated = new ImitatedNames(names, new ImitationJudge(names, Strictness.Normal), _protection, Settings);
        imitated.Refresh();
        var all = findings.ToList();
        foreach (var finding in all)
            graph.Place(new GraphFinding(finding.Id, finding.LastSeen.ToUnixTimeMilliseconds(), LinkKeys.Of(finding, imitated.Surroundings), LinkSubjects.Of(finding, imitated.Surroundings)));
        graph.Reweigh();
        return Partition(all.Select(finding => (finding.Id.Value, graph.GroupOf(finding.Id)!.Value)));
    }

    public Task<long> CountAsync(string sql) => Test.Store.ReadAsync((connection, _) => connection.ExecuteScalarAsync<long>(sql), Token);

    /// <summary>Everything the placer leaves behind fits together.</summary>
    public async Task AssertConsistentAsync()
    {
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM incident_finding p LEFT JOIN incident i ON i.id = p.incident_id WHERE i.id IS NULL OR i.status = 4"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM incident i WHERE i.status <> 4 AND i.findings <> (SELECT count(*) FROM incident_finding p WHERE p.incident_id = i.id)"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM incident i WHERE i.status = 4 AND (i.merged_into IS NULL OR NOT EXISTS (SELECT 1 FROM incident o WHERE o.id = i.merged_into))"));
        Assert.Equal(0, await CountAsync(
            """
            SELECT count(*) FROM (
                SELECT i.id, i.first_seen, i.last_seen, i.severity, min(f.first_seen) AS first, max(f.last_seen) AS last, max(f.severity) AS gravest, count(DISTINCT f.detector || ' ' || f.rule) AS rules, i.rules AS said
                FROM incident i JOIN incident_finding p ON p.incident_id = i.id JOIN finding f ON f.id = p.finding_id GROUP BY i.id, i.first_seen, i.last_seen, i.severity, i.rules) summed
            WHERE first <> first_seen OR last <> last_seen OR gravest <> severity OR rules <> said
            """));
    }

    public static Finding Some(int number, double minute, Severity severity, string rule, params Entity[] entities) => new()
    {
        Id = FindingId.Of("logs.sigma", rule, FindingId.Part(number)),
        Detector = "logs.sigma",
        Rule = rule,
        RuleVersion = "1",
        Title = new Bilingual($"Title of {rule}", $"Titre de {rule}"),
        Severity = severity,
        FirstSeen = Start.AddMinutes(minute),
        LastSeen = Start.AddMinutes(minute),
        Entities = [.. entities],
        Techniques = ["T1059.001"],
        Explanation = new Bilingual("Because.", "Parce que."),
    };

    public static Entity Host(string name) => new(EntityKinds.Host, name);

    public static Entity User(string name) => new(EntityKinds.User, name);

    public static Entity Ip(string address) => new(EntityKinds.Ip, address);

    /// <summary>A few hundred findings over days, with hosts, accounts, addresses and processes that some of them share and a hub or two.</summary>
    public static Finding[] World(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(Next)];

        Finding Next(int number)
        {
            var host = random.Next(1, 1 + count / 8);
            var entities = new List<Entity> { Host($"ws-{host.ToString(CultureInfo.InvariantCulture)}") };
            if (random.Next(3) == 0) entities.Add(User($"user{random.Next(1, 1 + count / 10).ToString(CultureInfo.InvariantCulture)}"));
            if (random.Next(4) == 0) entities.Add(Ip($"198.51.100.{random.Next(1, 40).ToString(CultureInfo.InvariantCulture)}"));
            if (random.Next(6) == 0) entities.Add(Ip("203.0.113.1"));
            if (random.Next(5) == 0) entities.Add(new Entity(EntityKinds.Domain, $"c{random.Next(1, 12).ToString(CultureInfo.InvariantCulture)}.example"));
            return Some(number, random.Next(0, 60 * 24 * 6), (Severity)random.Next(2, 5), $"rule{random.Next(1, 9).ToString(CultureInfo.InvariantCulture)}", [.. entities]);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
