using System.Collections.Immutable;

namespace Vigie.Engine.Attack;

/// <summary>The few numbers by which techniques are predicted; <c>vigie train next-technique</c> chooses them by cross-validation.</summary>
public sealed record NextTechniqueParameters
{
    /// <summary>How much likelier cases count more: the power of the cosine between what was seen and a case.</summary>
    public double NeighbourPower { get; init; } = 2;

    /// <summary>How many cases' worth of plain frequency stands beside the likely ones.</summary>
    public double NeighbourPrior { get; init; } = 0.5;

    /// <summary>The ridge's penalty: larger means closer to plain frequency.</summary>
    public double RidgePenalty { get; init; } = 5;

    /// <summary>In the ridge over stages, what an earlier technique counts beside a later one.</summary>
    public double EarlierShare { get; init; } = 0.3;

    /// <summary>With so many techniques of the foremost tactic seen, what is left of that tactic counts half.</summary>
    public double FrontierHalf { get; init; } = 8;
}

/// <summary>A case that used what was seen and also the technique it supports.</summary>
/// <param name="Case">The campaign or group.</param>
/// <param name="Shared">How many of the techniques seen it used.</param>
public sealed record NextSupport(AttackCase Case, int Shared);

/// <summary>A technique that is likely to come next.</summary>
/// <param name="Technique">Which.</param>
/// <param name="Score">What it is ranked by: its share among all that may come; in [0, 1].</param>
/// <param name="Likely">The share of cases that used it, each counted by how like what was seen it is; in [0, 1].</param>
/// <param name="UsedBy">How many of the cases alike used it.</param>
/// <param name="Alike">How many cases are alike: they used at least two of the techniques seen, or the one that was seen.</param>
/// <param name="Support">The cases most alike that used it.</param>
public sealed record NextTechnique(KnownTechnique Technique, double Score, double Likely, int UsedBy, int Alike, ImmutableArray<NextSupport> Support);

/// <summary>What is likely to come after the techniques seen.</summary>
/// <param name="Seen">The techniques the prediction was made from, as the knowledge names them.</param>
/// <param name="Unknown">Ids it does not know; they were not used.</param>
/// <param name="Tactic">The short name of the foremost tactic reached; empty when nothing seen is known.</param>
/// <param name="Next">Techniques of that tactic and later ones, likeliest first.</param>
public sealed record NextPrediction(ImmutableArray<string> Seen, ImmutableArray<string> Unknown, string Tactic, ImmutableArray<NextTechnique> Next);
