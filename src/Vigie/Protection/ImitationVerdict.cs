using Vigie.Engine;
using Vigie.Engine.Lookalikes;

namespace Vigie.Protection;

/// <summary>What to do about a recipient whose domain may be a mistake, weakest first.</summary>
public enum ImitationStrength
{
    /// <summary>Nothing to say.</summary>
    None,

    /// <summary>Deliver, and say what it resembles.</summary>
    Notice,

    /// <summary>Wait for somebody's confirmation.</summary>
    Hold,

    /// <summary>Refuse, and name the likely intention.</summary>
    Refuse,
}

/// <summary>What the judge concluded about one recipient's domain.</summary>
/// <param name="Strength">What to do, were it enforced.</param>
/// <param name="Best">The protected name that was most probably meant; null where the domain resembles none.</param>
/// <param name="Posterior">Probability in [0, 1] that the domain was not what the sender meant; 0 where <paramref name="Best"/> is null.</param>
/// <param name="Reason">The judgement in words, with the numbers it rests on.</param>
public sealed record ImitationVerdict(ImitationStrength Strength, Imitation? Best, double Posterior, Bilingual Reason)
{
    /// <summary>The domain resembles no guarded name.</summary>
    public static ImitationVerdict Nothing { get; } = new(
        ImitationStrength.None, null, 0,
        new Bilingual("The domain resembles no guarded name.", "Le domaine ne ressemble à aucun nom protégé."));
}
