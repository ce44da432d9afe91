namespace Vigie.Incidents.Placing;

/// <summary>An incident as the placer knows it: what decides where findings may go.</summary>
internal sealed class StoredIncident
{
    /// <summary>Its number; 0 until the transaction that makes it has drawn one.</summary>
    public long Id { get; set; }

    /// <summary>Orders incidents by when they began: its number, and until it has one more than any number.</summary>
    public long Age { get; set; }

    /// <summary>The version last seen; a write that meets another one is repeated with fresh eyes.</summary>
    public long Version { get; set; }

    public IncidentStatus Status { get; set; }

    /// <summary>How many of its findings are in memory.</summary>
    public int Size { get; set; }

    /// <summary>Whether a person has changed something: then nothing is merged or split without asking.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Where its findings are now.</summary>
    public StoredIncident? MergedInto { get; set; }

    /// <summary>The incident that was opened for what came after this one was closed.</summary>
    public StoredIncident? Successor { get; set; }

    /// <summary>What its row sums up; null where that has to be read first.</summary>
    public IncidentFacts? Facts { get; set; }

    public bool IsOpen => MergedInto is null && Status is not (IncidentStatus.Closed or IncidentStatus.Merged);

    /// <summary>Open and nobody's work yet: Vigie may merge and split it.</summary>
    public bool IsFree => IsOpen && !IsTouched;

    /// <summary>The incident that has its findings now.</summary>
    public StoredIncident Now
    {
        get
        {
            var now = this;
            // A restored or hand-edited store may hold a circle; no chain is longer than this.
            for (var i = 0; i < 1000 && now.MergedInto is { } next; i++) now = next;
            return now;
        }
    }
}
