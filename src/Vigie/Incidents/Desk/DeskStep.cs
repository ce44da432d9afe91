using System.Data.Common;
using Dapper;

namespace Vigie.Incidents.Desk;

/// <summary>One act within its transaction: what it changes, and what is told of it afterwards.</summary>
internal sealed class DeskStep
{
    private readonly List<(string Action, (string, string?)[] Details)> _told = [];
    private readonly HashSet<long> _touched = [];
    private readonly HashSet<(string Detector, string Rule)> _votes = [];

    public DeskStep(DbTransaction transaction, Incident incident, string actor, DateTimeOffset now, IReadOnlyList<IncidentHistoryEntry> meanwhile)
    {
        Transaction = transaction;
        Incident = incident;
        Actor = actor;
        Now = now;
        Outcome = new DeskOutcome.Done(incident.Id, meanwhile);
    }

    private DeskStep(DeskOutcome outcome)
    {
        (Transaction, Incident, Actor) = (null!, null!, "");
        Outcome = outcome;
    }

    public DbTransaction Transaction { get; }

    /// <summary>The incident before the act.</summary>
    public Incident Incident { get; }

    public string Actor { get; }

    public DateTimeOffset Now { get; }

    /// <summary>The version that the act leads to.</summary>
    public long Version => Incident.Version + 1;

    public DeskOutcome Outcome { get; private set; }

    /// <summary>The incidents that changed.</summary>
    public IReadOnlyCollection<long> Touched => _touched;

    /// <summary>The rules whose votes changed.</summary>
    public IReadOnlyCollection<(string Detector, string Rule)> Votes => _votes;

    /// <summary>A step that does nothing.</summary>
    public static DeskStep Refuse(DeskOutcome outcome) => new(outcome);

    public int Execute(string sql, object parameters) => Transaction.Connection!.Execute(sql, parameters, Transaction);

    /// <summary>Changes columns of the incident; <c>@value</c> in them is the value.</summary>
    public void Set(string columns, object? value) => Execute($"UPDATE incident SET {columns} WHERE id = @Id", new { value, Incident.Id });

    /// <summary>Writes into the incident's history when the step is finished. An act that tells nothing has changed nothing.</summary>
    public void Tell(string action, params (string Name, string? Value)[] details) => _told.Add((action, details));

    /// <summary>Says that another incident changed too: its version is counted up and its history has an entry.</summary>
    public void TellOther(long other, string action, params ReadOnlySpan<(string Name, string? Value)> details)
    {
        var version = Transaction.Connection!.ExecuteScalar<long>("SELECT version FROM incident WHERE id = @other", new { other }, Transaction) + 1;
        Bump(other, version);
        IncidentHistory.Append(Transaction, other, version, Now, Actor, action, details);
    }

    public void Judged(IReadOnlyCollection<(string Detector, string Rule)> rules) => _votes.UnionWith(rules);

    /// <summary>Says where to look afterwards, where that is another incident.</summary>
    public void LeadTo(long incident) => Outcome = ((DeskOutcome.Done)Outcome) with { Incident = incident };

    /// <summary>Writes what was told, and counts the version up where anything was.</summary>
    public void Finish()
    {
        if (_told.Count == 0) return;
        Bump(Incident.Id, Version);
        foreach (var (action, details) in _told) IncidentHistory.Append(Transaction, Incident.Id, Version, Now, Actor, action, details);
    }

    private void Bump(long incident, long version)
    {
        Execute(
            "UPDATE incident SET version = @version, changed_at = @at, touched_at = COALESCE(touched_at, @at) WHERE id = @incident",
            new { version, at = Now.ToUnixTimeMilliseconds(), incident });
        _touched.Add(incident);
    }
}
