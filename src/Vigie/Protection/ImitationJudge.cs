using Vigie.Engine.Lookalikes;

namespace Vigie.Protection;

/// <summary>
/// Weighs, by Bayes' rule, whether a recipient's domain was meant or is a slip for (or a trap in place of) a guarded one:
/// <code>
/// mistake = traffic(target) × (likelihood of typing the suspect instead + chance of being led to it)
/// meant   = prior of a legitimate first message to exactly this domain, raised by earlier messages to it
/// probability of a mistake = mistake / (mistake + meant)
/// </code>
/// A function of the index, the settings and the evidence alone: the same question always gets the same answer.
/// The numbers are set out in <c>docs/evaluation/lookalikes.md</c>.
/// </summary>
public sealed class ImitationJudge
{
    /// <summary>The version of the numbers; part of every reason, so that an old verdict can be understood.</summary>
    public const string ModelVersion = "2026.11";

    // The likeliest imitation need not be the most probable mistake: another target may have far more traffic.
    private const int Considered = 8;

    private readonly ProtectedNames _names;
    private readonly Strictness _strictness;

    /// <summary>A judge over the names as they are at each call.</summary>
    public ImitationJudge(ProtectedNames names, Strictness strictness)
    {
        _names = names;
        _strictness = strictness;
    }

    /// <summary>Judges one recipient's domain.</summary>
    /// <param name="recipientDomain">The domain as in the address; what is not a domain name resembles nothing.</param>
    /// <param name="evidence">Earlier mail of this sender and organisation.</param>
    public ImitationVerdict Judge(string recipientDomain, RelationshipEvidence evidence)
    {
        if (!DomainNames.TryNormalize(recipientDomain, out var domain, out _) || !PublicSuffixes.Default.TrySplit(domain, out var parts))
            return ImitationVerdict.Nothing;

        var zone = _names.Zones.Of(domain);
        parts = Zones.Split(domain, zone, parts);
        var registrable = domain.Length - parts.Registrable.Length;
        Imitation? best = null;
        MistakeOdds odds = default;
        foreach (var imitation in _names.Index.Find(domain, Considered))
        {
            var targetZone = _names.Zones.Of(imitation.Target.Domain);
            // Nobody can set a trap in a closed zone: a name there imitates at most its neighbors. And a public suffix
            // such as co.in, which the end of every name below it is, was chosen by none of their owners.
            if ((zone is not null && targetZone != zone) || imitation.Start > registrable) continue;
            PublicSuffixes.Default.TrySplit(imitation.Target.Domain, out var target);
            target = Zones.Split(imitation.Target.Domain, targetZone, target);
            var candidate = MistakeOdds.Of(imitation, parts, target, targetZone is not null, evidence);
            if (best is not null && candidate.Probability <= odds.Probability) continue;
            (best, odds) = (imitation, candidate);
        }

        return best is null
            ? ImitationVerdict.Nothing
            : new ImitationVerdict(Strength(odds.Probability), best, odds.Probability, MistakeWords.Explain(best, odds, evidence));
    }

    private ImitationStrength Strength(double probability) =>
        probability >= _strictness.RefuseAt ? ImitationStrength.Refuse
        : probability >= _strictness.HoldAt ? ImitationStrength.Hold
        : probability >= _strictness.NoticeAt ? ImitationStrength.Notice
        : ImitationStrength.None;
}
