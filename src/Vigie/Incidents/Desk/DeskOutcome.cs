using Vigie.Engine;

namespace Vigie.Incidents.Desk;

/// <summary>What somebody acts on: an incident as they saw it.</summary>
/// <param name="Incident">Its number.</param>
/// <param name="Version">The version they saw.</param>
/// <param name="Actor">Their account's name.</param>
public readonly record struct ActOn(long Incident, long Version, string Actor);

/// <summary>What came of an act on an incident.</summary>
public abstract record DeskOutcome
{
    private protected DeskOutcome()
    {
    }

    /// <summary>It is done and stored.</summary>
    /// <param name="Incident">The incident to look at now: the one acted on, or where it went.</param>
    /// <param name="Meanwhile">What others did since the version that was seen, where that did not stand against the act.</param>
    public sealed record Done(long Incident, IReadOnlyList<IncidentHistoryEntry> Meanwhile) : DeskOutcome;

    /// <summary>Nothing was done: somebody changed the incident in a way that may change one's mind.</summary>
    /// <param name="Now">The incident as it is.</param>
    /// <param name="Since">What happened since the version that was seen, oldest first.</param>
    public sealed record ChangedMeanwhile(Incident Now, IReadOnlyList<IncidentHistoryEntry> Since) : DeskOutcome;

    /// <summary>Nothing was done: there is no such incident any more.</summary>
    /// <param name="MergedInto">The incident it is part of now; null when there never was one.</param>
    public sealed record Gone(long? MergedInto) : DeskOutcome;

    /// <summary>Nothing was done: it makes no sense.</summary>
    /// <param name="Why">In words for the person.</param>
    public sealed record Invalid(Bilingual Why) : DeskOutcome;
}
