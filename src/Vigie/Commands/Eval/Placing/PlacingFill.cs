using System.Data.Common;
using System.Globalization;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;
using Vigie.Incidents.Placing;
using Vigie.Store;

namespace Vigie.Commands.Eval.Placing;

/// <summary>Fills a store with findings that are placed already, by the loader that also restores backups.</summary>
internal sealed class PlacingFill(Store.Store store, CancellationToken ct)
{
    private const int Portion = 20_000;

    private readonly IncidentGraph _graph = new(new LinkPolicy());
    private readonly List<(FindingId Id, long Time)> _ids = [];
    private readonly Dictionary<FindingId, long> _buckets = [];
    private long _entities;

    public async Task RunAsync(IEnumerable<Finding> findings)
    {
        // Filling is not what is measured: the indexes may take more memory meanwhile.
        var cache = store.Dialect.Name == "sqlite" ? await store.WriteAsync(Lane.Background, transaction => Cache(transaction, -1_000_000), ct) : 0;
        foreach (var portion in findings.Chunk(Portion))
        {
            foreach (var finding in portion)
            {
                _buckets[finding.Id] = _entities / FindingBuckets.Size;
                _entities += finding.Entities.Length;
                _graph.Place(PlacingMemory.NodeOf(finding, new LinkSurroundings()));
                _ids.Add((finding.Id, finding.LastSeen.ToUnixTimeMilliseconds()));
            }

            await store.WriteAsync(Lane.Background, transaction => Save(transaction, portion), ct);
        }

        _graph.Reweigh();
        var groups = _ids.GroupBy(one => _graph.GroupOf(one.Id)!.Value).Select(group => (group.Key, Count: group.LongCount(), First: group.Min(one => one.Time), Last: group.Max(one => one.Time)));
        foreach (var portion in groups.Chunk(Portion)) await store.WriteAsync(Lane.Background, transaction => Incidents(transaction, portion), ct);
        foreach (var portion in _ids.Chunk(Portion)) await store.WriteAsync(Lane.Background, transaction => Place(transaction, portion), ct);
        if (cache != 0) await store.WriteAsync(Lane.Background, transaction => Cache(transaction, cache), ct);
    }

    private static long Cache(DbTransaction transaction, long size)
    {
        var before = transaction.Connection!.ExecuteScalar<long>("PRAGMA cache_size", transaction: transaction);
        transaction.Connection!.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = {size}"), transaction: transaction);
        return before;
    }

    private void Save(DbTransaction transaction, Finding[] findings)
    {
        using (var loader = store.Dialect.Load(transaction, "finding", ["id", "detector", "rule", "rule_version", "title_en", "title_fr", "severity", "first_seen", "last_seen", "techniques", "explanation_en", "explanation_fr", "saved_at", "muted", "bucket"]))
        {
            foreach (var finding in findings)
            {
                var time = finding.LastSeen.ToUnixTimeMilliseconds();
                loader.Add(
                [
                    finding.Id.Value, finding.Detector, finding.Rule, finding.RuleVersion, finding.Title.English, finding.Title.French, (short)finding.Severity, time, time, "[\"T1059\"]",
                    finding.Explanation.English, finding.Explanation.French, time, (short)0, BucketOf(finding),
                ]);
            }

            loader.Complete();
        }

        using (var loader = store.Dialect.Load(transaction, "finding_entity", ["bucket", "finding_id", "ordinal", "kind", "value"]))
        {
            foreach (var finding in findings)
            {
                for (var i = 0; i < finding.Entities.Length; i++) loader.Add([BucketOf(finding), finding.Id.Value, i, finding.Entities[i].Kind, finding.Entities[i].Value]);
            }

            loader.Complete();
        }

        using (var loader = store.Dialect.Load(transaction, "finding_evidence", ["bucket", "finding_id", "ordinal", "kind", "location", "fields", "copy"]))
        {
            foreach (var finding in findings) loader.Add([BucketOf(finding), finding.Id.Value, 0, "log-line", finding.Evidence[0].Location, "[]", finding.Evidence[0].Copy]);
            loader.Complete();
        }
    }

    private long BucketOf(Finding finding) => _buckets[finding.Id];

    private void Place(DbTransaction transaction, (FindingId Id, long Time)[] portion)
    {
        using var loader = store.Dialect.Load(transaction, "incident_finding", ["finding_id", "incident_id", "placed_at", "because"]);
        foreach (var (id, time) in portion) loader.Add([id.Value, _graph.GroupOf(id)!.Value, time, "[]"]);
        loader.Complete();
    }

    private void Incidents(DbTransaction transaction, (long Id, long Count, long First, long Last)[] portion)
    {
        using var loader = store.Dialect.Load(
            transaction,
            "incident",
            [
                "id", "version", "created_at", "changed_at", "first_seen", "last_seen", "title_en", "title_fr", "severity", "score", "terms", "findings", "rules", "watches", "techniques", "about",
                "status",
            ]);
        foreach (var (id, count, first, last) in portion)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"Incident {id}");
            loader.Add([id, 1L, first, last, first, last, title, title, (short)2, 30.0, "[]", count, 2, "[\"logs\"]", "[\"T1059\"]", "[]", (short)0]);
        }

        loader.Complete();
    }
}
