using Vigie.Engine.Lookalikes;

namespace Vigie.Protection;

/// <summary>The two sides of one judgement, as rates per message of the organization.</summary>
/// <param name="Traffic">Share of messages that are meant for the target.</param>
/// <param name="Typed">Of these, the share that a slip sends to exactly the suspect.</param>
/// <param name="Led">Of these, the share that a deceived sender sends to exactly the suspect.</param>
/// <param name="Meant">Share of messages that are legitimately meant for exactly the suspect.</param>
internal readonly record struct MistakeOdds(double Traffic, double Typed, double Led, double Meant)
{
    // Share of an organization's messages that go to one given name, before anything is known of it. Own domains take
    // the bulk of internal mail; a partner or a regular correspondent is one of a few hundred; all packs together are
    // taken to draw about 1 message in 80, which is 1 in 25,000 for each of some 330 names.
    private const double OwnTraffic = 0.05;
    private const double PartnerTraffic = 0.002;
    private const double CorrespondentTraffic = 0.0005;
    private const double PackTraffic = 0.00004;

    // Messages after which a sender's (an organization's) own count says as much as the assumption above.
    private const double SenderWeight = 1_000;
    private const double OrganizationWeight = 100_000;
    private const double MostTraffic = 0.2;

    // Of the messages meant for a name, the share that follows a lure (an answer to a forged mail) to some look-alike,
    // and how many equally good look-alikes whoever sets the trap can choose from.
    private const double LureRate = 0.001;
    private const double DrawnVariants = 50;
    private const double TypedVariants = 5_000;

    // Of the messages meant for an organization, the share that rightly goes to one in another country under the same
    // label (croix-rouge.fr, croix-rouge.ml); more where the country is added to the suffix (redcross.org.hk). None where
    // only one kind of owner can have the name.
    private const double Abroad = 0.02;
    private const double CountryAdded = 10;

    // How probable it is that a legitimate mail host repeats somebody else's whole domain as its own first labels.
    private const double RepeatsDomain = 1e-6;

    /// <summary>The probability that the suspect was not what the sender meant.</summary>
    public double Probability => Mistake / (Mistake + Meant);

    /// <summary>Share of messages that are meant for the target and end at the suspect.</summary>
    public double Mistake => Traffic * (Typed + Led);

    /// <summary>Weighs one imitation.</summary>
    /// <param name="imitation">What the index found.</param>
    /// <param name="suspect">The suspect, split.</param>
    /// <param name="target">The target, split.</param>
    /// <param name="targetInZone">The target lies in a zone that admits one kind of owner.</param>
    /// <param name="evidence">Earlier mail.</param>
    public static MistakeOdds Of(Imitation imitation, DomainParts suspect, DomainParts target, bool targetInZone, RelationshipEvidence evidence)
    {
        var traffic = TrafficOf(imitation.Target, evidence);
        var first = FirstContactPrior.Of(suspect);
        switch (imitation.Family)
        {
            case ImitationFamily.BrandAsSubdomain:
                return new MistakeOdds(traffic, imitation.Likelihood, LureRate * imitation.Resemblance * first / FirstContactPrior.NoveltyRate, MeantOf(first * RepeatsDomain, evidence));
            case ImitationFamily.Combosquat:
                return Combined(imitation, suspect, target, traffic, evidence);
        }

        if (target.Label.Length > 0 && target.Label == suspect.Label && target.Suffix != suspect.Suffix)
            first = Math.Max(first, FirstContactPrior.Namesake(suspect, targetInZone && FirstContactPrior.IsGovernment(target.Suffix))) + (targetInZone ? 0 : Branch(traffic, suspect, target));
        else if (imitation.Family == ImitationFamily.SubdomainInsertion || (suspect.Subdomain.Length > 0 && imitation.Target.Domain.StartsWith(suspect.Subdomain + ".", StringComparison.Ordinal)))
            first = FirstContactPrior.Below(first);
        else if (target.Suffix != suspect.Suffix && FirstContactPrior.IsGovernment(suspect.Suffix))
            first = Math.Max(first, FirstContactPrior.Ministry(suspect));

        return new MistakeOdds(traffic, imitation.Likelihood, Lured(imitation), MeantOf(first, evidence));
    }

    // The trap is one of many names as good; the less it can be told apart, the more of the deceived it gets.
    private static double Lured(Imitation imitation) => LureRate * imitation.Family switch
    {
        ImitationFamily.Confusable or ImitationFamily.Homoglyph => Math.Pow(imitation.Resemblance, 4) / DrawnVariants,
        _ => imitation.Resemblance / TypedVariants,
    };

    private static double Branch(double traffic, DomainParts suspect, DomainParts target)
    {
        if (!FirstContactPrior.IsCountry(suspect.Suffix)) return 0;
        var added = suspect.Suffix.StartsWith(target.Suffix + ".", StringComparison.Ordinal) ? CountryAdded : 1;
        return traffic * Abroad * added * FirstContactPrior.Suffix(suspect.Suffix);
    }

    // Whoever adds words to a name, honestly or not, has the same words and suffixes to choose from: they cancel out,
    // and what is left is how probable it is that the name occurs in somebody else's label by itself.
    private static MistakeOdds Combined(Imitation imitation, DomainParts suspect, DomainParts target, double traffic, RelationshipEvidence evidence)
    {
        var added = Math.Min(1, FirstContactPrior.Suffix(suspect.Suffix) * FirstContactPrior.Label(suspect.Label) / FirstContactPrior.Label(target.Label));
        var first = Math.Max(FirstContactPrior.Of(suspect), FirstContactPrior.NoveltyRate * added * FirstContactPrior.Word(target.Label));
        return new MistakeOdds(traffic, imitation.Likelihood * added, LureRate * imitation.Resemblance * added, MeantOf(first, evidence));
    }

    // 1 - (1-a)(1-b)(1-c): each source of knowledge can only add traffic.
    private static double TrafficOf(ProtectedName target, RelationshipEvidence evidence)
    {
        var assumed = target.Origin switch
        {
            ProtectedOrigin.Own => OwnTraffic,
            ProtectedOrigin.Partner => PartnerTraffic,
            ProtectedOrigin.Correspondent => CorrespondentTraffic,
            _ => PackTraffic,
        };
        var sender = Math.Max(0, evidence.SenderToTarget) / (Math.Max(0, evidence.SenderToTarget) + SenderWeight);
        var organization = Math.Max(0, evidence.OrganisationToTarget) / (Math.Max(0, evidence.OrganisationToTarget) + OrganizationWeight);
        return Math.Min(MostTraffic, 1 - ((1 - assumed) * (1 - sender) * (1 - organization)));
    }

    // An answer settles it. Messages without an answer speak for the domain, but an address mistyped once is offered by
    // the address book ever after, and nobody answers: so they count by their square, not by what they would prove.
    private static double MeantOf(double first, RelationshipEvidence evidence)
    {
        if (evidence.RepliesSeen) return 1;
        var earlier = (double)Math.Max(0, evidence.SenderToDomain) + Math.Max(0, evidence.OrganisationToDomain);
        return Math.Min(1, first * Math.Pow(1 + earlier, 2));
    }
}
