using Vigie.Engine.Findings;

namespace Vigie.Incidents.Desk;

/// <summary>
/// What nobody wants to be told of for a while: an allow-list entry or a maintenance window. Every condition that is not
/// null must hold; at least one is given. It concerns findings last seen from <see cref="StartsAt"/> until
/// <see cref="EffectiveEnd"/>, so that it changes neither the past nor what comes after it.
/// </summary>
public sealed record Suppression
{
    public required long Id { get; init; }

    public string? Detector { get; init; }

    public string? Rule { get; init; }

    /// <summary>The kind of the entity that a finding must have; with <see cref="EntityValue"/>.</summary>
    public string? EntityKind { get; init; }

    public string? EntityValue { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Owner { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? EndedBy { get; init; }

    public string? EndReason { get; init; }

    /// <summary>How many findings it has suppressed.</summary>
    public long Hits { get; init; }

    public DateTimeOffset? LastHit { get; init; }

    /// <summary>When it ends, or was ended.</summary>
    public DateTimeOffset EffectiveEnd => EndedAt is { } ended && ended < Until ? ended : Until;

    /// <summary>Whether a finding is one it concerns.</summary>
    public bool Concerns(Finding finding) =>
        finding.LastSeen >= StartsAt && finding.LastSeen < EffectiveEnd
        && (Detector is null || string.Equals(Detector, finding.Detector, StringComparison.Ordinal))
        && (Rule is null || string.Equals(Rule, finding.Rule, StringComparison.Ordinal))
        && (EntityKind is null || HasEntity(finding, new Entity(EntityKind, EntityValue!)));

    private static bool HasEntity(Finding finding, Entity wanted)
    {
        foreach (var entity in finding.Entities)
        {
            if (entity == wanted) return true;
        }

        return false;
    }
}
