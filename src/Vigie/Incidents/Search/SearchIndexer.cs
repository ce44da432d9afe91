using System.Data.Common;
using System.Globalization;
using Dapper;
using Vigie.Engine.Findings;
using Vigie.Operations;
using Vigie.Store;

namespace Vigie.Incidents.Search;

/// <summary>
/// Keeps the full-text index up with what is stored. What changes puts itself into a queue (a trigger of the store, in the
/// transaction that changes it); here it is taken out in small portions, in the order in which it came. Writing findings
/// waits for none of this, and after a crash the queue still says what is missing.
/// </summary>
internal sealed class SearchIndexer(Store.Store store, TimeProvider time, ILogger<SearchIndexer> log) : IStage
{
    /// <summary>How much is read at once.</summary>
    private const int Portion = 400;

    // A write of so much lets others in between; the writer commits several of them together.
    private const int Write = 40;
    private const int KnownEntities = 200_000;
    private const int Behind = 20_000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    // Entities that are known to be in the index; only here are they put in and taken out.
    private readonly HashSet<Entity> _known = [];
    private bool _isBehind;

    public string Name => "incidents.search";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await store.WhenOpenAsync(cancellationToken);
        _known.Clear();
        while (true)
        {
            var started = time.GetTimestamp();
            var taken = await IndexAsync(cancellationToken);
            // As long at rest as at work: others write too.
            await Task.Delay(taken < Portion ? Idle : time.GetElapsedTime(started), time, cancellationToken);
        }
    }

    /// <summary>Indexes what is waiting until nothing is; for tests and evaluations.</summary>
    public async Task IndexAllAsync(CancellationToken cancellationToken)
    {
        while (await IndexAsync(cancellationToken) > 0)
        {
        }
    }

    /// <summary>Indexes one portion; gives how much was taken out of the queue.</summary>
    public async Task<int> IndexAsync(CancellationToken cancellationToken)
    {
        var (items, documents) = await store.ReadAsync(
            async (connection, token) =>
            {
                var waiting = (await connection.QueryAsync<Item>(new CommandDefinition(
                    $"SELECT id, kind, ref FROM search_queue ORDER BY id LIMIT {Portion.ToString(CultureInfo.InvariantCulture)}", cancellationToken: token))).AsList();
                var findings = waiting.Where(item => item.Kind == Item.Finding).Select(item => item.Ref).ToList();
                return (waiting, findings.Count == 0 ? [] : await SearchDocuments.FindingsAsync(store, connection, findings, token));
            },
            cancellationToken);
        if (items.Count == 0) return 0;

        Tell(items.Count == Portion && items[^1].Id - items[0].Id > Behind);
        await AddEntitiesAsync([.. documents.Values.SelectMany(d => d.Entities).Distinct().Where(entity => !_known.Contains(entity))], cancellationToken);
        await Task.WhenAll(items.Chunk(Write).Select(chunk => store.WriteAsync(
            Store.Lane.Background,
            transaction =>
            {
                foreach (var item in chunk) Index(transaction, item, documents.GetValueOrDefault(item.Ref).Document);
                transaction.Connection!.Execute($"DELETE FROM search_queue WHERE {store.Dialect.In("id", "@ids")}", new { ids = Array.ConvertAll(chunk, item => item.Id) }, transaction);
            },
            cancellationToken)));
        return items.Count;
    }

    // Before the findings that name them leave the queue: after a crash they are met again.
    private async Task AddEntitiesAsync(IReadOnlyList<Entity> entities, CancellationToken cancellationToken)
    {
        await Task.WhenAll(entities.Chunk(Write).Select(chunk => store.WriteAsync(
            Store.Lane.Background,
            transaction =>
            {
                foreach (var entity in chunk) Add(transaction, entity);
            },
            cancellationToken)));
        if (_known.Count > KnownEntities) _known.Clear();
        _known.UnionWith(entities);
    }

    private void Index(DbTransaction transaction, Item item, SearchDocument? document)
    {
        switch (item.Kind)
        {
            case Item.Finding: IndexFinding(transaction, item.Ref, document); break;
            case Item.Incident: IndexIncident(transaction, long.Parse(item.Ref, CultureInfo.InvariantCulture)); break;
            default: ForgetEntity(transaction, item.Entity); break;
        }
    }

    // Whether it is still there is asked here: it may have been deleted since it was read.
    private void IndexFinding(DbTransaction transaction, string id, SearchDocument? document)
    {
        var connection = transaction.Connection!;
        if (connection.ExecuteScalar<long?>("SELECT id FROM search_finding WHERE finding_id = @id", new { id }, transaction) is { } before)
        {
            connection.Execute("DELETE FROM search_finding WHERE id = @before", new { before }, transaction);
            Remove(transaction, "search_finding_text", before);
        }

        if (document is not null && connection.ExecuteScalar<long?>("INSERT INTO search_finding (finding_id) SELECT id FROM finding WHERE id = @id RETURNING id", new { id }, transaction) is { } number)
            Put(transaction, "search_finding_text", number, document);
    }

    private void IndexIncident(DbTransaction transaction, long id)
    {
        Remove(transaction, "search_incident_text", id);
        if (SearchDocuments.Incident(transaction, id) is { } document) Put(transaction, "search_incident_text", id, document);
    }

    private void Add(DbTransaction transaction, Entity entity)
    {
        if (transaction.Connection!.ExecuteScalar<long?>(
            "INSERT INTO search_entity (kind, value) VALUES (@Kind, @Value) ON CONFLICT (value, kind) DO NOTHING RETURNING id", new { entity.Kind, entity.Value }, transaction) is { } number)
            Put(transaction, "search_entity_text", number, SearchDocuments.Of(entity));
    }

    private void ForgetEntity(DbTransaction transaction, Entity entity)
    {
        var connection = transaction.Connection!;
        var key = new { entity.Kind, entity.Value };
        if (connection.ExecuteScalar<long>($"SELECT count(*) FROM ({FindingBuckets.Named} LIMIT 1) named", key, transaction) > 0) return;
        _known.Remove(entity);
        if (connection.ExecuteScalar<long?>("DELETE FROM search_entity WHERE value = @Value AND kind = @Kind RETURNING id", key, transaction) is { } number) Remove(transaction, "search_entity_text", number);
    }

    private void Put(DbTransaction transaction, string table, long id, SearchDocument document) => transaction.Connection!.Execute(
        store.Dialect.AddToFullText(table), new { id, words = store.Dialect.Indexed(document.Words), parts = store.Dialect.Indexed(document.Parts) }, transaction);

    private void Remove(DbTransaction transaction, string table, long id) => transaction.Connection!.Execute(store.Dialect.RemoveFromFullText(table), new { id }, transaction);

    private void Tell(bool isBehind)
    {
        if (isBehind == _isBehind) return;
        _isBehind = isBehind;
        if (isBehind) log.SearchBehind();
        else log.SearchUpToDate();
    }

    private sealed class Item
    {
        public const int Finding = 0;
        public const int Incident = 1;

        public long Id { get; init; }

        public int Kind { get; init; }

        public string Ref { get; init; } = "";

        public Entity Entity => Ref.IndexOf(' ', StringComparison.Ordinal) is var blank and >= 0 ? new Entity(Ref[..blank], Ref[(blank + 1)..]) : new Entity("", Ref);
    }
}
