namespace Vigie.Protection;

/// <summary>What is known of earlier mail with the domain that was typed, and with the one it resembles.</summary>
/// <param name="SenderToDomain">Messages this sender has exchanged with the exact domain.</param>
/// <param name="OrganisationToDomain">Messages the organisation (this sender included) has exchanged with the exact domain.</param>
/// <param name="SenderToTarget">Messages this sender has exchanged with the imitated domain.</param>
/// <param name="OrganisationToTarget">Messages the organisation (this sender included) has exchanged with the imitated domain.</param>
/// <param name="RepliesSeen">Somebody at the exact domain has answered: the address was meant.</param>
public readonly record struct RelationshipEvidence(
    int SenderToDomain,
    int OrganisationToDomain,
    int SenderToTarget,
    int OrganisationToTarget,
    bool RepliesSeen)
{
    /// <summary>A first message of a sender and organisation about whom nothing is known.</summary>
    public static RelationshipEvidence None => default;
}
