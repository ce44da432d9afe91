using System.Data.Common;
using System.Text.Json;
using Dapper;
using Vigie.Engine;
using Vigie.Watches.Domains.Dns;

namespace Vigie.Watches.Domains.Registration;

/// <summary>One pass over the look-alikes.</summary>
internal sealed record WatchRun(long Id, DateTimeOffset Started)
{
    /// <summary>Null while it goes on, or was cut short and will go on.</summary>
    public DateTimeOffset? Finished { get; init; }

    public int Planned { get; init; }

    public int Checked { get; init; }

    /// <summary>Looks that showed nothing.</summary>
    public int Unknown { get; init; }

    public int Registered { get; init; }

    /// <summary>Registered and with mail servers.</summary>
    public int WithMail { get; init; }

    public int Changes { get; init; }
}

/// <summary>A look-alike with what is known of it, and the run that last looked at it.</summary>
internal sealed record WatchEntry(WatchedName Name, WatchState State, long Run);

/// <summary>The look-alikes and runs in the store.</summary>
internal sealed class WatchTable(Store.Store store)
{
    private const string Columns =
        """
        domain, target, family, likelihood, resemblance, explanation_en, explanation_fr, registered, registered_since, name_servers, mail,
        exchanges, wildcard_dns, catch_all, absent_in_a_row, changes, first_checked, last_checked, last_known, last_failure, last_run
        """;

    private const string RunColumns = "id, started_at, finished_at, planned, checked, unknown, registered, with_mail, changes";

    /// <summary>Everything known, by domain.</summary>
    public Task<Dictionary<string, WatchEntry>> LoadAsync(CancellationToken ct) => store.ReadAsync(
        async (connection, token) => (await connection.QueryAsync<EntryRow>(new CommandDefinition($"SELECT {Columns} FROM domain_watch", cancellationToken: token)))
            .ToDictionary(row => row.Domain, row => row.ToEntry(), StringComparer.Ordinal),
        ct);

    /// <summary>The registered look-alikes: those that take mail first, then the likeliest.</summary>
    /// <param name="mailOnly">Leave out those without mail servers.</param>
    /// <param name="skip">How many to pass over.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="ct">Gives up.</param>
    public Task<IReadOnlyList<WatchEntry>> ListRegisteredAsync(bool mailOnly, int skip, int take, CancellationToken ct) => store.ReadAsync<IReadOnlyList<WatchEntry>>(
        async (connection, token) => (await connection.QueryAsync<EntryRow>(new CommandDefinition(
            $"""
             SELECT {Columns} FROM domain_watch WHERE registered = 1 AND (@all = 1 OR mail = @exchange)
             ORDER BY CASE WHEN mail = @exchange THEN 0 ELSE 1 END, likelihood DESC, resemblance DESC, domain LIMIT @take OFFSET @skip
             """,
            new { all = mailOnly ? 0 : 1, exchange = (int)MailPath.Exchange, take, skip },
            cancellationToken: token))).Select(row => row.ToEntry()).ToList(),
        ct);

    /// <summary>How many look-alikes are registered, and how many of them have mail servers.</summary>
    public Task<(int Registered, int WithMail)> CountRegisteredAsync(CancellationToken ct) => store.ReadAsync(
        async (connection, token) =>
        {
            var counts = (await connection.QueryAsync<MailCount>(new CommandDefinition(
                "SELECT mail, COUNT(*) AS domains FROM domain_watch WHERE registered = 1 GROUP BY mail", cancellationToken: token))).ToList();
            return ((int)counts.Sum(c => c.Domains), (int)counts.Where(c => c.Mail == (int)MailPath.Exchange).Sum(c => c.Domains));
        },
        ct);

    /// <summary>The latest run; null before the first.</summary>
    public Task<WatchRun?> LastRunAsync(CancellationToken ct) => FindRunAsync("1 = 1", ct);

    /// <summary>The latest run that looked at everything; null before the first.</summary>
    public Task<WatchRun?> LastFinishedRunAsync(CancellationToken ct) => FindRunAsync("finished_at IS NOT NULL", ct);

    public static void Save(DbTransaction transaction, WatchRun run) => transaction.Connection!.Execute(
        $"""
         INSERT INTO domain_run ({RunColumns})
         VALUES (@Id, @started, @finished, @Planned, @Checked, @Unknown, @Registered, @WithMail, @Changes)
         ON CONFLICT (id) DO UPDATE SET finished_at = excluded.finished_at, planned = excluded.planned, checked = excluded.checked,
             unknown = excluded.unknown, registered = excluded.registered, with_mail = excluded.with_mail, changes = excluded.changes
         """,
        new
        {
            run.Id,
            started = run.Started.ToUnixTimeMilliseconds(),
            finished = run.Finished?.ToUnixTimeMilliseconds(),
            run.Planned,
            run.Checked,
            run.Unknown,
            run.Registered,
            run.WithMail,
            run.Changes,
        },
        transaction);

    public static void Save(DbTransaction transaction, WatchEntry entry) => transaction.Connection!.Execute(
        $"""
         INSERT INTO domain_watch ({Columns})
         VALUES (@Domain, @Target, @Family, @Likelihood, @Resemblance, @ExplanationEn, @ExplanationFr, @Registered, @RegisteredSince, @NameServers, @Mail,
             @Exchanges, @WildcardDns, @CatchAll, @AbsentInARow, @Changes, @FirstChecked, @LastChecked, @LastKnown, @LastFailure, @LastRun)
         ON CONFLICT (domain) DO UPDATE SET target = excluded.target, family = excluded.family, likelihood = excluded.likelihood,
             resemblance = excluded.resemblance, explanation_en = excluded.explanation_en, explanation_fr = excluded.explanation_fr,
             registered = excluded.registered, registered_since = excluded.registered_since, name_servers = excluded.name_servers,
             mail = excluded.mail, exchanges = excluded.exchanges, wildcard_dns = excluded.wildcard_dns, catch_all = excluded.catch_all,
             absent_in_a_row = excluded.absent_in_a_row, changes = excluded.changes, last_checked = excluded.last_checked,
             last_known = excluded.last_known, last_failure = excluded.last_failure, last_run = excluded.last_run
         """,
        EntryRow.Of(entry),
        transaction);

    private Task<WatchRun?> FindRunAsync(string condition, CancellationToken ct) => store.ReadAsync(
        async (connection, token) => (await connection.QueryFirstOrDefaultAsync<RunRow>(new CommandDefinition(
            $"SELECT {RunColumns} FROM domain_run WHERE {condition} ORDER BY id DESC LIMIT 1", cancellationToken: token)))?.ToRun(),
        ct);

    private sealed class MailCount
    {
        public int Mail { get; init; }

        public long Domains { get; init; }
    }

    private sealed class RunRow
    {
        public long Id { get; init; }

        public long StartedAt { get; init; }

        public long? FinishedAt { get; init; }

        public int Planned { get; init; }

        public int Checked { get; init; }

        public int Unknown { get; init; }

        public int Registered { get; init; }

        public int WithMail { get; init; }

        public int Changes { get; init; }

        public WatchRun ToRun() => new(Id, Time(StartedAt))
        {
            Finished = Time(FinishedAt),
            Planned = Planned,
            Checked = Checked,
            Unknown = Unknown,
            Registered = Registered,
            WithMail = WithMail,
            Changes = Changes,
        };
    }

    private sealed class EntryRow
    {
        public string Domain { get; init; } = "";

        public string Target { get; init; } = "";

        public string Family { get; init; } = "";

        public double Likelihood { get; init; }

        public double Resemblance { get; init; }

        public string ExplanationEn { get; init; } = "";

        public string ExplanationFr { get; init; } = "";

        public int Registered { get; init; }

        public long? RegisteredSince { get; init; }

        public string NameServers { get; init; } = "[]";

        public int Mail { get; init; }

        public string Exchanges { get; init; } = "[]";

        public int WildcardDns { get; init; }

        public int CatchAll { get; init; }

        public int AbsentInARow { get; init; }

        public int Changes { get; init; }

        public long FirstChecked { get; init; }

        public long LastChecked { get; init; }

        public long? LastKnown { get; init; }

        public int? LastFailure { get; init; }

        public long LastRun { get; init; }

        public static EntryRow Of(WatchEntry entry)
        {
            var (name, state) = (entry.Name, entry.State);
            return new EntryRow
            {
                Domain = name.Domain,
                Target = name.Target,
                Family = name.Family,
                Likelihood = name.Likelihood,
                Resemblance = name.Resemblance,
                ExplanationEn = name.Explanation.English,
                ExplanationFr = name.Explanation.French,
                Registered = state.Registered ? 1 : 0,
                RegisteredSince = state.RegisteredSince?.ToUnixTimeMilliseconds(),
                NameServers = JsonSerializer.Serialize(state.NameServers),
                Mail = (int)state.Mail,
                Exchanges = JsonSerializer.Serialize(state.Exchanges),
                WildcardDns = (int)state.WildcardDns,
                CatchAll = (int)state.CatchAll,
                AbsentInARow = state.AbsentInARow,
                Changes = state.Changes,
                FirstChecked = state.FirstChecked.ToUnixTimeMilliseconds(),
                LastChecked = state.LastChecked.ToUnixTimeMilliseconds(),
                LastKnown = state.LastKnown?.ToUnixTimeMilliseconds(),
                LastFailure = (int?)state.LastFailure,
                LastRun = entry.Run,
            };
        }

        public WatchEntry ToEntry()
        {
            var name = new WatchedName(Domain, Target, Family, Likelihood, Resemblance, new Bilingual(ExplanationEn, ExplanationFr));
            var state = new WatchState(Domain, Time(FirstChecked))
            {
                Registered = Registered != 0,
                RegisteredSince = Time(RegisteredSince),
                NameServers = [.. JsonSerializer.Deserialize<string[]>(NameServers)!],
                Mail = (MailPath)Mail,
                Exchanges = [.. JsonSerializer.Deserialize<string[]>(Exchanges)!],
                WildcardDns = (Observed)WildcardDns,
                CatchAll = (Observed)CatchAll,
                AbsentInARow = AbsentInARow,
                Changes = Changes,
                LastChecked = Time(LastChecked),
                LastKnown = Time(LastKnown),
                LastFailure = (DnsFailure?)LastFailure,
            };
            return new WatchEntry(name, state, LastRun);
        }
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } m ? Time(m) : null;
}
