namespace Vigie.Engine.Attack;

/// <summary>How well the later half of cases was foretold: means over cases, each counting the same.</summary>
/// <param name="Name">Which cases.</param>
/// <param name="Cases">How many.</param>
/// <param name="Hidden">How many techniques they held back.</param>
/// <param name="Recall">The mean share of a case's held back techniques that was among the first ten named.</param>
/// <param name="Baseline">The same of the most frequent techniques among later tactics.</param>
public sealed record NextTechniqueScore(string Name, int Cases, int Hidden, double Recall, double Baseline);

/// <summary>What measuring brought.</summary>
/// <param name="Scores">Over all cases first, then by kind and by size.</param>
/// <param name="Likely">The mean of <see cref="NextTechnique.Likely"/> over the techniques named.</param>
/// <param name="Found">The share of them that was indeed held back: what the former should be.</param>
/// <param name="Chosen">The parameters that were chosen, with how many cases each.</param>
public sealed record NextTechniqueMeasure(IReadOnlyList<NextTechniqueScore> Scores, double Likely, double Found, IReadOnlyList<(NextTechniqueParameters Parameters, int Cases)> Chosen);

/// <summary>
/// Chooses parameters by cross-validation and measures by leaving one case out: a case's later half is foretold from its earlier half,
/// from all other cases except its twins (<see cref="AttackCase.Twins"/>). Everything is deterministic.
/// </summary>
public sealed class NextTechniqueTraining
{
    /// <summary>How many techniques may be named.</summary>
    public const int Named = 10;

    private const int Folds = 5;

    private static readonly double[] Penalties = [3, 5, 8];
    private static readonly double[] Halves = [4, 8, 16];

    private readonly AttackKnowledge _knowledge;
    private readonly NextTechniquePredictor _predictor;
    private readonly HashSet<int>[] _twins;
    private readonly int[] _fold;
    private readonly int[] _tested;

    /// <summary>Prepares training on this knowledge.</summary>
    public NextTechniqueTraining(AttackKnowledge knowledge)
    {
        _knowledge = knowledge;
        _predictor = new NextTechniquePredictor(knowledge, new NextTechniqueParameters());
        var byId = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < knowledge.Cases.Length; i++) byId[knowledge.Cases[i].Id] = i;
        _twins = [.. knowledge.Cases.Select((one, i) => one.Twins.Where(byId.ContainsKey).Select(id => byId[id]).Append(i).ToHashSet())];
        _fold = FoldsOf(_twins);
        _tested = [.. Enumerable.Range(0, _predictor.Cases.Count).Where(i => _predictor.Cases[i].Length >= 2)];
    }

    /// <summary>How many cases have something to hold back.</summary>
    public int Cases => _tested.Length;

    /// <summary>The parameters with the best mean recall over folds, each foretold from the others; cases and their twins are in one fold.</summary>
    /// <param name="cancellationToken">Ends it early.</param>
    public NextTechniqueParameters Choose(CancellationToken cancellationToken) => ChooseWithout(-1, cancellationToken);

    /// <summary>
    /// Leaves out each case in turn. The parameters for a case are chosen from the folds it is not in, so that nothing that was chosen
    /// has seen its answer.
    /// </summary>
    /// <param name="fixedParameters">Parameters to use for all cases; null to choose them for each fold.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public NextTechniqueMeasure Measure(NextTechniqueParameters? fixedParameters, CancellationToken cancellationToken)
    {
        var chosen = fixedParameters is not null ? [] : Enumerable.Range(0, Folds).Select(fold => ChooseWithout(fold, cancellationToken)).ToArray();
        var outcomes = new List<Outcome>();
        foreach (var one in _tested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var parameters = fixedParameters ?? chosen[_fold[one]];
            var (seen, hidden) = Split(one);
            var views = _predictor.Views(seen, _twins[one].Contains, parameters);
            var scores = _predictor.WithFrontier(views.Score, seen, parameters.FrontierHalf);
            var named = NextTechniquePredictor.Ranked(scores, Named).ToList();
            outcomes.Add(new Outcome(
                one,
                hidden.Count,
                named.Count(hidden.Contains),
                Baseline(seen, _twins[one].Contains).Count(hidden.Contains),
                named.Count,
                named.Sum(t => views.Likely[t]),
                parameters));
        }

        var total = Math.Max(outcomes.Sum(o => o.Named), 1);
        return new NextTechniqueMeasure(
            [.. Groups(outcomes).Where(group => group.Outcomes.Count > 0).Select(group => Sum(group.Name, group.Outcomes))],
            outcomes.Sum(o => o.Likely) / total,
            (double)outcomes.Sum(o => o.Hits) / total,
            [.. outcomes.CountBy(o => o.Parameters).OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value))]);
    }

    private IEnumerable<(string Name, List<Outcome> Outcomes)> Groups(List<Outcome> outcomes)
    {
        int Size(Outcome outcome) => _predictor.Cases[outcome.Case].Length;
        yield return ("all", outcomes);
        yield return ("campaigns", [.. outcomes.Where(o => _knowledge.Cases[o.Case].IsCampaign)]);
        yield return ("groups", [.. outcomes.Where(o => !_knowledge.Cases[o.Case].IsCampaign)]);
        yield return ("2 to 5 techniques", [.. outcomes.Where(o => Size(o) <= 5)]);
        yield return ("6 to 19 techniques", [.. outcomes.Where(o => Size(o) is >= 6 and <= 19)]);
        yield return ("20 techniques and more", [.. outcomes.Where(o => Size(o) >= 20)]);
    }

    private static NextTechniqueScore Sum(string name, List<Outcome> outcomes) => new(
        name,
        outcomes.Count,
        outcomes.Sum(o => o.Hidden),
        outcomes.Average(o => (double)o.Hits / o.Hidden),
        outcomes.Average(o => (double)o.BaselineHits / o.Hidden));

    // The most frequent techniques whose earliest tactic is the foremost one reached or later, and that were not seen.
    private IEnumerable<int> Baseline(int[] seen, Func<int, bool> isLeftOut)
    {
        var frequency = _predictor.Frequency(isLeftOut);
        var front = seen.Max(technique => _predictor.Tactic[technique]);
        for (var i = 0; i < frequency.Length; i++) if (_predictor.Tactic[i] < front) frequency[i] = 0;
        foreach (var technique in seen) frequency[technique] = 0;
        return NextTechniquePredictor.Ranked(frequency, Named);
    }

    private NextTechniqueParameters ChooseWithout(int fold, CancellationToken ct)
    {
        var sums = new double[Penalties.Length, Halves.Length];
        foreach (var one in _tested)
        {
            ct.ThrowIfCancellationRequested();
            if (_fold[one] == fold) continue;
            var (seen, hidden) = Split(one);
            bool IsLeftOut(int other) => _fold[other] == fold || _fold[other] == _fold[one];
            for (var p = 0; p < Penalties.Length; p++)
            {
                var views = _predictor.Views(seen, IsLeftOut, new NextTechniqueParameters { RidgePenalty = Penalties[p] });
                for (var h = 0; h < Halves.Length; h++)
                    sums[p, h] += (double)NextTechniquePredictor.Ranked(_predictor.WithFrontier(views.Score, seen, Halves[h]), Named).Count(hidden.Contains) / hidden.Count;
            }
        }

        return (from p in Enumerable.Range(0, Penalties.Length)
                from h in Enumerable.Range(0, Halves.Length)
                orderby sums[p, h] descending
                select new NextTechniqueParameters { RidgePenalty = Penalties[p], FrontierHalf = Halves[h] }).First();
    }

    private (int[] Seen, HashSet<int> Hidden) Split(int one)
    {
        var techniques = _predictor.Cases[one];
        var seen = AttackOrder.SeenOf(techniques.Length);
        return (techniques[..seen], [.. techniques[seen..]]);
    }

    // Cases that are connected by attribution lie in one fold, the connected sets dealt out in turn.
    private static int[] FoldsOf(HashSet<int>[] twins)
    {
        var fold = Enumerable.Repeat(-1, twins.Length).ToArray();
        var next = 0;
        for (var i = 0; i < twins.Length; i++)
        {
            if (fold[i] >= 0) continue;
            var pending = new Stack<int>([i]);
            while (pending.TryPop(out var one))
            {
                if (fold[one] >= 0) continue;
                fold[one] = next;
                foreach (var twin in twins[one]) pending.Push(twin);
            }

            next = (next + 1) % Folds;
        }

        return fold;
    }

    private sealed record Outcome(int Case, int Hidden, int Hits, int BaselineHits, int Named, double Likely, NextTechniqueParameters Parameters);
}
