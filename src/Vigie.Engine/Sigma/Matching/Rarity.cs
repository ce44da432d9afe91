namespace Vigie.Engine.Sigma.Matching;

/// <summary>Guesses how often a text test holds. Only the order of the guesses matters.</summary>
internal static class Rarity
{
    /// <summary>The share of events in which it may hold, between 0 and 1.</summary>
    public static double Of(TextTest test)
    {
        var longest = 0;
        foreach (var literal in test.Literals) longest = Math.Max(longest, literal.Length);
        return Math.Min(0.5, 0.5 / Math.Pow(Math.Max(1, longest), 1.5));
    }
}
