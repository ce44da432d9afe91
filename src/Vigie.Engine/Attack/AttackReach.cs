namespace Vigie.Engine.Attack;

/// <summary>How far along the tactics of ATT&amp;CK techniques lead.</summary>
public static class AttackReach
{
    /// <summary>
    /// The tactics that were reached, in the order of the matrix, by short name. A technique that serves several tactics
    /// counts for those that others confirm, and for its first where none does: a valid account is four things at once.
    /// </summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> techniques)
    {
        var known = techniques.Distinct(StringComparer.OrdinalIgnoreCase).Select(AttackMatrix.Enterprise.Find).OfType<AttackTechnique>().ToList();
        var reached = known.Where(technique => technique.Tactics.Length == 1).Select(technique => technique.Tactics[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var technique in known.Where(technique => technique.Tactics.Length > 1).OrderBy(technique => technique.Id, StringComparer.Ordinal))
        {
            if (!technique.Tactics.Any(reached.Contains)) reached.Add(InOrder(technique.Tactics).First());
        }

        return [.. InOrder(reached)];
    }

    private static IEnumerable<string> InOrder(IEnumerable<string> tactics) =>
        AttackMatrix.Enterprise.Tactics.Select(tactic => tactic.ShortName).Where(tactics.Contains);
}
