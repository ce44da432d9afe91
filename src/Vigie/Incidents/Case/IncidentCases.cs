using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Engine.Findings;
using Vigie.Engine.Incidents;

namespace Vigie.Incidents.Case;

/// <summary>Reads what an incident's page shows. Each read is bounded: an incident may have 100,000 findings, a finding 10,000 entities.</summary>
public sealed class IncidentCases(Store.Store store)
{
    private const int MostHops = 64;
    private const int MostTasks = 200;
    private const int MostComments = 50;
    private const int MostHistory = 40;
    private const int MostAttachments = 100;
    private const int MostProposals = 20;
    private const int MostRelated = 8;
    private const int MostAbsorbed = 12;
    private const int MostProcesses = 40;
    private const int AboutOfGroup = 4;
    private const int ReasonsOfGroup = 2;
    private const int OthersOfGroup = 4;

    // Related are looked for among so many, the latest: what is older is found by the search.
    private const int RelatedAmong = 5000;

    /// <summary>The incident that stands for this number: itself, or where it was merged into. Null when there is none.</summary>
    public Task<Incident?> ResolveAsync(long id, CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
        {
            // A merge of a merge leads on; a store that was put together from pieces may lead in a circle.
            for (var hops = 0; hops < MostHops; hops++)
            {
                var found = (await connection.QueryAsync<IncidentTable.Row>(new CommandDefinition($"SELECT {IncidentTable.Columns} FROM incident WHERE id = @id", new { id }, cancellationToken: token)))
                    .SingleOrDefault()?.ToIncident();
                if (found is not { Status: IncidentStatus.Merged, MergedInto: { } into }) return found;
                id = into;
            }

            return null;
        },
        ct);

    /// <summary>The incident a finding is part of; null where it is in none.</summary>
    public async Task<Incident?> OfFindingAsync(FindingId finding, CancellationToken ct)
    {
        var id = await store.ReadAsync(
            (connection, token) => connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
                "SELECT incident_id FROM incident_finding WHERE finding_id = @finding", new { finding = finding.Value }, cancellationToken: token)),
            ct);
        return id is { } found ? await ResolveAsync(found, ct) : null;
    }

    /// <summary>Reads what is shown of an incident.</summary>
    /// <param name="incident">The incident, as <see cref="ResolveAsync"/> gave it.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="atLeast">How many comments, tasks, files and history entries to read where there are more than a page shows.</param>
    public Task<IncidentCase> ReadAsync(Incident incident, CancellationToken ct, int atLeast = 0) => store.ReadAsync(
        async (connection, token) =>
        {
            var read = new Reading(connection, incident.Id, token);
            var last = await LastTouchAsync(read);
            var since = last?.Time.ToUnixTimeMilliseconds() ?? long.MaxValue;
            var groups = await GroupsAsync(read, since);
            var sample = await SampleAsync(read);
            var entities = await EntitiesAsync(read, sample);
            var members = sample.ToLookup(row => (row.Detector, row.Rule));
            var titles = await TitlesAsync(connection, sample.SelectMany(row => Reasons(row.Because)).Select(link => link.Other.Value), token);
            var processes = await ProcessesAsync(read, sample, entities);
            return new IncidentCase
            {
                Incident = incident,
                Groups = [.. groups.Take(IncidentCase.MaxGroups).Select(group => group.ToGroup([.. members[(group.Detector, group.Rule)]], entities, new Naming(titles, processes))).OrderBy(group => group.First).ThenByDescending(group => group.Severity)],
                Facts = [.. groups.SelectMany(group => FactsOf(group, [.. members[(group.Detector, group.Rule)]], entities))],
                Processes = processes,
                FindingsRead = sample.Count,
                LastTouch = last,
                Fresh = last is null ? 0 : groups.Sum(group => group.Fresh),
                History = await ListAsync<HistoryRow, IncidentHistoryEntry>(read, "incident_history", "id, time, actor, action, details", "", "id DESC", Math.Max(atLeast, MostHistory), row => row.ToEntry()),
                Comments = await ListAsync<CommentRow, IncidentComment>(read, "incident_comment", "id, time, actor, text", "", "id DESC", Math.Max(atLeast, MostComments), row => row.ToComment()),
                Tasks = await ListAsync<TaskRow, IncidentTask>(read, "incident_task", "id, text, created_at, created_by, done_at, done_by", "", "CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, id", Math.Max(atLeast, MostTasks), row => row.ToTask()),
                Attachments = await ListAsync<AttachmentRow, IncidentAttachment>(read, "incident_attachment", "id, name, media_type, size, sha256, added_at, added_by", "", "id", Math.Max(atLeast, MostAttachments), row => row.ToAttachment()),
                Proposals = await ListAsync<ProposalRow, IncidentProposal>(read, "incident_proposal", "id, incident_id, other_id, findings, why_en, why_fr, created_at", "AND decided_at IS NULL", "id", MostProposals, row => row.ToProposal()),
                Related = await RelatedAsync(read, incident),
                Absorbed = [.. await connection.QueryAsync<long>(new CommandDefinition("SELECT id FROM incident WHERE merged_into = @Id AND status = 4 ORDER BY id LIMIT @max", new { read.Id, max = MostAbsorbed }, cancellationToken: token))],
            };
        },
        ct);

    /// <summary>The findings of an incident one by one, latest first.</summary>
    /// <param name="id">The incident's number.</param>
    /// <param name="rule">Only those of this detector and rule.</param>
    /// <param name="after">Where to go on.</param>
    /// <param name="limit">The most findings wanted.</param>
    /// <param name="ct">Gives up.</param>
    public Task<Store.Page<CaseFinding>> FindingsAsync(long id, (string Detector, string Rule)? rule, Store.Cursor? after, int limit, CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
        {
            var read = new Reading(connection, id, token);
            var since = (await LastTouchAsync(read))?.Time.ToUnixTimeMilliseconds() ?? long.MaxValue;
            var rows = (await connection.QueryAsync<SampleRow>(new CommandDefinition(
                $"""
                SELECT {SampleRow.Columns}, p.because
                FROM incident_finding p JOIN finding f ON f.id = p.finding_id
                WHERE p.incident_id = @id {(rule is null ? "" : "AND f.detector = @detector AND f.rule = @rule")} {(after is null ? "" : "AND (f.last_seen, f.id) < (@time, @afterId)")}
                ORDER BY f.last_seen DESC, f.id DESC LIMIT @rows
                """,
                new { id, detector = rule?.Detector, rule = rule?.Rule, time = after?.Time, afterId = after?.Id, rows = limit + 1 },
                cancellationToken: token))).AsList();
            var page = Store.Page.Cut(rows, limit, row => new Store.Cursor(row.LastSeen, row.Id));
            var entities = await EntitiesAsync(read, page.Items);
            var titles = await TitlesAsync(connection, page.Items.SelectMany(row => Reasons(row.Because)).Select(link => link.Other.Value), token);
            var names = new Naming(titles, await ProcessesAsync(read, page.Items, entities));
            return new Store.Page<CaseFinding>([.. page.Items.Select(row => row.ToFinding(since, entities, names))], page.Next);
        },
        ct);

    /// <summary>When findings were put into their incidents and what joined them, by their ids.</summary>
    internal Task<IReadOnlyDictionary<string, (DateTimeOffset At, ImmutableArray<Link> Because)>> PlacedAsync(IReadOnlyCollection<FindingId> findings, CancellationToken ct) =>
        store.ReadAsync<IReadOnlyDictionary<string, (DateTimeOffset, ImmutableArray<Link>)>>(
            async (connection, token) => (await connection.QueryAsync<(string Id, long At, string Because)>(new CommandDefinition(
                    $"SELECT finding_id, placed_at, because FROM incident_finding WHERE {store.Dialect.In("finding_id", "@ids")}", new { ids = findings.Select(id => id.Value).ToList() }, cancellationToken: token)))
                .ToDictionary(row => row.Id, row => (DateTimeOffset.FromUnixTimeMilliseconds(row.At), Reasons(row.Because))),
            ct);

    /// <summary>Findings below medium that share an entity with the incident in its time: what was not worth joining, and may explain.</summary>
    /// <returns>Latest first; at most <paramref name="limit"/>.</returns>
    public Task<IReadOnlyList<CaseFinding>> ContextAsync(Incident incident, int limit, CancellationToken ct) => store.ReadAsync<IReadOnlyList<CaseFinding>>(
        async (connection, token) =>
        {
            if (incident.About.IsEmpty) return [];
            var parameters = new DynamicParameters(new
            {
                from = (incident.FirstSeen - Around).ToUnixTimeMilliseconds(),
                until = (incident.LastSeen + Around).ToUnixTimeMilliseconds(),
                below = (int)Severity.Medium,
                limit,
            });
            for (var i = 0; i < incident.About.Length; i++)
            {
                parameters.Add($"kind{i}", incident.About[i].Entity.Kind);
                parameters.Add($"value{i}", incident.About[i].Entity.Value);
            }

            var shares = string.Join(" OR ", incident.About.Select((_, i) => $"(e.value = @value{i} AND e.kind = @kind{i})"));
            var rows = (await connection.QueryAsync<SampleRow>(new CommandDefinition(
                $"""
                SELECT {SampleRow.Columns.Replace("p.placed_at", "f.saved_at AS placed_at", StringComparison.Ordinal)}, '[]' AS because FROM finding f
                WHERE f.last_seen >= @from AND f.last_seen <= @until AND f.severity < @below AND EXISTS (SELECT 1 FROM finding_entity e WHERE e.bucket = f.bucket AND e.finding_id = f.id AND ({shares}))
                ORDER BY f.last_seen DESC, f.id DESC LIMIT @limit
                """,
                parameters,
                cancellationToken: token))).AsList();
            var entities = await EntitiesAsync(new Reading(connection, incident.Id, token), rows);
            return [.. rows.Select(row => row.ToFinding(long.MaxValue, entities, new Naming(new Dictionary<string, Bilingual>(), new Dictionary<string, string>())))];
        },
        ct);

    /// <summary>How long before and after an incident findings still are its context.</summary>
    public static readonly TimeSpan Around = TimeSpan.FromHours(1);

    private static async Task<IncidentHistoryEntry?> LastTouchAsync(Reading read) =>
        (await read.Connection.QueryAsync<HistoryRow>(new CommandDefinition(
            "SELECT id, time, actor, action, details FROM incident_history WHERE incident_id = @Id AND actor <> @vigie AND action NOT IN ('exported', 'notified') ORDER BY id DESC LIMIT 1",
            new { read.Id, vigie = IncidentHistoryEntry.Vigie },
            cancellationToken: read.Token))).SingleOrDefault()?.ToEntry();

    private static async Task<IReadOnlyList<GroupRow>> GroupsAsync(Reading read, long since) =>
        (await read.Connection.QueryAsync<GroupRow>(new CommandDefinition(
            """
            SELECT f.detector, f.rule, COUNT(*) AS count, MAX(f.severity) AS severity, MIN(f.first_seen) AS first_seen, MAX(f.last_seen) AS last_seen,
                   SUM(CASE WHEN p.placed_at > @since THEN 1 ELSE 0 END) AS fresh
            FROM incident_finding p JOIN finding f ON f.id = p.finding_id
            WHERE p.incident_id = @Id GROUP BY f.detector, f.rule ORDER BY MAX(f.severity) DESC, COUNT(*), f.detector, f.rule LIMIT @max
            """,
            new { read.Id, since, max = IncidentCase.MaxFacts },
            cancellationToken: read.Token))).AsList();

    // The first of every rule, then the second of every rule, and so on: no rule is crowded out by a noisy one.
    private static async Task<IReadOnlyList<SampleRow>> SampleAsync(Reading read) =>
        (await read.Connection.QueryAsync<SampleRow>(new CommandDefinition(
            $"""
            SELECT {SampleRow.Columns}, CASE WHEN n.place <= @reasoned THEN p.because ELSE '[]' END AS because
            FROM (SELECT p.finding_id, row_number() OVER (PARTITION BY f.detector, f.rule ORDER BY f.severity DESC, f.first_seen, f.id) AS place
                  FROM incident_finding p JOIN finding f ON f.id = p.finding_id WHERE p.incident_id = @Id) n
            JOIN finding f ON f.id = n.finding_id JOIN incident_finding p ON p.finding_id = n.finding_id
            WHERE n.place <= @max ORDER BY n.place, f.severity DESC, f.first_seen, f.id LIMIT @max
            """,
            new { read.Id, reasoned = 3, max = IncidentCase.MaxFacts },
            cancellationToken: read.Token))).AsList();

    private async Task<ILookup<string, Entity>> EntitiesAsync(Reading read, IReadOnlyList<SampleRow> rows)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var found = await read.Connection.QueryAsync<(string FindingId, string Kind, string Value)>(new CommandDefinition(
            $"SELECT e.finding_id, e.kind, substr(e.value, 1, {SampleRow.LongestName}) FROM finding f {Store.FindingBuckets.Entities} WHERE {store.Dialect.In("f.id", "@ids")} AND e.ordinal < {SampleRow.MostEntities} ORDER BY e.finding_id, e.ordinal",
            new { ids },
            cancellationToken: read.Token));
        return found.ToLookup(row => row.FindingId, row => new Entity(row.Kind, row.Value));
    }

    // Of the processes that most findings name: no page shows more.
    private async Task<IReadOnlyDictionary<string, string>> ProcessesAsync(Reading read, IReadOnlyList<SampleRow> sample, ILookup<string, Entity> entities)
    {
        var naming = sample.SelectMany(row => entities[row.Id].Where(entity => entity.Kind == EntityKinds.Process).Select(entity => (entity.Value, row.Id))).Distinct()
            .GroupBy(pair => pair.Value, pair => pair.Id, StringComparer.Ordinal).OrderByDescending(group => group.Count()).Take(MostProcesses)
            .ToDictionary(group => group.Key, group => group.Take(ProcessNames.MostAsked).ToList(), StringComparer.Ordinal);
        if (naming.Count == 0) return new Dictionary<string, string>();
        var copies = (await read.Connection.QueryAsync<(string Id, string? Copy)>(new CommandDefinition(
            $"SELECT e.finding_id, e.copy FROM finding f {Store.FindingBuckets.Evidence} WHERE {store.Dialect.In("f.id", "@ids")} AND e.copy IS NOT NULL AND e.ordinal < 4",
            new { ids = naming.Values.SelectMany(ids => ids).Distinct(StringComparer.Ordinal).ToList() },
            cancellationToken: read.Token))).ToLookup(row => row.Id, row => row.Copy, StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (process, ids) in naming)
        {
            if (ProcessNames.Of(process, ids.SelectMany(id => copies[id])) is { } name) names.Add(process, name);
        }

        return names;
    }

    private async Task<IReadOnlyDictionary<string, Bilingual>> TitlesAsync(DbConnection connection, IEnumerable<string> findings, CancellationToken ct)
    {
        var ids = findings.Distinct(StringComparer.Ordinal).Take(500).ToList();
        if (ids.Count == 0) return new Dictionary<string, Bilingual>();
        var rows = await connection.QueryAsync<(string Id, string English, string French)>(new CommandDefinition(
            $"SELECT id, substr(title_en, 1, {SampleRow.LongestName}), substr(title_fr, 1, {SampleRow.LongestName}) FROM finding WHERE {store.Dialect.In("id", "@ids")}", new { ids }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Id, row => new Bilingual(row.English, row.French));
    }

    private static async Task<CaseList<T>> ListAsync<TRow, T>(Reading read, string table, string columns, string condition, string order, int max, Func<TRow, T> make)
    {
        var rows = await read.Connection.QueryAsync<TRow>(new CommandDefinition(
            $"SELECT {columns} FROM {table} WHERE incident_id = @Id {condition} ORDER BY {order} LIMIT @max", new { read.Id, max }, cancellationToken: read.Token));
        var items = rows.Select(make).ToImmutableArray();
        var total = items.Length < max
            ? items.Length
            : await read.Connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT COUNT(*) FROM {table} WHERE incident_id = @Id {condition}", new { read.Id }, cancellationToken: read.Token));
        return new CaseList<T>(items, total);
    }

    private async Task<ImmutableArray<RelatedIncident>> RelatedAsync(Reading read, Incident incident)
    {
        if (incident.About.IsEmpty) return [];
        var parameters = new DynamicParameters(new { read.Id, among = RelatedAmong });
        for (var i = 0; i < incident.About.Length; i++) parameters.Add($"about{i}", Needle(incident.About[i].Entity));
        var shares = string.Join(" OR ", incident.About.Select((_, i) => store.Dialect.Contains("about", $"@about{i}")));
        var rows = await read.Connection.QueryAsync<IncidentTable.Row>(new CommandDefinition(
            $"""
            SELECT {IncidentTable.Columns} FROM (SELECT {IncidentTable.Columns} FROM incident WHERE status <> 4 AND id <> @Id ORDER BY last_seen DESC, id DESC LIMIT @among) recent
            WHERE {shares} ORDER BY last_seen DESC, id DESC LIMIT 60
            """,
            parameters,
            cancellationToken: read.Token));
        var own = incident.About.Select(about => about.Entity).ToHashSet();
        return
        [
            .. rows.Select(row => row.ToIncident())
                .Select(other => new RelatedIncident(other, [.. other.About.Select(about => about.Entity).Where(own.Contains)]))
                .Where(related => !related.Shared.IsEmpty)
                .OrderByDescending(related => related.Shared.Length).ThenByDescending(related => related.Incident.LastSeen)
                .Take(MostRelated),
        ];
    }

    // As IncidentJson writes it: ["host","WEB-02",12]
    private static string Needle(Entity entity) => JsonSerializer.Serialize<string[]>([entity.Kind, entity.Value])[..^1] + ",";

    private static IEnumerable<StoryFact> FactsOf(GroupRow group, IReadOnlyList<SampleRow> members, ILookup<string, Entity> entities)
    {
        if (members.Count == 0) return [];
        if (members.Count == group.Count) return members.Select(row => row.ToFact([.. entities[row.Id]]));
        // One fact stands for all of them, with the true number and times and the entities of those that were read.
        return
        [
            members[0].ToFact(About(members, entities, SampleRow.MostEntities)) with
            {
                Count = group.Count,
                First = DateTimeOffset.FromUnixTimeMilliseconds(group.FirstSeen),
                Last = DateTimeOffset.FromUnixTimeMilliseconds(group.LastSeen),
            },
        ];
    }

    private static ImmutableArray<Entity> About(IEnumerable<SampleRow> rows, ILookup<string, Entity> entities, int max) =>
    [
        .. rows.SelectMany(row => entities[row.Id].Distinct()).GroupBy(entity => entity)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Kind, StringComparer.Ordinal).ThenBy(group => group.Key.Value, StringComparer.Ordinal)
            .Select(group => group.Key).Take(max),
    ];

    private static ImmutableArray<Link> Reasons(string because) => because is "" or "[]" ? [] : IncidentJson.Links(because);

    private static ImmutableArray<CaseReason> Explained(IEnumerable<Link> links, Naming names, int max) =>
    [
        .. links.OrderByDescending(link => link.Strength).DistinctBy(link => link.Key).Take(max)
            .Select(link => new CaseReason(
                link.Key, link.Strength, link.Other, names.Titles.GetValueOrDefault(link.Other.Value), link.Key.Kind == EntityKinds.Process ? names.Processes.GetValueOrDefault(link.Key.Value) : null)),
    ];

    // Titles of findings and names of processes, by their ids.
    private readonly record struct Naming(IReadOnlyDictionary<string, Bilingual> Titles, IReadOnlyDictionary<string, string> Processes);

    private readonly record struct Reading(DbConnection Connection, long Id, CancellationToken Token);

    private sealed class GroupRow
    {
        public string Detector { get; init; } = "";

        public string Rule { get; init; } = "";

        public long Count { get; init; }

        public int Severity { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public long Fresh { get; init; }

        public CaseGroup ToGroup(IReadOnlyList<SampleRow> members, ILookup<string, Entity> entities, Naming names)
        {
            var foremost = members[0];
            var others = members.DistinctBy(row => (row.TitleEn, row.TitleFr)).Skip(1).ToList();
            return new CaseGroup(
                Detector, Rule, new Bilingual(foremost.TitleEn, foremost.TitleFr), (Severity)Severity, Count, Fresh,
                DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen), DateTimeOffset.FromUnixTimeMilliseconds(LastSeen), new FindingId(foremost.Id),
                About(members, entities, AboutOfGroup), Explained(members.SelectMany(row => Reasons(row.Because)), names, ReasonsOfGroup),
                [.. others.Take(OthersOfGroup).Select(row => (new FindingId(row.Id), new Bilingual(row.TitleEn, row.TitleFr)))], Math.Max(0, others.Count - OthersOfGroup));
        }
    }

    private sealed class SampleRow
    {
        /// <summary>The most characters of a title or value that are read.</summary>
        public const int LongestName = 400;

        /// <summary>The most entities of a finding that are read.</summary>
        public const int MostEntities = 32;

        public const string Columns = "f.id, f.detector, f.rule, substr(f.title_en, 1, 400) AS title_en, substr(f.title_fr, 1, 400) AS title_fr, f.severity, f.first_seen, f.last_seen, f.techniques, p.placed_at";

        public string Id { get; init; } = "";

        public string Detector { get; init; } = "";

        public string Rule { get; init; } = "";

        public string TitleEn { get; init; } = "";

        public string TitleFr { get; init; } = "";

        public int Severity { get; init; }

        public long FirstSeen { get; init; }

        public long LastSeen { get; init; }

        public string Techniques { get; init; } = "[]";

        public long PlacedAt { get; init; }

        public string Because { get; init; } = "[]";

        public StoryFact ToFact(ImmutableArray<Entity> entities) => new()
        {
            Id = new FindingId(Id),
            Detector = Detector,
            Rule = Rule,
            Title = new Bilingual(TitleEn, TitleFr),
            Severity = (Severity)Severity,
            First = DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen),
            Last = DateTimeOffset.FromUnixTimeMilliseconds(LastSeen),
            Entities = entities,
            Techniques = [.. JsonSerializer.Deserialize<string[]>(Techniques)!],
        };

        public CaseFinding ToFinding(long since, ILookup<string, Entity> entities, Naming names) => new(
            new FindingId(Id), new Bilingual(TitleEn, TitleFr), (Severity)Severity, DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen), DateTimeOffset.FromUnixTimeMilliseconds(LastSeen),
            DateTimeOffset.FromUnixTimeMilliseconds(PlacedAt), PlacedAt > since, [.. entities[Id].Take(AboutOfGroup)], Explained(Reasons(Because), names, 3));
    }
}
